import type { Proof } from "../../../recording/events.ts";
import type { PhaseWindow } from "../../../recording/recording.ts";
import { clip, count, seconds } from "../../text.ts";
import { phaseAt } from "../phase-figures.ts";
import type { StoryEntry } from "../story.ts";
import type { ReportView } from "../view.ts";
import { At, Section, Table } from "./parts.tsx";

/** The key events in order, from every source. */
export function WhatHappened({ view: { phases, story, outageMinMs, limits } }: { view: ReportView }) {
  const groups = byPhase(story.entries, phases);
  return (
    <Section
      id="story"
      title="What happened"
      lead={`Key events from the harness, status samples, logs and the history of operations, in seconds since the start. Stretches without an acknowledged write are listed from ${outageMinMs} ms on.`}
    >
      {groups.length === 0 ? (
        <p class="notice">? Nothing was recorded.</p>
      ) : (
        <Table label="What happened" form="cards">
          <thead>
            <tr>
              <th scope="col" class="number">
                At, s
              </th>
              <th scope="col">Event</th>
              <th scope="col">After the fault</th>
              <th scope="col">How it is known</th>
            </tr>
          </thead>
          {groups.map(({ name, phase, entries }) => (
            <tbody>
              <tr class="phase">
                <th colSpan={4} scope="rowgroup">
                  {`${name} `}
                  {phase === undefined ? null : <span class="quiet">{`${seconds(phase.startMs)}–${seconds(phase.endMs)} s`}</span>}
                </th>
              </tr>
              {entries.map((entry) => (
                <EntryRow entry={entry} textMax={limits.text} />
              ))}
            </tbody>
          ))}
        </Table>
      )}
      {story.left > 0 ? <p class="notice">{count(story.left)} lesser events are left out; they are in events.jsonl.</p> : null}
    </Section>
  );
}

/** Entries under the phase they fall in; phases without entries are kept, for nothing happened there. */
function byPhase(entries: readonly StoryEntry[], phases: readonly PhaseWindow[]) {
  const phaseOf = ({ phase, atMs }: StoryEntry) => phases.find(({ name }) => name === phase) ?? phaseAt(phases, atMs);
  const startMs = phases[0]?.startMs ?? Infinity;
  const outside = entries.filter((entry) => phaseOf(entry) === undefined);
  const groups = [
    { name: "before the timeline", phase: undefined, entries: outside.filter(({ atMs }) => atMs < startMs) },
    ...phases.map((phase) => ({ name: phase.name, phase, entries: entries.filter((entry) => phaseOf(entry) === phase) })),
    { name: "after the timeline", phase: undefined, entries: outside.filter(({ atMs }) => atMs >= startMs) },
  ];
  return groups.filter((group) => group.phase !== undefined || group.entries.length > 0);
}

function EntryRow({ entry, textMax }: { entry: StoryEntry; textMax: number }) {
  return (
    <tr id={entry.id} class={`story ${entry.kind} ${entry.tone ?? ""}`}>
      <td class="number">
        <At atMs={entry.atMs} />
      </td>
      <th scope="row">
        <span class="glyph" aria-hidden="true">
          {entry.glyph}
        </span>
        {clip(entry.what, textMax)}
      </th>
      <td>{entry.since ?? ""}</td>
      <td>
        {entry.details.map((detail) => (
          <p>{clip(detail, textMax)}</p>
        ))}
        <Proofs proofs={entry.proofs} textMax={textMax} />
      </td>
    </tr>
  );
}

const proofsMax = 12;

/** What was read to prove that a fault bit or healed. */
export function Proofs({ proofs, textMax }: { proofs: readonly Proof[]; textMax: number }) {
  return proofs.length === 0 ? null : (
    <ul class="proofs">
      {proofs.slice(0, proofsMax).map(({ holds, source, text }) => (
        <li class={holds ? "pass" : "fail"}>
          <span class="tone">{holds ? "✓ proven" : "✗ not proven"}</span> by {source}: {clip(text, textMax)}
        </li>
      ))}
      {proofs.length > proofsMax ? <li>{count(proofs.length - proofsMax)} more in events.jsonl</li> : null}
    </ul>
  );
}
