import type { Counterexample, ShownOperation } from "../../../check/counterexample.ts";
import { counted } from "../../text.ts";
import { LanePatterns } from "../lanes/mark.tsx";
import type { NumberedAssertion } from "../evidence.ts";
import type { ReportView } from "../view.ts";
import { CounterexamplePart } from "./counterexample.tsx";
import { Section } from "./parts.tsx";

/** What its bars and words mean. @param clock what its axis counts */
export function lanesLead(clock: Counterexample["clock"]): string {
  const unit = clock === "run" ? "seconds since the start" : "events of the file";
  return `The few operations that show it, a lane for each process, watcher or member. A bar lasts from the invocation to the return, in ${unit}; its words are what was asked, → what was answered, and @ the revision.`;
}

/** A part for each assertion that a history breaks; nothing where none does. */
export function Counterexamples({ view: { counterexamples, counterexamplesLeft: left, faults, limits } }: { view: ReportView }) {
  return counterexamples.length === 0 ? null : (
    <Section id="counterexamples" title="Counterexamples" lead={`${lanesLead("run")} Shaded: time of faults.`}>
      <LanePatterns />
      <LanesLegend />
      {counterexamples.map(({ id, counterexample, shows }) => (
        <CounterexamplePart
          id={id}
          title={shows.map(({ number, assertion: { title } }) => `#${number} ${title}`).join("; ")}
          counterexample={counterexample}
          faults={faults}
          limits={limits}
          targetOf={(operation) => targetOf(operation, shows.flatMap(({ evidence }) => evidence))}
        />
      ))}
      {left > 0 ? <p class="notice">{counted(left, "more counterexample")} in counterexamples.json.</p> : null}
    </Section>
  );
}

/** Of the assertion's evidence that which is of the same moment and member. */
function targetOf({ invoke, member }: ShownOperation, evidence: NumberedAssertion["evidence"]): string | undefined {
  return evidence.find(({ evidence: each }) => Math.abs(each.atMs - invoke / 1e6) < 1e-6 && each.member === member)?.target;
}

/** What shapes and patterns mean, in words. */
export function LanesLegend() {
  return (
    <ul class="legend" aria-label="Legend of the lanes">
      <Key name="bar ok" words="ok" />
      <Key name="bar fail" words="failed: it did not happen" pattern="lane-fail" />
      <Key name="bar info" words="unknown: it may happen at any time from its invocation on" pattern="lane-info" />
      <li>
        <svg width="14" height="14" aria-hidden="true">
          <path d="M7 1L13 7L7 13L1 7Z" class="bar told" />
        </svg>
        told, to a watcher or by a member
      </li>
      <Key name="bar lasting" words="holds or lives" pattern="lane-lasting" />
    </ul>
  );
}

function Key({ name, words, pattern }: { name: string; words: string; pattern?: string }) {
  return (
    <li>
      <svg width="22" height="12" aria-hidden="true">
        <rect x="0.5" y="0.5" width="21" height="11" class={name} />
        {pattern === undefined ? null : <rect x="0.5" y="0.5" width="21" height="11" fill={`url(#${pattern})`} />}
      </svg>
      {words}
    </li>
  );
}
