import type { RunningCluster } from "../cluster/cluster.ts";
import { HarnessError, messageOf } from "../errors.ts";
import type { PreparedPrometheus, RunningPrometheus } from "../prometheus/prepare.ts";
import type { TargetList } from "../prometheus/targets.ts";
import { scrapeEveryMs } from "../prometheus/watch.ts";
import type { Recorder } from "../recording/recorder.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { RunRequest } from "./run.ts";

/** The Prometheus of a run, and where it looks up what to scrape. */
export interface RunPrometheus {
  readonly prepared: PreparedPrometheus;
  readonly targets: TargetList;
}

/** What a Prometheus has to be asked for a scenario's assertions; without any it needs none. */
export function queriesOf({ assertions, steadyState }: Pick<Scenario, "assertions" | "steadyState">): string[] {
  return [...new Set([...assertions, ...(steadyState?.assertions ?? [])].flatMap(({ promql }) => promql ?? []))];
}

/** A run that a Prometheus looks at, or was to look at. Its troubles are warnings: the run goes on, and what was to be judged by it is open. */
export interface QueriedRun extends AsyncDisposable {
  /** Waits until it scrapes all members. */
  scrape(cluster: RunningCluster): Promise<void>;
  /** Asks it everything, of the time since then, and records the answers. */
  ask(fromMs: number): Promise<void>;
}

/**
 * Starts the run's Prometheus. One that does not come up is no reason not to run.
 * @throws HarnessError `scenario-invalid` when it refuses a query
 */
export async function startPrometheus({ prepared, targets }: RunPrometheus, { plan, runId, clock, signal }: RunRequest, recorder: Recorder): Promise<QueriedRun> {
  const queries = queriesOf(plan.scenario);
  const warn = (text: string): void => recorder.event({ type: "note", atMs: clock.nowMs(), level: "warning", text });
  recorder.updateInfo({ prometheus: prepared.origin });
  let running: RunningPrometheus | undefined;
  let over = false;
  try {
    running = await prepared.start({ runId, clock, targets });
    await running.watch.check(queries);
  } catch (error) {
    await running?.[Symbol.asyncDispose]();
    if (error instanceof HarnessError && error.code === "scenario-invalid") throw error;
    warn(messageOf(error));
    return absent((fromMs) => queries.forEach((query) => recorder.promql({ query, fromMs, toMs: clock.nowMs(), stepMs: scrapeEveryMs, error: messageOf(error) })));
  }
  const { watch, ended } = running;
  void ended?.then((how) => over || warn(`Prometheus has ended (${how})`));
  return {
    async scrape({ members }) {
      const why = await watch.scrape(members, signal).catch((error: unknown) => `Prometheus cannot be asked what it scrapes: ${messageOf(error)}`);
      signal.throwIfAborted();
      if (why !== undefined) warn(why);
    },
    async ask(fromMs) {
      for (const answer of await watch.ask(queries, fromMs, clock.nowMs())) {
        recorder.promql(answer);
        if ("error" in answer) warn(`${answer.query}: ${answer.error}`);
      }
    },
    async [Symbol.asyncDispose]() {
      over = true;
      await running[Symbol.asyncDispose]();
    },
  };
}

function absent(ask: (fromMs: number) => void): QueriedRun {
  return { scrape: async () => undefined, ask: async (fromMs) => ask(fromMs), [Symbol.asyncDispose]: async () => undefined };
}
