import { renderCounterexamples } from "./counterexamples.ts";
import { renderHtml } from "./html/page.tsx";
import { renderJunit } from "./junit.ts";
import type { Renderer } from "./renderer.ts";
import { renderSummary } from "./summary.ts";
import { renderTrace } from "./trace/trace.ts";

export { renderTerminal, type TerminalOptions } from "./terminal.ts";
export type { Render, Renderer } from "./renderer.ts";

/** Every file that is drawn from a recording and its results. A new one is one file and one line here. */
export const renderers: readonly Renderer[] = [
  { file: "report.html", render: renderHtml },
  { file: "counterexamples.json", render: renderCounterexamples },
  { file: "junit.xml", render: renderJunit },
  { file: "summary.md", render: renderSummary },
  { file: "trace.json", render: renderTrace },
];
