import type { FaultWindow } from "../../../analysis/fault-windows.ts";
import type { RoleStretch } from "../../../analysis/leadership.ts";
import type { MemberEvent } from "../../../recording/events.ts";
import { clip, seconds } from "../../text.ts";
import { roleWords } from "../role-words.ts";
import { fits, round } from "./axis.ts";
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
        <RoleBlock stretch={stretch} before={stretches[index - 1]} marks={events.map(({ atMs }) => box.axis.x(atMs))} box={box} />
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

/** Where in a block its name goes, so that no mark lies over it: the longest that fits before, between or after them. @param names longest first */
export function placeName(names: readonly string[], [left, right]: readonly [number, number], marks: readonly number[], weight: "usual" | "bold"): { readonly name: string; readonly x: number } | undefined {
  const within = marks.filter((x) => x > left - markWidth && x < right).sort((a, b) => a - b);
  const rooms = [...within, right].map((to, index) => ({ from: index === 0 ? left : Math.max(left, (within[index - 1] ?? left) + markWidth), to }));
  for (const name of names) {
    const room = rooms.find(({ from, to }) => fits(name, to - from, weight));
    if (room !== undefined) return { name, x: room.from + 6 };
  }
  return undefined;
}

interface RoleBlockProps {
  readonly stretch: RoleStretch;
  readonly before: RoleStretch | undefined;
  /** Where the marks of the lane are. */
  readonly marks: readonly number[];
  readonly box: LaneBox;
}

function RoleBlock({ stretch, before, marks, box }: RoleBlockProps) {
  const { axis, top, height } = box;
  const [left, right] = [axis.x(stretch.startMs), axis.x(stretch.endMs)];
  const { glyph, word } = roleWords[stretch.role];
  const term = stretch.term === undefined ? "" : `term ${stretch.term}`;
  const news = before?.role !== stretch.role || before.term !== stretch.term;
  const labels = [`${glyph} ${word} ${term}`, `${glyph} ${term}`, glyph].map((text) => text.trim());
  // A block in which nothing was seen is told by its frame; a cross of its own would look like one more mark.
  const names = stretch.role === "unseen" && marks.some((x) => x >= left && x < right) ? labels.slice(0, 1) : labels;
  const label = news ? placeName(names, [left, right], marks, stretch.role === "follower" || stretch.role === "unseen" ? "usual" : "bold") : undefined;
  return (
    <g>
      <title>{`${word}${term === "" ? "" : ` at ${term}`}, ${seconds(stretch.startMs)} s to ${seconds(stretch.endMs)} s`}</title>
      <rect x={left} y={top} width={Math.max(0.5, right - left)} height={height} class={`role ${stretch.role}`} />
      {stretch.role === "stale-leader" || stretch.role === "no-leader" ? (
        <rect x={left} y={top} width={Math.max(0.5, right - left)} height={height} fill={`url(#${stretch.role})`} />
      ) : null}
      {label === undefined ? null : (
        <text x={round(label.x)} y={top + height / 2 + 4} class={`role-name ${stretch.role}`}>
          {label.name}
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
