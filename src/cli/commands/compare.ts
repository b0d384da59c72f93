import { resolve } from "node:path";
import { writeFile } from "node:fs/promises";
import { compareRuns } from "../../compare/compare.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import type { Entry } from "../../ledger/entry.ts";
import { machineKind } from "../../ledger/series.ts";
import { comparisonJson, renderComparisonMarkdown } from "../../report/comparison/markdown.ts";
import { renderComparison } from "../../report/comparison/terminal.ts";
import { renderComparisonHtml } from "../../report/html/runs/compare-page.tsx";
import { findSide, type NamedSide } from "../compare-sides.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { reportsFolder } from "../paths.ts";
import { ledgerOf } from "../reports-index.ts";
import { terminal } from "../terminal.ts";

export interface CompareOptions {
  /** The folder of reports whose history conditions choose from. */
  readonly reports?: string;
  /** What is printed instead of the table. */
  readonly json?: true;
  readonly markdown?: true;
  /** A file for the page. */
  readonly html?: string;
  readonly failOn?: "worse";
}

/** Lays two sets of runs side by side. What comes of it is no error: the exit code is 0, unless one asks for another. */
export async function compareCommand(first: string, second: string, { reports, json, markdown, html, failOn }: CompareOptions): Promise<ExitCode> {
  const folder = resolve(reports ?? reportsFolder);
  const a = await findSide(first, folder);
  const b = await findSide(second, folder);
  const comparison = compareRuns(a, b, await peersOf(a, b));
  process.stdout.write(json ? comparisonJson(comparison) : markdown ? renderComparisonMarkdown(comparison) : renderComparison(comparison, terminal(process.stdout)));
  if (html !== undefined) {
    await writeFile(html, renderComparisonHtml(comparison)).catch((error: unknown) => {
      throw new HarnessError("environment", `${html} cannot be written: ${messageOf(error)}`, { cause: error });
    });
  }
  const worse = [...comparison.figures, ...comparison.outcomes].some(({ verdict }) => verdict === "worse");
  return failOn === "worse" && worse ? exitCodes.fail : exitCodes.pass;
}

/** Of a single run: others in its history that were the same in all that is known, which tell how much chance alone makes. */
async function peersOf(a: NamedSide, b: NamedSide): Promise<Entry[]> {
  const [own] = a.entries;
  if (own === undefined || a.operations === undefined || b.operations === undefined || a.reportsFolder === undefined) return [];
  const compared = new Set([...a.entries, ...b.entries].map(({ id }) => id));
  const isLike = (entry: Entry): boolean => conditionsOf(entry) === conditionsOf(own) && !compared.has(entry.id);
  return (await ledgerOf(a.reportsFolder)).entries.filter(isLike);
}

function conditionsOf(entry: Entry): string {
  const { scenario, scenarioHash, etcd, runtime, harness } = entry;
  return JSON.stringify([scenario, scenarioHash, etcd.version, etcd.sha256, runtime, machineKind(entry), harness.commit, harness.dirty]);
}
