import { z } from "zod";
import { startChild } from "../child.ts";
import { nodeArguments } from "../entry.ts";
import { runVariable } from "../marks.ts";
import type { AbortConditions } from "../scenario/scenario.ts";

export interface ViolationWatchStart {
  /** Those of the scenario; nobody looks where none of them is an assertion. */
  readonly conditions: AbortConditions | undefined;
  /** Marks the process as one of the run. */
  readonly runId: string;
  /** The run's folder, with its scenario. */
  readonly folder: string;
  /** The zero of the run's clock: `MonotonicClock.originNs`. */
  readonly originNs: bigint;
  /** Called once when nobody looks any more although nothing is violated. */
  readonly onEnd: (why: string) => void;
}

/** A process that looks for violations of what stands under `abort-if`. Disposal ends it. */
export interface ViolationWatch extends AsyncDisposable {
  /** Which assertion is violated, and by what; undefined while none is known to be. */
  violation(): string | undefined;
}

const foundSchema = z.strictObject({ violation: z.string() });
const saidMaxCharacters = 2_000;

/**
 * Starts the process; it loads its libraries while the caller starts a cluster.
 * @throws HarnessError `environment` when no process can be started
 */
export async function watchViolations({ conditions, runId, folder, originNs, onEnd }: ViolationWatchStart): Promise<ViolationWatch> {
  if ((conditions?.violated ?? []).length === 0) return { violation: () => undefined, [Symbol.asyncDispose]: () => Promise.resolve() };
  let found: string | undefined;
  let said = "";
  let released = false;
  const child = await startChild(process.execPath, nodeArguments("run/violation-process.ts", folder, String(originNs)), {
    env: { [runVariable]: runId },
    onLine: (line, stream) => {
      if (stream === "stdout") found ??= violationOf(line);
      else said = `${said}${line}\n`.slice(-saidMaxCharacters);
    },
  });
  void child.ended.then((how) => {
    if (!released && found === undefined) onEnd(`what stands under abort-if is not watched any more: the process that does it ended (${how})${said && `: ${said.trim()}`}`);
  });
  return {
    violation: () => found,
    async [Symbol.asyncDispose]() {
      released = true;
      await child[Symbol.asyncDispose]();
    },
  };
}

function violationOf(line: string): string | undefined {
  try {
    return foundSchema.parse(JSON.parse(line)).violation;
  } catch {
    return undefined;
  }
}
