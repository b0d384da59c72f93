import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { root } from "./sources.ts";

const service = z.looseObject({
  image: z.string(),
  networks: z.union([z.array(z.string()), z.record(z.string(), z.strictObject({ aliases: z.array(z.string()) }))]),
  ports: z.array(z.string()),
  command: z.array(z.string()),
});
const compose = z.looseObject({ services: z.record(z.string(), service), networks: z.record(z.string(), z.unknown()) });
const links = z.array(z.strictObject({ name: z.string(), listen: z.string(), upstream: z.string(), enabled: z.literal(true) }));

const read = (name: string): Promise<string> => readFile(join(root, "docker", name), "utf8");
const members = ["etcd-1", "etcd-2", "etcd-3"] as const;

describe("docker/docker-compose.yml", () => {
  let services: z.infer<typeof compose>["services"];
  let proxies: z.infer<typeof links>;
  before(async () => {
    services = compose.parse(parse(await read("docker-compose.yml"), { merge: true })).services;
    proxies = links.parse(JSON.parse(await read("links.json")));
  });

  it("has three members and Toxiproxy, each member in a network of its own", () => {
    expect(Object.keys(services)).to.have.members([...members, "toxiproxy"]);
    const networks = members.map((name) => services[name]?.networks);
    expect(networks).to.deep.equal([["net-1"], ["net-2"], ["net-3"]]);
  });

  it("publishes its ports on this machine alone", () => {
    const ports = Object.values(services).flatMap((each) => each.ports);
    expect(ports).to.have.length(7);
    expect(ports.filter((port) => !port.startsWith("127.0.0.1:"))).to.deep.equal([]);
    expect(new Set(ports.map((port) => port.split(":")[1]))).to.have.length(ports.length);
  });

  it("has a link for each ordered pair of members and for each client endpoint", () => {
    const pairs = members.flatMap((from) => members.filter((to) => to !== from).map((to) => `${from}-to-${to}`));
    expect(proxies.map(({ name }) => name)).to.have.members([...pairs, ...members.map((to) => `clients-to-${to}`)]);
  });

  it("lets each link listen where its members dial, and lead to the member that it is named after", () => {
    const networks = services["toxiproxy"]?.networks;
    if (networks === undefined || Array.isArray(networks)) throw new Error("Toxiproxy has no aliases");
    const published = new Set(services["toxiproxy"]?.ports.map((port) => port.split(":")[2]));
    for (const { name, listen, upstream } of proxies) {
      const [, from = "", to = ""] = /^(clients|etcd-\d)-to-(etcd-\d)$/.exec(name) ?? [];
      const [host = "", port = ""] = listen.split(":");
      expect(upstream.split(":")[0], name).to.equal(to);
      if (from === "clients") {
        expect(published.has(port), `${name} is published`).to.equal(true);
        continue;
      }
      const { aliases } = networks[from.replace("etcd", "net")] ?? { aliases: [] };
      expect(host, name).to.equal(from.replace("etcd", "from"));
      expect(aliases, name).to.include.members([host, to.replace("etcd", "peer")]);
      expect(services[to]?.command, name).to.include(`--initial-advertise-peer-urls=http://${to.replace("etcd", "peer")}:${port}`);
      expect(services[to]?.command, name).to.include(`--listen-peer-urls=http://0.0.0.0:${upstream.split(":")[1]}`);
    }
  });

  it("takes the Toxiproxy that the harness takes, unless told otherwise", async () => {
    const [, image] = /^\$\{TOXIPROXY_IMAGE:-(.+)\}$/.exec(services["toxiproxy"]?.image ?? "") ?? [];
    expect(await readFile(join(root, "src/cluster/docker/toxiproxy-container.ts"), "utf8")).to.include(`"${image}"`);
    for (const name of members) expect(services[name]?.image, name).to.match(/^\$\{ETCD_IMAGE:-.+:v3\.5\.\d+\}$/);
  });
});
