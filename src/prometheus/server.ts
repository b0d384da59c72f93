import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { startChild, type Child } from "../child.ts";
import { waitFor, type Clock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import { runVariable } from "../marks.ts";
import { PrometheusApi } from "./api.ts";
import type { PrometheusProgram } from "./program.ts";

export interface ServerOptions {
  /** Marks the process, so that the watchdog and `clean` find it. */
  readonly runId: string;
  /** For its configuration and data; made here. */
  readonly folder: string;
  /** As in its configuration file, of which JSON is a part. */
  readonly config: object;
  /** How old a value may be and still be taken for that of a moment. */
  readonly lookbackMs: number;
  readonly clock: Clock;
}

/** A Prometheus of our own. Disposing kills it; its folder is left to whoever made it. */
export interface PrometheusServer extends AsyncDisposable {
  readonly url: string;
  readonly api: PrometheusApi;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<string>;
}

/** One that ends is told at once; a machine that is very busy may take long. */
const readyLimitMs = 30_000;
/** Another program may take the port between our look and its start. */
const attemptsMax = 3;

/**
 * Starts a Prometheus on a free port of 127.0.0.1, a process of its own, and waits until it answers.
 * @throws HarnessError `environment` with what it printed
 */
export async function startServer(program: PrometheusProgram, options: ServerOptions): Promise<PrometheusServer> {
  await mkdir(options.folder, { recursive: true });
  await writeFile(join(options.folder, "prometheus.yml"), JSON.stringify(options.config));
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryStart(program, options, await freePort());
    if ("server" in started) return started.server;
    const portTaken = started.printed.some((line) => line.includes("address already in use"));
    if (portTaken && attempt < attemptsMax) continue;
    throw new HarnessError("environment", `Prometheus (${program.path}) did not come up: ${started.how}\n${started.printed.slice(-5).join("\n")}`);
  }
}

type Started = { readonly server: PrometheusServer } | { readonly how: string; readonly printed: readonly string[] };

async function tryStart(program: PrometheusProgram, { runId, folder, lookbackMs, clock }: ServerOptions, port: number): Promise<Started> {
  const address = `127.0.0.1:${port}`;
  const printed: string[] = [];
  const onLine = (line: string): void => void (printed.push(line) > 50 && printed.shift());
  const child = await startChild(program.path, [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    // What was recorded years ago is not to be thrown away.
    "--storage.tsdb.retention.time=100y",
    `--web.listen-address=${address}`,
    `--query.lookback-delta=${lookbackMs}ms`,
    "--log.level=warn",
  ], { env: { [runVariable]: runId }, onLine });
  const api = new PrometheusApi(`http://${address}`);
  const ready = async (): Promise<boolean | undefined> => (child.exit() === undefined ? ((await api.version()) === undefined ? undefined : true) : false);
  if (await waitFor(clock, ready, { limitMs: readyLimitMs })) return { server: serverOf(child, address, api) };
  const how = child.exit() ?? `no answer within ${readyLimitMs / 1_000} s`;
  await child[Symbol.asyncDispose]();
  return { how, printed };
}

function serverOf(child: Child, address: string, api: PrometheusApi): PrometheusServer {
  return { url: `http://${address}`, api, ended: child.ended, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new HarnessError("internal", "a server on 127.0.0.1 has no port");
  return address.port;
}
