import type { FaultWindow } from "../../../analysis/fault-windows.ts";
import { formatDuration } from "../../../units/duration.ts";
import { clip, seconds } from "../../text.ts";
import { faultWords } from "../fault-words.ts";
import { fits, type TimeAxis } from "./axis.ts";
import type { LaneBox } from "./lane.ts";

export const faultRowHeight = 20;
const rowsMax = 8;

export interface FaultRows {
  readonly rows: readonly (readonly FaultWindow[])[];
  /** Faults for which there was no room. */
  readonly left: number;
}

/** Faults that overlap in time go on rows of their own. */
export function faultRows(faults: readonly FaultWindow[], endMs: number): FaultRows {
  const rows: FaultWindow[][] = [];
  let left = 0;
  for (const fault of faults) {
    const free = rows.find((row) => row.every((other) => endOf(other, endMs) <= fault.requestedMs));
    if (free !== undefined) free.push(fault);
    else if (rows.length < rowsMax) rows.push([fault]);
    else left += 1;
  }
  return { rows, left };
}

function endOf(fault: FaultWindow, endMs: number): number {
  return fault.healedMs ?? endMs;
}

/** The three stretches of a fault: on its way in, in force, on its way out. A fault that never took effect has only the first. */
function stretches(fault: FaultWindow, endMs: number) {
  const end = endOf(fault, endMs);
  if (fault.effectiveMs === undefined) return [{ name: "requested", startMs: fault.requestedMs, endMs: end }] as const;
  const healing = fault.healingMs ?? end;
  return [
    { name: "requested", startMs: fault.requestedMs, endMs: fault.effectiveMs },
    { name: "effective", startMs: fault.effectiveMs, endMs: Math.max(fault.effectiveMs, healing) },
    { name: "healing", startMs: Math.max(fault.effectiveMs, healing), endMs: end },
  ] as const;
}

/** Shades the time of the faults behind all lanes, darkest where a fault was in force. */
export function FaultShades({ faults, axis, top, bottom }: { faults: readonly FaultWindow[]; axis: TimeAxis; top: number; bottom: number }) {
  return (
    <g>
      {faults.flatMap((fault) =>
        stretches(fault, axis.endMs).map(({ name, startMs, endMs }) => (
          <rect x={axis.x(startMs)} y={top} width={axis.x(endMs) - axis.x(startMs)} height={bottom - top} class={`shade ${name}`} />
        )),
      )}
    </g>
  );
}

/** A bar per fault with its title and targets, cut at requested, effective and healed. */
export function FaultLane({ faults = [], rows, box }: { faults?: readonly FaultWindow[]; rows: FaultRows["rows"]; box: LaneBox }) {
  return <g>{rows.flatMap((row, index) => row.map((fault) => <FaultBar fault={fault} number={faults.includes(fault) ? faults.indexOf(fault) + 1 : undefined} axis={box.axis} top={box.top + index * faultRowHeight} />))}</g>;
}

/** @param number its place in the table of faults, where there is one */
function FaultBar({ fault, number, axis, top }: { fault: FaultWindow; number: number | undefined; axis: TimeAxis; top: number }) {
  const words = faultWords[fault.outcome];
  const right = axis.x(endOf(fault, axis.endMs));
  const height = faultRowHeight - 4;
  const label = [`${fault.title} → ${fault.targets.join(", ")}`, fault.title, fault.kind].map((text) => `${words.glyph} ${text}`);
  const textLeft = axis.x(fault.effectiveMs ?? fault.requestedMs);
  const inside = [...label, ...(number === undefined ? [] : [`ϟ${number}`, `${number}`])].find((text) => fits(text, right - textLeft));
  return (
    <g>
      <title>
        {`${clip(fault.title, 80)} on ${fault.targets.join(", ")}: requested ${seconds(fault.requestedMs)} s` +
          (fault.effectiveMs === undefined ? "" : `, effective ${seconds(fault.effectiveMs)} s`) +
          (fault.healedMs === undefined ? "" : `, healed ${seconds(fault.healedMs)} s`) +
          `, ${words.word}; ${formatDuration(endOf(fault, axis.endMs) - fault.requestedMs)} in all`}
      </title>
      {stretches(fault, axis.endMs).map(({ name, startMs, endMs }) => (
        <rect x={axis.x(startMs)} y={top} width={Math.max(0.5, axis.x(endMs) - axis.x(startMs))} height={height} class={`fault ${name}`} />
      ))}
      {inside === undefined ? null : (
        <text x={textLeft + 6} y={top + height / 2 + 4} class="fault-name">
          {inside}
        </text>
      )}
    </g>
  );
}
