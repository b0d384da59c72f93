import { catalogue, expressionName } from "../../catalogue.ts";
import { runtimesHere } from "../../cluster/runtime.ts";
import { HarnessError } from "../../errors.ts";
import { listScenarios } from "../../scenario/files.ts";
import { suggestion } from "../../scenario/suggest.ts";
import { availabilityOf } from "../availability.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { scenariosFolder } from "../paths.ts";

interface Row {
  readonly name: string;
  readonly summary: string;
}

const kinds: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  scenarios: async () =>
    (await listScenarios(scenariosFolder)).map(({ name, description }) => ({ name, summary: firstLine(description ?? "(not readable; try validate)") })),
  faults: async () => {
    const runtimes = await runtimesHere();
    return catalogue.faults.map((fault) => {
      const missing = runtimes.map((runtime) => [runtime.kind, availabilityOf(fault, runtime)] as const).filter(([, said]) => said !== "available");
      const here = missing.length === 0 ? runtimes.map(({ kind }) => kind).join(", ") : runtimes.map(({ kind }) => `${kind} ${missing.find(([name]) => name === kind)?.[1] ?? "available"}`).join("; ");
      return { name: fault.kind, summary: `${fault.glyph} ${fault.summary} [${here}]` };
    });
  },
  workloads: async () => catalogue.workloads.map(({ kind, summary }) => ({ name: kind, summary })),
  assertions: async () => [...catalogue.assertions.map(({ kind, summary }) => ({ name: kind, summary })), { name: expressionName, summary: catalogue.expressions.summary }],
};

const known = [...Object.keys(kinds), "failpoints"];

/** One table for each kind of thing, or for the one asked for; failpoints, for which an etcd has to run a moment, only when asked for. */
export async function listCommand(what: string | undefined, etcd: string): Promise<ExitCode> {
  if (what === "failpoints") {
    const { failpointNames } = await import("../failpoint-names.ts");
    process.stdout.write(`${(await failpointNames(etcd)).join("\n")}\n`);
    return exitCodes.pass;
  }
  const chosen = what === undefined ? Object.keys(kinds) : [what];
  const tables = await Promise.all(
    chosen.map(async (kind) => {
      const rows = kinds[kind];
      if (rows === undefined) {
        throw new HarnessError("usage", `there is nothing called ${kind} to list`, { hint: suggestion(kind, known, `Try ${known.join(", ")}.`) });
      }
      return table(kind, await rows());
    }),
  );
  process.stdout.write(`${tables.join("\n\n")}\n`);
  return exitCodes.pass;
}

function table(title: string, rows: readonly Row[]): string {
  const width = Math.max(0, ...rows.map(({ name }) => name.length));
  return [title, ...rows.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)].join("\n");
}

function firstLine(text: string): string {
  return text.split("\n", 1).join("");
}
