import { fileURLToPath } from "node:url";
import { startChild, type Child } from "./child.ts";
import type { Clock } from "./clock.ts";
import { runCommand } from "./process.ts";

const program = fileURLToPath(new URL("../bin/etcd-chaos.mjs", import.meta.url));

/** A run of one scenario by a harness of its own. */
export interface ScenarioProcess {
  /** By name or path. */
  readonly asked: string;
  /** Of `etcd-chaos scenario`; those that are undefined are not given. */
  readonly options: Readonly<Record<`--${string}`, string | undefined>>;
  /** Whoever takes longer hangs: it is told to end, and killed where that does not help. */
  readonly limitMs: number;
  readonly clock: Pick<Clock, "sleep">;
  /** Aborted, the run ends in order; its reason may be the signal that the run is to get. */
  readonly signal: AbortSignal;
}

export interface ScenarioProcessEnd {
  /** `exit code 1`, `SIGKILL`; where it took too long, that it did. */
  readonly end: string;
  /** The last lines of standard error. */
  readonly stderr: readonly string[];
}

const stderrLinesMax = 500;
/** To heal, stop and judge; its watchdog removes what it had when it is killed. */
const orderlyEndMaxMs = 60_000;

/**
 * Plays a scenario in a process of its own, so that whatever ends one run does not end the others. A run whose parent is
 * killed gets a SIGINT, and ends in order by itself.
 * @throws HarnessError `environment` when it cannot be started
 */
export async function runScenarioProcess({ asked, options, limitMs, clock, signal }: ScenarioProcess): Promise<ScenarioProcessEnd> {
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
  const [file = process.execPath, ...args] = [...(await endingWithUs()), process.execPath, program, "scenario", asked, ...given];
  const stderr: string[] = [];
  const keep = (line: string): void => void (stderr.push(line) > stderrLinesMax && stderr.shift());
  // Whoever starts many runs tells GitHub of all of them at once.
  await using child = await startChild(file, args, { env: { GITHUB_ACTIONS: "" }, onLine: (line, stream) => void (stream === "stderr" && keep(line)) });
  const passOn = (): void => child.signal(signal.reason === "SIGTERM" ? "SIGTERM" : "SIGINT");
  if (signal.aborted) passOn();
  signal.addEventListener("abort", passOn, { once: true });
  try {
    return { end: await endWithin(child, limitMs, clock), stderr };
  } finally {
    signal.removeEventListener("abort", passOn);
  }
}

async function endWithin(child: Child, limitMs: number, clock: ScenarioProcess["clock"]): Promise<string> {
  const ended = new AbortController();
  let overdue = false;
  const end = async (): Promise<void> => {
    await clock.sleep(limitMs, ended.signal);
    overdue = true;
    child.signal("SIGTERM");
    await clock.sleep(orderlyEndMaxMs, ended.signal);
    child.signal("SIGKILL");
  };
  const watching = end().catch(() => undefined);
  const how = await child.ended;
  ended.abort();
  await watching;
  return overdue ? `${how}, after ${Math.round(limitMs / 1_000)} s, which is too long` : how;
}

/** The beginning of a command whose process gets a SIGINT when this one is gone, where the machine has the program for it. */
async function endingWithUs(): Promise<string[]> {
  const command = ["setpriv", "--pdeathsig", "INT", "--"];
  const [file = "", ...args] = command;
  return runCommand(file, [...args, "true"]).then(({ exitCode }) => (exitCode === 0 ? command : []), () => []);
}

/** The last thing that a run told as an error on standard error. */
export function lastError(stderr: readonly string[]): string | undefined {
  return stderr.findLast((line) => line.startsWith("error "))?.slice("error ".length);
}
