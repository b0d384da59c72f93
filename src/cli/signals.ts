import type { Clock } from "../clock.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";

export type EndingSignal = "SIGINT" | "SIGTERM";

export interface Interruption extends Disposable {
  /** Aborts on the first signal, with its name as the reason. */
  readonly signal: AbortSignal;
  /** The signal that came, if one did. */
  received(): EndingSignal | undefined;
}

export interface InterruptionOptions {
  readonly clock: Pick<Clock, "nowMs">;
  /** Where signals come from, and how to leave at once: the process, except in tests. */
  readonly source?: Pick<NodeJS.EventEmitter, "on" | "off">;
  readonly leave?: (code: ExitCode) => void;
}

/** A Ctrl-C under `npm run` comes twice: from the terminal, and passed on by npm. */
const echoMs = 500;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end. A second one ends the process at once; the
 * watchdog then removes what is left.
 */
export function onInterruption({ clock, source = process, leave = (code) => process.exit(code) }: InterruptionOptions): Interruption {
  const controller = new AbortController();
  let first: { readonly name: EndingSignal; readonly atMs: number } | undefined;
  const handle = (name: EndingSignal) => (): void => {
    const atMs = clock.nowMs();
    if (first === undefined) {
      first = { name, atMs };
      controller.abort(name);
    } else if (name !== first.name || atMs - first.atMs >= echoMs) {
      leave(exitCodes[first.name]);
    }
  };
  const handlers = (["SIGINT", "SIGTERM"] as const).map((name) => [name, handle(name)] as const);
  for (const [name, handler] of handlers) source.on(name, handler);
  return {
    signal: controller.signal,
    received: () => first?.name,
    [Symbol.dispose]() {
      for (const [name, handler] of handlers) source.off(name, handler);
    },
  };
}
