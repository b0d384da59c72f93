import { z } from "zod";

import { writingKinds } from "../src/analysis/availability.ts";
import { meantIn } from "../src/analysis/meant.ts";
import { missedIn, missedRequests, missedShares, type MissedShare } from "../src/analysis/missed.ts";
import type { Operation } from "../src/recording/operation.ts";
import { operationKinds } from "../src/recording/decode.ts";
import type { Recording } from "../src/recording/recording.ts";
import { durationOption } from "../src/units/duration-option.ts";
import { defineAssertion } from "./assertion.ts";
import { judgeAvailability, judgeLatency, judgeRecovery, judgeUnavailability, type Objective } from "./slo-objectives.ts";
import { worst, type Verdict } from "./verdict.ts";
import { judgeWindow, windowPhases, windowShape, windowTitle, type SeenWindow } from "./window.ts";

const positive = (description: string) => durationOption(description).refine((ms) => ms > 0, "must be longer than zero");

const latency = z.strictObject({
  quantile: z.number().min(0).max(1).default(0.99).meta({ description: "Which quantile, from 0 to 1." }),
  below: positive("What it is to be below, such as 200ms."),
});

const objectiveNames = ["availability", "latency", "longest-unavailability", "recovery-within"] as const;

const options = z
  .strictObject({
    op: z.enum(["any", ...operationKinds]).default("any").meta({ description: "Which operations count; for longest-unavailability it is always those that write keys." }),
    availability: z.number().gt(0).max(1).optional().meta({ description: "The share of operations, by their intended start, that are to be ok, such as 0.99. Those that were due and never sent, because all clients were waiting, are not ok." }),
    latency: latency.optional().meta({ description: "A quantile of the latency of ok operations, from their intended start." }),
    "longest-unavailability": durationOption("The longest time without an acknowledged write while writes are attempted, such as 3s.").optional(),
    "recovery-within": durationOption("How long after the window's start the last operation that is not ok may start, or be due and never sent, such as 5s.").optional(),
    ...windowShape,
  })
  .refine((given) => objectiveNames.some((name) => given[name] !== undefined), { error: `needs at least one of ${objectiveNames.join(", ")}` })
  .refine((given) => given.op === "any" || writingKinds.has(given.op) || given["longest-unavailability"] === undefined, {
    error: "is about writes; leave out `op`, or make it an assertion of its own",
    path: ["longest-unavailability"],
  });

type Options = z.output<typeof options>;

/** Several objectives make one verdict: the worst of them. */
export const slo = defineAssertion({
  kind: "slo",
  summary: "What clients got: availability, latency, the longest time without writes, the time to recover.",
  options,
  title: (given) => `${objectivesTitle(given)} of ${opTitle(given)} ${windowTitle(given)}`,
  phases: windowPhases,
  judge(recording, given) {
    const bound = objectivesOf(given, { operations: [], events: [] }, emptyWindow).map((objective) => objective.bound).join("; ");
    return judgeWindow(recording, given, bound, (window) => verdictOf(objectivesOf(given, recording, window), bound));
  },
});

const emptyWindow: SeenWindow = { name: "", startMs: 0, endMs: 0, complete: true };

function objectivesOf(given: Options, { operations, events }: Pick<Recording, "operations" | "events">, window: SeenWindow): Objective[] {
  const isKind = ({ op }: Operation): boolean => given.op === "any" || op === given.op;
  const meant = meantIn(operations, window).filter(isKind);
  const shares = missedShares(missedRequests(events), operations, isKind);
  const objectives: Objective[] = [];
  if (given.availability !== undefined) objectives.push(judgeAvailability(meant, unsentOf(shares, window), window, given.availability));
  if (given.latency !== undefined) objectives.push(judgeLatency(meant, window, given.latency));
  if (given["longest-unavailability"] !== undefined) objectives.push(judgeUnavailability(operations, window, given["longest-unavailability"]));
  if (given["recovery-within"] !== undefined) objectives.push(judgeRecovery(meant, shares.flatMap(({ missed, share }) => (share > 0 ? missed : [])), window, given["recovery-within"]));
  return objectives;
}

/** How many operations of a kind were due in a window and never sent. */
export function unsentOf(shares: readonly MissedShare[], window: SeenWindow): number {
  return Math.round(shares.reduce((sum, { missed, share }) => sum + missedIn(missed, window) * share, 0));
}

const evidenceMax = 10;

function verdictOf(objectives: readonly Objective[], bound: string): Verdict {
  const outcome = worst(objectives.map((objective) => objective.outcome));
  const telling = objectives.filter((objective) => objective.outcome === outcome);
  const rest = objectives.filter((objective) => objective.outcome !== outcome);
  const share = Math.floor(evidenceMax / objectives.length);
  return {
    outcome,
    observed: objectives.map(({ observed }) => observed).join("; "),
    bound,
    ...(outcome === "pass" ? {} : { reason: telling.map(({ reason, observed }) => reason ?? observed).join("; ") }),
    evidence: [...telling, ...rest].flatMap(({ evidence }) => evidence.slice(0, share)),
  };
}

function objectivesTitle(given: Options): string {
  return objectiveNames
    .filter((name) => given[name] !== undefined)
    .map((name) => name.replace("-within", "").replace("-", " "))
    .join(", ");
}

function opTitle({ op }: Options): string {
  if (op === "any") return "operations";
  return op.includes("-") ? `${op} operations` : `${op}s`;
}
