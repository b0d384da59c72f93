import type { FaultWindow } from "../../../analysis/fault-windows.ts";
import type { RoleStretch } from "../../../analysis/leadership.ts";
import type { MemberEvent } from "../../../recording/events.ts";
import { clip, seconds } from "../../text.ts";
import { roleWords } from "../role-words.ts";
import { fits } from "./axis.ts";
import type { LaneBox } from "./lane.ts";

export const memberRowHeight = 24;

const eventGlyphs = {
  started: "▸",
  ready: "▲",
  paused: "‖",
  resumed: "▶",
  killed: "✕",
  exited: "✕",
  stopped: "■",
  replaced: "↻",
} as const satisfies Record<MemberEvent["state"], string>;

interface MemberLaneProps {
  readonly stretches: readonly RoleStretch[];
  readonly events: readonly MemberEvent[];
  /** Those that this member is a target of. */
  readonly faults: readonly FaultWindow[];
  readonly box: LaneBox;
}

/** One member: what it was, with its term where that changes, and marks where it went down, stopped or came back. */
export function MemberLane({ stretches, events, faults, box }: MemberLaneProps) {
  return (
    <g>
      {stretches.map((stretch, index) => (
        <RoleBlock stretch={stretch} before={stretches[index - 1]} marked={events.some(({ atMs }) => isNearStart(atMs, stretch, box))} box={box} />
      ))}
      {faults.map((fault) => (
        <TargetMark fault={fault} box={box} />
      ))}
      {events.map((event) => (
        <EventMark event={event} box={box} />
      ))}
    </g>
  );
}

/** A thin bar along the foot of the lane while a fault aims at this member. */
function TargetMark({ fault, box: { axis, top, height } }: { fault: FaultWindow; box: LaneBox }) {
  const [left, right] = [axis.x(fault.requestedMs), axis.x(fault.healedMs ?? axis.endMs)];
  return (
    <g>
      <title>{`target of ${clip(fault.title, 80)}`}</title>
      <rect x={left} y={top + height - 3} width={Math.max(1, right - left)} height={3} class="target" />
    </g>
  );
}

const markWidth = 14;

function isNearStart(atMs: number, { startMs }: RoleStretch, { axis }: LaneBox): boolean {
  return Math.abs(axis.x(atMs) - axis.x(startMs)) < markWidth;
}

interface RoleBlockProps {
  readonly stretch: RoleStretch;
  readonly before: RoleStretch | undefined;
  /** A mark is at its start, so that its name has to make room. */
  readonly marked: boolean;
  readonly box: LaneBox;
}

function RoleBlock({ stretch, before, marked, box }: RoleBlockProps) {
  const { axis, top, height } = box;
  const [left, right] = [axis.x(stretch.startMs), axis.x(stretch.endMs)];
  const { glyph, word } = roleWords[stretch.role];
  const term = stretch.term === undefined ? "" : `term ${stretch.term}`;
  const news = before?.role !== stretch.role || before.term !== stretch.term;
  const labels = [`${glyph} ${word} ${term}`, `${glyph} ${term}`, glyph].map((text) => text.trim());
  const indent = marked ? markWidth + 6 : 6;
  const label = news ? labels.find((text) => fits(text, right - left - indent + 6)) : undefined;
  return (
    <g>
      <title>{`${word}${term === "" ? "" : ` at ${term}`}, ${seconds(stretch.startMs)} s to ${seconds(stretch.endMs)} s`}</title>
      <rect x={left} y={top} width={Math.max(0.5, right - left)} height={height} class={`role ${stretch.role}`} />
      {stretch.role === "stale-leader" || stretch.role === "no-leader" ? (
        <rect x={left} y={top} width={Math.max(0.5, right - left)} height={height} fill={`url(#${stretch.role})`} />
      ) : null}
      {label === undefined ? null : (
        <text x={left + indent} y={top + height / 2 + 4} class={`role-name ${stretch.role}`}>
          {label}
        </text>
      )}
    </g>
  );
}

function EventMark({ event, box }: { event: MemberEvent; box: LaneBox }) {
  const x = box.axis.x(event.atMs);
  return (
    <g>
      <title>{`${event.member} ${event.state} at ${seconds(event.atMs)} s${event.detail === undefined ? "" : `: ${clip(event.detail, 80)}`}`}</title>
      <line x1={x} x2={x} y1={box.top - 2} y2={box.top + box.height + 2} class={`mark ${event.state}`} />
      <text x={x + 3} y={box.top + box.height / 2 + 4} class={`mark-glyph ${event.state}`}>
        {eventGlyphs[event.state]}
      </text>
    </g>
  );
}
