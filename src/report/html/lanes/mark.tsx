import { outcomeNames } from "../../lanes/words.ts";
import { clip } from "../../text.ts";
import { lanesBox, row, type Item } from "./layout.ts";

/** Patterns that tell outcomes apart without colour; once in a page. */
export function LanePatterns() {
  return (
    <svg width="0" height="0" class="defs" aria-hidden="true">
      <defs>
        <pattern id="lane-info" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2" height="5" class="ink info" />
        </pattern>
        <pattern id="lane-fail" width="5" height="5" patternUnits="userSpaceOnUse">
          <rect width="5" height="1.5" y="1.5" class="ink fail" />
        </pattern>
        <pattern id="lane-lasting" width="5" height="5" patternUnits="userSpaceOnUse">
          <circle cx="2.5" cy="2.5" r="1" class="ink lasting" />
        </pattern>
      </defs>
    </svg>
  );
}

/** An operation as a bar from its invocation to its return, a watcher's news as a diamond. */
export function Mark({ item, returnX }: { item: Item; returnX: number }) {
  const { kind, operation, name, label, part } = item;
  const end = kind === "lasting" ? label : `${outcomeNames[operation.outcome]}${operation.answer === undefined ? "" : `, ${operation.answer}`}`;
  return (
    <g class={part === undefined ? "mark-of" : `mark-of ${part.kind}`}>
      <title>{clip(`${name}: ${operation.what}, by ${operation.lane}: ${end}`, 300)}</title>
      {kind === "lasting" ? <LastingBar item={item} /> : operation.outcome === "told" ? <Diamond item={item} /> : <Bar item={item} returnX={returnX} />}
    </g>
  );
}

/** The words of an operation, above it; drawn over all else. */
export function Words({ item: { name, label, part, textX, top } }: { item: Item }) {
  return (
    <text x={textX} y={top + row.textBase} class={part === undefined ? "mark-label" : `mark-label ${part.kind}`}>
      <tspan class="mark-name">{name}</tspan> {label}
      {part === undefined ? null : <tspan class="mark-part">{` ${part.glyph} ${part.words}`}</tspan>}
    </text>
  );
}

function Bar({ item: { operation: { outcome }, part, x0, x1, top }, returnX }: { item: Item; returnX: number }) {
  const [y, height] = [top + row.barTop, row.barHeight];
  const end = outcome === "info" ? Math.max(x0 + 2, returnX) : x1;
  const width = Math.max(2, end - x0);
  return (
    <>
      <rect x={x0} y={y} width={width} height={height} class={`bar ${outcome}`} />
      {outcome === "ok" ? null : <rect x={x0} y={y} width={width} height={height} fill={`url(#lane-${outcome})`} />}
      {outcome === "info" ? <OpenEnd x={end} y={y} height={height} /> : null}
      {part === undefined ? null : <rect x={x0 - 3} y={y - 3} width={width + 6} height={height + 6} rx={part.kind === "legal" ? 8 : 0} class="outline" />}
    </>
  );
}

/** It may happen at any time from here on. */
function OpenEnd({ x, y, height }: { x: number; y: number; height: number }) {
  const middle = y + height / 2;
  return <path d={`M${x} ${middle}H${lanesBox.end - 6}M${lanesBox.end - 12} ${middle - 5}L${lanesBox.end - 5} ${middle}L${lanesBox.end - 12} ${middle + 5}`} class="open-end" />;
}

function Diamond({ item: { part, x0, top } }: { item: Item }) {
  const middle = top + row.barTop + row.barHeight / 2;
  const shape = (size: number): string => `M${x0} ${middle - size}L${x0 + size} ${middle}L${x0} ${middle + size}L${x0 - size} ${middle}Z`;
  return (
    <>
      <path d={shape(6)} class="bar told" />
      {part === undefined ? null : <path d={shape(10)} class="outline" />}
    </>
  );
}

function LastingBar({ item: { x0, x1, top } }: { item: Item }) {
  const [y, height] = [top + row.barTop + 2, row.barHeight - 4];
  return (
    <>
      <rect x={x0} y={y} width={x1 - x0} height={height} class="bar lasting" />
      <rect x={x0} y={y} width={x1 - x0} height={height} fill="url(#lane-lasting)" />
      <path d={`M${x0} ${y - 3}V${y + height + 3}M${x1} ${y - 3}V${y + height + 3}`} class="lasting-end" />
    </>
  );
}
