import type { Counterexample } from "../../../check/counterexample.ts";
import { round } from "../timeline/axis.ts";
import { row, type Item } from "./layout.ts";

interface Point {
  readonly x: number;
  readonly y: number;
}

/** What comes before what, as an arrow with the name of its kind. */
export function Arrows({ order, items }: { order: NonNullable<Counterexample["order"]>; items: readonly Item[] }) {
  const byName = new Map(items.filter(({ kind }) => kind === "operation").map((item) => [item.name, item]));
  return (
    <g>
      {order.map(({ from, to, kind, why }, index) => {
        const [begin, end] = [byName.get(from), byName.get(to)];
        const share = order.length === 1 ? 0.5 : 0.5 + (0.4 * index) / (order.length - 1);
        return begin === undefined || end === undefined ? null : <Arrow begin={begin} end={end} kind={kind} title={`${from} before ${to} (${kind}): ${from} ${why}`} share={share} />;
      })}
    </g>
  );
}

/** Straight where the bars lie over one another, so far along what they share; otherwise from the end of one to the beginning of the other. */
function Arrow({ begin, end, kind, title, share }: { begin: Item; end: Item; kind: string; title: string; share: number }) {
  const [left, right] = [Math.max(begin.x0, end.x0), Math.min(begin.x1, end.x1)];
  const shared = left + (right - left) * share;
  const [startX, tipX] = left < right ? [shared, shared] : begin.x1 <= end.x0 ? [begin.x1 - inset, end.x0 + inset] : [begin.x0 + inset, end.x1 - inset];
  const isDown = end.top >= begin.top;
  const isLevel = begin.top === end.top;
  const start: Point = { x: startX, y: edgeOf(begin, isDown) };
  const tip: Point = { x: tipX, y: edgeOf(end, isLevel ? isDown : !isDown) };
  const reach = isLevel ? 24 : (tip.y - start.y) / 2;
  const [first, second]: readonly [Point, Point] = [{ x: start.x, y: start.y + reach }, { x: tip.x, y: isLevel ? tip.y + reach : tip.y - reach }];
  return (
    <g class={`edge ${kind}`}>
      <title>{title}</title>
      <path d={`M${at(start)}C${at(first)} ${at(second)} ${at(tip)}`} class="edge-line" />
      <path d={head(second, tip)} class="edge-head" />
      <text x={round((start.x + tip.x) / 2) + 6} y={round((start.y + 3 * first.y + 3 * second.y + tip.y) / 8) + 4} class="edge-name">
        {kind}
      </text>
    </g>
  );
}

/** How far from the corners of a bar. */
const inset = 5;

function edgeOf({ top }: Item, below: boolean): number {
  return top + row.barTop + (below ? row.barHeight + 1 : -1);
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

/** A triangle at the tip, in the direction in which the curve comes in. */
function head(from: Point, tip: Point): string {
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const [dx, dy] = [((tip.x - from.x) / length) * 8, ((tip.y - from.y) / length) * 8];
  const side = (sign: 1 | -1): Point => ({ x: tip.x - dx - sign * dy * 0.5, y: tip.y - dy + sign * dx * 0.5 });
  return `M${at(tip)}L${at(side(1))}L${at(side(-1))}Z`;
}
