import { files } from "../../../recording/folder.ts";
import { formatDuration } from "../../../units/duration.ts";
import { clip, count } from "../../text.ts";
import type { ReportView } from "../view.ts";
import { Section } from "./parts.tsx";

const defectsMax = 50;

/** What is missing or damaged in the recording; nothing when it is whole. */
export function Defects({ view: { recording, limits } }: { view: ReportView }) {
  const { defects } = recording;
  return defects.length === 0 ? null : (
    <Section id="defects" title="Defects of the recording" lead="The run's folder is not whole; what is judged and drawn here is what could be read.">
      <ul>
        {defects.slice(0, defectsMax).map((defect) => (
          <li>! {clip(defect, limits.text)}</li>
        ))}
        {defects.length > defectsMax ? <li>{count(defects.length - defectsMax)} more</li> : null}
      </ul>
    </Section>
  );
}

/** On what the run ran, and where the time went outside the timeline. */
export function Environment({ view: { recording } }: { view: ReportView }) {
  const { info } = recording;
  const { machine, harness } = info;
  const flags = Object.entries(info.flags).map(([name, value]) => `--${name}=${value}`);
  const facts: [string, string][] = [
    ["Run", info.id],
    ["Status", info.status],
    ["Runtime", `${info.runtime.kind}: ${info.runtime.because}`],
    ["etcd", `${info.etcd.version} from ${info.etcd.source}`],
    ...(info.etcd.sha256 === undefined ? [] : [["etcd SHA-256", info.etcd.sha256] satisfies [string, string]]),
    ["Toxiproxy", info.toxiproxy.source === "embedded" ? `${info.toxiproxy.version}, the embedded server` : `${info.toxiproxy.version} from ${info.toxiproxy.source}`],
    ...(info.prometheus === undefined ? [] : [["Prometheus", `${info.prometheus.version} from ${info.prometheus.source}`] satisfies [string, string]]),
    ["Flags of every member", flags.length === 0 ? "none beside those of the runtime" : flags.join(" ")],
    ["Members", info.members.map(({ name, id }) => `${name} (raft id ${id})`).join(", ")],
    ["Machine", `${machine.platform}, ${machine.cpus} CPUs, ${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB, Node ${machine.node}`],
    ["Harness", `etcd-chaos ${harness.version}${harness.commit === undefined ? "" : `, commit ${harness.commit}${harness.dirty ? " with changes" : ""}`}`],
    ["Time beside the timeline", info.breakdown.filter(({ step }) => step !== "timeline").map(({ step, tookMs }) => `${step} ${formatDuration(tookMs)}`).join(", ") || "not recorded"],
  ];
  return (
    <Section id="environment" title="Environment">
      <dl class="environment">
        {facts.map(([name, value]) => (
          <div>
            <dt>{name}</dt>
            <dd>{clip(value, 4_000)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

/** The scenario and the plan as they were run. */
export function Inputs({ view }: { view: ReportView }) {
  return (
    <Section id="inputs" title="Scenario and plan">
      <details>
        <summary>scenario.yaml, as it was run</summary>
        <pre>{clip(view.scenarioText, view.limits.input)}</pre>
      </details>
      <details>
        <summary>plan.json: the timetable that scenario and seed resolve to</summary>
        <pre>{clip(view.planText, view.limits.input)}</pre>
      </details>
    </Section>
  );
}

/** Where the raw data is, beside this page. */
export function Files({ view: { recording } }: { view: ReportView }) {
  return (
    <Section id="files" title="Files of this run">
      <ul class="files">
        {fileNotes(recording).map(([name, what]) => (
          <li>
            <a href={name}>{decodeURIComponent(name)}</a> <span class="quiet">{what}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function fileNotes({ info, watches, machine, promql, telemetry }: ReportView["recording"]): [string, string][] {
  const where = (there: boolean, ...note: [string, string]): [string, string][] => (there ? [note] : []);
  return [
    [files.info, "what this run was, on what, and how far it came"],
    ["scenario.yaml", "the scenario"],
    ["plan.json", "the timetable"],
    [files.history, "every operation of every client"],
    ...where(watches.length > 0, files.watches, "what watchers were told"),
    [files.events, "what the harness did and saw"],
    [files.status, "leader, term and health as members told"],
    [files.metrics, "scrapes of every member"],
    ...where(promql.length > 0, files.promql, "what Prometheus answered"),
    ...where(telemetry !== undefined, files.telemetry, "what others told by OpenTelemetry"),
    ...where(machine.length > 0, files.machine, "how long processes waited for a CPU"),
    ...info.members.map(({ name }): [string, string] => [`${files.logs}/${encodeURIComponent(name)}.log`, `log of ${name}`]),
    ["harness.prom", "the harness's own metrics"],
    ["results.json", "verdicts with all evidence"],
    ["counterexamples.json", "operations that break a promise, whole"],
    ["trace.json", "the run as a trace, for Perfetto and chrome://tracing"],
    ["junit.xml", "verdicts for test tools"],
    ["summary.md", "verdicts for a step summary"],
  ];
}
