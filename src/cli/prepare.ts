import { access, constants } from "node:fs/promises";
import { catalogue } from "../catalogue.ts";
import type { Clock } from "../clock.ts";
import type { RuntimeKind } from "../cluster/cluster.ts";
import { chooseRuntime, type PreparedRuntime, type Runtime, type Wanted } from "../cluster/runtime.ts";
import { HarnessError } from "../errors.ts";
import { etcdEnvironment } from "../etcd/environment.ts";
import { parseEtcdRequest, type EtcdRequest } from "../etcd/request.ts";
import type { Fault } from "../faults/fault.ts";
import { preparePrometheus, type PreparedPrometheus } from "../prometheus/prepare.ts";
import { queriesOf } from "../run/prometheus.ts";
import { findScenario, readScenarioFile, withFolders } from "../scenario/files.ts";
import { ScenarioError } from "../scenario/problem.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { parseToxiproxyChoice, type ToxiproxyChoice } from "../toxiproxy/choice.ts";
import { scenariosFolder } from "./paths.ts";
import type { OneRunOptions, RunOptions } from "./program.ts";
import { world } from "./world.ts";

export interface NamedScenario {
  /** How it was named on the command line. */
  readonly asked: string;
  /** Its file. */
  readonly path: string;
  readonly scenario: Scenario;
}

/** Reads every scenario, and of a folder all that are in it; what is wrong in any of them is told for all at once. */
export async function readScenarios(names: readonly string[], options: Pick<RunOptions, "etcd"> = {}): Promise<NamedScenario[]> {
  const asked = await withFolders(names, scenariosFolder);
  const results = await Promise.allSettled(asked.map((name) => readNamed(name, options)));
  const errors: unknown[] = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  const [first, ...others] = errors;
  if (first === undefined) return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (others.length === 0 || !errors.every((error) => error instanceof ScenarioError)) throw first;
  throw new HarnessError("scenario-invalid", errors.map((error) => (error instanceof Error ? error.message : String(error))).join("\n\n"));
}

async function readNamed(asked: string, { etcd }: Pick<RunOptions, "etcd">): Promise<NamedScenario> {
  const path = await findScenario(asked, scenariosFolder);
  return { asked, path, scenario: await readScenarioFile(path, catalogue, { etcd }) };
}

/** A scenario with everything found that it needs on this machine; nothing is started yet. */
export interface ReadyScenario extends NamedScenario {
  readonly runtime: Runtime;
  readonly wanted: Wanted;
  readonly prepared: PreparedRuntime;
  /** Why its cluster cannot be had here, whatever the faults; undefined where it can. Such a scenario is not to be run. */
  readonly obstacle: HarnessError | undefined;
  /** There where assertions need one. */
  readonly prometheus: PreparedPrometheus | undefined;
}

/** Finds runtime, etcd, Toxiproxy and Prometheus for every scenario, so that what is missing stops all before the first starts. */
export async function makeReady(scenarios: readonly NamedScenario[], options: OneRunOptions & { toxiproxy?: string | undefined }, clock: Clock): Promise<ReadyScenario[]> {
  const toxiproxy = parseToxiproxyChoice(options.toxiproxy, process.env);
  const wishes = scenarios.map((named) => ({ ...named, etcd: parseEtcdRequest(options.etcd ?? named.scenario.cluster.etcd), alsoEtcd: etcdsOfFaults(named.scenario) }));
  const runtime = await chooseRuntime(options.runtime);
  await checkToxiproxy(toxiproxy, runtime.kind);
  for (const { asked, etcd, alsoEtcd } of wishes) {
    checkEtcd(etcd, runtime.kind, options.etcd === undefined ? asked : undefined);
    for (const other of alsoEtcd.values()) checkEtcd(other, runtime.kind, asked);
  }
  const environment = etcdEnvironment(world(clock));
  const prometheus = scenarios.some(({ scenario }) => queriesOf(scenario).length > 0) ? await preparePrometheus(options.promUrl, world(clock)) : undefined;
  const ready: ReadyScenario[] = [];
  for (const { asked, path, scenario, etcd, alsoEtcd } of wishes) {
    const wanted = { etcd, alsoEtcd, restores: faultsOf(scenario).some(({ needs }) => needs.includes("restore")), flags: scenario.cluster.flags, toxiproxy, environment };
    const prepared = await runtime.prepare(wanted);
    const obstacle = noSpans(asked, scenario, prepared) ?? noFlags(asked, prepared);
    ready.push({ asked, path, scenario, runtime, wanted, prepared, obstacle, prometheus: queriesOf(scenario).length > 0 ? prometheus : undefined });
  }
  return ready;
}

/** What its faults start members by, also those that the seed may not draw. */
function etcdsOfFaults(scenario: Scenario): ReadonlyMap<string, EtcdRequest> {
  return new Map(faultsOf(scenario).flatMap(({ etcds }) => etcds.map((asked) => [asked, parseEtcdRequest(asked)] as const)));
}

/** All that a scenario may come to, drawn or not. */
export function faultsOf({ phases }: Scenario): readonly Fault[] {
  return phases.flatMap((phase) => phase.faults.flatMap(({ choices }) => choices.map(({ fault }) => fault)));
}

/** `asked` names the scenario where it is the scenario that wants this etcd. */
function checkEtcd(etcd: EtcdRequest, runtime: RuntimeKind, asked: string | undefined): void {
  if (etcd.kind !== "image" || runtime !== "local") return;
  const hint = "Add --runtime docker, or ask for a version such as 3.5.";
  if (asked === undefined) throw new HarnessError("usage", `the etcd image ${etcd.image} needs the docker runtime`, { hint });
  throw new HarnessError("scenario-invalid", `${asked} asks for the etcd image ${etcd.image}, which needs the docker runtime`, { hint });
}

/** Members that are to send spans must be able to, and reach the one who takes them. */
function noSpans(asked: string, scenario: Scenario, { noSpans: because }: PreparedRuntime): HarnessError | undefined {
  if (scenario.telemetry?.receive?.etcdShare === undefined) return undefined;
  const alone = faultsOf(scenario).some(({ needs }) => needs.includes("packets")) ? "faults of packets put the members into a network of their own, from which they do not reach the harness's receiver" : undefined;
  const why = alone ?? because;
  if (why === undefined) return undefined;
  return new HarnessError("environment", `${asked} asks for spans of etcd, which cannot be had here: ${why}`, { hint: "Leave out etcd-spans under telemetry in the scenario." });
}

/** Otherwise its members would end while they start. */
function noFlags(asked: string, { noFlags: because }: PreparedRuntime): HarnessError | undefined {
  if (because === undefined) return undefined;
  return new HarnessError("environment", `${asked} gives its members flags that they do not take: ${because}`, { hint: "Leave the flag out under cluster, or choose another etcd." });
}

/** What would otherwise be found only when the cluster starts. */
async function checkToxiproxy(choice: ToxiproxyChoice, runtime: RuntimeKind): Promise<void> {
  if (choice.kind === "image" && runtime === "local") {
    throw new HarnessError("usage", `the Toxiproxy image ${choice.image} needs the docker runtime`, { hint: "Add --runtime docker, or choose --toxiproxy embedded." });
  }
  if (choice.kind !== "server") return;
  await access(choice.path, constants.X_OK).catch((cause: unknown) => {
    throw new HarnessError("usage", `--toxiproxy ${choice.path}: there is no program that can be run`, { cause });
  });
}
