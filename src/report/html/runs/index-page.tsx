import { noiseBandWords } from "../../../ledger/noise-band.ts";
import { tally } from "../../outcome-words.ts";
import { counted } from "../../text.ts";
import { Document, runsAssets, scaledPageText } from "../document.tsx";
import { Badge, Command, Section } from "../sections/parts.tsx";
import { AllRuns } from "./all-runs.tsx";
import { Filters } from "./filters.tsx";
import { indexLimits, seriesViews, type IndexInput, type IndexLimits } from "./index-view.ts";
import { SeriesPart } from "./series-part.tsx";

/** `reports/index.html`: what all runs in a folder of reports came to. */
export function renderIndex(input: IndexInput): string {
  return scaledPageText((scale) => <Page input={input} limits={indexLimits(scale)} />);
}

function Page({ input, limits }: { input: IndexInput; limits: IndexLimits }) {
  const { entries } = input;
  const { series, left } = seriesViews(input, limits);
  return (
    <Document title={`${counted(entries.length, "run")} of etcd-chaos`} skipTo={{ id: "runs", words: "Skip to all runs" }} assets={runsAssets}>
      <Head input={input} latest={series.map(({ latest }) => latest.outcome)} />
      {entries.length === 0 ? (
        <p id="runs">
          No run yet. <Command text="npm run scenario -- partition" /> makes the first.
        </p>
      ) : (
        <>
          <Filters entries={entries} />
          <Section
            id="scenarios"
            title="By scenario"
            lead={
              <>
                The last {limits.runs} runs of each, oldest first: <Legend /> Each leads to its report. The shaded band is where a figure usually lies: {noiseBandWords}.
              </>
            }
          >
            {series.map((each) => (
              <SeriesPart view={each} />
            ))}
            {left === 0 ? null : <p class="notice">{counted(left, "more series is", "more series are")} not shown; their runs are in history.jsonl.</p>}
          </Section>
          <AllRuns entries={entries} rowsMax={limits.rows} />
        </>
      )}
    </Document>
  );
}

function Head({ input: { entries, damaged, pages }, latest }: { input: IndexInput; latest: readonly ("pass" | "fail" | "inconclusive")[] }) {
  const [first, last] = [entries[0], entries.at(-1)];
  return (
    <header>
      <p class="eyebrow">
        <strong>etcd-chaos</strong> all runs
        {first === undefined || last === undefined ? "" : `, ${daysText(dayOf(first.startedAt), dayOf(last.startedAt))}`}
      </p>
      <h1 class="plain">
        {counted(entries.length, "run")}
        {entries.length === 0 ? "" : `: ${tally(entries.map(({ outcome }) => outcome))}`}
      </h1>
      {latest.length === 0 ? null : (
        <p class="about">
          As each scenario stands now, by its latest run: {tally(latest)}.
        </p>
      )}
      {damaged === 0 ? null : <p class="notice">! {counted(damaged, "line")} of history.jsonl cannot be read and {damaged === 1 ? "is" : "are"} left out.</p>}
      {pages.length === 0 ? null : (
        <nav aria-label="Other pages">
          <ul class="pages">
            {pages.map((page) => (
              <li>
                <a href={page.split("/").map(encodeURIComponent).join("/")}>{page.replace(/(?:\/index)?\.html$/, "")}</a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </header>
  );
}

function daysText(first: string, last: string): string {
  return first === last ? first : `${first} to ${last}`;
}

function dayOf(iso: string): string {
  return iso.slice(0, 10);
}

function Legend() {
  return (
    <>
      {(["pass", "fail", "inconclusive"] as const).map((outcome, index) => (
        <>
          {index === 0 ? "" : ", "}
          <Badge outcome={outcome} />
        </>
      ))}
      .
    </>
  );
}
