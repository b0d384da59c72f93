import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import type { CheckOptions } from "./commands/check.ts";
import type { CompareOptions } from "./commands/compare.ts";
import type { JudgeOptions } from "./commands/judge.ts";
import type { MatrixOptions } from "./commands/matrix.ts";
import type { NightlyOptions } from "./commands/nightly.ts";
import type { RuntimeChoice } from "../cluster/runtime.ts";
import type { Shard } from "../nightly/shard.ts";
import { parseDurationMs } from "../units/duration.ts";

/** What all that runs or plans scenarios has in common. */
export interface RunOptions {
  readonly seed?: number;
  readonly runtime: RuntimeChoice;
  readonly etcd?: string;
}

/** What `scenario` and `plan` have in common. */
export interface OneRunOptions extends RunOptions {
  readonly promUrl?: string;
}

export interface ScenarioOptions extends OneRunOptions {
  readonly repeat: number;
  readonly toxiproxy?: string;
  readonly out?: string;
  readonly keepCluster?: true;
  readonly metricsPort?: number;
}

export interface ExploreOptions extends Required<Pick<RunOptions, "runtime" | "etcd">>, Pick<RunOptions, "seed"> {
  readonly timeLimit: number;
  readonly runs?: number;
  readonly jobs?: number;
  readonly members?: readonly (1 | 3 | 5)[];
  readonly beyondMinority?: true;
  readonly out?: string;
}

/** Said here so that `--help` loads no checker; a test holds them against what there is. */
export const modelNames = ["register", "cas-register", "kv", "mutex", "queue", "set", "etcd"];
export const formatNames = ["jepsen-edn", "jepsen-log", "porcupine", "etcd-chaos"];

/**
 * Parses a command line and runs its command. Each command is loaded when it is called, so
 * that `list` does not wait for what only a run needs.
 * @returns the exit code; usage errors are told here and give 64
 */
