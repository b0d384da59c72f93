import { randomInt } from "node:crypto";
import { chooseRuntime } from "../../cluster/runtime.ts";
import { makePlan } from "../../plan/plan.ts";
import { renderPlan } from "../../plan/render.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { readScenarios } from "../prepare.ts";
import type { RunOptions } from "../program.ts";

/** Shows the timetable of each scenario on this machine. Exit code 3 when something of it cannot be done here. */
export async function planCommand(names: readonly string[], { seed = randomInt(1_000_000_000), runtime: choice }: RunOptions): Promise<ExitCode> {
  const scenarios = await readScenarios(names);
  const runtime = await chooseRuntime(choice);
  const plans = scenarios.map(({ scenario }) => makePlan(scenario, { seed, lacking: runtime.lacks }));
  process.stdout.write(plans.map(renderPlan).join("\n"));
  process.stdout.write(`runtime  ${runtime.kind} (${runtime.because})\n`);
  return plans.some(({ unavailable }) => unavailable.length > 0) ? exitCodes.environment : exitCodes.pass;
}
