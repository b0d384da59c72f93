import type { Took } from "../../../analysis/recovery-times.ts";
import { formatDuration } from "../../../units/duration.ts";
import { clip, count, percent, seconds } from "../../text.ts";
import type { FaultFigures, FaultPart } from "../fault-figures.ts";
import type { ReportView } from "../view.ts";
import { Names, NumberHeads, Table } from "./parts.tsx";

/** Before, during and after each fault, with how soon members noticed it and clients got over it. */
export function FaultFiguresTable({ view: { faultFigures, limits } }: { view: ReportView }) {
  return faultFigures.length === 0 ? null : (
    <>
      <h3>Before, during and after</h3>
      <p class="lead">
        Operations by their intended start, percentiles of the ok ones. What followed counts from the fault's proven effect, and after it from the beginning of its healing, up to the next fault.
      </p>
      <Table label="Before, during and after each fault">
        <thead>
          <tr>
            <th scope="col">Fault</th>
            <th scope="col">When</th>
            <NumberHeads heads={["Attempted", "Ok share", "p50", "p99"]} />
            <th scope="col">What followed</th>
          </tr>
        </thead>
        {faultFigures.map((each) => (
          <tbody>
            {each.parts.map((part, index) => (
              <PartRow figures={each} part={part} isFirst={index === 0} textMax={limits.text} />
            ))}
          </tbody>
        ))}
      </Table>
    </>
  );
}

function PartRow({ figures: { fault, recovery, parts }, part, isFirst, textMax }: { figures: FaultFigures; part: FaultPart; isFirst: boolean; textMax: number }) {
  const { when, startMs, endMs, figures: { attempted, ok, p50Ms, p99Ms } } = part;
  return (
    <tr>
      {isFirst ? (
        <th scope="rowgroup" rowSpan={parts.length}>
          {clip(fault.title, textMax)}
          <p class="quiet">
            <Names names={fault.targets} />
          </p>
        </th>
      ) : null}
      <td>
        {when}
        <p class="quiet nowrap">{`${seconds(startMs)}–${seconds(endMs)} s`}</p>
      </td>
      <td class="number">{count(attempted)}</td>
      <td class="number">{percent(ok, attempted)}</td>
      {[p50Ms, p99Ms].map((ms) => (
        <td class="number">{ms === undefined ? "—" : formatDuration(ms)}</td>
      ))}
      <td class="followed">
        {followed(when, recovery).map(([what, took]) => (
          <p title={took.text}>
            {what}: {took.ms === undefined ? <span class="quiet">{took.text}</span> : <strong>{took.ms === 0 ? "at once" : formatDuration(took.ms)}</strong>}
          </p>
        ))}
      </td>
    </tr>
  );
}

function followed(when: FaultPart["when"], { afterEffect, afterHealing }: FaultFigures["recovery"]): (readonly [string, Took])[] {
  const times = when === "during" ? afterEffect : when === "after" ? afterHealing : undefined;
  if (times === undefined) return [];
  return [
    ...(when === "during" && afterEffect !== undefined ? [["noticed by a member", afterEffect.detected] as const] : []),
    ["new leader", times.newLeader],
    ["first acknowledged write", times.firstAckedWrite],
    ["p99 at most twice the baseline's", times.p99WithinTwiceBaseline],
  ];
}
