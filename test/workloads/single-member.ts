import { createServer } from "node:net";
import { join } from "node:path";
import { Etcd3 } from "etcd3";
import type { MonotonicClock } from "../../src/clock.ts";
import { LocalMember } from "../../src/cluster/local/local-member.ts";
import { untilAnswering } from "../../src/cluster/ready.ts";
import { testEtcd } from "../support/etcd.ts";

/** A real etcd of one member with nothing between it and its clients; disposal kills it. */
export async function startSingleMember(folder: string, clock: MonotonicClock): Promise<LocalMember> {
  const { path } = await testEtcd();
  const [clientPort, peerPort] = await freePorts();
  const clientUrl = `http://127.0.0.1:${clientPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const args = [
    "--name=etcd-1", `--data-dir=${join(folder, "data")}`, "--logger=zap",
    `--listen-client-urls=${clientUrl}`, `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`, `--initial-advertise-peer-urls=${peerUrl}`, `--initial-cluster=etcd-1=${peerUrl}`,
  ];
  const member = new LocalMember(
    { name: "etcd-1", number: 1, directUrl: clientUrl, clientUrl, runId: `test-${process.pid}`, dataDir: join(folder, "data"), command: { file: path, args }, etcd: { version: "", source: "", path }, others: new Map() },
    clock,
  );
  await member.launch();
  await untilAnswering({ name: member.name, directUrl: clientUrl, exited: () => member.exited() }, clock);
  return member;
}

/** Every value ever written, in the order of the store, as a watch from the first revision tells. */
export async function storedValues(url: string): Promise<string[]> {
  const client = new Etcd3({ hosts: url });
  try {
    const values: string[] = [];
    const watcher = await client.watch().prefix("").startRevision("1").create();
    const complete = new Promise<void>((resolve, reject) => {
      watcher.on("error", reject);
      watcher.on("put", ({ key, value }) => void (key.toString() === "marker" ? resolve() : values.push(value.toString())));
    });
    await client.put("marker").value("last");
    await complete;
    await watcher.cancel();
    return values;
  } finally {
    client.close();
  }
}

/** Two ports that nobody uses now. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const;
  const [client, peer] = await Promise.all(servers.map((server) => new Promise<number>((resolve) => server.listen(0, "127.0.0.1", () => resolve(portOf(server.address()))))));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [client ?? 0, peer ?? 0];
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}
