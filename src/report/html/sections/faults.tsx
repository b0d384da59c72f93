import type { FaultWindow } from "../../../analysis/fault-windows.ts";
import { formatDuration } from "../../../units/duration.ts";
import { clip, count } from "../../text.ts";
import { faultWords } from "../fault-words.ts";
import type { ReportView } from "../view.ts";
import { FaultFiguresTable } from "./fault-figures.tsx";
import { At, Names, Section, Table } from "./parts.tsx";
import { Proofs } from "./story.tsx";

/** Each fault with its times, and what proves that it bit and that it healed. */
export function Faults({ view }: { view: ReportView }) {
  const { faults, limits } = view;
  return (
    <Section id="faults" title="Faults" lead={faults.length === 0 ? "No fault was injected in this run." : "Times are seconds since the start of the run."}>
      {faults.length === 0 ? null : (
        <Table label="Faults" form="cards">
          <thead>
            <tr>
              <th scope="col" class="number">
                #
              </th>
              <th scope="col">Fault</th>
              <th scope="col">Targets, and why those</th>
              <th scope="col" class="number">
                Requested
              </th>
              <th scope="col" class="number">
                Effective
              </th>
              <th scope="col" class="number">
                Healing
              </th>
              <th scope="col" class="number">
                Healed
              </th>
              <th scope="col">Outcome and evidence</th>
            </tr>
          </thead>
          <tbody>
            {faults.slice(0, limits.faults).map((fault, index) => (
              <FaultRow number={index + 1} fault={fault} textMax={limits.text} />
            ))}
          </tbody>
        </Table>
      )}
      {faults.length > limits.faults ? <p class="notice">{count(faults.length - limits.faults)} more faults are in events.jsonl.</p> : null}
      <FaultFiguresTable view={view} />
    </Section>
  );
}

function FaultRow({ number, fault, textMax }: { number: number; fault: FaultWindow; textMax: number }) {
  const { glyph, word, tone } = faultWords[fault.outcome];
  return (
    <tr id={`f${number}`}>
      <td class="number">{number}</td>
      <th scope="row">
        {clip(fault.title, textMax)}
        <p class="quiet">in {fault.phase}</p>
      </th>
      <td>
        <strong>
          <Names names={fault.targets} />
        </strong>
        <p class="quiet">{clip(fault.because, textMax)}</p>
      </td>
      <td class="number" data-head="Requested, s">
        <At atMs={fault.requestedMs} />
      </td>
      <td class="number" data-head="Effective, s">
        <At atMs={fault.effectiveMs} />
        {fault.effectiveMs === undefined ? null : <p class="quiet">+{formatDuration(fault.effectiveMs - fault.requestedMs)}</p>}
      </td>
      <td class="number" data-head="Healing, s">
        <At atMs={fault.healingMs} />
      </td>
      <td class="number" data-head="Healed, s">
        <At atMs={fault.healedMs} />
        {fault.healedMs === undefined || fault.healingMs === undefined ? null : <p class="quiet">+{formatDuration(fault.healedMs - fault.healingMs)}</p>}
      </td>
      <td>
        <span class={`badge ${tone}`}>
          <span aria-hidden="true">{glyph}</span> {word}
        </span>
        {fault.error === undefined ? null : <p class="reason">{clip(fault.error, textMax)}</p>}
        <Proofs proofs={[...fault.proofs.injected, ...fault.proofs.healed]} textMax={textMax} />
      </td>
    </tr>
  );
}
