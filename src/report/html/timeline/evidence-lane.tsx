import { outcomeWords } from "../../outcome-words.ts";
import { clip, seconds } from "../../text.ts";
import type { LinkedEvidence, NumberedAssertion } from "../evidence.ts";
import { drawing } from "./axis.ts";
import type { LaneBox } from "./lane.ts";

export const evidenceRowHeight = 13;
const rowsMax = 12;

/** Assertions with evidence that has no row of its own below: each gets a row of marks. */
export function markedAssertions(assertions: readonly NumberedAssertion[]): NumberedAssertion[] {
  return assertions.filter(({ evidence }) => evidence.some(({ mark }) => mark !== undefined));
}

export function evidenceLaneHeight(marked: readonly NumberedAssertion[]): number {
  return Math.min(marked.length, rowsMax) * evidenceRowHeight;
}

/** A row per assertion, named by its number: a tick for a moment, a bar for a stretch of time. Beyond twelve rows the last is shared. */
export function EvidenceLane({ marked, box }: { marked: readonly NumberedAssertion[]; box: LaneBox }) {
  return (
    <g>
      {marked.map(({ number, evidence }, index) => {
        const top = box.top + Math.min(index, rowsMax - 1) * evidenceRowHeight;
        return (
          <g>
            <text x={drawing.left - 8} y={top + 10} class="tick value">
              {rowName(marked, index)}
            </text>
            {evidence.map((each) => (
              <EvidenceMark number={number} linked={each} box={{ axis: box.axis, top, height: evidenceRowHeight }} />
            ))}
          </g>
        );
      })}
    </g>
  );
}

/** The numbers of the assertions in a row; the last row is named by all that share it. */
export function rowName(marked: readonly Pick<NumberedAssertion, "number">[], index: number): string {
  if (index >= rowsMax) return "";
  const number = marked[index]?.number ?? 0;
  const last = index === rowsMax - 1 ? (marked.at(-1)?.number ?? number) : number;
  return last > number ? `#${number}–${last}` : `#${number}`;
}

function EvidenceMark({ number, linked: { evidence, mark }, box: { axis, top } }: { number: number; linked: LinkedEvidence; box: LaneBox }) {
  if (mark === undefined) return null;
  const { atMs, endMs, text } = evidence;
  const [left, right] = [axis.x(atMs), axis.x(endMs ?? atMs)];
  return (
    <g id={mark.id} class={`evidence ${mark.outcome}`}>
      <title>{`evidence of assertion ${number} (${outcomeWords[mark.outcome].word.toLowerCase()}), ${seconds(atMs)} s: ${clip(text, 120)}`}</title>
      {endMs === undefined ? (
        <rect x={left - 1.5} y={top + 2} width={3} height={9} />
      ) : (
        <rect x={left} y={top + 4} width={Math.max(2, right - left)} height={5} />
      )}
    </g>
  );
}
