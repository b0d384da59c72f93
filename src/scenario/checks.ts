import type { Target } from "../faults/target.ts";
import { wholeRun } from "./document-schema.ts";
import { expectChecks } from "./expect-checks.ts";
import { expressionProblems } from "./expression-checks.ts";
import { faultTimes } from "./fault-times.ts";
import { unmeasurable, type Circumstances } from "./measured-checks.ts";
import { allAssertions, type Outline, type OutlinePhase } from "./outline.ts";
import type { Problem } from "./problem.ts";
import type { Source } from "./source.ts";
import { steadyProblems } from "./steady-checks.ts";
import { suggestion } from "./suggest.ts";
import { emptyWindows } from "./window-checks.ts";
import { workloadChecks } from "./workload-checks.ts";
import { holderOf, type Place } from "./yaml-tree.ts";

const timelineMaxMs = 24 * 3_600_000;
/** etcd's own rules for its clocks (`Config.Validate` in etcd's embed/config.go). */
const electionTimeoutMaxMs = 50_000;
const electionToHeartbeatMin = 5;

/** What is wrong between the parts of a document, each of which is sound by itself. */
export function crossProblems(outline: Outline, source: Source, circumstances: Circumstances = {}): Problem[] {
  const report: Report = (place, message, hint) => source.problem(place.span, message, hint);
  const { memberCount } = outline;
  return [
    ...electionFlags(outline, report),
    ...repeatedNames(outline.phases, source, report),
    ...tooLong(outline.phases, report),
    ...faultTimes(outline).map(({ place, message, hint }) => report(place, message, hint)),
    ...(memberCount === undefined ? [] : [...members(outline, memberCount, report), ...unfitFaults(outline, memberCount, source)]),
    ...(outline.load === undefined ? [] : workloadChecks(outline.load).map(({ place, message, hint }) => report(place, message, hint))),
    ...unknownPhases(outline, report),
    ...unheard(outline, report),
    ...askedTooEarly(outline, report),
    ...expectChecks(outline).map(({ place, message, hint }) => report(place, message, hint)),
    ...expressionProblems(outline, source, memberTrouble),
    ...unmeasurable(outline, source, circumstances).flatMap(({ span, message, hint, isWarning }) => (isWarning ? [] : [source.problem(span, message, hint)])),
    ...steadyProblems(outline).map(({ place, message, hint }) => report(place, message, hint)),
    ...emptyWindows(outline).map(({ place, message, hint }) => report(place, message, hint)),
  ];
}

type Report = (place: Place, message: string, hint?: string) => Problem;

function electionFlags({ root }: Outline, report: Report): Problem[] {
  const flags = root.children.get("cluster")?.children.get("flags");
  const heartbeatMs = Number(flags?.children.get("heartbeat-interval")?.value ?? 100);
  const electionMs = Number(flags?.children.get("election-timeout")?.value ?? 1000);
  const place = flags?.children.get("election-timeout") ?? flags?.children.get("heartbeat-interval");
  if (place === undefined) return [];
  if (electionMs > electionTimeoutMaxMs) {
    return [report(place, `etcd does not start with an election timeout above ${electionTimeoutMaxMs} ms, and this is ${electionMs} ms`)];
  }
  if (electionMs >= electionToHeartbeatMin * heartbeatMs || Number.isNaN(electionMs + heartbeatMs)) return [];
  const message = `etcd does not start with an election timeout (${electionMs} ms) below ${electionToHeartbeatMin} times the heartbeat interval (${heartbeatMs} ms)`;
  return [report(place, message, `Set election-timeout to ${electionToHeartbeatMin * heartbeatMs} or more, or lower heartbeat-interval.`)];
}

function repeatedNames(phases: readonly OutlinePhase[], source: Source, report: Report): Problem[] {
  const firstLines = new Map<string, number>();
  return phases.flatMap(({ name, place }) => {
    const at = place.children.get("phase") ?? place;
    if (name === undefined) return [];
    const line = firstLines.get(name);
    if (line === undefined) firstLines.set(name, source.position(at.span.start).line);
    return line === undefined ? [] : [report(at, `a phase named "${name}" is on line ${line} already`, "Phases have names of their own, so that assertions can refer to them.")];
  });
}

