import { lanesText } from "../lanes/text.ts";
import { printable } from "../text.ts";
import type { Explored, ExploredFinding } from "./explored.ts";

const columns = 120;
const operationsMax = 40;

/** A text for an issue tracker: what was promised, what was seen, and how to see it again. */
export function issueText({ etcd, runtime }: Pick<Explored, "etcd" | "runtime">, { guarantee, sentence, became, scenario, counterexample }: ExploredFinding): string {
  return [
    `# ${guarantee}: ${printable(sentence)}`,
    "",
    `etcd ${etcd}, seen by etcd-chaos in the ${runtime} runtime. ${became}.`,
    "",
    ...(counterexample === undefined ? [] : shown(counterexample)),
    "## How to see it again",
    "",
    "```sh",
    scenario.command,
    "```",
    "",
    "with this scenario:",
    "",
    fenced("yaml", scenario.text),
    "",
  ].join("\n");
}

function shown(counterexample: NonNullable<ExploredFinding["counterexample"]>): string[] {
  const { expected, seen } = counterexample;
  return [
    "## What was seen",
    "",
    fenced("text", lanesText(counterexample, { columns, most: operationsMax, paint: (_, text) => text }).join("\n")),
    "",
    ...(expected === undefined ? [] : [`Expected: ${printable(expected)}`, ""]),
    ...(seen === undefined ? [] : [`Seen: ${printable(seen)}`, ""]),
  ];
}

/** With a fence that is longer than any in the text. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${printable(text).trimEnd()}\n${fence}`;
}
