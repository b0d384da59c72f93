import type { Entry } from "../../../ledger/entry.ts";
import type { SinceGreen, Suspicion } from "../../../ledger/since-green.ts";
import { outcomeWords } from "../../outcome-words.ts";
import { clip, count, counted } from "../../text.ts";
import { Badge } from "../sections/parts.tsx";
import type { Commit, SeriesView } from "./index-view.ts";
import { etcdText, reportOf, startedText } from "./run-words.ts";
import { TrendChart } from "./trend-chart.tsx";

/** One scenario on one etcd in one runtime: how it stands, its last runs, its trends, and what changed where it does not pass. */
export function SeriesPart({ view }: { view: SeriesView }) {
  const { scenario, etcd, runtime, entries, latest, shown, trends, since } = view;
  return (
    <article class="series" data-scenario={scenario} data-etcd={latest.etcd.version} data-runtime={runtime} data-outcome={latest.outcome}>
      <div class="series-head">
        <h3>
          <Badge outcome={latest.outcome} /> {scenario}{" "}
          <span class="quiet">
            etcd {etcdText(etcd)}, {runtime}, {counted(entries.length, "run")}
            {entries.length > shown.length ? `, the last ${shown.length} shown` : ""}
          </span>
        </h3>
        <ol class="dots" aria-label={`Runs of ${scenario}, oldest first`}>
          {shown.map((entry) => (
            <li>
              <Dot entry={entry} />
            </li>
          ))}
        </ol>
      </div>
      {trends.every(({ latest }) => latest === undefined) ? null : (
        <div class="trends">
          {trends.map((trend) => (
            <TrendChart trend={trend} shown={shown} />
          ))}
        </div>
      )}
      {since === undefined ? null : <Since since={since} commits={view.commits} />}
    </article>
  );
}

function Dot({ entry }: { entry: Entry }) {
  const { glyph, word } = outcomeWords[entry.outcome];
  const words = `${word}: ${startedText(entry)}, etcd ${etcdText(entry.etcd.version)}, seed ${entry.seed}${entry.harness.commit === undefined ? "" : `, commit ${entry.harness.commit}`}`;
  return (
    <a class={`dot ${entry.outcome}`} href={reportOf(entry)} title={words} aria-label={words}>
      {glyph}
    </a>
  );
}

const commitsShown = 8;

function Since({ since: { latest, lastGreen, firstOther, runsSince, changes, suspicion }, commits }: { since: SinceGreen; commits: readonly Commit[] | undefined }) {
  return (
    <div class={`since ${latest.outcome}`}>
      <p>
        <strong>{clip(latest.sentence, 300)}</strong>
      </p>
      {lastGreen === undefined ? (
        <p>{runsSince === 1 ? "It has run only once" : `None of ${count(runsSince)} runs has passed`}, so there is nothing to compare with.</p>
      ) : (
        <p>
          Last passed: <a href={reportOf(lastGreen)}>{startedText(lastGreen)}</a>. {counted(runsSince, "run has", "runs have")} not passed since, the first on <a href={reportOf(firstOther)}>{startedText(firstOther)}</a>.{" "}
          {changes.length === 0 ? "Nothing that is known changed between these two: with other runs that pass it would be a flake, or the machine was busy." : "What changed between these two:"}
        </p>
      )}
      {changes.length === 0 ? null : (
        <ul>
          {changes.map(({ what, before, after }) => (
            <li>
              {what}: {clip(before, 100)} → {clip(after, 100)}
            </li>
          ))}
        </ul>
      )}
      {suspicion === undefined ? null : <Blame suspicion={suspicion} commits={commits} />}
    </div>
  );
}

function Blame({ suspicion, commits }: { suspicion: Suspicion; commits: readonly Commit[] | undefined }) {
  const { from, to } = suspicion;
  const [only] = commits ?? [];
  return (
    <>
      <p>
        {commits === undefined || only === undefined ? (
          <>
            First bad commit: after {from}, up to {to}; the commits between are not in this clone.
          </>
        ) : commits.length === 1 ? (
          <>
            First bad commit: <code>{only.hash}</code> {clip(only.subject, 200)}
          </>
        ) : (
          <>The first bad commit is one of {count(commits.length)}, newest first:</>
        )}
      </p>
      {commits === undefined || commits.length < 2 ? null : (
        <ul>
          {commits.slice(0, commitsShown).map(({ hash, subject }) => (
            <li>
              <code>{hash}</code> {clip(subject, 200)}
            </li>
          ))}
          {commits.length > commitsShown ? <li>and {count(commits.length - commitsShown)} older</li> : null}
        </ul>
      )}
      <p class="quiet">{confidence(suspicion)}</p>
    </>
  );
}

/** How much stands behind the naming of a commit. */
function confidence({ from, passedBefore, ranBefore, failedSince, ranSince }: Suspicion): string {
  const basis = `Basis: ${passedBefore} of ${counted(ranBefore, "run")} passed at ${from}, ${failedSince} of ${counted(ranSince, "run")} failed since.`;
  if (passedBefore < ranBefore) return `${basis} It failed before as well, so this may be a flake.`;
  if (passedBefore < 3 || failedSince < 3) return `${basis} That is little: repeat both before you believe it.`;
  return `${basis} Nothing else that is known changed.`;
}
