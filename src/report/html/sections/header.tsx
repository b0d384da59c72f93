import { formatDuration } from "../../../units/duration.ts";
import { clip } from "../../text.ts";
import type { ReportView } from "../view.ts";
import { BackToAllRuns, Command, Headline } from "./parts.tsx";

/** The verdict in one sentence, and what run this was. */
export function Header({ view: { recording, results, allRuns } }: { view: ReportView }) {
  const { info } = recording;
  return (
    <header class={results.outcome}>
      {allRuns === undefined ? null : <BackToAllRuns href={allRuns} />}
      <p class="eyebrow">
        <strong>{results.scenario}</strong> scenario, etcd-chaos run {info.id}
      </p>
      <Headline outcome={results.outcome} sentence={clip(results.sentence, 1_000)} />
      {info.description === undefined ? null : <p class="about">{clip(info.description, 1_000)}</p>}
      {info.status === "finished" ? null : <p class="notice">{statusText(info)}</p>}
      <dl class="facts">
        <Fact name="Seed">{results.seed}</Fact>
        <Fact name="Started">
          <time dateTime={info.startedAt}>{started(info.startedAt)}</time>
        </Fact>
        <Fact name="Ran for">{info.endedMs === undefined ? "not known" : formatDuration(info.endedMs)}</Fact>
        <Fact name="Runtime">{info.runtime.kind}</Fact>
        <Fact name="etcd">
          {info.etcd.version} <span class="quiet">from {info.etcd.source}</span>
        </Fact>
        {results.expectation === undefined ? null : <Expected expectation={results.expectation} />}
        <Fact name="Members">{info.members.length === 0 ? "none ran" : info.members.length}</Fact>
        <Fact name="Load" wide={titlesOf(info).length > 1}>
          {titlesOf(info).map((title) => (
            <p>{title}</p>
          ))}
        </Fact>
        <Fact name="Replay" wide>
          <Command text={results.replay} />
        </Fact>
      </dl>
    </header>
  );
}

/** Which bug is expected, and where. */
function Expected({ expectation: { issue, fail, on } }: { expectation: NonNullable<ReportView["results"]["expectation"]> }) {
  return (
    <Fact name="Known bug">
      {issue ?? "not named"} <span class="quiet">breaks {fail.join(" and ")} on etcd {on}</span>
    </Fact>
  );
}

/** What clients did, a line for each workload: runs of former times tell it in one. */
function titlesOf({ workload, workloads = [], description }: ReportView["recording"]["info"]): readonly string[] {
  if (workload === undefined) return [description === undefined ? "not known" : "none"];
  if (workloads.length < 2) return [workload];
  const titles = workloads.map(({ title }) => title);
  const beside = workload.slice(titles.join("; ").length + 2);
  return [...titles, ...(beside === "" ? [] : [beside])];
}

function Fact({ name, wide = false, children }: { name: string; wide?: boolean; children: preact.ComponentChildren }) {
  return (
    <div class={wide ? "wide" : undefined}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function statusText({ status, signal, error }: ReportView["recording"]["info"]): string {
  switch (status) {
    case "interrupted":
      return `! The run was interrupted${signal === undefined ? "" : ` by ${signal}`}; what was seen until then is judged.`;
    case "crashed":
      return `! The harness failed during the run${error === undefined ? "" : `: ${clip(error, 1_000)}`}.`;
    case "running":
      return "! The run was not ended: the harness was killed, or is still at work.";
    case "finished":
      return "";
  }
}

/** `2025-06-01 10:00:03 UTC`. */
function started(iso: string): string {
  return iso.replace("T", " ").replace(/(?:\.\d+)?Z$/, " UTC");
}
