import { expect } from "chai";
import { catalogue } from "../../src/catalogue.ts";
import type { Circumstances } from "../../src/scenario/measured-checks.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { ScenarioError } from "../../src/scenario/problem.ts";

interface Parts {
  readonly etcd?: string;
  readonly workload?: string;
}

/** The only assertion is on the last line, from its fifth column on. */
function scenario(assertion: string, { etcd = "3.5", workload = "{ kv: {} }" }: Parts = {}): string {
  return `description: d\ncluster: { etcd: "${etcd}" }\n${workload === "" ? "" : `workload: ${workload}`}\ntimeline: [ { phase: calm, duration: 5s } ]\nassertions:\n  - ${assertion}\n`;
}

/** Problems, or warnings where there are none, as `line:column message | hint`. */
function told(assertion: string, parts: Parts = {}, circumstances: Circumstances = {}): readonly string[] {
  try {
    return (parseScenario(scenario(assertion, parts), "f", catalogue, circumstances).warnings ?? []).map((text) => `warning ${text}`);
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    return error.problems.map(({ line, column, message, hint }) => `${line}:${column} ${message}${hint === undefined ? "" : ` | ${hint}`}`);
  }
}

describe("what assertions measure", () => {
  it("is refused where etcd has no such metric, at its name", () => {
    expect(told("increase(etcd_server_leader_changes_sen_total) >= 1")).to.deep.equal(['6:14 etcd has no metric "etcd_server_leader_changes_sen_total" | Did you mean "etcd_server_leader_changes_seen_total"?']);
    expect(told("metric: { name: etcd_server_has_leadr, measure: last, equals: 1 }")).to.deep.equal(['6:21 etcd has no metric "etcd_server_has_leadr" | Did you mean "etcd_server_has_leader"?']);
    expect(told("p99(etcd_disk_wal_fsync_duration_second) < 1s".replace("_second)", "_sec_seconds)"))[0]).to.match(/^6:9 etcd has no metric "etcd_disk_wal_fsync_duration_sec_seconds"/);
    expect(told("value(etcd_zzz) == 1")).to.deep.equal(['6:11 etcd has no metric "etcd_zzz"']);
    expect(told("{ expect: value(etcd_server_has_leadr) == 1, title: t }")[0]).to.match(/^6:21 /);
  });

  it("is refused in what the report is to draw, too", () => {
    const drawing = (metrics: string): string => `title: t }
report: { metrics: [${metrics}] }
#`;
    const under = (metrics: string) => told(`{ expect: value(etcd_server_has_leader) == 1, ${drawing(metrics)}`);
    expect(under("etcd_server_has_leader, rate(etcd_network_peer_sent_bytes_total), rate(etcd_disk_wal_fsync_duration_seconds_count)")).to.deep.equal([]);
    expect(under("etcd_server_has_leader, rate(etcd_server_has_leadr)")).to.deep.equal(['7:45 etcd has no metric "etcd_server_has_leadr" | Did you mean "etcd_server_has_leader"?']);
  });

  it("is refused where it is not recorded, by whatever etcd", () => {
    expect(told("value(go_goroutines) < 100", { etcd: "./bin/etcd" })).to.deep.equal(['6:11 "go_goroutines" is not recorded | Recorded are metrics whose names begin with etcd_, process_ or grpc_server_.']);
  });

  it("is refused where a histogram is taken for a value, or a value for a histogram", () => {
    expect(told("increase(etcd_disk_wal_fsync_duration_seconds) < 5s")).to.deep.equal(['6:14 "etcd_disk_wal_fsync_duration_seconds" is a histogram, and has no value of its own | Take a quantile, or its etcd_disk_wal_fsync_duration_seconds_count or etcd_disk_wal_fsync_duration_seconds_sum.']);
    expect(told("p99(etcd_server_proposals_pending) < 5")).to.deep.equal(['6:9 "etcd_server_proposals_pending" is no histogram, so that it has no quantiles']);
    for (const text of ["p99(etcd_disk_wal_fsync_duration_seconds) < 1s", "p99(etcd_disk_wal_fsync_duration_seconds_bucket) < 1s", "increase(etcd_disk_wal_fsync_duration_seconds_count) > 5", "fsync: { below: 1s }", "metric: { name: etcd_disk_wal_fsync_duration_seconds, measure: quantile, below: 1s }"]) expect(told(text), text).to.deep.equal([]);
  });

  it("is doubted where another series of etcd has it, or nobody knows that etcd", () => {
    expect(told("increase(etcd_debugging_mvcc_put_total) > 5")).to.deep.equal(['warning f:6:14: etcd 3.5 is not known to have "etcd_debugging_mvcc_put_total"; It is known of etcd 3.3 and 3.4.']);
    expect(told("increase(etcd_debugging_mvcc_put_total) > 5", { etcd: "3.4.23" })).to.deep.equal([]);
    for (const etcd of ["./bin/etcd", "image:etcd:mine", "3.7"]) expect(told("value(etcd_own_thing) == 1", { etcd }), etcd).to.deep.equal(['warning f:6:11: no etcd from 3.3 to 3.5 is known to have a metric "etcd_own_thing"']);
    expect(told("value(etcd_own_thing) == 1", {}, { etcd: "./bin/etcd" })[0]).to.match(/^warning /);
    expect(told("value(etcd_own_thing) == 1", { etcd: "./bin/etcd" }, { etcd: "3.5" })[0]).to.match(/^6:11 /);
  });

  it("is refused where no workload sends such operations, at their name", () => {
    expect(told("p99(txn) < 1s")).to.deep.equal(['6:9 no workload here sends txn | kv: get and put.']);
    expect(told("slo: { op: txn, availability: 0.9 }")).to.deep.equal(['6:16 no workload here sends txn | kv: get and put.']);
    expect(told("(count(put) > 5 and not count(lease-grant) > 5) during calm")).to.deep.equal(["6:35 no workload here sends lease-grant | kv: get and put."]);
    expect(told("p99(put) < 1s", { workload: "{ kv: { reads: 1 } }" })).to.deep.equal(["6:9 no workload here sends put | kv: get."]);
    expect(told("p99(put) < 1s", { workload: "" })).to.deep.equal(["6:9 there is no workload, and so no put to judge | Say under workload what clients do."]);
    expect(told("slo: { availability: 0.9 }", { workload: "" })).to.deep.equal(["6:10 there is no workload, and so no operation to judge | Say under workload what clients do."]);
  });

  it("is there where some workload sends it", () => {
    expect(told("p99(txn) < 1s", { workload: "{ kv: { mix: { put: 1, swap: 1 } } }" })).to.deep.equal([]);
    expect(told("p99(txn) < 1s", { workload: "{ kv: {}, counter: {} }" })).to.deep.equal([]);
    expect(told("availability(any) >= 50%", { workload: "{ lock: {} }" })).to.deep.equal([]);
  });

  it("is refused where nobody watches and watchers are judged, at the option's name", () => {
    const prompt = "slo: { availability: 0.9, watch-delay: { within: 1s, share: 99% } }";
    expect(told(prompt)).to.deep.equal(["6:31 watch-delay is about watchers, and this load has none | Add `watch: {}` under workload."]);
    expect(told(prompt, { workload: "{ kv: {}, watch: {} }" })).to.deep.equal([]);
    expect(told(prompt, { workload: "" })).to.deep.equal(["6:10 there is no workload, and so no operation to judge | Say under workload what clients do."]);
    expect(told(prompt, {}, { isRecorded: true })).to.deep.equal([]);
  });

  it("is refused where no read is serializable and the freshness of such is judged", () => {
    const fresh = "slo: { fresh-reads: { within: 1s, share: 99% } }";
    const refused = ["6:12 fresh-reads is about serializable reads, and this load has none | Add `serializable: 0.2` to the options of kv or compaction."];
    for (const workload of ["{ kv: {} }", "{ txn: {} }", "{ kv: { reads: 0, serializable: 0.2 } }", "{ compaction: { serializable: 0 } }"]) expect(told(fresh, { workload }), workload).to.deep.equal(refused);
    for (const workload of ["{ kv: { serializable: 0.2 } }", "{ compaction: {} }", "{ txn: {}, kv: { serializable: 0.2 } }"]) expect(told(fresh, { workload }), workload).to.deep.equal([]);
    expect(told("slo: { op: put, fresh-reads: { within: 1s, share: 99% } }", { workload: "{ kv: { serializable: 0.2 } }" })[0]).to.equal("6:34 \"fresh-reads\" is about reads; leave out `op`, or make it an assertion of its own");
  });

  it("is refused of the steady state and of what ends a run, too", () => {
    const text = (key: string): string => `description: d\nworkload: { kv: {} }\ntimeline: [ { phase: calm, duration: 5s } ]\nassertions: [ { health: { state: healthy } } ]\n${key}\n      - slo: { watch-delay: { within: 1s, share: 99% } }\n`;
    for (const key of ["abort-if:\n    violated:", "steady-state:\n    assertions:"]) expect(() => parseScenario(text(key), "f", catalogue), key).to.throw(ScenarioError, "f:7:16: watch-delay is about watchers");
  });

  it("is not asked for where there is a recording, which tells by itself", () => {
    expect(told("value(etcd_own_thing) == 1 and p99(txn) < 1s", {}, { isRecorded: true })).to.deep.equal([]);
  });
});

