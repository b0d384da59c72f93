import { z } from "zod";

import { faultWindows } from "../src/analysis/fault-windows.ts";
import { processLives } from "../src/analysis/process-lives.ts";
import { counterexampleOfRun } from "../src/check/counterexample.ts";
import { checkMonotonicRevision, type Rewind } from "../src/check/monotonic-revision.ts";
import { checkMonotonicStatus } from "../src/check/monotonic-status.ts";
import type { Recording } from "../src/recording/recording.ts";
import type { StatusSample } from "../src/recording/samples.ts";
import { defineAssertion } from "./assertion.ts";
import { acknowledged, atLeast, operationEvidence, wholeHistory } from "./history.ts";
import type { Evidence, Verdict } from "./verdict.ts";
import { counted } from "./words.ts";

const options = z.strictObject({ "at-least": atLeast("acknowledged operations") });

/** Over the whole run, since what is held against it may have been told at any time before. */
export const monotonicRevision = defineAssertion({
  kind: "monotonic-revision",
  summary: "Whether revisions never go back: in answers to clients, and in what each member says of itself, with its term and indexes.",
  options,
  title: () => "revisions never go back",
  phases: () => [],
  judge: (recording, { "at-least": fewest }) => ({ bound: "none is lower than one that was told before", ...judge(recording, fewest) }),
});

function judge(recording: Recording, fewest: number): Omit<Verdict, "bound"> {
  const lifeOf = processLives(recording.events);
  const history = wholeHistory(recording);
  // What is missing can hide that a revision went back, and cannot make it look so.
  const operations = typeof history === "string" ? recording.operations : history;
  const answers = checkMonotonicRevision(operations, (member, fromNs, toNs) => lifeOf(member, fromNs / 1e6) !== lifeOf(member, toNs / 1e6), rewindsIn(recording));
  if (answers.kind === "violated") return { outcome: "fail", observed: answers.rule, reason: answers.sentence, evidence: answers.operations.map(operationEvidence), counterexample: counterexampleOfRun(answers) };
  const statuses = checkMonotonicStatus(recording.statuses, lifeOf);
  if (statuses.kind === "violated") return { outcome: "fail", observed: statuses.rule, reason: statuses.sentence, evidence: statuses.operations.map(statusEvidence), counterexample: counterexampleOfRun(statuses) };
  const observed = `${counted(answers.checked, "answer")} to clients and ${counted(statuses.checked, "Status answer")} in order`;
  const missing = typeof history === "string" ? history : tooFew(acknowledged(operations).length, fewest) ?? unseen(recording);
  return missing === undefined ? { outcome: "pass", observed, evidence: [] } : { outcome: "inconclusive", observed, reason: missing, evidence: [] };
}

/** What a restored cluster is asked is of another store, with lower revisions; without a proof of when, all of the fault's time is left out. */
function rewindsIn(recording: Recording): Rewind[] {
  return faultWindows(recording)
    .filter(({ kind }) => kind === "restore-snapshot")
    .map(({ requestedMs, effectiveMs, healedMs }) => ({ fromNs: (effectiveMs ?? requestedMs) * 1e6, toNs: (effectiveMs ?? healedMs ?? Infinity) * 1e6 }));
}

function tooFew(count: number, fewest: number): string | undefined {
  return count < fewest ? `only ${counted(count, "operation")} were acknowledged, of ${fewest} wanted` : undefined;
}

function unseen({ info, statuses }: Recording): string | undefined {
  const silent = info.members.filter(({ name }) => statuses.filter(({ ok, member }) => ok && member === name).length < 2).map(({ name }) => name);
  return silent.length === 0 ? undefined : `${silent.join(", ")} did not answer Status calls, or once only`;
}

function statusEvidence(sample: StatusSample): Evidence {
  const { atMs, member } = sample;
  const text = sample.ok ? `revision ${sample.revision}, term ${sample.term}, raft index ${sample.raftIndex}, applied index ${sample.appliedIndex}` : sample.error;
  return { kind: "status", atMs, member, text: `${member}: ${text}` };
}
