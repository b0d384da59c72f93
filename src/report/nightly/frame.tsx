import type { ComponentChildren } from "preact";
import type { Nightly } from "../../nightly/nightly.ts";
import { Document } from "../html/document.tsx";
import { BackToAllRuns, Headline } from "../html/sections/parts.tsx";
import { outcomeWords } from "../outcome-words.ts";
import { nightlyOutcome } from "./words.ts";

/** What a page about many runs is called, says first and leads to. */
export interface ManyRunsFrame {
  readonly name: string;
  readonly runs: Pick<Nightly, "turns" | "flakesOk" | "signal" | "startedAt">;
  readonly sentence: string;
  readonly skipTo: { readonly id: string; readonly words: string };
}

/** A page about many runs, which lies in the folder of all runs: its name and time, the verdict on all of them, and the way to all others. */
export function ManyRunsPage({ name, runs, sentence, skipTo, children }: ManyRunsFrame & { children: ComponentChildren }) {
  const outcome = nightlyOutcome(runs);
  const { glyph, word } = outcomeWords[outcome];
  return (
    <Document title={`${glyph} ${name}: ${word}`} skipTo={skipTo}>
      <header class={outcome}>
        <BackToAllRuns href="index.html" />
        <p class="eyebrow">
          <strong>{name}</strong> {runs.startedAt.slice(0, 16).replace("T", " ")} UTC
        </p>
        <Headline outcome={outcome} sentence={sentence} />
      </header>
      {children}
    </Document>
  );
}