export async function program(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.pass;
  const command = new Command("etcd-chaos").description("Runs real etcd clusters under real faults and judges what was recorded.").exitOverride();
  const sub = (usage: string, description: string): Command => command.command(usage).description(description).exitOverride();

  promOption(runOptions(sub("scenario", "run scenarios, by name or path").argument("<scenario...>")))
    .option("--repeat <times>", "run each so often, with the seeds that follow", positive, 1)
    .option("--toxiproxy <which>", "auto, embedded, image:NAME or a path to toxiproxy-server")
    .option("--out <folder>", "where runs are kept (default: reports/)")
    .option("--keep-cluster", "leave the cluster running after the report, until Ctrl-C")
    .option("--metrics-port <port>", "serve the harness's own metrics on this port of 127.0.0.1", port)
    .action(async (names: string[], options: ScenarioOptions) => {
      const { scenarioCommand } = await import("./commands/scenario.ts");
      exitCode = await scenarioCommand(names, options);
    });
  runOptions(sub("nightly", "run many scenarios, each in a process of its own, and sum up; all of them without arguments").argument("[scenario...]"))
    .option("--tag <name>", "only scenarios that have this tag")
    .option("--last-failed", "those that did not pass in the last nightly of the same --out")
    .option("--shard <i/n>", "only this part of them: each scenario is in one of n", shard)
    .option("--repeat <times>", "run each so often, with the seeds that follow", positive, 1)
    .option("--retries <times>", "run again what did not pass; passed then, it is a flake", wholeNumber, 0)
    .option("--flakes-ok", "flakes do not make the exit code 1; they are reported all the same")
    .option("--time-limit <duration>", "start nothing that would not end by then; it is reported as not run", durationMs)
    .option("--jobs <number>", "how many runs side by side; auto: as many as do not disturb each other", jobs, "auto")
    .option("--toxiproxy <which>", "auto, embedded, image:NAME or a path to toxiproxy-server")
    .option("--out <folder>", "where runs and summary are kept (default: reports/)")
    .action(async (names: string[], options: NightlyOptions) => {
      const { nightlyCommand } = await import("./commands/nightly.ts");
      exitCode = await nightlyCommand(names, options);
    });
  sub("matrix", "run scenarios on several versions of etcd, and show what they come to as a table")
    .argument("<scenario...>", "by name or path; of a folder all that are in it")
    .option("--etcd <versions>", "with commas between them: each is a column", "3.3,3.4,3.5")
    .option("--repeat <times>", "run each so often, with the seeds that follow", positive, 1)
    .option("--seed <number>", "decides everything random in the runs (default: a new one)", wholeNumber)
    .addOption(new Option("--runtime <kind>", "where the cluster runs").choices(["auto", "local", "docker"]).default("auto"))
    .option("--time-limit <duration>", "start nothing that would not end by then; it is reported as not run", durationMs)
    .option("--jobs <number>", "how many runs side by side; auto: as many as do not disturb each other", jobs, "auto")
    .option("--toxiproxy <which>", "auto, embedded, image:NAME or a path to toxiproxy-server")
    .option("--out <folder>", "where runs and table are kept (default: reports/)")
    .action(async (names: string[], options: MatrixOptions) => {
      const { matrixCommand } = await import("./commands/matrix.ts");
      exitCode = await matrixCommand(names, options);
    });
  promOption(runOptions(sub("plan", "show what a scenario would do, and what cannot be done here").argument("<scenario...>"))).action(
    async (names: string[], options: OneRunOptions) => {
      const { planCommand } = await import("./commands/plan.ts");
      exitCode = await planCommand(names, options);
    },
  );
  sub("validate", "check scenario files without running anything; all of them without arguments")
    .argument("[scenario...]")
    .action(async (names: string[]) => {
      const { validateCommand } = await import("./commands/validate.ts");
      exitCode = await validateCommand(names);
    });
  sub("list", "list what there is: scenarios, faults, workloads, assertions; the failpoints of an etcd where these are asked for")
    .argument("[what]", "only these")
    .option("--etcd <which>", "whose failpoints: 3.5, 3.5.30, image:NAME or a path", "3.5")
    .action(async (what: string | undefined, { etcd }: { etcd: string }) => {
      const { listCommand } = await import("./commands/list.ts");
      exitCode = await listCommand(what, etcd);
    });
  sub("explain", "tell all about a fault, workload or assertion: its options, and where it can be had")
    .argument("<name...>")
    .action(async (names: string[]) => {
      const { explainCommand } = await import("./commands/explain.ts");
      exitCode = await explainCommand(names);
    });
  sub("judge", "judge a saved run again and write its report anew")
    .argument("<folder...>", "a run's folder, or that of a scenario's runs for the latest of them")
    .option("--assertions <scenario>", "judge by the assertions of this scenario, by name or path, instead of those that it was run with")
    .action(async (folders: string[], options: JudgeOptions) => {
      const { judgeCommand } = await import("./commands/judge.ts");
      exitCode = await judgeCommand(folders, options);
    });
  sub("compare", "compare two runs or two sets of runs: figures, outcomes, and whether they differ by more than chance")
    .argument("<A>", "a run's folder, several with commas or a pattern, a folder of runs, or conditions on the history such as scenario=partition,etcd=3.4,@last-10")
    .argument("<B>", "the same, to be held against the first")
    .option("--reports <folder>", "whose history conditions choose from (default: reports/)")
    .addOption(new Option("--json", "print it as JSON").conflicts("markdown"))
    .option("--markdown", "print it as Markdown")
    .option("--html <file>", "write it there besides, as a page")
    .addOption(new Option("--fail-on <verdict>", "exit with 1 where any figure or outcome is so").choices(["worse"]))
    .action(async (first: string, second: string, options: CompareOptions) => {
      const { compareCommand } = await import("./commands/compare.ts");
      exitCode = await compareCommand(first, second, options);
    });
  sub("check", "check a history of operations, of this harness or of another tool")
    .argument("<file>", "a history")
    .addOption(new Option("--model <name>", "what it is a history of").choices(modelNames).makeOptionMandatory())
    .addOption(new Option("--format <name>", "how it is written").choices(["auto", ...formatNames]).default("auto"))
    .addOption(new Option("--time-limit <duration>", "what is not decided by then is inconclusive").argParser(durationMs).default(60_000, "60s"))
    .option("--json <file>", "write the result there, as JSON")
    .option("--html <file>", "write the result there, as a page with the counterexample in lanes")
    .action(async (file: string, { timeLimit, ...options }: Omit<CheckOptions, "timeLimitMs"> & { readonly timeLimit: number }) => {
      const { checkCommand } = await import("./commands/check.ts");
      exitCode = await checkCommand(file, { ...options, timeLimitMs: timeLimit });
    });
  sub("explore", "search by chance for scenarios that break a promise, and make each that is found as small as it can be")
    .option("--etcd <which>", "3.5, 3.5.30, image:NAME or a path", "3.5")
    .option("--time-limit <duration>", "how long it searches", durationMs, 600_000)
    .option("--runs <number>", "at most so many runs, those that make findings smaller not counted", positive)
    .option("--seed <number>", "decides what is drawn (default: a new one)", wholeNumber)
    .option("--jobs <number>", "runs side by side (default: as many as there are CPUs)", positive)
    .option("--members <sizes>", "cluster sizes to draw from, such as 1,3,5", sizes)
    .option("--beyond-minority", "faults may also lose more members than a minority")
    .addOption(new Option("--runtime <kind>", "where clusters run").choices(["auto", "local", "docker"]).default("auto"))
    .option("--out <folder>", "where searches are kept (default: reports/)")
    .action(async (options: ExploreOptions) => {
      const { exploreCommand } = await import("./commands/explore.ts");
      exitCode = await exploreCommand(options);
    });
  sub("clean", "remove what killed runs have left: processes, containers, networks, folders")
    .argument("[run...]", "only these runs, by their ids; all of them without arguments")
    .action(async (runs: string[]) => {
      const { cleanCommand } = await import("./commands/clean.ts");
      exitCode = await cleanCommand(runs);
    });
  sub("doctor", "say what this machine can and cannot do").action(async () => {
    const { doctorCommand } = await import("./commands/doctor.ts");
    exitCode = await doctorCommand();
  });

  try {
    await command.parseAsync(asMeant(argv, command), { from: "user" });
  } catch (error) {
    // Commander has told it already; asking for help is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
    throw error;
  }
  return exitCode;
}