describe("what each workload says that it sends", () => {
  for (const { kind, bind } of catalogue.workloads) {
    it(`is told of ${kind}`, () => {
      expect(bind({}).operations).to.have.length.above(0);
    });
  }
});

describe("an assertion in one line with a title", () => {
  it("is called by the title, and by its own words without one", () => {
    const titles = (assertion: string) => parseScenario(scenario(assertion), "f", catalogue).assertions.map(({ kind, title }) => [kind, title]);
    expect(titles("{ expect: leader-changes == 0, title: Nobody stands for election }")).to.deep.equal([["leader-changes", "Nobody stands for election"]]);
    expect(titles("expect: healthy or count(put) > 5\n    title: It goes on")).to.deep.equal([["expression", "It goes on"]]);
    expect(titles("expect: leader-changes == 0")).to.deep.equal([["leader-changes", "leader-changes == 0"]]);
  });

  it("is checked like any other, at its place", () => {
    expect(told("{ expect: leader-changes == 0 during clam, title: t }")).to.deep.equal(['6:42 unknown phase "clam" | Did you mean "calm"?']);
    expect(told("{ expect: leader-changes, title: t }")[0]).to.match(/^6:29 a comparison/);
    expect(told("{ expect: 5 }")[0]).to.match(/^6:15 "expect" must be text/);
    expect(told("{ expect: healthy, health: { state: healthy } }")[0]).to.match(/exactly one assertion belongs here/);
  });
});
