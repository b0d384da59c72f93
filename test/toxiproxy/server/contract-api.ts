import { expect } from "chai";
import type { Api } from "./api.ts";
import { dial, listenEcho, listenTcp } from "./tcp.ts";

interface Refused {
  readonly title: string;
  readonly request: readonly [method: string, path: string, body?: unknown];
  readonly status: number;
  /** How the message begins. */
  readonly error: string;
}

const refusals: readonly Refused[] = [
  { title: "a proxy without a name", request: ["POST", "/proxies", { upstream: "a:1" }], status: 400, error: "missing required field: name" },
  { title: "a proxy without an upstream", request: ["POST", "/proxies", { name: "a" }], status: 400, error: "missing required field: upstream" },
  { title: "a proxy that is no JSON", request: ["POST", "/proxies", "{"], status: 400, error: "bad request body: " },
  { title: "a proxy with an empty body", request: ["POST", "/proxies", ""], status: 400, error: "bad request body: EOF" },
  { title: "a proxy that is an array", request: ["POST", "/proxies", []], status: 400, error: "bad request body: " },
  { title: "a proxy whose name is a number", request: ["POST", "/proxies", { name: 1 }], status: 400, error: "bad request body: " },
  { title: "a proxy whose enabled is a string", request: ["POST", "/proxies", { name: "a", upstream: "a:1", enabled: "yes" }], status: 400, error: "bad request body: " },
  { title: "a second proxy of one name", request: ["POST", "/proxies", { name: "p", upstream: "a:1" }], status: 409, error: "proxy already exists" },
  { title: "listening where there is no port", request: ["POST", "/proxies", { name: "a", upstream: "a:1", listen: "localhost" }], status: 500, error: "" },
  { title: "listening on a port out of range", request: ["POST", "/proxies", { name: "a", upstream: "a:1", listen: "127.0.0.1:70000" }], status: 500, error: "" },
  { title: "showing an unknown proxy", request: ["GET", "/proxies/none"], status: 404, error: "proxy not found" },
  { title: "updating an unknown proxy", request: ["PATCH", "/proxies/none", {}], status: 404, error: "proxy not found" },
  { title: "updating a proxy with no JSON", request: ["PATCH", "/proxies/p", "no"], status: 400, error: "bad request body: " },
  { title: "updating a proxy to no address", request: ["PATCH", "/proxies/p", { listen: "garbage" }], status: 500, error: "" },
  { title: "deleting an unknown proxy", request: ["DELETE", "/proxies/none"], status: 404, error: "proxy not found" },
  { title: "the toxics of an unknown proxy", request: ["GET", "/proxies/none/toxics"], status: 404, error: "proxy not found" },
  { title: "a toxic for an unknown proxy", request: ["POST", "/proxies/none/toxics", { type: "noop" }], status: 404, error: "proxy not found" },
  { title: "a toxic of an unknown type", request: ["POST", "/proxies/p/toxics", { type: "down" }], status: 400, error: "invalid toxic type" },
  { title: "a toxic without a type", request: ["POST", "/proxies/p/toxics", {}], status: 400, error: "invalid toxic type" },
  { title: "a toxic in an unknown stream", request: ["POST", "/proxies/p/toxics", { type: "noop", stream: "sideways" }], status: 400, error: "stream was invalid, can be either upstream or downstream" },
  { title: "a toxic that is no JSON", request: ["POST", "/proxies/p/toxics", "{]"], status: 400, error: "bad request body: " },
  { title: "a second toxic of one name", request: ["POST", "/proxies/p/toxics", { type: "noop", name: "t", stream: "upstream" }], status: 409, error: "toxic already exists" },
  { title: "a toxic whose attribute is a string", request: ["POST", "/proxies/p/toxics", { type: "slicer", attributes: { delay: "1" } }], status: 400, error: "bad request body: " },
  { title: "a toxic whose attribute is a fraction", request: ["POST", "/proxies/p/toxics", { type: "slicer", attributes: { delay: 0.5 } }], status: 400, error: "bad request body: " },
  { title: "a toxic whose toxicity is a string", request: ["POST", "/proxies/p/toxics", { type: "slicer", toxicity: "all" }], status: 400, error: "bad request body: " },
  { title: "showing an unknown toxic", request: ["GET", "/proxies/p/toxics/none"], status: 404, error: "toxic not found" },
  { title: "updating an unknown toxic", request: ["PATCH", "/proxies/p/toxics/none", {}], status: 404, error: "toxic not found" },
  { title: "updating a toxic with an attribute that is a string", request: ["PATCH", "/proxies/p/toxics/t", { attributes: { latency: "1" } }], status: 400, error: "bad request body: " },
  { title: "deleting an unknown toxic", request: ["DELETE", "/proxies/p/toxics/none"], status: 404, error: "toxic not found" },
  { title: "populating with an object", request: ["POST", "/populate", {}], status: 400, error: "bad request body: " },
  { title: "populating with an empty body", request: ["POST", "/populate", ""], status: 400, error: "bad request body: EOF" },
  { title: "populating with a proxy without a name", request: ["POST", "/populate", [{ name: "a", upstream: "a:1" }, {}]], status: 400, error: "missing required field: name at proxy 2" },
  { title: "populating with a proxy without an upstream", request: ["POST", "/populate", [{ name: "a" }]], status: 400, error: "missing required field: upstream at proxy 1" },
];