/** `scenario list faults`, as `npm run scenario -- list faults` comes out, is `list faults`: no scenario is called like a command. */
function asMeant(argv: readonly string[], { commands }: Command): string[] {
  const [first, second] = argv;
  return first === "scenario" && second !== first && commands.some((each) => each.name() === second) ? argv.slice(1) : [...argv];
}

function runOptions(command: Command): Command {
  return command
    .option("--seed <number>", "decides everything random in the run (default: a new one)", wholeNumber)
    .addOption(new Option("--runtime <kind>", "where the cluster runs").choices(["auto", "local", "docker"]).default("auto"))
    .option("--etcd <which>", "3.5, 3.5.30, image:NAME or a path; instead of the scenario's");
}

/** For one run: that Prometheus scrapes it at a port of its own. */
function promOption(command: Command): Command {
  return command.option("--prom-url <url>", "ask this Prometheus what promql assertions need, instead of one that is started");
}

function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(text);
}

function sizes(text: string): (1 | 3 | 5)[] {
  return text.split(",").map((part) => {
    const size = ([1, 3, 5] as const).find((each) => String(each) === part.trim());
    if (size === undefined) throw new InvalidArgumentError("It must be sizes from 1, 3 and 5, with commas between them.");
    return size;
  });
}

function port(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > 65_535) throw new InvalidArgumentError("It must be a port, from 1 to 65535.");
  return value;
}

function positive(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError("It must be 1 or more.");
  return value;
}

function jobs(text: string): number | "auto" {
  return text === "auto" ? "auto" : positive(text);
}

function shard(text: string): Shard {
  const [, index, of] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index === undefined || of === undefined || index < 1 || index > of) throw new InvalidArgumentError("It must be a part and how many there are, such as 1/3.");
  return { index, of };
}

function durationMs(text: string): number {
  const value = parseDurationMs(text);
  if (value === undefined || value === 0) throw new InvalidArgumentError("It must be a duration such as 500ms, 10s or 1m30s.");
  return value;
}
