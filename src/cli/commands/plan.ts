import { randomInt } from "node:crypto";
import { MonotonicClock } from "../../clock.ts";
import { chooseRuntime, type PreparedRuntime } from "../../cluster/runtime.ts";
import { makePlan, type Plan } from "../../plan/plan.ts";
import { renderPlan } from "../../plan/render.ts";
import { messageOf } from "../../errors.ts";
import { preparePrometheus } from "../../prometheus/prepare.ts";
import { describeOffer, lookForPrometheus } from "../../prometheus/program.ts";
import { queriesOf } from "../../run/prometheus.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { idleAssertions } from "../idle-assertions.ts";
import { faultsOf, makeReady, readScenarios, type NamedScenario } from "../prepare.ts";
import type { OneRunOptions } from "../program.ts";
import { world } from "../world.ts";

/** Shows the timetable of each scenario on this machine. Exit code 3 when something of it cannot be done here. */
export async function planCommand(names: readonly string[], options: OneRunOptions): Promise<ExitCode> {
  const { seed = randomInt(1_000_000_000), runtime: choice } = options;
  const scenarios = await readScenarios(names, options);
  const runtime = await chooseRuntime(choice);
  const plans = await Promise.all(scenarios.map(async (each) => makePlan(each.scenario, { seed, lacking: { ...runtime.lacks, ...(await lacksOfEtcd(each, options)) } })));
  process.stdout.write(plans.map(described).join("\n"));
  process.stdout.write(`runtime  ${runtime.kind} (${runtime.because})\n`);
  const prometheus = scenarios.some(({ scenario }) => queriesOf(scenario).length > 0) ? await seePrometheus(options) : undefined;
  if (prometheus !== undefined) process.stdout.write(`prometheus  ${prometheus.says}\n`);
  return prometheus?.missing === true || plans.some(({ unavailable }) => unavailable.length > 0) ? exitCodes.environment : exitCodes.pass;
}

function described(plan: Plan): string {
  const idle = idleAssertions(plan.scenario);
  const { warnings = [] } = plan.scenario;
  const section = (title: string, lines: readonly string[]): string => (lines.length === 0 ? "" : `\n${title}\n${lines.map((line) => `  ${line}\n`).join("")}`);
  return `${renderPlan(plan)}${section("will be inconclusive", idle)}${section("warnings", warnings)}`;
}

/** What the very etcd of the scenario lacks; it is looked for, which may fetch it, only where that matters. */
async function lacksOfEtcd(named: NamedScenario, options: OneRunOptions): Promise<PreparedRuntime["lacks"]> {
  const needs = faultsOf(named.scenario).flatMap((fault) => fault.needs);
  const spans = named.scenario.telemetry?.receive?.etcdShare !== undefined;
  if (!needs.includes("failpoints") && !needs.includes("restore") && !spans && Object.keys(named.scenario.cluster.flags).length === 0) return {};
  const [ready] = await makeReady([named], options, new MonotonicClock());
  if (ready?.obstacle !== undefined) throw ready.obstacle;
  return ready?.prepared.lacks ?? {};
}

/** Which one promql assertions would be judged by, or why none can be had; nothing is fetched for it. */
async function seePrometheus({ promUrl }: OneRunOptions): Promise<{ readonly says: string; readonly missing: boolean }> {
  try {
    const here = world(new MonotonicClock());
    if (promUrl !== undefined) return { says: `${(await preparePrometheus(promUrl, here)).origin.version} (${promUrl})`, missing: false };
    const offer = await lookForPrometheus(here);
    return { says: describeOffer(offer), missing: offer.kind === "none" };
  } catch (error) {
    return { says: `none can be had: ${messageOf(error)}`, missing: true };
  }
}
