import { expect } from "chai";
import type { Assertion } from "../../assertions/assertion.ts";
import type { Expectation } from "../../assertions/expectation.ts";
import type { Evidence, Outcome } from "../../assertions/verdict.ts";
import { judge } from "../../src/judge/judge.ts";
import type { Results } from "../../src/judge/results.ts";
import { recording, type RecordingBuilder } from "../recordings/builder.ts";

const evidence: readonly Evidence[] = [
  { kind: "event", atMs: 1_200, text: "progress" },
  { kind: "operation", atMs: 1_300, endMs: 1_450, text: "a change" },
];

interface Said {
  readonly kind?: string;
  readonly rule?: string;
  readonly broken?: readonly string[];
}

/** An assertion that says always the same; a violation may name what is broken. */
function saying(outcome: Outcome, { kind = "watch", rule, broken }: Said = {}): Assertion {
  const counterexample = rule === undefined ? {} : { counterexample: { rule, sentence: "it is broken", clock: "run" as const, operations: [], illegal: "1" } };
  const verdict = { outcome, observed: "3 changes", bound: "none", evidence, ...(outcome === "fail" ? { reason: `${kind} went wrong`, ...counterexample, ...(broken === undefined ? {} : { broken }) } : {}) };
  return { kind, title: `${kind} of a kind`, phases: [], judge: () => verdict };
}

const broken = saying("fail", { rule: "bookmarkable" });
const bug: Expectation = { fail: [{ kind: "watch", rule: "bookmarkable" }], on: "<3.4.25 || >=3.5.0 <3.5.8", issue: "etcd#15220", title: "etcd#15220 breaks watch/bookmarkable" };

function run(): RecordingBuilder {
  return recording({ members: 1 }).phase("steady", 1_000, 3_000).event({ type: "workload", atMs: 1_000, state: "started" }).operations(1_000, 3_000, 100);
}

function judged(assertions: readonly Assertion[], { version = "3.4.23", expected = bug, of = run() }: { readonly version?: string; readonly expected?: Expectation; readonly of?: RecordingBuilder } = {}): Results {
  const built = of.build();
  return judge({ ...built, info: { ...built.info, etcd: { version, source: "test" } } }, assertions, "replay", { expect: expected });
}

