import { clip, oneLine, printable } from "./text.ts";

const cellMax = 400;

/** One line of text that no Markdown or HTML in it can leave: table cells, emphasis, links and tags come out as written. */
export function markdown(text: string): string {
  return oneLine(text, cellMax)
    .replace(/[\\`*_{}[\]()#+!|~$-]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/:\/\//g, ":\\/\\/");
}

/** A code block whose fence is longer than any run of backticks in it. */
export function fenced(command: string): string {
  const text = clip(printable(command), 2_000);
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}
