import type { PhaseWindow } from "../../../recording/recording.ts";
import { formatDuration } from "../../../units/duration.ts";
import { seconds } from "../../text.ts";
import { fits } from "./axis.ts";
import type { LaneBox } from "./lane.ts";

/** Names of the phases above everything, and a thin line down the drawing where one begins. */
export function PhaseLane({ phases, box, bottom }: { phases: readonly PhaseWindow[]; box: LaneBox; bottom: number }) {
  const { axis, top, height } = box;
  return (
    <g>
      {phases.map(({ name, startMs, endMs }, index) => {
        const [left, right] = [axis.x(startMs), axis.x(endMs)];
        const label = `${name}  ${formatDuration(endMs - startMs)}`;
        const shown = [label, name, `${index + 1}`].find((text) => fits(text, right - left));
        return (
          <g>
            <title>{`phase ${name}, ${seconds(startMs)} s to ${seconds(endMs)} s`}</title>
            <rect x={left} y={top} width={Math.max(0, right - left)} height={height} class="phase" />
            <line x1={left} x2={left} y1={top} y2={bottom} class="phase-line" />
            {shown === undefined ? null : (
              <text x={left + 6} y={top + height / 2 + 4} class="phase-name">
                {shown}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
