import type { FaultWindow } from "../../../analysis/fault-windows.ts";
import type { Counterexample } from "../../../check/counterexample.ts";
import type { ShownLanes } from "../../lanes/shown-lanes.ts";
import { timeScale, type TimeScale } from "../../lanes/time-scale.ts";
import { momentsOf, outcomeNames, partOf } from "../../lanes/words.ts";
import { clip, counted } from "../../text.ts";
import { drawing, round, type TimeAxis } from "../timeline/axis.ts";
import { FaultLane, FaultShades, faultRowHeight, faultRows } from "../timeline/fault-lane.tsx";
import { Arrows } from "./arrows.tsx";
import { lanesBox, placeLanes, type PlacedLane } from "./layout.ts";
import { Mark, Words } from "./mark.tsx";
import { MomentLines, Tears } from "./time-axis.tsx";

/** Moments nearer than this could not be told apart. */
const apart = 20;

/** The scale of a counterexample's drawing. */
export function drawingScale(counterexample: Counterexample, { operations }: ShownLanes): TimeScale {
  return timeScale(momentsOf(operations, counterexample), lanesBox.right - lanesBox.left, apart);
}

interface LanesProps {
  readonly id: string;
  readonly counterexample: Counterexample;
  readonly shown: ShownLanes;
  readonly scale: TimeScale;
  readonly faults: readonly FaultWindow[];
}

/** A lane for each process or watcher, on one axis of time, with faults shaded behind. */
export function LanesDrawing({ id, counterexample, shown, scale, faults }: LanesProps) {
  const x = (at: number): number => round(lanesBox.left + scale.place(at));
  const axis = faultAxis(scale, x);
  const { rows } = faultRows(faults, axis.endMs);
  const top = rows.length === 0 ? 0 : rows.length * faultRowHeight + 6;
  const lanes = placeLanes(shown.lanes, counterexample, x, top + 4);
  const last = lanes.at(-1);
  const bottom = (last === undefined ? top : last.top + last.height) + 4;
  const items = lanes.flatMap((lane) => lane.items);
  const first = keyMoments(counterexample, shown);
  return (
    <svg viewBox={`0 0 ${drawing.width} ${bottom + 34}`} role="img" aria-labelledby={`${id}-svg-title ${id}-svg-desc`} class="timeline lanes">
      <title id={`${id}-svg-title`}>{`Counterexample: ${counterexample.rule}`}</title>
      <desc id={`${id}-svg-desc`}>{description(counterexample, shown)}</desc>
      {lanes.map((lane) => (
        <LaneHead lane={lane} />
      ))}
      <FaultShades faults={faults} axis={axis} top={0} bottom={bottom} />
      {rows.length === 0 ? null : (
        <text x={6} y={12} class="lane-name">
          faults
        </text>
      )}
      <FaultLane rows={rows} box={{ axis, top: 0, height: top }} />
      <MomentLines counterexample={counterexample} scale={scale} x={x} first={first.map(({ at }) => at)} top={top} bottom={bottom} />
      {first.map(({ at, kind }) => (
        <line x1={x(at)} x2={x(at)} y1={top} y2={bottom} class={`key-moment ${kind}`} />
      ))}
      {items.map((item) => (
        <Mark item={item} returnX={item.operation.return === null ? item.x0 : x(item.operation.return)} />
      ))}
      <Tears counterexample={counterexample} scale={scale} x={x} top={top} bottom={bottom} />
      {counterexample.order === undefined ? null : <Arrows order={counterexample.order} items={items} />}
      {items.map((item) => (
        <Words item={item} />
      ))}
    </svg>
  );
}

function LaneHead({ lane: { lane, top, height } }: { lane: PlacedLane }) {
  return (
    <g>
      <rect x={0} y={top} width={drawing.width} height={height + 4} class="lane-back" />
      <text x={6} y={top + 15} class="lane-name strong">
        {clip(lane.name, 20)}
      </text>
      <text x={6} y={top + 29} class="lane-name">
        {lane.under.length > 22 ? `${lane.under.slice(0, 21)}…` : lane.under}
      </text>
    </g>
  );
}

/** When the last legal one had returned, and when the first illegal one began. */
function keyMoments(counterexample: Counterexample, { operations }: ShownLanes): { readonly at: number; readonly kind: "illegal" | "legal" }[] {
  return operations.flatMap((operation) => {
    const part = partOf(operation, counterexample);
    const at = part?.kind === "legal" && operation.outcome === "ok" ? operation.return : part?.kind === "illegal" ? operation.invoke : null;
    return part === undefined || at === null ? [] : [{ at, kind: part.kind }];
  });
}

/** The same axis in the milliseconds of faults; what lies outside of it is at its ends. */
function faultAxis({ moments }: TimeScale, x: (at: number) => number): TimeAxis {
  return { startMs: (moments[0] ?? 0) / 1e6, endMs: (moments.at(-1) ?? 0) / 1e6, x: (atMs) => x(atMs * 1e6), ticks: [] };
}

const describedMax = 12;

function description(counterexample: Counterexample, { operations, lanes }: ShownLanes): string {
  const each = operations.slice(0, describedMax).map((operation) => {
    const part = partOf(operation, counterexample);
    return `${operation.name}: ${clip(operation.label, 120)} by ${operation.lane}, ${outcomeNames[operation.outcome]}${part === undefined ? "" : `, ${part.words}`}.`;
  });
  return [`${counted(operations.length, "operation")} in ${counted(lanes.length, "lane")}.`, ...each, "The table below has all of them."].join(" ");
}
