import { drawing, round } from "./axis.ts";

export interface ValueTick {
  readonly y: number;
  readonly label: string;
}

/** Thin lines across a lane with their values in the margin. */
export function ValueAxis({ ticks }: { ticks: readonly ValueTick[] }) {
  return (
    <g>
      {ticks.map(({ y, label }) => (
        <g>
          <line x1={drawing.left} x2={drawing.right} y1={round(y)} y2={round(y)} class="grid" />
          <text x={drawing.left - 8} y={round(y) + 3.5} class="tick value">
            {label}
          </text>
        </g>
      ))}
    </g>
  );
}

export interface EndLabel {
  readonly y: number;
  readonly text: string;
  readonly name: string;
}

const lineHeight = 11;

/** Names of lines right of their ends, pushed apart where they would cover each other. */
export function EndLabels({ labels, top, bottom }: { labels: readonly EndLabel[]; top: number; bottom: number }) {
  return (
    <g>
      {spread(labels, top, bottom).map(({ y, text, name }) => (
        <text x={drawing.right + 7} y={round(y) + 3.5} class={`end ${name}`}>
          {text}
        </text>
      ))}
    </g>
  );
}

/** Keeps the order of the labels from top to bottom, a line apart at least. */
export function spread(labels: readonly EndLabel[], top: number, bottom: number): EndLabel[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  let floor = top;
  const lowered = sorted.map((label) => {
    const y = Math.max(label.y, floor);
    floor = y + lineHeight;
    return { ...label, y };
  });
  let ceiling = bottom;
  return lowered
    .reverse()
    .map((label) => {
      const y = Math.min(label.y, ceiling);
      ceiling = y - lineHeight;
      return { ...label, y };
    })
    .reverse();
}
