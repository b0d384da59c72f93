import { z } from "zod";

import { processLives } from "../src/analysis/process-lives.ts";
import { rewinds } from "../src/analysis/rewinds.ts";
import { counterexampleOfRun } from "../src/check/counterexample.ts";
import { checkMonotonicRevision } from "../src/check/monotonic-revision.ts";
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
  // What a restored cluster is asked is of another store.
  const exchanged = rewinds(recording).map(({ startMs, endMs }) => ({ fromNs: startMs * 1e6, toNs: endMs * 1e6 }));
  const answers = checkMonotonicRevision(operations, (member, fromNs, toNs) => lifeOf(member, fromNs / 1e6) !== lifeOf(member, toNs / 1e6), exchanged);
  if (answers.kind === "violated") return { outcome: "fail", observed: answers.rule, reason: answers.sentence, evidence: answers.operations.map(operationEvidence), counterexample: counterexampleOfRun(answers) };
  const statuses = checkMonotonicStatus(recording.statuses, lifeOf);
  if (statuses.kind === "violated") return { outcome: "fail", observed: statuses.rule, reason: statuses.sentence, evidence: statuses.operations.map(statusEvidence), counterexample: counterexampleOfRun(statuses) };
  const observed = `${counted(answers.checked, "answer")} to clients and ${counted(statuses.checked, "Status answer")} in order`;
  const missing = typeof history === "string" ? history : tooFew(acknowledged(operations), answers.checked, fewest) ?? unseen(recording);
  return missing === undefined ? { outcome: "pass", observed, evidence: [] } : { outcome: "inconclusive", observed, reason: missing, evidence: [] };
}

function tooFew(count: number, checked: number, fewest: number): string | undefined {
  if (count < fewest) return `only ${counted(count, "operation")} were acknowledged, of ${fewest} wanted`;
  return checked < fewest ? `only ${counted(checked, "answer")} can be compared, of ${fewest} wanted` : undefined;
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