describe("a run that is expected to show a known bug", () => {
  it("passes when what is expected is violated and all else holds, and says so in one sentence", () => {
    const results = judged([broken, saying("pass")]);
    expect(results.outcome).to.equal("pass");
    expect(results.sentence).to.equal("the bug etcd#15220 showed itself, as expected on etcd 3.4.23: watch/bookmarkable is violated: watch went wrong");
  });

  it("keeps the true verdict of each assertion, and marks the violation that was expected", () => {
    expect(judged([broken, saying("pass")]).assertions.map(({ verdict, expected }) => [verdict.outcome, expected])).to.deep.equal([["fail", true], ["pass", undefined]]);
  });

  it("tells what was expected, where, and how soon it was seen", () => {
    expect(judged([broken]).expectation).to.deep.equal({ issue: "etcd#15220", fail: ["watch/bookmarkable"], on: bug.on, affected: true, shown: true, shownAfterMs: 450 });
  });

  it("fails when it is not violated on a version that has the bug", () => {
    const results = judged([saying("pass")]);
    expect(results.outcome).to.equal("fail");
    expect(results.sentence).to.equal("expected watch/bookmarkable to be violated on etcd 3.4.23, and it was not: is it fixed, or the load too light?");
    expect(results.expectation).to.include({ affected: true, shown: false }).and.not.have.property("shownAfterMs");
  });

  it("fails when anything else is violated, whether the bug showed itself or not", () => {
    for (const assertions of [[broken, saying("fail", { kind: "lease" })], [saying("pass"), saying("fail", { kind: "lease" })]]) {
      const results = judged(assertions);
      expect(results.outcome).to.equal("fail");
      expect(results.sentence).to.equal("beside watch/bookmarkable, which is expected, this is violated: lease of a kind: lease went wrong");
    }
  });

  it("fails when another guarantee of the same kind is violated", () => {
    expect(judged([saying("fail", { rule: "unique" })]).outcome).to.equal("fail");
    expect(judged([broken, saying("fail", { rule: "unique" })]).outcome).to.equal("fail");
  });

  it("takes any violation of a kind where only the kind is expected, and knows rules of several words", () => {
    expect(judged([saying("fail", { rule: "unique" })], { expected: { ...bug, fail: [{ kind: "watch" }] } }).outcome).to.equal("pass");
    expect(judged([saying("fail")], { expected: { ...bug, fail: [{ kind: "watch" }] } }).sentence).to.include("watch is violated: watch went wrong");
    expect(judged([saying("fail", { rule: "stale read" })], { expected: { ...bug, fail: [{ kind: "watch", rule: "stale-read" }] } }).outcome).to.equal("pass");
  });

  it("takes only the one assertion that has the title where a title is expected", () => {
    const writes = { ...saying("fail", { kind: "slo" }), title: "Writes go on" };
    const reads = { ...saying("fail", { kind: "slo" }), title: "Reads go on" };
    const expected: Expectation = { ...bug, fail: [{ title: "Writes go on" }] };
    expect(judged([writes, saying("pass")], { expected }).outcome).to.equal("pass");
    expect(judged([writes, reads], { expected }).sentence).to.equal('beside "Writes go on", which is expected, this is violated: Reads go on: slo went wrong');
    expect(judged([{ ...saying("pass", { kind: "slo" }), title: "Writes go on" }], { expected }).sentence).to.match(/^expected "Writes go on" to be violated on etcd 3.4.23, and it was not/);
    expect(judged([writes, reads], { expected: { ...bug, fail: [{ kind: "slo" }] } }).outcome).to.equal("pass");
    expect(judged([writes], { expected }).expectation?.fail).to.deep.equal(['"Writes go on"']);
  });

  it("wants all that is expected to be violated", () => {
    const both: Expectation = { ...bug, fail: [...bug.fail, { kind: "lease" }] };
    expect(judged([broken, saying("fail", { kind: "lease" })], { expected: both }).outcome).to.equal("pass");
    expect(judged([broken, saying("pass", { kind: "lease" })], { expected: both }).outcome).to.equal("fail");
  });

  it("is inconclusive when it was not violated and something could not be judged", () => {
    for (const assertions of [[saying("inconclusive")], [saying("pass"), saying("inconclusive", { kind: "lease" })]]) expect(judged(assertions).outcome).to.equal("inconclusive");
    expect(judged([saying("pass")], { of: run().interrupted(2_000) }).outcome).to.equal("inconclusive");
  });

  it("is inconclusive when it was violated and something else could not be judged, and says both", () => {
    const results = judged([broken, saying("inconclusive", { kind: "lease" })]);
    expect(results.outcome).to.equal("inconclusive");
    expect(results.sentence).to.match(/^the bug etcd#15220 showed itself, .*; but not everything else could be judged$/);
    expect(judged([broken], { of: run().interrupted(2_000) }).outcome).to.equal("inconclusive");
  });

  it("passes on a version without the bug when all holds", () => {
    const results = judged([saying("pass")], { version: "3.5.30" });
    expect(results.outcome).to.equal("pass");
    expect(results.sentence).to.equal("the bug etcd#15220 did not show itself, as expected on etcd 3.5.30: the assertion holds");
    expect(results.expectation).to.include({ affected: false, shown: false });
  });

  it("fails on a version without the bug when it shows itself all the same", () => {
    const results = judged([broken], { version: "3.5.8" });
    expect(results.outcome).to.equal("fail");
    expect(results.sentence).to.equal("the bug etcd#15220 is not expected on etcd 3.5.8, and here it is: watch of a kind: watch went wrong");
    expect(results.assertions[0]).to.not.have.property("expected");
  });

  it("goes by the version to the last digit, pre-releases too", () => {
    expect(judged([broken], { version: "3.4.24" }).outcome).to.equal("pass");
    expect(judged([broken], { version: "3.5.7" }).outcome).to.equal("pass");
    expect(judged([broken], { version: "3.4.25" }).outcome).to.equal("fail");
    expect(judged([broken], { version: "3.5.3-rc.1" }).outcome).to.equal("pass");
    expect(judged([broken], { version: "3.5.9-rc.1" }).outcome).to.equal("fail");
  });

  it("cannot tell of a pre-release of the version that mended it or brought it, unless the range names pre-releases of that", () => {
    for (const version of ["3.5.8-rc.0", "3.5.0-rc.1"]) {
      const results = judged([saying("pass")], { version });
      expect(results.outcome).to.equal("inconclusive");
      expect(results.sentence).to.match(/^whether etcd 3\.5\.\d-rc\.\d is among .*, cannot be told from its version: /);
      expect(results.expectation).to.not.have.property("affected");
      expect(judged([broken], { version }).outcome).to.equal("fail");
    }
    const named: Expectation = { ...bug, on: ">=3.5.0-rc.0 <3.5.8-rc.1" };
    expect(judged([broken], { version: "3.5.0-rc.1", expected: named }).outcome).to.equal("pass");
    expect(judged([broken], { version: "3.5.8-rc.0", expected: named }).outcome).to.equal("pass");
    expect(judged([saying("pass")], { version: "3.5.8-rc.1", expected: named })).to.include({ outcome: "pass" }).and.have.nested.property("expectation.affected", false);
  });

  it("is inconclusive on an etcd whose version is not known, unless something is violated", () => {
    expect(judged([saying("pass")], { version: "unknown" })).to.include({ outcome: "inconclusive" }).and.have.nested.property("expectation.shown", false);
    expect(judged([saying("pass")], { version: "unknown" }).sentence).to.match(/^whether etcd unknown is among <3\.4\.25 \|\| .*, which have the bug etcd#15220, cannot be told from its version: /);
    expect(judged([broken], { version: "unknown" }).outcome).to.equal("fail");
  });

  it("is not shown by the steady state: what does not hold after the faults is violated beside it", () => {
    const healthy = run().fault({ phase: "steady", targets: ["etcd-1"], requestedMs: 1_500, effectiveMs: 1_500, healingMs: 2_000, healedMs: 2_000 }).build();
    const kept = { assertions: [saying("fail", { kind: "watch" })], settleMs: 0 };
    const expected: Expectation = { ...bug, fail: [{ kind: "watch" }] };
    const results = judge({ ...healthy, info: { ...healthy.info, etcd: { version: "3.4.23", source: "test" } } }, [saying("pass")], "replay", { expect: expected, steadyState: kept });
    expect(results).to.include({ outcome: "fail" }).and.have.nested.property("expectation.shown", false);
    expect(results.assertions.every(({ expected: marked }) => marked === undefined)).to.equal(true);
  });

  it("fails when a guarantee is broken beside the one that is expected, in one verdict with it", () => {
    const both = saying("fail", { rule: "bookmarkable", broken: ["bookmarkable", "reliable"] });
    expect(judged([both])).to.include({ outcome: "fail", sentence: "beside watch/bookmarkable, which is expected, this is violated: watch of a kind: watch went wrong" });
    expect(judged([both], { expected: { ...bug, fail: [...bug.fail, { kind: "watch", rule: "reliable" }] } }).outcome).to.equal("pass");
    expect(judged([both], { expected: { ...bug, fail: [{ kind: "watch" }] } }).outcome).to.equal("pass");
  });

  it("is inconclusive where members ran by several etcds of which not all are among the versions, and says which", () => {
    const upgraded = (detail: string) => run().event({ type: "member", atMs: 2_000, member: "etcd-1", state: "started", detail });
    expect(judged([broken], { of: upgraded("etcd 3.4.24") }).outcome).to.equal("pass");
    const results = judged([saying("pass")], { of: upgraded("etcd 3.5.30") });
    expect(results.outcome).to.equal("inconclusive");
    expect(results.sentence).to.match(/^of etcd 3\.4\.23 and 3\.5\.30, which members ran by, not each is known to have the bug etcd#15220 or to be free of it, by <3\.4\.25/);
    expect(results.expectation).to.not.have.property("affected");
    expect(judged([broken], { of: upgraded("etcd") }).expectation).to.not.have.property("affected");
  });

  it("names what is expected where no issue is named", () => {
    expect(judged([broken], { expected: { fail: bug.fail, on: "*", title: "a known bug breaks watch/bookmarkable" } }).sentence).to.match(/^a violation of watch\/bookmarkable showed itself/);
  });
});
