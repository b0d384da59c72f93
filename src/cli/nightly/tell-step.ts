import { resolve } from "node:path";
import type { Attempt, EndedTurn, Nightly } from "../../nightly/nightly.ts";
import { attemptsOf } from "../../nightly/standing.ts";
import { stepSummary } from "../../report/github/step-summary.ts";
import { nightlyOutcome } from "../../report/nightly/words.ts";
import { gitHubStep, tellStep, type ToAnnotate } from "../github.ts";

/** Tells GitHub of many runs, where they are a step of it: an annotation for what each violated, and the summary. */
export async function tellStepOfTurns(runs: Pick<Nightly, "turns" | "flakesOk" | "signal">, markdown: string, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const step = gitHubStep(env, process.cwd());
  if (step === undefined) return;
  const troubled = runs.turns.flatMap((turn) => attemptsOf(turn).filter(({ outcome }) => outcome !== "pass").slice(0, 1).map((attempt) => annotated(turn, attempt)));
  await tellStep(step, troubled, stepSummary([{ outcome: nightlyOutcome(runs), markdown }]));
}

function annotated({ path, scenario }: EndedTurn, { outcome, sentence, replay = "", findings }: Attempt): ToAnnotate {
  return { path: resolve(path), scenario, sentence, replay, findings, brokeOff: outcome === "broken" || outcome === "interrupted" };
}
