import { z } from "zod";

import { blindSpots } from "../src/analysis/coverage.ts";
import { contains } from "../src/analysis/windows.ts";
import type { Recording } from "../src/recording/recording.ts";
import type { HealthSample } from "../src/recording/samples.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { judgeMembersOrLeader, ofEachOrLeader, ofTitle, type Part } from "./members.ts";
import type { Evidence } from "./verdict.ts";
import { judgeWindow, windowPhases, windowShape, windowTitle, type SeenWindow } from "./window.ts";
import { counted, excerpt } from "./words.ts";

const options = z.strictObject({
  state: z.enum(["healthy", "unhealthy"]).meta({ description: "What /health is to say; a member that does not answer is unhealthy." }),
  serializable: z.boolean().default(false).meta({ description: "Ask the member alone, without a quorum. etcd 3.4 asks the quorum all the same." }),
  when: z.enum(["always", "eventually", "at-end"]).default("always").meta({ description: "In every answer, in at least one, or in the last one." }),
  of: ofEachOrLeader,
  ...windowShape,
});

type Options = z.output<typeof options>;

export const health = defineAssertion({
  kind: "health",
  summary: "Whether members say that they are healthy.",
  options,
  title: (given) => `${boundText(given)}${given.serializable ? " (serializable)" : ""} ${windowTitle(given)}${ofTitle(given.of)}`,
  phases: windowPhases,
  isWindowed: true,
  // Who does not answer in time is unhealthy.
  isTimeBound: () => true,
  judge: (recording, given) =>
    judgeWindow(recording, given, boundText(given), (window) =>
      judgeMembersOrLeader(recording, given.of, window, boundText(given), ([member = ""], who, stretch) => ({ ...judge(recording, member, given, stretch), who })),
    ),
});

function boundText({ state, when }: Options): string {
  return when === "at-end" ? `${state} at the end` : `${when} ${state}`;
}

/** Asked every 250 ms with a time limit of 1 s: that much later an answer is missing, not late. */
const answerLateMs = 2_000;

function judge(recording: Recording, who: string, given: Options, window: SeenWindow): Part {
  const answers = recording.health.filter((sample) => sample.member === who && sample.serializable === given.serializable && liesIn(sample, window));
  if (answers.length === 0) {
    return { who, outcome: "inconclusive", observed: "no answer", reason: `its health was not asked for in ${window.name}`, badness: 0, evidence: [] };
  }
  const isWanted = ({ healthy }: HealthSample): boolean => healthy === (given.state === "healthy");
  const wanted = answers.filter(isWanted);
  const others = answers.filter((answer) => !isWanted(answer));
  const gaps = blindSpots(answers.map(({ atMs }) => atMs), window, answerLateMs);
  const base = { who, observed: `${given.state} in ${wanted.length} of ${counted(answers.length, "answer")}`, badness: others.length / answers.length };
  const [gap] = gaps;
  const unseen = gap === undefined ? `${window.name} was not seen to its end` : `it was not asked from ${formatDuration(gap.startMs)} to ${formatDuration(gap.endMs)}`;
  const allSeen = window.complete && gap === undefined;
  switch (given.when) {
    case "always":
      if (others.length > 0) return { ...base, outcome: "fail", reason: reasonOf(others[0]), evidence: others.map(evidenceOf) };
      return allSeen ? { ...base, outcome: "pass", evidence: edges(answers) } : { ...base, outcome: "inconclusive", reason: unseen, evidence: edges(answers) };
    case "eventually":
      if (wanted.length > 0) return { ...base, outcome: "pass", evidence: wanted.slice(0, 1).map(evidenceOf) };
      if (allSeen) return { ...base, outcome: "fail", reason: `never ${given.state} in ${counted(answers.length, "answer")}`, evidence: edges(answers) };
      return { ...base, outcome: "inconclusive", reason: unseen, evidence: edges(answers) };
    case "at-end": {
      const last = answers.at(-1);
      const final = last !== undefined && window.complete && window.endMs - last.atMs <= answerLateMs;
      const evidence = last === undefined ? [] : [evidenceOf(last)];
      const observed = last === undefined ? "no answer" : `${stateOf(last)} at ${formatDuration(last.atMs)}`;
      if (!final) return { ...base, observed, outcome: "inconclusive", reason: `${window.name} was not seen to its end`, evidence };
      return isWanted(last) ? { ...base, observed, outcome: "pass", evidence } : { ...base, observed, outcome: "fail", reason: reasonOf(last), evidence };
    }
  }
}

/** Asked and answered in the window: an answer to an earlier question may tell of the time before. */
function liesIn({ atMs, tookMs }: HealthSample, window: SeenWindow): boolean {
  return contains(window, atMs) && atMs - tookMs >= window.startMs;
}

function edges(answers: readonly HealthSample[]): Evidence[] {
  return [...answers.slice(0, 1), ...answers.slice(1).slice(-1)].map(evidenceOf);
}

function stateOf({ healthy }: HealthSample): string {
  return healthy ? "healthy" : "unhealthy";
}

function reasonOf(answer: HealthSample | undefined): string {
  if (answer === undefined) return "no answer";
  return `${stateOf(answer)} at ${formatDuration(answer.atMs)}${answer.reason === undefined ? "" : `: ${excerpt(answer.reason, 120)}`}`;
}

function evidenceOf(answer: HealthSample): Evidence {
  const { atMs, member } = answer;
  return { kind: "health", atMs, member, text: `${member} ${stateOf(answer)}${answer.reason === undefined ? "" : `: ${excerpt(answer.reason)}`}` };
}