function tooLong(phases: readonly OutlinePhase[], report: Report): Problem[] {
  let totalMs = 0;
  for (const { place, durationMs = 0 } of phases) {
    totalMs += durationMs;
    if (totalMs > timelineMaxMs) return [report(place.children.get("duration") ?? place, "the timeline is longer than 24 h from here on", "A run of more than a day belongs in several.")];
  }
  return [];
}

/** Members that are named or meant, in a cluster that has none such. */
function members(outline: Outline, memberCount: number, report: Report): Problem[] {
  const { phases, load } = outline;
  const targets = phases.flatMap(({ faults }) => faults.flatMap(({ choices }) => choices.map(({ thing, place }) => ({ at: place.children.get("target") ?? place, target: thing.target }))));
  const endpoints = (load?.kinds ?? []).flatMap(({ place, workload }) => (workload === undefined ? [] : [{ at: holderOf(place, workload.endpoints) ?? place, target: workload.endpoints }]));
  const watchers = endpointOfWatch(outline);
  const judged = allAssertions(outline).flatMap(({ place }) => place.children.get("of") ?? []).map((at) => ({ at, target: String(at.value) }));
  return [...targets, ...endpoints, ...watchers, ...judged].flatMap(({ at, target }) => {
    const message = memberTrouble(target, memberCount);
    return message === undefined ? [] : [report(at, message)];
  });
}

function endpointOfWatch({ load }: Outline): { readonly at: Place; readonly target: Target }[] {
  const place = load?.place.children.get("watch");
  if (place === undefined || load?.watch === undefined) return [];
  return [{ at: place.children.get("endpoints") ?? place, target: load.watch.spec.endpoints }];
}

function memberTrouble(target: Target, memberCount: number): string | undefined {
  if (memberCount === 1 && target === "minority") return "a minority of one member is nobody";
  if (memberCount === 1 && target === "follower") return "a cluster of one member has no follower";
  const number = Number(/^etcd-(\d+)$/.exec(target)?.[1] ?? 0);
  if (number <= memberCount) return undefined;
  const those = memberCount === 1 ? "one member, etcd-1" : `${memberCount} members, etcd-1 to etcd-${memberCount}`;
  return `there is no ${target}: the cluster has ${those}`;
}

/** Faults that make no sense for so few members, at their names; a target that is nobody is told already. */
function unfitFaults({ phases }: Outline, memberCount: number, source: Source): Problem[] {
  return phases.flatMap(({ faults }) =>
    faults.flatMap(({ choices }) => choices).flatMap(({ thing, place }) => {
      const because = memberTrouble(thing.target, memberCount) === undefined ? thing.unfit(memberCount) : undefined;
      return because === undefined ? [] : [source.problem(place.keySpan ?? place.span, because)];
    }),
  );
}

/** Prometheus is asked once, when the timeline is over. */
function askedTooEarly({ abortIf }: Outline, report: Report): Problem[] {
  const asking = (abortIf?.violated ?? []).filter(({ thing }) => thing.promql !== undefined);
  return asking.map(({ thing, place }) => report(place, `${thing.kind} cannot end a run: it is asked when the timeline is over`, "Put it under assertions."));
}

function unknownPhases(outline: Outline, report: Report): Problem[] {
  const names = outline.phases.flatMap(({ name }) => name ?? []);
  return allAssertions(outline).flatMap(({ thing, place }) =>
    [...new Set(outline.texts.has(place) ? [] : thing.phases)]
      .filter((name) => name !== wholeRun && !names.includes(name))
      .map((name) => report(holderOf(place, name) ?? place, `unknown phase "${name}"`, suggestion(name, [...names, wholeRun], `Phases: ${names.join(", ")}; "${wholeRun}" is all of them.`))),
  );
}

/** Assertions about telemetry where nobody is listened to could never be decided. */
function unheard(outline: Outline, report: Report): Problem[] {
  if (outline.root.children.has("telemetry")) return [];
  return allAssertions(outline)
    .filter(({ thing }) => thing.needsTelemetry)
    .map(({ thing, place }) => report(place, `${thing.kind} is about what others tell by OpenTelemetry, and this scenario listens to nobody`, "Add `telemetry: { receive: {} }`, or files under it; docs/telemetry.md explains it."));
}