const defaults: Readonly<Record<string, Record<string, number>>> = {
  latency: { latency: 0, jitter: 0 },
  bandwidth: { rate: 0 },
  slow_close: { delay: 0 },
  timeout: { timeout: 0 },
  reset_peer: { timeout: 0 },
  slicer: { average_size: 0, size_variation: 0, delay: 0 },
  limit_data: { bytes: 0 },
  noop: {},
};

/** The HTTP API by itself: what it answers, and what it then shows. */
export function describeApi(api: Api): void {
  describe("refuses, and changes nothing:", () => {
    for (const { title, request: [method, path, body], status, error } of refusals) {
      it(title, async () => {
        await api.client.createProxy({ name: "p", listen: "127.0.0.1:0", upstream: "127.0.0.1:1" });
        await api.call("POST", "/proxies/p/toxics", { type: "latency", name: "t", attributes: { latency: 1 } });
        const before = await api.call("GET", "/proxies");
        const answer = await api.call(method, path, body);
        expect(answer.status, answer.text).to.equal(status);
        expect(answer.json).to.include({ status }).and.to.have.property("error").that.satisfies((text: string) => text.startsWith(error));
        expect((await api.call("GET", "/proxies")).json).to.deep.equal(before.json);
      });
    }

    it("unknown paths, with 404", async () => {
      for (const path of ["/", "/nothing", "/proxies/", "/proxies/a/toxics/b/c", "/proxies/a/b"])
        expect((await api.call("GET", path)).status, path).to.equal(404);
    });

    it("methods that a path does not have, with 405", async () => {
      for (const [method, path] of [["PUT", "/proxies"], ["DELETE", "/proxies"], ["GET", "/reset"], ["GET", "/populate"], ["POST", "/version"], ["PUT", "/proxies/p/toxics/t"]] as const)
        expect((await api.call(method, path)).status, `${method} ${path}`).to.equal(405);
    });

    it("browsers, with 403", async () => {
      const as = async (userAgent: string) => (await api.call("GET", "/proxies", undefined, { "user-agent": userAgent })).status;
      expect(await as("Mozilla/5.0 (X11; Linux x86_64)")).to.equal(403);
      expect(await as("curl/8.0 Mozilla/5.0")).to.equal(200);
    });
  });

  describe("the server", () => {
    it("tells its version as JSON", async () => {
      expect(JSON.parse(await api.client.getVersion())).to.have.property("version").that.matches(/^2\./);
    });

    it("gives every answer an id", async () => {
      const id = async () => (await api.call("GET", "/version")).headers.get("x-toxiproxy-request-id");
      const [one, other] = [await id(), await id()];
      expect(one).to.be.a("string").and.not.equal("");
      expect(other).to.not.equal(one);
    });
  });

  describe("proxies", () => {
    it("can be created, shown, listed and deleted", async () => {
      const created = await api.call("POST", "/proxies", { name: "one", listen: "127.0.0.1:0", upstream: "example:1" });
      expect(created.status).to.equal(201);
      expect(created.headers.get("content-type")).to.match(/^application\/json/);
      expect(created.json).to.include({ name: "one", upstream: "example:1", enabled: true }).and.to.have.deep.property("toxics", []);
      expect((await api.call("GET", "/proxies/one")).json).to.deep.equal(created.json);
      expect((await api.call("GET", "/proxies")).json).to.deep.equal({ one: created.json });
      await (await api.client.get("one")).remove();
      expect((await api.call("GET", "/proxies")).json).to.deep.equal({});
    });

    it("report the port that was chosen for them", async () => {
      const proxy = await api.proxyTo("127.0.0.1:1");
      expect(proxy.listen).to.match(/^127\.0\.0\.1:[1-9]\d*$/);
      using _ = await dial(proxy.listen);
    });

    it("report the address that a host name stands for", async () => {
      const { listen } = await api.client.createProxy({ name: "n", listen: "localhost:0", upstream: "127.0.0.1:1" });
      expect(listen).to.match(/^127\.0\.0\.1:[1-9]\d*$/);
    });

    it("listen on IPv6", async () => {
      const { listen } = await api.client.createProxy({ name: "six", listen: "[::1]:0", upstream: "127.0.0.1:1" });
      expect(listen).to.match(/^\[::1\]:[1-9]\d*$/);
      using _ = await dial(listen);
    });

    it("listen on all interfaces when no host is given", async () => {
      const { json } = await api.call("POST", "/proxies", { name: "all", listen: ":0", upstream: "127.0.0.1:1" });
      const port = /:(\d+)"/.exec(JSON.stringify(json))?.[1];
      using _ = await dial(`127.0.0.1:${port}`);
    });

    it("are not created at all when the port is taken", async () => {
      await using taken = await listenTcp();
      const answer = await api.call("POST", "/proxies", { name: "late", listen: taken.address, upstream: "127.0.0.1:1" });
      expect(answer.status).to.equal(500);
      expect(answer.text).to.contain("address already in use");
      expect((await api.call("GET", "/proxies/late")).status).to.equal(404);
    });

    it("created disabled do not listen until they are enabled", async () => {
      const port = await freePort();
      const created = await api.client.createProxy({ name: "off", listen: `127.0.0.1:${port}`, upstream: "127.0.0.1:1", enabled: false });
      expect(created.enabled).to.equal(false);
      expect(await refusesConnections(created.listen)).to.equal(true);
      expect((await api.call("PATCH", "/proxies/off", { enabled: true })).json).to.include({ enabled: true });
      using _ = await dial(created.listen);
    });

    for (const method of ["POST", "PATCH"]) {
      it(`disabled and enabled with ${method} listen on the same port`, async () => {
        await using echo = await listenEcho();
        const proxy = await api.proxyTo(echo.address);
        using before = await dial(proxy.listen);
        before.write("hi");
        await before.read(2);
        const disabled = await api.call(method, `/proxies/${proxy.name}`, { enabled: false });
        expect(disabled.json).to.include({ enabled: false, listen: proxy.listen });
        await before.over();
        expect(await refusesConnections(proxy.listen)).to.equal(true);
        const enabled = await api.call(method, `/proxies/${proxy.name}`, { enabled: true });
        expect(enabled.json).to.include({ enabled: true, listen: proxy.listen });
        using after = await dial(proxy.listen);
        after.write("ho");
        expect((await after.read(2)).toString()).to.equal("ho");
      });
    }

    it("with another upstream close their connections and use it", async () => {
      await using one = await listenTcp((peer) => peer.write("one"));
      await using two = await listenTcp((peer) => peer.write("two"));
      const proxy = await api.proxyTo(one.address);
      using before = await dial(proxy.listen);
      await before.read(3);
      const updated = await proxy.update({ enabled: true, listen: proxy.listen, upstream: two.address });
      expect(updated).to.include({ upstream: two.address, listen: proxy.listen, enabled: true });
      await before.over();
      using after = await dial(proxy.listen);
      expect((await after.read(3)).toString()).to.equal("two");
    });

    it("updated with what they have keep their connections", async () => {
      await using echo = await listenEcho();
      const proxy = await api.proxyTo(echo.address);
      using client = await dial(proxy.listen);
      const port = proxy.listen.split(":")[1];
      for (const listen of [proxy.listen, `localhost:${port}`])
        await proxy.update({ enabled: true, listen, upstream: echo.address });
      client.write("hi");
      expect((await client.read(2)).toString()).to.equal("hi");
    });

    it("stay disabled when they cannot listen on their new address", async () => {
      await using taken = await listenTcp();
      const proxy = await api.proxyTo("127.0.0.1:1");
      const answer = await api.call("PATCH", `/proxies/${proxy.name}`, { listen: taken.address });
      expect(answer.status).to.equal(500);
      expect((await api.client.get(proxy.name)).enabled).to.equal(false);
      expect(await refusesConnections(proxy.listen)).to.equal(true);
    });

    it("deleted close their port and their connections", async () => {
      await using echo = await listenEcho();
      const proxy = await api.proxyTo(echo.address);
      using client = await dial(proxy.listen);
      client.write("hi");
      await client.read(2);
      await proxy.remove();
      await client.over();
      expect(await refusesConnections(proxy.listen)).to.equal(true);
    });
  });

  describe("populate", () => {
    it("creates what is not there, enabled unless told", async () => {
      const answer = await api.call("POST", "/populate", [
        { name: "a", listen: "127.0.0.1:0", upstream: "x:1" },
        { name: "b", listen: "127.0.0.1:0", upstream: "x:2", enabled: false },
      ]);
      expect(answer.status).to.equal(201);
      const { a, b } = await api.client.getAll();
      expect(a).to.include({ upstream: "x:1", enabled: true });
      expect(b).to.include({ upstream: "x:2", enabled: false });
    });

    it("leaves a proxy with the same addresses alone, with its connections and toxics", async () => {
      await using echo = await listenEcho();
      const { name, listen, upstream } = await api.proxyTo(echo.address);
      await api.call("POST", `/proxies/${name}/toxics`, { type: "noop" });
      using client = await dial(listen);
      const populated = await api.client.populate([{ name, listen, upstream }]);
      expect(populated[name]).to.include({ listen, enabled: true });
      client.write("hi");
      expect((await client.read(2)).toString()).to.equal("hi");
      expect((await api.call("GET", `/proxies/${name}/toxics`)).json).to.have.length(1);
    });

    it("replaces a proxy with other addresses, toxics and all", async () => {
      await using echo = await listenEcho();
      const { name, listen } = await api.proxyTo("127.0.0.1:1");
      await api.call("POST", `/proxies/${name}/toxics`, { type: "timeout" });
      await api.client.populate([{ name, listen, upstream: echo.address }]);
      expect((await api.call("GET", `/proxies/${name}/toxics`)).json).to.deep.equal([]);
      using client = await dial(listen);
      client.write("hi");
      expect((await client.read(2)).toString()).to.equal("hi");
    });

    it("keeps what came before the proxy that failed, and tries none after it", async () => {
      await using taken = await listenTcp();
      const answer = await api.call("POST", "/populate", [
        { name: "before", listen: "127.0.0.1:0", upstream: "x:1" },
        { name: "failing", listen: taken.address, upstream: "x:1" },
        { name: "after", listen: "127.0.0.1:0", upstream: "x:1" },
      ]);
      expect(answer.status).to.equal(500);
      expect(answer.json).to.include({ status: 500 }).and.to.have.property("proxies").with.length(1);
      expect(Object.keys(await api.client.getAll())).to.deep.equal(["before"]);
    });

    it("creates nothing when an entry is wrong", async () => {
      await api.call("POST", "/populate", [{ name: "a", listen: "127.0.0.1:0", upstream: "x:1" }, { name: "b" }]);
      expect(await api.client.getAll()).to.deep.equal({});
    });
  });

  describe("reset", () => {
    it("enables all proxies and removes all toxics", async () => {
      await using echo = await listenEcho();
      const one = await api.proxyTo(echo.address);
      const two = await api.proxyTo(echo.address);
      await api.call("POST", `/proxies/${one.name}/toxics`, { type: "timeout", stream: "upstream" });
      await api.call("POST", `/proxies/${one.name}/toxics`, { type: "latency", attributes: { latency: 5 } });
      await api.call("PATCH", `/proxies/${two.name}`, { enabled: false });
      expect((await api.call("POST", "/reset")).status).to.equal(204);
      for (const proxy of [one, two]) {
        expect((await api.call("GET", `/proxies/${proxy.name}`)).json).to.include({ enabled: true }).and.to.have.deep.property("toxics", []);
        using client = await dial(proxy.listen);
        client.write("hi");
        expect((await client.read(2)).toString()).to.equal("hi");
      }
    });
  });

  describe("toxics", () => {
    for (const [type, attributes] of Object.entries(defaults)) {
      it(`of type ${type} have default attributes, stream, toxicity and name`, async () => {
        const proxy = await api.proxyTo("127.0.0.1:1");
        const path = `/proxies/${proxy.name}/toxics`;
        const expected = { attributes, name: `${type}_downstream`, type, stream: "downstream", toxicity: 1 };
        const created = await api.call("POST", path, { type });
        expect(created.status).to.equal(200);
        expect(created.json).to.deep.equal(expected);
        expect((await api.call("GET", `${path}/${type}_downstream`)).json).to.deep.equal(expected);
      });
    }

    it("can be added, read, updated and removed with the Node client", async () => {
      const proxy = await api.proxyTo("127.0.0.1:1");
      const added = await proxy.addToxic({ name: "slow", type: "latency", stream: "upstream", toxicity: 0.5, attributes: { latency: 5, jitter: 2 } });
      expect(added.toJson()).to.deep.equal({ name: "slow", type: "latency", stream: "upstream", toxicity: 0.5, attributes: { latency: 5, jitter: 2 } });
      const updated = await added.update({ ...added.toJson(), attributes: { latency: 7, jitter: 1 } });
      expect(updated.attributes).to.deep.equal({ latency: 7, jitter: 1 });
      expect((await proxy.getToxic("slow")).attributes).to.deep.equal({ latency: 7, jitter: 1 });
      await updated.remove();
      expect((await api.call("GET", `/proxies/${proxy.name}/toxics`)).json).to.deep.equal([]);
    });

    it("keep what an update leaves out", async () => {
      const proxy = await api.proxyTo("127.0.0.1:1");
      await api.addToxic(proxy, { type: "latency", name: "t", attributes: { latency: 5, jitter: 2 } });
      const path = `/proxies/${proxy.name}/toxics/t`;
      expect((await api.call("PATCH", path, { attributes: { jitter: 3 } })).json).to.deep.include({ toxicity: 1, attributes: { latency: 5, jitter: 3 } });
      expect((await api.call("POST", path, { toxicity: 0.25 })).json).to.deep.include({ toxicity: 0.25, attributes: { latency: 5, jitter: 3 } });
    });

    it("keep name, type and stream whatever an update says", async () => {
      const proxy = await api.proxyTo("127.0.0.1:1");
      await api.addToxic(proxy, { type: "latency", name: "t" });
      const { json } = await api.call("PATCH", `/proxies/${proxy.name}/toxics/t`, { name: "u", type: "noop", stream: "upstream" });
      expect(json).to.include({ name: "t", type: "latency", stream: "downstream" });
    });

    it("are listed upstream before downstream, each in the order they were added", async () => {
      const proxy = await api.proxyTo("127.0.0.1:1");
      for (const [name, stream] of [["a", "downstream"], ["b", "upstream"], ["c", "downstream"], ["d", "upstream"]] as const)
        await api.addToxic(proxy, { type: "noop", name, stream });
      const { json } = await api.call("GET", `/proxies/${proxy.name}/toxics`);
      expect(JSON.stringify(json).match(/"name":"."/g)?.join()).to.equal('"name":"b","name":"d","name":"a","name":"c"');
    });

    it("stay with their proxy while it is disabled", async () => {
      const proxy = await api.proxyTo("127.0.0.1:1");
      await api.addToxic(proxy, { type: "noop" });
      await api.call("PATCH", `/proxies/${proxy.name}`, { enabled: false });
      const { json } = await api.call("PATCH", `/proxies/${proxy.name}`, { enabled: true });
      expect(json).to.have.property("toxics").with.length(1);
    });
  });
}

async function refusesConnections(address: string): Promise<boolean> {
  try {
    using _ = await dial(address);
    return false;
  } catch {
    return true;
  }
}

async function freePort(): Promise<number> {
  await using server = await listenTcp();
  return server.port;
}
