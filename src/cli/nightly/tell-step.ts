import { resolve } from "node:path";
import type { Nightly } from "../../nightly/nightly.ts";
import { attemptsOf } from "../../nightly/standing.ts";
import { stepSummary } from "../../report/github/step-summary.ts";
import { nightlyOutcome } from "../../report/nightly/words.ts";
import { gitHubStep, tellStep } from "../github.ts";

/** Tells GitHub of many runs, where they are a step of it: an annotation for what each violated, and the summary. */
export async function tellStepOfTurns(runs: Pick<Nightly, "turns" | "flakesOk" | "signal">, markdown: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const step = gitHubStep(env, process.cwd());
  if (step === undefined) return;
  const troubled = runs.turns.flatMap((turn) => attemptsOf(turn).filter(({ outcome }) => outcome !== "pass").slice(0, 1).map(({ sentence, replay = "", findings }) => ({ path: resolve(turn.path), scenario: turn.scenario, sentence, replay, findings })));
  await tellStep(step, troubled, stepSummary([{ outcome: nightlyOutcome(runs), markdown }]));
}
