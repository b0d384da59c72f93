import type { Render } from "../renderer.ts";
import { outcomeWords } from "../outcome-words.ts";
import { Document, pageText } from "./document.tsx";
import { Assertions, Assumptions } from "./sections/assertions.tsx";
import { Defects, Environment, Files, Inputs } from "./sections/background.tsx";
import { usualLimits } from "./limits.ts";
import { WhatBroke } from "./sections/broke.tsx";
import { Counterexamples } from "./sections/counterexamples.tsx";
import { Faults } from "./sections/faults.tsx";
import { Glance } from "./sections/glance.tsx";
import { Header } from "./sections/header.tsx";
import { Logs } from "./sections/logs.tsx";
import { Phases } from "./sections/phases.tsx";
import { WhatHappened } from "./sections/story.tsx";
import { observe } from "./seen.ts";
import { Timeline } from "./timeline/timeline.tsx";
import { viewOf, type ReportView } from "./view.ts";

/** `report.html`: what was run, what was seen and what it means. */
export const renderHtml: Render = (recording, results, scenarioText, planText, metrics, allRuns) => {
  const seen = observe(recording, recording.phases.slice(0, usualLimits.phases), metrics);
  return pageText((limits) => <Page view={viewOf(seen, results, scenarioText, planText, limits, allRuns)} />);
};

function Page({ view }: { view: ReportView }) {
  const { results } = view;
  const { glyph, word } = outcomeWords[results.outcome];
  return (
    <Document title={`${glyph} ${results.scenario}: ${word}`} skipTo={{ id: "assertions", words: "Skip to the assertions" }}>
      <Header view={view} />
      <WhatBroke view={view} />
      <Glance view={view} />
      <Defects view={view} />
      <Assumptions view={view} />
      <Assertions view={view} />
      {view.phases.length === 0 ? null : <Timeline view={view} />}
      <WhatHappened view={view} />
      <Faults view={view} />
      <Phases view={view} />
      <Counterexamples view={view} />
      <Logs view={view} />
      <Environment view={view} />
      <Inputs view={view} />
      <Files view={view} />
    </Document>
  );
}
