import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { diag, DiagLogLevel } from "@opentelemetry/api";
import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { ExportedRun } from "./exported-run.ts";
import { logExporter, metricExporter, send, traceExporter } from "./exporters.ts";
import { logsOf } from "./logs.ts";
import { metricsOf } from "./metrics.ts";
import type { ExportedSignal, ExportSettings, Protocol } from "./settings.ts";
import { spansOf } from "./spans.ts";

/** A request has so many spans or records at most; collectors refuse what is too large. */
const batchMax = 500;
const graceMs = 500;

/**
 * Sends a run to whom the settings name. Never throws and takes hardly longer than the settings allow: whatever goes wrong is
 * told, and nothing that was opened for it is left open.
 * @returns what was not sent, each a sentence
 */
export async function sendRun(run: ExportedRun, { signals, limitMs, problems }: ExportSettings, clock: Clock): Promise<string[]> {
  using _sockets = new SocketsOpened();
  const said: string[] = [];
  diag.setLogger({ error: hear, warn: hear, info: ignore, debug: ignore, verbose: ignore }, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  function hear(message: string, ...more: readonly unknown[]): void {
    said.push([message, ...more.map((each) => (typeof each === "string" ? each : JSON.stringify(each)))].join(" "));
  }
  const over = new AbortController();
  // The exporters keep the limit for each request; theirs comes first, since it knows the reason.
  const late = clock.sleep(limitMs + graceMs, over.signal).then(() => `no answer within ${limitMs} ms`, () => undefined);
  try {
    const sent = await Promise.all(
      signals.map(async ({ signal, protocol }) => {
        const trouble = await Promise.race([sendSignal(run, signal, protocol, limitMs).catch(messageOf), late]);
        return trouble === undefined ? [] : [`${signal}: ${trouble}`];
      }),
    );
    return [...problems, ...sent.flat(), ...new Set(said)];
  } finally {
    over.abort();
    diag.disable();
  }
}

function ignore(): void {
  // Nobody needs to know.
}

async function sendSignal(run: ExportedRun, signal: ExportedSignal, protocol: Protocol, timeoutMillis: number): Promise<string | undefined> {
  switch (signal) {
    case "traces": {
      const exporter = await traceExporter(protocol, { timeoutMillis });
      return eachBatch(spansOf(run), (batch) => send(exporter, batch));
    }
    case "logs": {
      const exporter = await logExporter(protocol, { timeoutMillis });
      return eachBatch(logsOf(run), (batch) => send(exporter, batch));
    }
    case "metrics":
      return send(await metricExporter(protocol, { timeoutMillis }), metricsOf(run));
  }
}

/** One batch after the other, up to the first that is not taken. */
async function eachBatch<Item>(items: readonly Item[], sendBatch: (batch: Item[]) => Promise<string | undefined>): Promise<string | undefined> {
  for (let from = 0; from < items.length; from += batchMax) {
    const trouble = await sendBatch(items.slice(from, from + batchMax));
    if (trouble !== undefined) return items.length > batchMax ? `${trouble} (after ${from} of ${items.length})` : trouble;
  }
  return undefined;
}

/** The exporters keep their sockets open, and one to a collector that does not answer would keep the process from its end. */
class SocketsOpened implements Disposable {
  readonly #sockets = new Set<Socket>();
  readonly #remember = (message: unknown): void => {
    const socket = typeof message === "object" && message !== null && "socket" in message ? message.socket : undefined;
    if (socket instanceof Socket) this.#sockets.add(socket);
  };

  constructor() {
    subscribe("net.client.socket", this.#remember);
  }

  [Symbol.dispose](): void {
    unsubscribe("net.client.socket", this.#remember);
    for (const socket of this.#sockets) socket.destroy();
  }
}
