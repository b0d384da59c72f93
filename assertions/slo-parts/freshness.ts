import { bisectRight } from "d3-array";

import { rewinds } from "../../src/analysis/rewinds.ts";
import type { Operation } from "../../src/recording/operation.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { formatDuration } from "../../src/units/duration.ts";
import { evidenceOf } from "../slo-objectives.ts";
import { counted } from "../words.ts";
import { Ledger, type Counted } from "./ledger.ts";
import type { Indicator } from "./share.ts";

/** How far a read may be behind. */
export type Behind = { readonly withinMs: number } | { readonly revisions: number };

/** How far a read was behind when it began. */
export interface Lag {
  /** Between the newest revision that was acknowledged to anybody until then and the read's. */
  readonly revisions: number;
  /** Since when something newer than what it found had been acknowledged. */
  readonly ms: number;
}

/**
 * Of serializable reads that ended ok: those that were not too far behind. A member answers them alone, by the state that it
 * has; the revision in the answer tells which that is. One that knows more than was acknowledged when it began is not behind.
 */
export function freshReads(recording: Recording, isKind: (operation: Operation) => boolean, behind: Behind): Indicator {
  const lagOf = lags(recording);
  const entries = recording.operations.filter(isKind).flatMap((read): Counted[] => {
    const lag = isSerializable(read) ? lagOf(read) : undefined;
    if (lag === undefined) return [];
    const good = "revisions" in behind ? lag.revisions <= behind.revisions : lag.ms <= behind.withinMs;
    const { text, ...evidence } = evidenceOf(read);
    return [{ atMs: read.invokeNs / 1e6, good, weight: 1, evidence: () => ({ ...evidence, text: `${text}, ${counted(lag.revisions, "revision")} and ${formatDuration(lag.ms)} behind` }) }];
  });
  const limit = "revisions" in behind ? counted(behind.revisions, "revision") : formatDuration(behind.withinMs);
  return { ledger: new Ledger(entries), noun: "serializable read", good: `at most ${limit} behind`, bad: `were more than ${limit} behind`, none: ({ name }) => `no serializable read was answered in ${name}` };
}

function isSerializable(operation: Operation): boolean {
  return (operation.op === "get" || operation.op === "range") && operation.serializable === true && operation.atRevision === undefined && operation.outcome === "ok" && operation.final !== true;
}

/** Undefined for what cannot be told: where an answer has no revision, or the store was taken back meanwhile. */
function lags(recording: Recording): (read: Operation) => Lag | undefined {
  const turns = rewinds(recording);
  const timelines = [...turns.map(({ endMs }) => endMs), Infinity].map((endMs, index) => new Acknowledged(recording.operations, turns[index - 1]?.endMs ?? -Infinity, endMs));
  return (read) => {
    const [fromMs, toMs] = [read.invokeNs / 1e6, read.returnNs / 1e6];
    if (read.revision === undefined || turns.some(({ startMs, endMs }) => fromMs <= endMs && toMs >= startMs)) return undefined;
    return timelines[turns.filter(({ endMs }) => endMs < fromMs).length]?.lag(read.revision, read.invokeNs);
  };
}

/** The revisions of acknowledged writes of one life of the store, in the order in which clients were told of them. */
class Acknowledged {
  readonly #returnsNs: readonly number[];
  /** The newest of all that were told until then; never falls. */
  readonly #newest: number[] = [];

  constructor(operations: readonly Operation[], fromMs: number, toMs: number) {
    const answered = operations.filter(({ outcome, revision, invokeNs, returnNs }) => outcome === "ok" && revision !== undefined && invokeNs / 1e6 >= fromMs && returnNs / 1e6 < toMs);
    const inOrder = answered.sort((a, b) => a.returnNs - b.returnNs);
    this.#returnsNs = inOrder.map(({ returnNs }) => returnNs);
    let newest = 0;
    for (const { revision = 0 } of inOrder) this.#newest.push((newest = Math.max(newest, revision)));
  }

  lag(revision: number, atNs: number): Lag {
    const known = bisectRight(this.#returnsNs, atNs);
    const newest = this.#newest[known - 1] ?? 0;
    if (newest <= revision) return { revisions: 0, ms: 0 };
    const sinceNs = this.#returnsNs[bisectRight(this.#newest, revision)] ?? atNs;
    return { revisions: newest - revision, ms: (atNs - sinceNs) / 1e6 };
  }
}
