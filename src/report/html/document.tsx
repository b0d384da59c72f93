import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ComponentChildren, VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { printable } from "../text.ts";
import { limitsAt, type Limits } from "./limits.ts";

// Part of the program: read once, like a module.
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

/** The style sheet and the script of a page. */
export interface Assets {
  readonly style: string;
  readonly script: string;
}

/** What holds for small screens and for paper comes last. */
const styleOf = (...sheets: readonly string[]): string => ["./report.css", ...sheets, "./narrow.css", "./print.css"].map(read).join("\n");

const runAssets: Assets = { style: styleOf("./drawings.css"), script: ["./crosshair.js", "./log-filter.js"].map(read).join("\n") };
/** For pages about several runs. */
export const runsAssets: Assets = { style: styleOf("./runs/runs.css"), script: read("./runs/filters.js") };

/** Nothing is loaded from anywhere; only this style sheet and this script run, known by their hashes. */
function policyOf({ style, script }: Assets): string {
  return `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

const bytesMax = 2_000_000;
/** Parts of the usual limits to try where very long texts make the page too large. */
const scales = [1, 0.4, 0.15, 0.05] as const;

/** The text of a page that is not too large, whatever it has to show. */
export function pageText(pageWithin: (limits: Limits) => VNode): string {
  return scaledPageText((scale) => pageWithin(limitsAt(scale)));
}

/** The same for a page with limits of its own. @param pageAt draws it with a part of its usual limits */
export function scaledPageText(pageAt: (scale: number) => VNode): string {
  let page = "";
  for (const scale of scales) {
    page = `<!doctype html>\n${printable(renderToString(pageAt(scale)))}\n`;
    if (Buffer.byteLength(page) <= bytesMax) break;
  }
  return page;
}

/** One self-contained page that can be read without a script, in print and with a screen reader. @param skipTo the section that most come for */
export function Document({ title, skipTo, assets = runAssets, children }: { title: string; skipTo: { readonly id: string; readonly words: string }; assets?: Assets; children: ComponentChildren }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={policyOf(assets)} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: assets.style }} />
      </head>
      <body>
        <a class="skip" href={`#${skipTo.id}`}>
          {skipTo.words}
        </a>
        <main>{children}</main>
        <script dangerouslySetInnerHTML={{ __html: assets.script }} />
      </body>
    </html>
  );
}
