import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { HarnessError, messageOf } from "../../errors.ts";
import { startToxiproxy, type ToxiproxyServer } from "./server.ts";

const usage = "usage: toxiproxy [--host 127.0.0.1] [--port 8474] [--config proxies.json] [--exit-with-stdin]";

interface Arguments {
  readonly host: string;
  readonly port: number;
  readonly config: string | undefined;
  readonly exitWithStdin: boolean;
}

/** Throws a usage error that says which argument is wrong. */
function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        host: { type: "string", default: "127.0.0.1" },
        port: { type: "string", default: "8474" },
        config: { type: "string" },
        "exit-with-stdin": { type: "boolean", default: false },
      },
    });
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65535) throw new Error(`--port must be 0 to 65535, not "${values.port}"`);
    return { host: values.host, port, config: values.config, exitWithStdin: values["exit-with-stdin"] };
  } catch (cause) {
    throw new HarnessError("usage", messageOf(cause), { hint: usage, cause });
  }
}

/** Creates the proxies of a file in the form that POST /populate takes. */
async function populateFrom(file: string, server: ToxiproxyServer): Promise<void> {
  try {
    const { error } = await server.populate(JSON.parse(await readFile(file, "utf8")));
    if (error) throw error;
  } catch (cause) {
    throw new HarnessError("environment", `The proxies of ${file} cannot be created: ${messageOf(cause)}`, { cause });
  }
}

/** Resolves when the process is asked to end. */
function askedToEnd({ exitWithStdin }: Arguments): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
    if (!exitWithStdin) return;
    for (const event of ["end", "close", "error"]) process.stdin.once(event, () => resolve());
    process.stdin.resume();
  });
}

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  const ended = askedToEnd(args);
  await using server = await startToxiproxy(args);
  if (args.config !== undefined) await populateFrom(args.config, server);
  // The one line on standard output: whoever started this process waits for it.
  process.stdout.write(`${JSON.stringify({ listening: server.url })}\n`);
  await ended;
}

main().then(
  // Standard input may still be open, and would keep the process.
  () => process.exit(0),
  (error: unknown) => {
    const hint = error instanceof HarnessError && error.hint ? `\n${error.hint}` : "";
    process.stderr.write(`toxiproxy: ${messageOf(error)}${hint}\n`);
    process.exit(error instanceof HarnessError && error.code === "usage" ? 64 : 1);
  },
);
