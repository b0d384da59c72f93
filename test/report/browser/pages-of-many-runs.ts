import { compareRuns } from "../../../src/compare/compare.ts";
import { renderCheckHtml } from "../../../src/report/html/check-page.tsx";
import { renderExploredHtml } from "../../../src/report/html/explore-page.tsx";
import { renderComparisonHtml } from "../../../src/report/html/runs/compare-page.tsx";
import { renderIndex } from "../../../src/report/html/runs/index-page.tsx";
import { renderMatrixHtml } from "../../../src/report/matrix/page.tsx";
import { renderNightlyHtml } from "../../../src/report/nightly/page.tsx";
import { sideOf } from "../../compare/sides.ts";
import { searched } from "../../explore/searched.ts";
import { entries, entry } from "../../ledger/entries.ts";
import { nightlyOf, oneOfEach } from "../../nightly/turns.ts";
import { matrix } from "../matrix/matrices.ts";
import { planted } from "../planted.ts";

/** Runs of three scenarios: one that got slower and fails since another commit, one that is new, and one that broke before it knew its etcd. */
function someRuns(): string {
  const worse = entries(12, (number) => ({ figures: { "put-p99-during": 900 + 10 * number, "longest-unavailability": 1_000 + 30 * number }, ...(number < 8 ? {} : { outcome: number === 8 ? "inconclusive" : "fail", sentence: "writes were gone for 6 s", harness: { version: "0.1.0", commit: "bbbbbbbbbbbb" } }) }));
  const broken = entry(30, { scenario: "broken", id: "broken", outcome: "inconclusive", status: "crashed", sentence: "etcd-1 exited with 1", figures: {}, etcd: { asked: "unknown", version: "unknown" } });
  return renderIndex({ entries: [...worse, ...entries(2, () => ({ scenario: "new" })), broken], damaged: 1, pages: ["nightly.html", "matrix.html"], commitsOf: () => [{ hash: "bbbbbbb", subject: "Breaks it" }, { hash: "ccccccc", subject: "Does something else" }] });
}

function twoSides(): string {
  const side = (label: string, factor: number): ReturnType<typeof sideOf> => sideOf(label, entries(8, (number) => ({ id: `${label}${number}`, figures: { "put-p99-during": factor * (100 + number), "longest-unavailability": (1_000 + number) / factor, availability: 0.9 } })));
  return renderComparisonHtml(compareRuns(side("etcd=3.4", 1), side("etcd=3.5", 2)));
}

function checkedHistory(): string {
  const counterexample = planted["register of another tool"]?.();
  if (counterexample === undefined) throw new Error("no such counterexample is planted");
  return renderCheckHtml({ file: "history.edn", model: "register", history: "jepsen-edn", tookMs: 3, finding: { kind: "violated", counterexample } });
}

/** Every page that is not of one run. */
export const pagesOfManyRuns = {
  "all runs": someRuns,
  "no run": () => renderIndex({ entries: [], damaged: 0, pages: [], commitsOf: () => undefined }),
  "a comparison": twoSides,
  "a nightly": () => renderNightlyHtml(nightlyOf(oneOfEach)),
  "a matrix": () => renderMatrixHtml(matrix),
  "a search": () => renderExploredHtml(searched),
  "a history that was checked": checkedHistory,
} as const satisfies Readonly<Record<string, () => string>>;
