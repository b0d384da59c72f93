import type { Counterexample, ShownOperation } from "../../../check/counterexample.ts";
import type { Lane } from "../../lanes/shown-lanes.ts";
import { partOf } from "../../lanes/words.ts";
import { clip } from "../../text.ts";
import { drawing, round } from "../timeline/axis.ts";

/** Where lanes lie, in units of the drawing; it is as wide as the timeline. */
export const lanesBox = { left: 146, right: 1_096, end: drawing.width - 4 } as const;
/** A row is a line of words over a bar. */
export const row = { height: 38, textBase: 12, barTop: 20, barHeight: 11 } as const;
/** Between two lanes; more where arrows go from one to another. */
const usualGap = 10;
const arrowsGap = 34;
const labelMax = 110;
const characterWidth = 6.2;
const apart = 14;

/** An operation, or what one has begun, with its place. */
export interface Item {
  readonly kind: "operation" | "lasting";
  readonly operation: ShownOperation;
  /** Before the label, so that the sentence and the table can mean it. */
  readonly name: string;
  readonly label: string;
  /** `✗ first illegal`. */
  readonly part: ReturnType<typeof partOf>;
  readonly x0: number;
  readonly x1: number;
  readonly textX: number;
  /** Top of its row. */
  readonly top: number;
}

export interface PlacedLane {
  readonly lane: Lane;
  readonly top: number;
  readonly height: number;
  readonly items: readonly Item[];
}

/** Puts lanes below each other; what would cover each other in a lane goes on rows of its own. */
export function placeLanes(lanes: readonly Lane[], counterexample: Counterexample, x: (at: number) => number, firstTop: number): PlacedLane[] {
  const gap = counterexample.order === undefined ? usualGap : arrowsGap;
  let top = firstTop;
  return lanes.map((lane) => {
    const ends: number[] = [];
    const items = lane.operations.flatMap((operation) => unplaced(operation, counterexample, x)).map((item): Item => {
      const width = textWidth(item);
      const textX = Math.max(lanesBox.left, Math.min(item.x0, lanesBox.end - width));
      const from = Math.min(textX, item.x0);
      const free = ends.findIndex((end) => end + apart <= from);
      const index = free === -1 ? ends.length : free;
      ends[index] = Math.max(item.x1, textX + width);
      return { ...item, textX: round(textX), top: top + index * row.height };
    });
    const placed = { lane, top, height: Math.max(1, ends.length) * row.height, items };
    top += placed.height + gap;
    return placed;
  });
}

type Unplaced = Omit<Item, "textX" | "top">;

function unplaced(operation: ShownOperation, counterexample: Counterexample, x: (at: number) => number): Unplaced[] {
  const { name, label, invoke, outcome } = operation;
  const x0 = x(invoke);
  const x1 = outcome === "info" || operation.return === null ? lanesBox.end : x(operation.return);
  const own: Unplaced = { kind: "operation", operation, name, label: clip(label, labelMax), part: partOf(operation, counterexample), x0, x1: Math.max(x0 + 2, x1) };
  const begun = (counterexample.lasting ?? []).filter(({ by }) => by === name);
  return [own, ...begun.map(({ from, to, what }): Unplaced => ({ kind: "lasting", operation, name, label: clip(what, labelMax), part: undefined, x0: x(from), x1: Math.max(x(from) + 2, x(to)) }))];
}

function textWidth({ name, label, part }: Unplaced): number {
  return (name.length + label.length + (part === undefined ? 0 : part.words.length + 5) + 3) * characterWidth;
}
