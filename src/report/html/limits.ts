/** How much of each thing the page shows. What is left out is always said, with the file that holds it. */
export interface Limits {
  readonly assertions: number;
  /** Pieces of evidence of all assertions together. */
  readonly evidence: number;
  readonly counterexamples: number;
  /** Of one counterexample. */
  readonly operations: number;
  readonly storyEntries: number;
  readonly faults: number;
  readonly phases: number;
  readonly logLines: number;
  /** Stretches of one member's role, and member events, in the drawing. */
  readonly drawn: number;
  /** Characters of any one text from the run. */
  readonly text: number;
  /** Characters of the scenario and of the plan. */
  readonly input: number;
}

export const usualLimits: Limits = {
  assertions: 200,
  evidence: 400,
  counterexamples: 12,
  operations: 30,
  storyEntries: 300,
  faults: 100,
  phases: 60,
  logLines: 150,
  drawn: 300,
  text: 500,
  input: 60_000,
};

/** The usual limits, or a part of them for a recording whose page would become too large. */
export function limitsAt(scale: number): Limits {
  const part = (limit: number) => Math.max(1, Math.floor(limit * scale));
  return {
    assertions: part(usualLimits.assertions),
    evidence: part(usualLimits.evidence),
    counterexamples: part(usualLimits.counterexamples),
    operations: part(usualLimits.operations),
    storyEntries: part(usualLimits.storyEntries),
    faults: part(usualLimits.faults),
    phases: part(usualLimits.phases),
    logLines: part(usualLimits.logLines),
    drawn: part(usualLimits.drawn),
    text: part(usualLimits.text),
    input: part(usualLimits.input),
  };
}
