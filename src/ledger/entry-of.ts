import { createHash } from "node:crypto";
import { figuresOf, operationCounts } from "../analysis/key-figures.ts";
import type { JudgedAssertion, Results } from "../judge/results.ts";
import type { Recording } from "../recording/recording.ts";
import type { RunInfo } from "../recording/run-info.ts";
import type { Entry } from "./entry.ts";

const sentenceMax = 500;
const titleMax = 200;

/** What is kept of the results: their outcomes, without the evidence. */
export interface JudgedRun extends Pick<Results, "outcome" | "sentence"> {
  readonly assertionsFrom?: string | undefined;
  readonly assertions: readonly (Pick<JudgedAssertion, "kind" | "title"> & { readonly verdict: Pick<JudgedAssertion["verdict"], "outcome"> })[];
}

/** A run as it is kept: with its key figures. */
export function entryOf(recording: Recording, results: JudgedRun, scenarioText: string | undefined, { rejudged }: { readonly rejudged: boolean }): Entry {
  return {
    ...knownOfRun(recording.info, results, scenarioText),
    ...(rejudged ? { rejudged } : {}),
    figures: figuresOf(recording),
    operations: operationCounts(recording),
  };
}

/** What is known of a run without its recording. */
export function knownOfRun(info: RunInfo, results: JudgedRun, scenarioText: string | undefined): Entry {
  const { id, scenario, seed, startedAt, status, etcd, etcdAsked, runtime, machine, harness } = info;
  return {
    format: 1,
    id,
    scenario,
    ...(scenarioText === undefined ? {} : { scenarioHash: createHash("sha256").update(scenarioText).digest("hex").slice(0, 12) }),
    seed,
    startedAt,
    status,
    outcome: results.outcome,
    sentence: results.sentence.slice(0, sentenceMax),
    ...(results.assertionsFrom === undefined ? {} : { assertionsFrom: results.assertionsFrom }),
    etcd: { version: etcd.version, ...(etcdAsked === undefined ? {} : { asked: etcdAsked }), ...(etcd.sha256 === undefined ? {} : { sha256: etcd.sha256 }) },
    runtime: runtime.kind,
    machine,
    harness,
    assertions: results.assertions.map(({ kind, title, verdict: { outcome } }) => ({ kind, title: title.slice(0, titleMax), outcome })),
  };
}
