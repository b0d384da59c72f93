import picocolors from "picocolors";
import type { LiveWatcher } from "../../run/live-source.ts";
import type { ReadyScenario } from "../prepare.ts";
import { plainView } from "./plain-view.ts";
import { terminalView } from "./terminal-view.ts";

/** A way of showing a run to a person. */
export interface View extends LiveWatcher {
  /** Tells something that stays to be read. */
  say(text: string): void;
}

/** A view that tells of an interruption until it is disposed. */
export type LiveView = View & Disposable;

/** How a run is followed: redrawn in place at a terminal, line by line elsewhere. Always on stderr: stdout is for results. */
export function liveView(stream: NodeJS.WriteStream, { scenario, runtime }: Pick<ReadyScenario, "scenario" | "runtime">, seed: number, signal: AbortSignal): LiveView {
  const write = (line: string): void => void stream.write(`${line}\n`);
  write(`${scenario.name}  seed ${seed}  ${runtime.kind} runtime (${runtime.because})`);
  // A terminal that has no size cannot be redrawn in place.
  const view = stream.isTTY && stream.rows > 0 && stream.columns > 0 ? terminalView(stream, picocolors.isColorSupported) : plainView(write);
  const onAbort = (): void => view.say(`${String(signal.reason)}: ending in order; once more to leave at once`);
  signal.addEventListener("abort", onAbort);
  return { ...view, [Symbol.dispose]: () => signal.removeEventListener("abort", onAbort) };
}
