import { expect } from "chai";
import { parseScenario } from "../../src/scenario/parse.ts";
import type { Scenario } from "../../src/scenario/scenario.ts";
import { scenarioWith, scenarioWithAssertions, scenarioWithFaults } from "./problems-of.ts";
import { testCatalogue } from "./test-catalogue.ts";

function parsed(text: string, fileName = "scenarios/test.yaml"): Scenario {
  return parseScenario(text, fileName, testCatalogue);
}

describe("a scenario that is right", () => {
  it("is named after its file and keeps its text", () => {
    const text = scenarioWith({});
    const scenario = parsed(text, "/some/where/lost-leader.yaml");
    expect(scenario.name).to.equal("lost-leader");
    expect(scenario.text).to.equal(text);
    expect(scenario.description).to.equal("A test.");
  });

  it("has three members of etcd 3.5 and no flags where it says nothing of them", () => {
    expect(parsed(scenarioWith({ cluster: "" })).cluster).to.deep.equal({ memberCount: 3, etcd: "3.5", flags: {} });
    expect(parsed(scenarioWith({ cluster: "cluster: {}" })).cluster).to.deep.equal({ memberCount: 3, etcd: "3.5", flags: {} });
  });

  it("has no workload where it says nothing of one", () => {
    expect(parsed(scenarioWith({ workload: "" }))).to.not.have.property("workload");
  });

  it("binds the workload to its options", () => {
    const { workload } = parsed(scenarioWith({ workload: "workload:\n  kv: { rate: 7, clients: 2 }" }));
    expect(workload?.parts[0]).to.deep.include({ kind: "kv", clients: 2, pacing: { kind: "open", ratePerSecond: 7 } });
  });

  it("has watchers beside the workload where it asks for them: of all keys and through all members, if it says no more", () => {
    const watched = (watch: string): unknown => parsed(scenarioWith({ workload: `workload:\n  kv: { rate: 7 }\n  watch: ${watch}` })).workload?.watch;
    const usual = { endpoints: "all", ranges: [{ key: "\0", end: "\0" }], fromRevision: 2, listFirst: false, prevKv: true, progressEveryMs: 100 };
    expect(watched("{}")).to.deep.equal(usual);
    expect(watched("{ prefix: k }")).to.deep.equal({ ...usual, ranges: [{ key: "k", end: "l" }] });
    expect(watched("{ prefix: a/ }")).to.deep.equal({ ...usual, ranges: [{ key: "a/", end: "a0" }] });
    const one = { ...usual, ranges: [{ key: "k1" }], endpoints: "etcd-2", fromRevision: 9, prevKv: false, progressEveryMs: 2_000 };
    expect(watched("{ keys: [k1], endpoints: etcd-2, from-revision: 9, prev-kv: false, progress-every: 2s }")).to.deep.equal(one);
    expect(watched("{ prefix: [a/, k] }")).to.deep.equal({ ...usual, ranges: [{ key: "a/", end: "a0" }, { key: "k", end: "l" }] });
    const several = { ...usual, ranges: [{ key: "k", end: "l" }, { key: "k1" }, { key: "k2" }], listFirst: true, restartEveryMs: 1_000 };
    expect(watched("{ prefix: k, keys: [k1, k2], list-first: true, restart-every: 1s }")).to.deep.equal(several);
    expect(parsed(scenarioWith({})).workload).to.not.have.property("watch");
  });

  it("says in the workload's title who watches", () => {
    const titled = (watch: string): string | undefined => parsed(scenarioWith({ workload: `workload:\n  kv: { rate: 7 }\n  watch: ${watch}` })).workload?.titles.join("; ");
    expect(titled("{}")).to.match(/; watched through all members$/);
    expect(titled("{ prefix: k, endpoints: etcd-1 }")).to.match(/; watched through etcd-1, keys k…$/);
    expect(titled("{ prefix: [a/, k] }")).to.match(/, keys a\/… and k…$/);
    expect(titled("{ keys: [k1] }")).to.match(/; watched through all members, key k1$/);
    expect(titled("{ prefix: k, keys: [k1, k2], list-first: true, restart-every: 1s }")).to.match(/, keys k… and k1 and k2, listed first, from the beginning every 1 s$/);
  });

  it("binds faults to their options, with their times within the phase", () => {
    const text = scenarioWithFaults("partition: { target: leader }\n        at: 1s\n        for: 1.5s", "kill: { target: etcd-3 }");
    const [calm, storm] = parsed(text).phases;
    expect(calm).to.deep.equal({ name: "calm", durationMs: 4_000, faults: [] });
    expect(storm?.durationMs).to.equal(8_000);
    const [partition, kill] = storm?.faults ?? [];
    expect(partition).to.deep.include({ atMs: 1_000, forMs: 1_500 });
    expect(partition?.choices[0]?.fault).to.deep.include({ kind: "partition", title: "partition leader, blocking", target: "leader" });
    expect(kill).to.deep.include({ atMs: 0 }).and.not.have.property("forMs");
    expect(kill?.choices[0]?.fault).to.deep.include({ target: "etcd-3", needs: ["kill", "restart"] });
  });

  it("binds several faults of which one is drawn, each with its weight", () => {
    const text = scenarioWithFaults("one-of:\n          - pause: { target: random }\n          - kill: { target: random }\n            weight: 3");
    const [fault] = parsed(text).phases[1]?.faults ?? [];
    expect(fault?.choices.map(({ fault: { kind }, weight }) => ({ kind, weight }))).to.deep.equal([{ kind: "pause", weight: 1 }, { kind: "kill", weight: 3 }]);
  });

  it("reads a fault that comes again, one that spans phases, and one that follows the leader", () => {
    const timeline = [
      "timeline:",
      "  - phase: storm",
      "    duration: 8s",
      "    faults:",
      "      - { pause: { target: leader }, at: 1s, every: 2s, for: 500ms, follow: leader }",
      "      - { partition: { target: random }, until: calm }",
      "  - { phase: between, duration: 1s }",
      "  - { phase: calm, duration: 4s }",
    ].join("\n");
    const [again, spanning] = parsed(scenarioWith({ timeline, assertions: "assertions: [ { health: {} } ]" })).phases[0]?.faults ?? [];
    expect(again).to.deep.include({ atMs: 1_000, everyMs: 2_000, forMs: 500, follows: true }).and.not.have.property("until");
    expect(spanning).to.deep.include({ atMs: 0, until: "calm", follows: false }).and.not.have.property("everyMs");
  });

  it("binds assertions to their options, and takes the title that the file gives", () => {
    const { assertions } = parsed(scenarioWithAssertions("leader-changes: { during: storm }", "health: {}\n    title: Everyone is well"));
    expect(assertions.map(({ kind, title }) => ({ kind, title }))).to.deep.equal([
      { kind: "leader-changes", title: "leader changes during storm" },
      { kind: "health", title: "Everyone is well" },
    ]);
  });

  it("lets assertions refer to the whole timeline as run", () => {
    expect(parsed(scenarioWithAssertions("leader-changes: { during: run }")).assertions).to.have.length(1);
  });

  it("may fill its phase with a fault exactly", () => {
    expect(parsed(scenarioWithFaults("kill: { target: all }\n        at: 3s\n        for: 5s")).phases).to.have.length(2);
  });

  for (const [written, read] of [
    ["3.5", "3.5"],
    ["3.10", "3.10"],
    ['"3.5"', "3.5"],
    ["3.5.30", "3.5.30"],
    ["v3.5.30", "v3.5.30"],
    ["image:quay.io/coreos/etcd:v3.5.1", "image:quay.io/coreos/etcd:v3.5.1"],
    ["./bin/etcd", "./bin/etcd"],
  ] as const) {
    it(`reads the etcd ${written} as ${read}`, () => {
      expect(parsed(scenarioWith({ cluster: `cluster:\n  etcd: ${written}` })).cluster.etcd).to.equal(read);
    });
  }

  it("passes flags on as they were written", () => {
    const { flags } = parsed(scenarioWith({ cluster: "cluster:\n  flags: { heartbeat-interval: 50, pre-vote: false, max-txn-ops: 0x80, quota-backend-bytes: 8589934592.0, huge: 12345678901234567890, level: debug, tick: 1.50 }" })).cluster;
    expect(flags).to.deep.equal({ "heartbeat-interval": 50, "pre-vote": false, "max-txn-ops": "0x80", "quota-backend-bytes": "8589934592.0", huge: "12345678901234567890", level: "debug", tick: "1.50" });
  });

  it("may begin with a byte order mark and end its lines as Windows does", () => {
    const scenario = parsed(`\uFEFF${scenarioWith({}).replaceAll("\n", "\r\n")}`);
    expect(scenario.phases.map(({ name }) => name)).to.deep.equal(["calm", "storm"]);
  });

  it("may use anchors and aliases", () => {
    const scenario = parsed(scenarioWithFaults("pause: &whom { target: etcd-1 }", "kill: *whom"));
    expect(scenario.phases[1]?.faults.map(({ choices }) => choices[0]?.fault.target)).to.deep.equal(["etcd-1", "etcd-1"]);
  });

  it("may have a description of several lines", () => {
    expect(parsed(scenarioWith({ description: "description: >\n  One.\n  Two." })).description).to.equal("One. Two.");
  });

  it("knows on which line each assertion stands, whichever way it is written", () => {
    const text = scenarioWith({ assertions: "assertions:\n  - health: {}\n\n  # why\n  - title: another\n    health: {}" });
    const { assertions } = parsed(text);
    const first = text.split("\n").indexOf("  - health: {}") + 1;
    expect(assertions.map(({ line }) => line)).to.deep.equal([first, first + 4]);
  });
});
