import { formatDuration } from "../../../units/duration.ts";
import { count, percent, seconds } from "../../text.ts";
import type { PhaseFigures } from "../phase-figures.ts";
import type { OperationKind } from "../../../recording/operation.ts";
import type { ReportView } from "../view.ts";
import { NumberHeads, Section, Table } from "./parts.tsx";
import { WorkloadTable } from "./workloads.tsx";

const opWords = {
  put: "puts", get: "gets", range: "ranges", delete: "deletes", txn: "transactions", compact: "compactions",
  "lease-grant": "grants", "lease-keep-alive": "keep-alives", "lease-revoke": "revocations", "lease-time-to-live": "times to live",
  "lock-acquire": "acquisitions", "lock-release": "releases", "guarded-write": "guarded writes",
} as const satisfies Record<OperationKind, string>;
const errorsMax = 12;

/** Before, during and after: the figures of each phase beside each other. */
export function Phases({ view }: { view: ReportView }) {
  return (
    <Section
      id="phases"
      title="Operations by phase"
      lead="An operation belongs to the phase it was meant to start in, and its latency counts from then. Percentiles are those of the ok operations, by nearest rank; below a hundred samples p99 is the maximum."
    >
      {view.figures.length === 0 ? (
        <p class="notice">? No operations were recorded.</p>
      ) : (
        <Table label="Operations by phase">
          <thead>
            <tr>
              <th scope="col">Phase</th>
              <th scope="col">Kind</th>
              <NumberHeads heads={["Attempted", "Ok", "Failed", "Unknown", "Ok share", "p50", "p95", "p99", "Max", "Longest write gap"]} />
            </tr>
          </thead>
          <tbody>
            {view.figures.map((figures, index) => (
              <PhaseRow
                figures={figures}
                first={view.figures[index - 1]?.phase !== figures.phase}
                rows={view.figures.filter(({ phase }) => phase === figures.phase).length}
              />
            ))}
          </tbody>
        </Table>
      )}
      <NeverSent view={view} />
      <WorkloadTable view={view} />
      <MemberTable view={view} />
      <ErrorTable view={view} />
    </Section>
  );
}

function PhaseRow({ figures, first, rows }: { figures: PhaseFigures; first: boolean; rows: number }) {
  const { phase, op, ok, fail, info } = figures;
  const all = ok + fail + info;
  const latencies = [figures.p50Ms, figures.p95Ms, figures.p99Ms, figures.maxMs];
  return (
    <tr>
      {first ? (
        <th scope="rowgroup" rowSpan={rows}>
          {phase.name}
          <p class="quiet">{`${seconds(phase.startMs)}–${seconds(phase.endMs)} s`}</p>
        </th>
      ) : null}
      <td>{opWords[op]}</td>
      {[all, ok, fail, info].map((many) => (
        <td class="number">{count(many)}</td>
      ))}
      <td class="number">{percent(ok, all)}</td>
      {latencies.map((ms) => (
        <td class="number">{ms === undefined ? "—" : formatDuration(ms)}</td>
      ))}
      <td class="number">{figures.longestOutageMs === undefined || all === 0 ? "—" : formatDuration(figures.longestOutageMs)}</td>
    </tr>
  );
}

function NeverSent({ view: { missedByPhase } }: { view: ReportView }) {
  return missedByPhase.length === 0 ? null : (
    <p class="notice">
      ! Beside these, operations were due and never sent, since all clients of a member were waiting:{" "}
      {missedByPhase.map(({ phase, missed }) => `${count(missed)} in ${phase.name}`).join(", ")}. They count as not ok, here by member and in assertions of availability.
    </p>
  );
}

/** A row for each phase: there are never many members, and phases may be dozens. */
function MemberTable({ view: { phases, memberShares } }: { view: ReportView }) {
  return memberShares.length === 0 ? null : (
    <>
      <h3>Ok share of what was due, by member</h3>
      <Table label="Ok share of what was due, by member" form="compact">
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <NumberHeads heads={memberShares.map(({ member }) => member)} />
          </tr>
        </thead>
        <tbody>
          {phases.map(({ name }, index) => (
            <tr>
              <th scope="row">{name}</th>
              {memberShares.map(({ phases: cells }) => (
                <td class="number">
                  <Share {...(cells[index] ?? { ok: 0, due: 0 })} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}

function Share({ ok, due }: { ok: number; due: number }) {
  return due === 0 ? (
    <span class="none">not asked</span>
  ) : (
    <>
      {percent(ok, due)} <span class="quiet">of {count(due)}</span>
    </>
  );
}

function ErrorTable({ view: { errors } }: { view: ReportView }) {
  return errors.length === 0 ? null : (
    <>
      <h3>Errors that clients saw</h3>
      <Table label="Errors that clients saw" form="compact">
        <thead>
          <tr>
            <th scope="col" class="number">
              Times
            </th>
            <th scope="col">Outcome</th>
            <th scope="col">Error</th>
            <th scope="col" class="number">
              First, s
            </th>
            <th scope="col" class="number">
              Last, s
            </th>
          </tr>
        </thead>
        <tbody>
          {errors.slice(0, errorsMax).map(({ text, outcome, times, firstMs, lastMs }) => (
            <tr>
              <td class="number">{count(times)}</td>
              <td class="nowrap">{outcome === "fail" ? "✗ failed" : "? unknown"}</td>
              <td>
                <code>{text}</code>
              </td>
              <td class="number">{seconds(firstMs)}</td>
              <td class="number">{seconds(lastMs)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      {errors.length > errorsMax ? <p class="notice">{count(errors.length - errorsMax)} rarer errors are in history.jsonl.</p> : null}
    </>
  );
}
