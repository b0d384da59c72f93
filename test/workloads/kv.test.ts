import { expect } from "chai";
import fc from "fast-check";
import { z } from "zod";
import { seededRandom } from "../../src/random.ts";
import { workloadKinds } from "../../src/workloads/index.ts";
import { kv } from "../../src/workloads/kv.ts";
import { subjectText } from "../../src/recording/operation-text.ts";
import type { Request } from "../../src/recording/operation.ts";
import type { Workload } from "../../src/workloads/workload.ts";

/** The first requests of one client. */
function requests(workload: Workload, client: number, count: number, seed = 1): Request[] {
  const random = seededRandom(seed, `client/${client}`);
  return Array.from({ length: count }, (_, sequence) => workload.next(client, sequence, random));
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
    const put = workload.next(999, 99_999_999_999, seededRandom(1, "x"));
    expect(put.op === "put" && put.value).to.equal("999-99999999999.");
  });

  it("reads the share it was told, on all its keys and no others", () => {
    const workload = kv.bind({ reads: 0.25, keys: 7 });
    const all = requests(workload, 0, 4_000);
    expect(all.filter(({ op }) => op === "get").length / all.length).to.be.within(0.22, 0.28);
    expect([...new Set(all.map(subjectText))].sort()).to.deep.equal(["k0", "k1", "k2", "k3", "k4", "k5", "k6"]);
    expect(requests(kv.bind({ reads: 1 }), 0, 200).every(({ op }) => op === "get")).to.equal(true);
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
