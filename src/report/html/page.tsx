import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { renderToString } from "preact-render-to-string";
import type { Render } from "../renderer.ts";
import { outcomeWords } from "../outcome-words.ts";
import { printable } from "../text.ts";
import { limitsAt } from "./limits.ts";
import { Assertions, Assumptions } from "./sections/assertions.tsx";
import { Defects, Environment, Files, Inputs } from "./sections/background.tsx";
import { Faults } from "./sections/faults.tsx";
import { Glance } from "./sections/glance.tsx";
import { Header } from "./sections/header.tsx";
import { Logs } from "./sections/logs.tsx";
import { Phases } from "./sections/phases.tsx";
import { WhatHappened } from "./sections/story.tsx";
import { Timeline } from "./timeline/timeline.tsx";
import { viewOf, type ReportView } from "./view.ts";

// Part of the program: read once, like a module.
const style = readFileSync(new URL("./report.css", import.meta.url), "utf8");
const script = readFileSync(new URL("./crosshair.js", import.meta.url), "utf8");

/** Nothing is loaded from anywhere; only this style sheet and this script run, known by their hashes. */
const policy = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

/** `report.html`: one self-contained page that can be read without a script, in print and with a screen reader. */
export const renderHtml: Render = (recording, results, scenarioText, planText) => {
  const pageAt = (scale: number) => {
    const view = viewOf(recording, results, scenarioText, planText, limitsAt(scale));
    return `<!doctype html>\n${printable(renderToString(<Page view={view} />))}\n`;
  };
  let page = pageAt(1);
  for (const scale of smallerScales) {
    if (Buffer.byteLength(page) <= bytesMax) break;
    page = pageAt(scale);
  }
  return page;
};

const bytesMax = 2_000_000;
/** Parts of the usual limits to try where very long texts make the page too large. */
const smallerScales = [0.4, 0.15, 0.05] as const;

function Page({ view }: { view: ReportView }) {
  const { results } = view;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{`${outcomeWords[results.outcome].glyph} ${results.scenario}: ${outcomeWords[results.outcome].word}`}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <a class="skip" href="#assertions">
          Skip to the assertions
        </a>
        <main>
          <Header view={view} />
          <Glance view={view} />
          <Defects view={view} />
          <Assumptions view={view} />
          <Assertions view={view} />
          {view.phases.length === 0 ? null : <Timeline view={view} />}
          <WhatHappened view={view} />
          <Faults view={view} />
          <Phases view={view} />
          <Logs view={view} />
          <Environment view={view} />
          <Inputs view={view} />
          <Files view={view} />
        </main>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
}
