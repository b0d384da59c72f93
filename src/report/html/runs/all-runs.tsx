import type { Entry } from "../../../ledger/entry.ts";
import { figureText } from "../../figure-text.ts";
import { clip, count, counted } from "../../text.ts";
import { Badge, NumberHeads, Section, Table } from "../sections/parts.tsx";
import { etcdText, reportOf, startedText } from "./run-words.ts";

const sentenceMax = 140;

/** A row for each run, newest first. */
export function AllRuns({ entries, rowsMax }: { entries: readonly Entry[]; rowsMax: number }) {
  const shown = entries.slice(-rowsMax).reverse();
  const left = entries.length - shown.length;
  return (
    <Section id="runs" title="All runs" lead={`Newest first; times are UTC.${left > 0 ? ` The last ${count(shown.length)} of ${counted(entries.length, "run")}; all are in history.jsonl.` : ""}`}>
      <Table label="All runs">
        <thead>
          <tr>
            {["Started", "Scenario", "Outcome", "etcd", "Runtime", "Seed", "Commit"].map((head) => (
              <th scope="col">{head}</th>
            ))}
            <NumberHeads heads={["p99 during", "No writes for", "Available"]} />
          </tr>
        </thead>
        <tbody>
          {shown.map((entry) => (
            <Row entry={entry} />
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

function Row({ entry }: { entry: Entry }) {
  const { scenario, outcome, etcd, runtime, seed, harness, figures, sentence, status, rejudged } = entry;
  return (
    <tr data-scenario={scenario} data-outcome={outcome} data-etcd={etcd.version} data-runtime={runtime}>
      <td class="nowrap">
        <a href={reportOf(entry)}>{startedText(entry)}</a>
      </td>
      <th scope="row" class="nowrap">
        {scenario}
      </th>
      <td>
        <Badge outcome={outcome} />
        {status === "finished" ? "" : `, ${status}`}
        {rejudged === true ? <span class="quiet">, judged again</span> : null}
        {outcome === "pass" ? null : <p class="quiet">{clip(sentence, sentenceMax)}</p>}
      </td>
      <td>{etcdText(etcd.version)}</td>
      <td>{runtime}</td>
      <td>{seed}</td>
      <td>
        {harness.commit?.slice(0, 8)}
        {harness.dirty === true ? "+" : ""}
      </td>
      <td class="number">{figureText("put-p99-during", figures?.["put-p99-during"] ?? figures?.["put-p99-before"])}</td>
      <td class="number">{figureText("longest-unavailability", figures?.["longest-unavailability"])}</td>
      <td class="number">{figureText("availability", figures?.["availability"])}</td>
    </tr>
  );
}
