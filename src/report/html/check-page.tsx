import { formatDuration } from "../../units/duration.ts";
import { outcomeOf, type CheckedHistory } from "../check.ts";
import { outcomeWords } from "../outcome-words.ts";
import { clip, count, counted } from "../text.ts";
import { Document, pageText } from "./document.tsx";
import type { Limits } from "./limits.ts";
import { LanePatterns } from "./lanes/mark.tsx";
import { CounterexamplePart } from "./sections/counterexample.tsx";
import { lanesLead, LanesLegend } from "./sections/counterexamples.tsx";
import { Headline, Section } from "./sections/parts.tsx";

/** `check --html`: the verdict on a history, and the counterexample as a run's report has it. */
export function renderCheckHtml(checked: CheckedHistory): string {
  return pageText((limits) => <Page checked={checked} limits={limits} />);
}

function Page({ checked: { file, model, history, tookMs, finding }, limits }: { checked: CheckedHistory; limits: Limits }) {
  const outcome = outcomeOf[finding.kind];
  const { glyph, word } = outcomeWords[outcome];
  return (
    <Document title={`${glyph} ${file}: ${word}`} skipTo={{ id: "counterexamples", words: "Skip to the counterexample" }}>
      <header class={outcome}>
        <p class="eyebrow">
          <strong>{clip(file, limits.text)}</strong> {history} against the model {model}, in {formatDuration(tookMs)}
        </p>
        <Headline outcome={outcome} sentence={clip(sentenceOf(finding), 2 * limits.text)} />
      </header>
      <Section id="counterexamples" title="Counterexample" {...(finding.kind === "violated" ? { lead: lanesLead(finding.counterexample.clock) } : {})}>
        {finding.kind === "violated" ? (
          <>
            <LanePatterns />
            <LanesLegend />
            <CounterexamplePart id="c1" title={`${model}: ${file}`} counterexample={finding.counterexample} faults={[]} limits={limits} targetOf={() => undefined} />
          </>
        ) : (
          <p>None was found.</p>
        )}
      </Section>
    </Document>
  );
}

function sentenceOf(finding: CheckedHistory["finding"]): string {
  switch (finding.kind) {
    case "ok":
      return `${counted(finding.checked, "operation")} fit together`;
    case "unknown":
      return `${finding.because}; ${count(finding.checked)} of ${counted(finding.of, "operation")} looked at`;
    case "violated":
      return `${finding.counterexample.rule}: ${finding.counterexample.sentence}`;
  }
}
