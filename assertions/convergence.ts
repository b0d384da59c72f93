import { z } from "zod";

import { rewinds } from "../src/analysis/rewinds.ts";
import { phaseWindow, whyUnfinished } from "../src/analysis/windows.ts";
import { catchUp, furthestAt, holdsMs, type Reached, type Status } from "../src/check/convergence.ts";
import type { Recording } from "../src/recording/recording.ts";
import { durationOption } from "../src/units/duration-option.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { judgeMembers, ofEach, ofTitle, type Part } from "./members.ts";
import type { Evidence, Verdict } from "./verdict.ts";
import { phaseName } from "./window.ts";

const options = z.strictObject({
  within: durationOption("How long the last member may take, such as 5s.")
    .refine((ms) => ms > 0, "must be longer than zero")
    .prefault("5s"),
  during: phaseName.optional().meta({ description: "From the beginning of that phase on; otherwise from the end of the load." }),
  of: ofEach,
});

type Options = z.output<typeof options>;

/**
 * By what members say of themselves ten times a second. While the load goes on they are never seen at one revision, so
 * it is asked when each has come to where the first of them was at the beginning.
 */
export const convergence = defineAssertion({
  kind: "convergence",
  summary: "Whether all members reach one revision and applied index soon after the load, or after a phase has begun.",
  options,
  title: (given) => `convergence after ${startName(given)}${given.of === "each" ? "" : ofTitle(given.of)}`,
  phases: ({ during }) => (during === undefined ? [] : [during]),
  judge,
});

function startName({ during }: Options): string {
  return during === undefined ? "the load" : `the beginning of ${during}`;
}

function judge(recording: Recording, given: Options): Verdict {
  const bound = `all reach one revision within ${formatDuration(given.within)}`;
  const open = (reason: string): Verdict => ({ outcome: "inconclusive", observed: "nothing to go by", bound, reason, evidence: [] });
  const startMs = startOf(recording, given);
  if (typeof startMs === "string") return open(startMs);
  const target = furthestAt(recording.statuses, startMs);
  if (target === undefined) return open(`no member answered Status calls at ${formatDuration(startMs)}`);
  // Nobody comes to where the cluster was that it was exchanged for.
  const rewind = rewinds(recording).find((each) => each.startMs <= startMs + given.within && each.endMs > startMs - holdsMs);
  if (rewind !== undefined) return open(`the cluster was exchanged at ${formatDuration(rewind.startMs)} for one restored from a snapshot, which begins with lower figures`);
  const window = { name: startName(given), startMs, endMs: startMs + given.within };
  return judgeMembers(recording, given.of, window, bound, ([member = ""]) => partOf(recording, member, target, window));
}

/** When it is to begin, or why that is not known. */
function startOf(recording: Recording, { during }: Options): number | string {
  const unfinished = whyUnfinished(recording);
  if (during !== undefined) return phaseWindow(recording, during)?.startMs ?? `${during} never began: ${unfinished ?? "the recording has no such phase"}`;
  const stopped = recording.events.find((event) => event.type === "workload" && event.state === "stopped");
  return stopped?.atMs ?? `no load ended in order: ${unfinished ?? "the recording has no such event"}`;
}

function partOf({ statuses }: Recording, member: string, target: Reached, { startMs, endMs }: { readonly startMs: number; readonly endMs: number }): Part {
  const { behind, there } = catchUp(statuses, member, target, startMs);
  const evidence = [behind, there].flatMap((sample) => (sample === undefined ? [] : [evidenceOf(sample)]));
  const wanted = stateText(target);
  if (there !== undefined && there.atMs <= endMs) {
    const tookMs = there.atMs - startMs;
    return { who: member, outcome: "pass", observed: `${wanted} after ${formatDuration(tookMs)}`, badness: tookMs, evidence };
  }
  const badness = target.revision - (behind?.revision ?? 0);
  const late = there === undefined ? "never seen there" : `there after ${formatDuration(there.atMs - startMs)}`;
  if (behind !== undefined && behind.atMs >= endMs) {
    return { who: member, outcome: "fail", observed: late, reason: `it was still at ${stateText(behind)} after ${formatDuration(behind.atMs - startMs)}, and the others were at ${wanted}`, badness, evidence };
  }
  const since = behind === undefined ? "it did not answer" : `it was at ${stateText(behind)} after ${formatDuration(behind.atMs - startMs)}, of ${wanted}, and nothing was heard of it then`;
  const until = there === undefined ? "" : ` until it was ${late}`;
  return { who: member, outcome: "inconclusive", observed: late, reason: `${since}${until}, so that nobody saw whether it was in time`, badness, evidence };
}

function stateText({ revision, appliedIndex }: Reached): string {
  return `revision ${revision}, index ${appliedIndex}`;
}

function evidenceOf({ atMs, member, ...state }: Status): Evidence {
  return { kind: "status", atMs, member, text: `${member} at ${stateText(state)}` };
}
