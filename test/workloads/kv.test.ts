import { expect } from "chai";
import fc from "fast-check";
import { z } from "zod";
import { seededRandom } from "../../src/random.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { kv } from "../../src/workloads/kv.ts";
import { Memory } from "../../src/workloads/memory.ts";
import { subjectText } from "../../src/recording/operation-text.ts";
import type { Request } from "../../src/recording/operation.ts";
import type { Workload } from "../../src/workloads/workload.ts";

/** The first requests of one client. */
function requests(workload: Workload, client: number, count: number, seed = 1): Request[] {
  const random = seededRandom(seed, `client/${client}`);
  return Array.from({ length: count }, (_, sequence) => workload.next(client, sequence, random, new Memory()));
}

describe("the kv workload", () => {
  it("is in the table of workloads", () => {
    expect(workloadKinds.map(({ kind }) => kind)).to.include("kv");
  });

  it("is a closed loop of ten clients over all members when nothing is said", () => {
    const workload = kv.bind({});
    expect(workload).to.deep.include({ kind: "kv", clients: 10, pacing: { kind: "closed", thinkMs: 0 }, timeoutMs: 1_000, endpoints: "all" });
    expect(workload.title).to.equal("kv: closed loop, 10 clients of all members, 50 keys, 50 % gets");
  });

  it("is an open loop at a rate", () => {
    const workload = kv.bind({ rate: 200, clients: 1, keys: 1, endpoints: "etcd-2", timeout: "500ms", reads: 0 });
    expect(workload).to.deep.include({ pacing: { kind: "open", ratePerSecond: 200 }, timeoutMs: 500, endpoints: "etcd-2" });
    expect(workload.title).to.equal("kv: 200 operations/s, 1 client of etcd-2, 1 key, 0 % gets");
  });

  it("keeps the options as they were written, from which the load process binds it again", () => {
    const options = { rate: 200, timeout: "500ms" };
    expect(kv.bind(options).options).to.equal(options);
    expect(kv.bind(kv.bind(options).options).title).to.equal(kv.bind(options).title);
  });

  it("thinks between requests in a closed loop only", () => {
    expect(kv.bind({ "think-time": "50ms" }).pacing).to.deep.equal({ kind: "closed", thinkMs: 50 });
    expect(() => kv.bind({ "think-time": "50ms", rate: 5 })).to.throw(z.ZodError, "closed loop");
  });

  for (const [what, options] of Object.entries({
    "an unknown option": { speed: 5 },
    "a rate of zero": { rate: 0 },
    "half a client": { clients: 0.5 },
    "a share of reads above 1": { reads: 50 },
    "a time-out without a unit": { timeout: 1000 },
    "a time-out of nothing": { timeout: "0s" },
    "a member that no cluster has": { endpoints: "leader" },
    "values too small to be unique": { "value-bytes": 8 },
    "a mix of nothing": { mix: { get: 0 } },
    "a mix with an operation that is not known": { mix: { get: 1, watch: 1 } },
    "a share of reads beside a mix": { mix: { get: 1 }, reads: 0.5 },
    "a choice of keys that is not known": { "key-choice": "random" },
  })) {
    it(`refuses ${what}`, () => {
      expect(() => kv.bind(options)).to.throw(z.ZodError);
    });
  }

  it("shows its defaults to editors as an author would write them", () => {
    const schema = z.toJSONSchema(kv.options, { target: "draft-7", io: "input" });
    expect(schema.properties?.["timeout"]).to.deep.include({ type: "string", default: "1s" });
    const undescribed = Object.entries(schema.properties ?? {}).filter(([, option]) => typeof option === "boolean" || option.description === undefined);
    expect(undescribed.map(([name]) => name)).to.deep.equal([]);
  });

  it("writes every value once in a run, each of the size that was asked for", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 16, max: 40 }), fc.integer({ min: 1, max: 30 }), (seed, size, clients) => {
        const workload = kv.bind({ "value-bytes": size, reads: 0, clients });
        const values = Array.from({ length: clients }, (_, client) => requests(workload, client, 40, seed)).flat().map((request) => (request.op === "put" ? request.value : ""));
        expect(new Set(values).size).to.equal(values.length);
        expect(values.every((value) => Buffer.byteLength(value) === size)).to.equal(true);
      }),
    );
  });

  it("keeps values unique for the longest run", () => {
    const workload = kv.bind({ reads: 0, clients: 1_000 });
    const put = workload.next(999, 99_999_999_999, seededRandom(1, "x"), new Memory());
    expect(put.op === "put" && put.value).to.equal("999-99999999999.");
  });

  it("reads the share it was told, on all its keys and no others", () => {
    const workload = kv.bind({ reads: 0.25, keys: 7 });
    const all = requests(workload, 0, 4_000);
    expect(all.filter(({ op }) => op === "get").length / all.length).to.be.within(0.22, 0.28);
    expect([...new Set(all.map(subjectText))].sort()).to.deep.equal(["k0", "k1", "k2", "k3", "k4", "k5", "k6"]);
    expect(requests(kv.bind({ reads: 1 }), 0, 200).every(({ op }) => op === "get")).to.equal(true);
  });

  it("mixes operations by their weights, with values of their own", () => {
    const workload = kv.bind({ mix: { get: 4, put: 3, range: 1, delete: 1, swap: 1 }, keys: 9 });
    expect(workload.title).to.match(/9 keys, 4 get : 3 put : 1 range : 1 delete : 1 swap$/);
    const all = requests(workload, 3, 5_000);
    const shareOf = (op: string): number => all.filter((request) => request.op === op).length / all.length;
    expect(shareOf("get")).to.be.within(0.37, 0.43);
    expect(shareOf("put")).to.be.within(0.27, 0.33);
    for (const op of ["range", "delete", "txn"]) expect(shareOf(op)).to.be.within(0.08, 0.12);
    const written = all.flatMap((request): Request[] => (request.op === "txn" ? [...request.success] : [request])).flatMap((part) => (part.op === "put" ? [part.value] : []));
    expect(new Set(written).size).to.equal(written.length);
  });

  it("swaps what its client was last told, and nothing where it was told nothing", () => {
    const workload = kv.bind({ mix: { swap: 1 }, keys: 1 });
    const memory = new Memory();
    memory.note({ op: "get", key: "k0", value: "v", modRevision: 17, createRevision: 4, version: 3, revision: 40 });
    const compared = [new Memory(), memory].map((told) => workload.next(0, 0, seededRandom(1, "x"), told)).map((request) => request.op === "txn" && request.compares);
    expect(compared).to.deep.equal([[{ key: "k0", target: "mod", is: "=", to: 0 }], [{ key: "k0", target: "mod", is: "=", to: 17 }]]);
  });

  it("reads alone and in the past as often as it was told, never beyond the last revision that its client knows", () => {
    const memory = new Memory();
    memory.note({ op: "put", key: "k0", value: "v", revision: 500 });
    const workload = kv.bind({ reads: 1, serializable: 0.5, "old-reads": 0.25 });
    const random = seededRandom(1, "x");
    const gets = Array.from({ length: 2_000 }, (_, sequence) => workload.next(0, sequence, random, memory)).filter((request) => request.op === "get");
    expect(gets.filter(({ serializable }) => serializable).length / gets.length).to.be.within(0.45, 0.55);
    const old = gets.flatMap(({ atRevision }) => (atRevision === undefined ? [] : [atRevision]));
    expect(old.length / gets.length).to.be.within(0.2, 0.3);
    expect([Math.min(...old), Math.max(...old)]).to.deep.equal([400, 500]);
  });

  it("asks as ever where none of this is asked for", () => {
    const plain = requests(kv.bind({ reads: 0.3 }), 0, 500);
    expect(requests(kv.bind({ mix: { get: 0.3, put: 0.7 } }), 0, 500)).to.deep.equal(plain);
    expect(plain.every((request) => request.op === "put" || (request.op === "get" && Object.keys(request).length === 2))).to.equal(true);
  });

  it("asks the same for the same seed, and something else for another seed or client", () => {
    const workload = kv.bind({});
    fc.assert(
      fc.property(fc.integer(), fc.nat(9), (seed, client) => {
        expect(requests(workload, client, 30, seed)).to.deep.equal(requests(workload, client, 30, seed));
      }),
    );
    expect(requests(workload, 0, 30, 1)).to.not.deep.equal(requests(workload, 0, 30, 2));
    expect(requests(workload, 0, 30).map(subjectText)).to.not.deep.equal(requests(workload, 1, 30).map(subjectText));
  });
});
