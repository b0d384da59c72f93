import type { FaultWindow } from "../../../analysis/fault-windows.ts";
import type { Counterexample, ShownOperation } from "../../../check/counterexample.ts";
import { shownLanes } from "../../lanes/shown-lanes.ts";
import { stretchText } from "../../lanes/words.ts";
import type { TimeScale } from "../../lanes/time-scale.ts";
import { clip, counted } from "../../text.ts";
import { drawingScale, LanesDrawing } from "../lanes/drawing.tsx";
import { OperationsTable } from "../lanes/operations-table.tsx";
import type { Limits } from "../limits.ts";

interface CounterexampleProps {
  readonly id: string;
  /** What it is a counterexample to. */
  readonly title: string;
  readonly counterexample: Counterexample;
  readonly faults: readonly FaultWindow[];
  readonly limits: Limits;
  /** Anchor of an operation in the main timeline. */
  readonly targetOf: (operation: ShownOperation) => string | undefined;
}

/** One sentence, the operations that show it in lanes and in a table, and what was to be expected beside what was seen. */
export function CounterexamplePart({ id, title, counterexample, faults, limits, targetOf }: CounterexampleProps) {
  const { rule, sentence, expected, seen, operations, order } = counterexample;
  const shown = shownLanes(counterexample, limits.operations);
  const scale = drawingScale(counterexample, shown);
  const illegal = operations.find(({ name }) => name === counterexample.illegal);
  const target = illegal && targetOf(illegal);
  return (
    <article id={id} aria-labelledby={`${id}-title`} class="counterexample">
      <h3 id={`${id}-title`}>{clip(title, limits.text)}</h3>
      <p class="sentence">
        <strong>{clip(rule, limits.text)}:</strong> {clip(sentence, 3 * limits.text)}.
        {target === undefined ? null : (
          <>
            {" "}
            <a href={`#${target}`}>See it in the timeline</a>
          </>
        )}
      </p>
      <States expected={expected} seen={seen} textMax={limits.text} />
      <div class="scroll drawing" role="region" aria-label={`Lanes of the counterexample: ${rule}`} tabIndex={0}>
        <LanesDrawing id={id} counterexample={counterexample} shown={shown} scale={scale} faults={faultsDuring(faults, counterexample, scale)} />
      </div>
      {scale.isTrue ? null : <p class="quiet scale-note">{scaleNote(counterexample, scale)}</p>}
      {shown.left > 0 ? <p class="notice">{counted(shown.left, "further operation")} that belong to it left out; all are in the JSON.</p> : null}
      {order === undefined ? null : <Order order={order} textMax={limits.text} />}
      <OperationsTable counterexample={counterexample} operations={shown.operations} textMax={limits.text} targetOf={targetOf} />
    </article>
  );
}

function States({ expected, seen, textMax }: { expected: string | undefined; seen: string | undefined; textMax: number }) {
  if (expected === undefined && seen === undefined) return null;
  return (
    <dl class="states">
      {expected === undefined ? null : (
        <div class="pass">
          <dt>✓ Expected</dt>
          <dd>{clip(expected, textMax)}</dd>
        </div>
      )}
      {seen === undefined ? null : (
        <div class="fail">
          <dt>✗ Seen</dt>
          <dd>{clip(seen, textMax)}</dd>
        </div>
      )}
    </dl>
  );
}

function Order({ order, textMax }: { order: NonNullable<Counterexample["order"]>; textMax: number }) {
  return (
    <ul class="order">
      {order.map(({ from, to, kind, why }) => (
        <li>
          <strong>{`${from} → ${to}`}</strong> <span class="edge-kind">{kind}</span> {from} {clip(why, textMax)}
        </li>
      ))}
    </ul>
  );
}

/** Those that were in force between its first moment and its last. */
function faultsDuring(faults: readonly FaultWindow[], { clock }: Counterexample, { moments }: TimeScale): FaultWindow[] {
  const [startMs, endMs] = [(moments[0] ?? 0) / 1e6, (moments.at(-1) ?? 0) / 1e6];
  return clock === "run" ? faults.filter(({ requestedMs, healedMs = Infinity }) => requestedMs <= endMs && healedMs >= startMs) : [];
}

function scaleNote(counterexample: Counterexample, { shortened }: TimeScale): string {
  const torn = shortened.map(({ from, to }) => ({ from, to })).sort((a, b) => b.to - b.from - (a.to - a.from))[0];
  return `Not to scale: moments keep their order${torn === undefined ? "" : `, and where it is torn time is shortened, ${stretchText(counterexample, torn.from, torn.to)} at most`}.`;
}
