import type { Counterexample } from "../../../check/counterexample.ts";
import type { TimeScale } from "../../lanes/time-scale.ts";
import { momentNamer, stretchText } from "../../lanes/words.ts";
import { fits, round } from "../timeline/axis.ts";
import { lanesBox } from "./layout.ts";

interface AxisProps {
  readonly counterexample: Counterexample;
  readonly scale: TimeScale;
  readonly x: (at: number) => number;
  /** Moments to be named before others. */
  readonly first: readonly number[];
  readonly top: number;
  readonly bottom: number;
}

/** Thin lines down from the moments that have names below. */
export function MomentLines({ counterexample, scale, x, first, top, bottom }: AxisProps) {
  const named = namedMoments(counterexample, scale, x, first);
  return (
    <g>
      {named.map(({ at }) => (
        <line x1={x(at)} x2={x(at)} y1={top} y2={bottom} class="grid" />
      ))}
      {named.map(({ at, name }) => (
        <text x={x(at)} y={bottom + 14} class="tick">
          {name}
        </text>
      ))}
      <text x={lanesBox.left - 40} y={bottom + 14} class="tick value">
        {counterexample.clock === "run" ? "seconds" : "event"}
      </text>
    </g>
  );
}

/** The time is torn where it is shortened, also through what lasted meanwhile. */
export function Tears({ counterexample, scale, x, top, bottom }: Omit<AxisProps, "first">) {
  return (
    <g>
      {scale.shortened.map(({ from, to }) => {
        const middle = round((x(from) + x(to)) / 2);
        const text = `≈ ${stretchText(counterexample, from, to)}`;
        return (
          <g>
            <title>{`${stretchText(counterexample, from, to)} shortened`}</title>
            <path d={`${zigzag(middle - 4, top, bottom, true)}${zigzag(middle + 4, top, bottom, false)}Z`} class="tear" />
            <path d={zigzag(middle - 4, top, bottom, true)} class="tear-line" />
            <path d={zigzag(middle + 4, top, bottom, true)} class="tear-line" />
            {fits(text, x(to) - x(from)) ? (
              <text x={middle} y={bottom + 28} class="tick">
                {text}
              </text>
            ) : null}
          </g>
        );
      })}
    </g>
  );
}

function zigzag(x: number, top: number, bottom: number, isDown: boolean): string {
  const steps = Math.max(2, Math.round((bottom - top) / 9));
  const points = Array.from({ length: steps + 1 }, (_, index) => `${x + (index % 2 === 0 ? -2 : 2)} ${round(top + ((bottom - top) * index) / steps)}`);
  return `${isDown ? "M" : "L"}${(isDown ? points : points.reverse()).join("L")}`;
}

/** As many as there is room for. */
function namedMoments(counterexample: Counterexample, { moments }: TimeScale, x: (at: number) => number, first: readonly number[]): { readonly at: number; readonly name: string }[] {
  const nameOf = momentNamer(counterexample, moments);
  const named: { at: number; name: string; left: number; right: number }[] = [];
  for (const at of new Set([...first, ...moments])) {
    const name = nameOf(at);
    const half = name.length * 3.2 + 6;
    const [left, right] = [x(at) - half, x(at) + half];
    if (named.every((other) => other.right < left || other.left > right)) named.push({ at, name, left, right });
  }
  return named;
}
