import { resolve } from "node:path";
import { startChild, type Child } from "../child.ts";
import { waitFor, type Clock } from "../clock.ts";
import { nodeArguments } from "../entry.ts";
import { HarnessError } from "../errors.ts";
import { askHttp } from "../http.ts";
import { runVariable } from "../marks.ts";
import type { Command } from "../process.ts";
import { findOnPath, isExecutable } from "../search-path.ts";
import type { SoftwareOrigin } from "../cluster/cluster.ts";
import type { ToxiproxyChoice } from "./choice.ts";

export interface ToxiproxyProcess extends AsyncDisposable {
  readonly pid: number;
  readonly origin: SoftwareOrigin;
  exit(): string | undefined;
}

/** Turns a command into one that runs it somewhere else, such as in another network. */
export type Within = (command: Command) => Command;

/**
 * Starts a Toxiproxy server whose API listens at `api` (host:port), as a process of its own.
 * @throws HarnessError `environment` when the one asked for cannot run here
 */
export async function startToxiproxyProcess(choice: ToxiproxyChoice, api: string, runId: string, clock: Clock, within: Within = (command) => command): Promise<ToxiproxyProcess> {
  const server = await findServer(choice);
  const [host = "", port = ""] = api.split(":");
  const place = ["--host", host, "--port", port];
  const { file, args } = within(server === undefined ? { file: process.execPath, args: nodeArguments("toxiproxy/server/main.ts", ...place, "--exit-with-stdin") } : { file: server, args: place });
  const printed: string[] = [];
  const child = await startChild(file, args, { env: { [runVariable]: runId }, onLine: (line) => void (printed.length < 50 && printed.push(line)) });
  try {
    const version = await untilAnswering(child, api, clock, printed);
    return {
      origin: { version, source: server === undefined ? "embedded" : server },
      pid: child.pid,
      exit: () => child.exit(),
      [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
    };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

/** One that ends is told at once; starting node twice takes long on a machine that is very busy. */
const answerLimitMs = 30_000;

async function untilAnswering(child: Child, api: string, clock: Clock, printed: readonly string[]): Promise<string> {
  const answer = async (): Promise<string | undefined> => {
    if (child.exit() !== undefined) return "";
    return fetchVersion(`http://${api}`);
  };
  const version = await waitFor(clock, answer, { limitMs: answerLimitMs, everyMs: 15 });
  if (version) return version;
  const exit = child.exit();
  throw new HarnessError("environment", `the Toxiproxy server did not come up at ${api} (${exit ?? `no answer within ${answerLimitMs / 1000} s`}): ${printed.join("\n") || "it printed nothing"}`, {
    ...(exit === undefined ? { hint: "The machine may be too busy; try again when less runs on it." } : {}),
  });
}

/** The version a Toxiproxy API reports, or undefined when none answers there. */
export async function fetchVersion(apiUrl: string): Promise<string | undefined> {
  try {
    const { status, body } = await askHttp(`${apiUrl}/version`, { limitMs: 1_000 });
    const text = body.trim();
    if (status !== 200) return undefined;
    // Older servers answer with the bare version, newer ones with JSON.
    return /"version"\s*:\s*"([^"]+)"/.exec(text)?.[1] ?? text;
  } catch {
    return undefined;
  }
}

/** The real server to run; undefined for the embedded one. */
async function findServer(choice: ToxiproxyChoice): Promise<string | undefined> {
  switch (choice.kind) {
    case "embedded":
      return undefined;
    case "auto":
      return findOnPath("toxiproxy-server");
    case "server":
      if (await isExecutable(choice.path)) return resolve(choice.path);
      throw new HarnessError("usage", `--toxiproxy ${choice.path}: there is no program that can be run`);
    case "image":
      throw new HarnessError("usage", `the Toxiproxy image ${choice.image} needs the docker runtime`, {
        hint: "Add --runtime docker, or choose --toxiproxy embedded.",
      });
  }
}
