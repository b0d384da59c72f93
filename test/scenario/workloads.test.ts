import { expect } from "chai";
import { z } from "zod";
import { catalogue } from "../../src/catalogue.ts";
import type { Catalogue } from "../../src/scenario/catalogue.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";
import { defineWorkload, type Workload } from "../../src/workloads/workload.ts";
import { placesOf, type Workloads } from "../../src/workloads/workloads.ts";
import { scenarioWith } from "./problems-of.ts";

/** What stands under `workload`, which begins on line 3, column 11. */
function workloadsOf(text: string, kinds: Catalogue = catalogue): Workloads | undefined {
  return parseScenario(scenarioWith({ workload: `workload: ${text}`, assertions: "assertions:\n  - strict-serializable: {}" }), "scenarios/test.yaml", kinds).workload;
}

function partsOf(text: string): readonly Workload[] {
  return workloadsOf(text)?.parts ?? [];
}

function problemsOf(text: string, kinds: Catalogue = catalogue): string[] {
  try {
    workloadsOf(text, kinds);
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems.map(({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? "" : ` | ${hint}`}`);
    throw error;
  }
  return [];
}

describe("workloads side by side", () => {
  it("have their own clients and pace each, in the order of the file", () => {
    const parts = partsOf("{ kv: { rate: 200, clients: 12 }, lease: { clients: 3 }, watch: {} }");
    expect(parts.map(({ kind, clients, pacing }) => ({ kind, clients, pacing }))).to.deep.equal([
      { kind: "kv", clients: 12, pacing: { kind: "open", ratePerSecond: 200 } },
      { kind: "lease", clients: 3, pacing: { kind: "closed", thinkMs: 100 } },
    ]);
  });

  it("tell what each does, and who watches", () => {
    const titles = workloadsOf("{ txn: {}, kv: { rate: 200 }, watch: { endpoints: etcd-2 } }")?.titles ?? [];
    expect(titles.map((title) => title.slice(0, 12))).to.deep.equal(["txn: closed ", "kv: 200 oper", "watched thro"]);
  });

  it("have all clients numbered one workload after the other", () => {
    const places = placesOf(partsOf("{ lease: { clients: 2 }, kv: { clients: 3 } }"));
    expect(places.map(({ workload, client, number }) => `${workload.kind} ${client} ${number}`)).to.deep.equal(["lease 0 0", "lease 1 1", "kv 0 2", "kv 1 3", "kv 2 4"]);
  });

});

describe("a load that several workloads share", () => {
  it("is divided by their weights, which are 1 where nothing is said", () => {
    const parts = partsOf("{ rate: 300, clients: 20, kv: { weight: 3, keys: 7 }, txn: {} }");
    expect(parts.map(({ kind, clients, pacing }) => ({ kind, clients, pacing }))).to.deep.equal([
      { kind: "kv", clients: 15, pacing: { kind: "open", ratePerSecond: 225 } },
      { kind: "txn", clients: 5, pacing: { kind: "open", ratePerSecond: 75 } },
    ]);
    expect(parts[0]?.title).to.equal("kv: 225 operations/s, 15 clients of all members, 7 keys, 50 % gets");
  });

  it("is one of ten clients where only a rate is shared, and a closed loop where only clients are", () => {
    expect(partsOf("{ rate: 100, kv: {}, txn: {} }").map(({ clients }) => clients)).to.deep.equal([5, 5]);
    expect(partsOf("{ clients: 4, kv: { weight: 3 }, lease: {} }").map(({ clients, pacing }) => [clients, pacing.kind])).to.deep.equal([[3, "closed"], [1, "closed"]]);
  });

  it("reaches the load process with the options, which bind to the same again", () => {
    for (const part of partsOf("{ rate: 300, clients: 20, kv: { weight: 3 }, append: { weight: 2 } }")) {
      const kind = catalogue.workloads.find(({ kind: name }) => name === part.kind);
      expect(kind?.bind(JSON.parse(JSON.stringify(part.options)))).to.deep.include({ title: part.title, clients: part.clients, pacing: part.pacing });
    }
  });
});

describe("what is said about workloads side by side", () => {
  const other = defineWorkload({
    kind: "other",
    summary: "Writes among the lists.",
    options: z.strictObject({}),
    bind: () => ({ title: "other", clients: 1, pacing: { kind: "closed", thinkMs: 0 }, timeoutMs: 1_000, endpoints: "all", finalRange: { key: "a5", end: "c", limit: 1 }, next: () => ({ op: "put", key: "a5", value: "x" }) }),
  });
  const own = "Either each workload has its own rate and clients, or all share them by weight.";
  const cases: Readonly<Record<string, readonly [string, ...string[]]>> = {
    "a weight of nothing": ["{ kv: { weight: 2 }, txn: {} }", '3:27 "weight" divides what the workloads share, and they share nothing | Put rate, clients or both beside the kinds, directly below workload.'],
    "a rate and clients of its own": [
      "{ rate: 9, kv: { rate: 1, clients: 2 }, txn: {} }",
      `3:34 kv has "rate" of its own, and shares what stands beside the kinds | ${own}`,
      `3:46 kv has "clients" of its own, and shares what stands beside the kinds | ${own}`,
    ],
    "a rate for one that has none": ["{ rate: 9, kv: {}, lease: {} }", "3:37 lease has no rate, so that it cannot share one | Give each workload its own clients and pace, or let them share clients alone."],
    "a pause beside a shared rate": ["{ rate: 9, kv: { think-time: 5ms } }", "3:40 kv cannot share this load: belongs to a closed loop; with a rate the time between requests follows from it"],
    "fewer clients than workloads": ["{ clients: 2, kv: {}, txn: {}, append: {} }", "3:22 3 workloads cannot share 2 clients: each needs one at least"],
    "a weight that is none": ["{ clients: 2, kv: { weight: 0 } }", '3:39 "weight" must be a number above 0 and of at most 1000, not the number 0 | Its share of the rate and the clients that stand beside the kinds of workload for all of them, in proportion to the weights of the others. 1 unless told otherwise.'],
    "a shared rate that is none": ["{ rate: fast, kv: {} }", '3:19 "rate" must be a number above 0 and of at most 20000, not "fast" | Operations a second that the workloads have together, divided by their weights (open loop). They have no rate of their own then.'],
    "a member that there is not, of the second": ["{ kv: {}, txn: { endpoints: etcd-7 } }", "3:39 there is no etcd-7: the cluster has 3 members, etcd-1 to etcd-3"],
    "nothing but what would be shared": ["{ rate: 9 }", "3:11 at least one workload belongs here, and there is none | Possible here: " + catalogue.workloads.map(({ kind }) => kind).join(", ") + "."],
  };
  for (const [name, [text, ...problems]] of Object.entries(cases)) {
    it(`points at ${name}`, () => expect(problemsOf(text)).to.deep.equal(problems));
  }

  it("points at keys that two have in common", () => {
    const kinds = { ...catalogue, workloads: [...catalogue.workloads, other] };
    expect(problemsOf("{ kv: {}, append: {}, other: {} }", kinds)).to.deep.equal(["3:40 other and append have keys in common, and would be taken for each other's"]);
    expect(problemsOf("{ kv: {}, other: {} }", kinds)).to.deep.equal([]);
  });

  it("has nothing to say of all kinds at once", () => {
    expect(problemsOf(`{ ${catalogue.workloads.map(({ kind }) => `${kind}: {}`).join(", ")} }`)).to.deep.equal([]);
  });
});
