import semver from "semver";
import { violationName, type Expectation, type ExpectedViolation } from "../../assertions/expectation.ts";
import { worst } from "../../assertions/verdict.ts";
import { runWindow } from "../analysis/windows.ts";
import type { Recording } from "../recording/recording.ts";
import { violationText } from "./judge-one.ts";
import type { JudgedAssertion, JudgedExpectation, Results } from "./results.ts";

type Judged = Pick<Results, "outcome" | "sentence" | "assertions"> & { readonly expectation: JudgedExpectation };

/**
 * What becomes of a verdict where a violation is expected. On a version that has the bug the run passes
 * where that is violated and all else holds, and fails where it is not violated; on any other a violation
 * is what it always is. Where something cannot be told the run stays inconclusive.
 */
export function judgeExpectation(recording: Recording, { outcome, sentence, assertions, assumptions }: Pick<Results, "outcome" | "sentence" | "assertions" | "assumptions">, { fail, on, issue }: Expectation): Judged {
  const versions = versionsOf(recording);
  const version = versions.join(" and ");
  const affected = areAffected(versions, on);
  const violations = assertions.filter((each) => isExpected(each, fail));
  const shown = fail.every((expected) => violations.some((each) => violates(each, expected)));
  const afterMs = shown ? shownAfterMs(recording, violations) : undefined;
  const expectation = { ...(issue === undefined ? {} : { issue }), fail: fail.map(violationName), on, ...(affected === undefined ? {} : { affected }), shown, ...(afterMs === undefined ? {} : { shownAfterMs: afterMs }) };
  const names = fail.map(violationName).join(" and ");
  const bug = issue === undefined ? `a violation of ${names}` : `the bug ${issue}`;
  const judged = (its: Pick<Results, "outcome" | "sentence">, marked = assertions): Judged => ({ ...its, assertions: marked, expectation });
  if (affected === undefined) {
    const doubt = versions.length > 1 ? `of etcd ${version}, which members ran by, not each is known to have ${bug} or to be free of it, by ${on}` : `whether etcd ${version} is among ${on}, which have ${bug}, cannot be told from its version`;
    return judged({ outcome: outcome === "fail" ? "fail" : "inconclusive", sentence: `${doubt}: ${sentence}` });
  }
  if (!affected) {
    if (violations.length > 0) return judged({ outcome, sentence: `${bug} is not expected on etcd ${version}, and here it is: ${sentence}` });
    return judged({ outcome, sentence: outcome === "pass" ? `${bug} did not show itself, as expected on etcd ${version}: ${sentence}` : sentence });
  }
  const others = worst([...assertions.filter((each) => !violations.includes(each)).map(({ verdict }) => verdict.outcome), ...assumptions.map((each) => each.outcome), "pass"]);
  const [other] = assertions.filter(({ verdict }) => verdict.outcome === "fail").filter((each) => !violations.includes(each));
  if (other !== undefined) return judged({ outcome: "fail", sentence: `beside ${names}, which is expected, this is violated: ${violationText(other)}` });
  if (shown) {
    const found = `${bug} showed itself, as expected on etcd ${version}: ${violations.map(brokenText).join("; ")}`;
    const marked = assertions.map((each) => (violations.includes(each) ? { ...each, expected: true as const } : each));
    return judged({ outcome: others, sentence: others === "pass" ? found : `${found}; but not everything else could be judged` }, marked);
  }
  if (others !== "pass") return judged({ outcome: others, sentence });
  return judged({ outcome: "fail", sentence: `expected ${names} to be violated on etcd ${version}, and it was not: is it fixed, or the load too light?` });
}

/** Every etcd that a member ran by; one of an image that came later has no version that is known. */
function versionsOf({ info, events }: Recording): string[] {
  const later = events.flatMap((event) => (event.type === "member" && event.state === "started" && event.detail !== undefined ? [/^etcd (\S+)$/.exec(event.detail)?.[1] ?? "of another image"] : []));
  return [...new Set([info.etcd.version, ...later])];
}

/** Whether all of them are in the range, or none is; undefined where some are, or it cannot be told. */
function areAffected(versions: readonly string[], on: string): boolean | undefined {
  const [first, ...others] = versions.map((version) => isAffected(version, on));
  return others.every((each) => each === first) ? first : undefined;
}

/**
 * By semver a pre-release is below its release. But what 3.5.22 mended 3.5.22-rc.0 may have mended too, and what came with 3.5.0
 * may have come with 3.5.0-rc.0: a range decides on one only where it says the same of its release, or names pre-releases of it.
 */
function isAffected(version: string, on: string): boolean | undefined {
  const parsed = semver.parse(version);
  if (parsed === null) return undefined;
  const release = `${parsed.major}.${parsed.minor}.${parsed.patch}`;
  const isIn = semver.satisfies(version, on, { includePrerelease: true });
  return isIn === semver.satisfies(release, on) || on.includes(`${release}-`) ? isIn : undefined;
}

/** Whether all that it breaks is expected. The steady state is no assertion that could be: what is amiss after the faults is amiss. */
function isExpected(judged: JudgedAssertion, fail: readonly ExpectedViolation[]): boolean {
  const { verdict: { outcome }, steadyState } = judged;
  if (outcome !== "fail" || steadyState !== undefined) return false;
  const own = fail.filter((each) => isAbout(judged, each));
  const named = own.flatMap((each) => ("rule" in each ? each.rule : []));
  // One that names no rule takes any.
  if (named.length < own.length) return true;
  const broken = rulesBroken(judged);
  return broken.length > 0 && broken.every((rule) => named.includes(rule));
}

function isAbout({ kind, title }: JudgedAssertion, expected: ExpectedViolation): boolean {
  return "title" in expected ? expected.title === title : expected.kind === kind;
}

/** Whether it breaks this one, maybe among others. */
function violates(judged: JudgedAssertion, expected: ExpectedViolation): boolean {
  return isAbout(judged, expected) && (!("rule" in expected) || rulesBroken(judged).includes(expected.rule));
}

/** Rules are words with spaces where scenarios have dashes. */
function rulesBroken({ verdict: { counterexample, broken = counterexample === undefined ? [] : [counterexample.rule] } }: JudgedAssertion): string[] {
  return broken.map((rule) => rule.replaceAll(" ", "-"));
}

/** `watch/bookmarkable is violated: the watch through etcd-1 was told …`. */
function brokenText({ kind, verdict: { counterexample, reason, observed } }: JudgedAssertion): string {
  return `${counterexample === undefined ? kind : `${kind}/${counterexample.rule.replaceAll(" ", "-")}`} is violated: ${reason ?? observed}`;
}

/** From the start of the load, or of the timeline where there is none, to the last thing that it takes to see the violation. */
function shownAfterMs(recording: Recording, violations: readonly JudgedAssertion[]): number | undefined {
  const load = recording.events.find((event) => event.type === "workload" && event.state === "started");
  const startMs = load?.atMs ?? runWindow(recording).startMs;
  const shown = violations.filter(({ verdict }) => verdict.evidence.length > 0);
  const ends = shown.map(({ verdict: { evidence } }) => Math.max(startMs, ...evidence.map(({ atMs, endMs = atMs }) => endMs)));
  return ends.length === 0 ? undefined : Math.round(Math.min(...ends) - startMs);
}
