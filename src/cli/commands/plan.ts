import { randomInt } from "node:crypto";
import { MonotonicClock } from "../../clock.ts";
import { chooseRuntime, type PreparedRuntime } from "../../cluster/runtime.ts";
import { makePlan, type Plan } from "../../plan/plan.ts";
import { renderPlan } from "../../plan/render.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { idleAssertions } from "../idle-assertions.ts";
import { faultsOf, makeReady, readScenarios, type NamedScenario } from "../prepare.ts";
import type { RunOptions } from "../program.ts";

/** Shows the timetable of each scenario on this machine. Exit code 3 when something of it cannot be done here. */
export async function planCommand(names: readonly string[], options: RunOptions): Promise<ExitCode> {
  const { seed = randomInt(1_000_000_000), runtime: choice } = options;
  const scenarios = await readScenarios(names, options);
  const runtime = await chooseRuntime(choice);
  const plans = await Promise.all(scenarios.map(async (each) => makePlan(each.scenario, { seed, lacking: { ...runtime.lacks, ...(await lacksOfEtcd(each, options)) } })));
  process.stdout.write(plans.map(described).join("\n"));
  process.stdout.write(`runtime  ${runtime.kind} (${runtime.because})\n`);
  return plans.some(({ unavailable }) => unavailable.length > 0) ? exitCodes.environment : exitCodes.pass;
}

function described(plan: Plan): string {
  const idle = idleAssertions(plan.scenario);
  const { warnings = [] } = plan.scenario;
  const section = (title: string, lines: readonly string[]): string => (lines.length === 0 ? "" : `\n${title}\n${lines.map((line) => `  ${line}\n`).join("")}`);
  return `${renderPlan(plan)}${section("will be inconclusive", idle)}${section("warnings", warnings)}`;
}

/** What the very etcd of the scenario lacks; it is looked for, which may fetch it, only where that matters. */
async function lacksOfEtcd(named: NamedScenario, options: RunOptions): Promise<PreparedRuntime["lacks"]> {
  const needs = faultsOf(named.scenario).flatMap((fault) => fault.needs);
  const spans = named.scenario.telemetry?.receive?.etcdShare !== undefined;
  if (!needs.includes("failpoints") && !needs.includes("restore") && !spans) return {};
  const [ready] = await makeReady([named], options, new MonotonicClock());
  return ready?.prepared.lacks ?? {};
}
