import { answerText } from "../recording/answer-text.ts";
import { briefResponse, briefText, shortened } from "../recording/operation-brief.ts";
import { requestText } from "../recording/operation-text.ts";
import type { Operation } from "../recording/operation.ts";
import type { HashSample, StatusSample } from "../recording/samples.ts";
import type { WatchResponse } from "../recording/watch.ts";
import type { Finding, Ok, Unknown, Violated } from "./finding.ts";
import type { ShownCall } from "./linearizable/shown-call.ts";
import { responseText } from "./watch/response-text.ts";

/**
 * What a checker found wrong, in one form whichever checker and whatever history it is of: for the report, the terminal and
 * `counterexamples.json`, which docs/checking.md describes. Operations are meant by their names.
 */
export interface Counterexample {
  readonly rule: string;
  readonly sentence: string;
  /** `run`: nanoseconds on the run's clock. `file`: numbers of events in the file that was read. */
  readonly clock: "run" | "file";
  /** In order of invocation. */
  readonly operations: readonly ShownOperation[];
  /** The first that cannot be explained, and the last before it that can. */
  readonly illegal: string;
  readonly legal?: string;
  readonly expected?: string;
  readonly seen?: string;
  readonly order?: readonly { readonly from: string; readonly to: string; readonly kind: string; readonly why: string }[];
  readonly lasting?: readonly { readonly by: string; readonly from: number; readonly to: number; readonly what: string }[];
}

/** What a counterexample in a run is made of. */
export type Recorded = Operation | WatchResponse | StatusSample | HashSample;

/** An operation of a client, something that a watcher was told, or what a member said of itself. */
export interface ShownOperation {
  /** `1`, or `T1` where the sentence calls it so. */
  readonly name: string;
  /** Whose it is: `process 3`, `watcher 1`, `etcd-2`. */
  readonly lane: string;
  readonly process?: number;
  readonly client?: number;
  readonly member?: string;
  /** As short as tells it apart: `put k7=3-12 @40`. */
  readonly label: string;
  /** What was asked, and what was answered or went wrong. */
  readonly what: string;
  readonly answer?: string;
  /** `told`: to a watcher or by a member, at one moment. */
  readonly outcome: "ok" | "fail" | "info" | "told";
  readonly invoke: number;
  /** Null when it never returned. One of unknown outcome may happen after its return. */
  readonly return: number | null;
  readonly revision?: number;
  /** In the file that it was read from. */
  readonly line?: number;
  /** The whole line of `history.jsonl`, `watches.jsonl` or `status.jsonl`. */
  readonly recorded?: Recorded;
}

/** A finding whose violation is a counterexample already. */
export type Checked = Ok | Unknown | { readonly kind: "violated"; readonly counterexample: Counterexample };

/** A finding in a history of another tool. */
export function checkedCalls(finding: Finding<ShownCall>): Checked {
  return finding.kind === "violated" ? { kind: "violated", counterexample: counterexampleOfCalls(finding) } : finding;
}

type Unnamed = Omit<ShownOperation, "name">;

/** The counterexample of a finding in the history of a run. @param lineOf where an operation stands in the file it was read from */
export function counterexampleOfRun(violated: Violated<Recorded>, lineOf: (each: Recorded) => number | undefined = () => undefined): Counterexample {
  return counterexample(violated, "run", (each) => {
    const line = lineOf(each);
    return { ...shownRecorded(each), ...(line === undefined ? {} : { line }), recorded: each };
  });
}

function counterexampleOfCalls(violated: Violated<ShownCall>): Counterexample {
  return counterexample(violated, "file", ({ process, invoke, return: returned, what, line }) => ({
    lane: `process ${process}`, process, label: what, what, outcome: returned === null ? "info" : "ok", invoke, return: returned, ...(line === undefined ? {} : { line }),
  }));
}

function counterexample<Op>({ rule, sentence, operations, illegal, legal, expected, seen, order, lasting, did }: Violated<Op>, clock: Counterexample["clock"], show: (operation: Op) => Unnamed): Counterexample {
  const sorted = [...new Set(operations)].map((operation) => ({ operation, shown: show(operation) })).sort((a, b) => a.shown.invoke - b.shown.invoke);
  const names = new Map(sorted.map(({ operation }, index) => [operation, String(index + 1)]));
  for (const [index, { from }] of (order ?? []).entries()) names.set(from, `T${index + 1}`);
  const nameOf = (operation: Op): string => names.get(operation) ?? "?";
  return {
    rule,
    sentence,
    clock,
    operations: sorted.map(({ operation, shown }) => ({ name: nameOf(operation), ...shown, ...inOwnTerms(shown, did?.get(operation)) })),
    illegal: nameOf(illegal),
    ...(legal === undefined || legal === illegal || show(legal).outcome === "fail" ? {} : { legal: nameOf(legal) }),
    ...(expected === undefined ? {} : { expected }),
    ...(seen === undefined ? {} : { seen }),
    ...(order === undefined ? {} : { order: order.map(({ from, to, kind, why }) => ({ from: nameOf(from), to: nameOf(to), kind, why: why.replace("%", nameOf(to)) })) }),
    ...(lasting === undefined ? {} : { lasting: lasting.map(({ by, from, to, what }) => ({ by: nameOf(by), from, to, what })) }),
  };
}

const ownTermsMax = 60;

function inOwnTerms({ revision }: Unnamed, did: string | undefined): Pick<Unnamed, "label"> | undefined {
  return did === undefined ? undefined : { label: `${shortened(did, ownTermsMax)}${revision === undefined ? "" : ` @${revision}`}` };
}

function shownRecorded(each: Recorded): Unnamed {
  if ("op" in each) return shownOperation(each);
  return "watcher" in each ? shownResponse(each) : shownSample(each);
}

function shownOperation(operation: Operation): Unnamed {
  const { process, client, member, outcome, invokeNs, returnNs, revision, error } = operation;
  const answer = outcome === "ok" ? answerText(operation) : (error ?? "");
  return {
    lane: `process ${process}`, process, client, member,
    label: briefText(operation),
    what: requestText(operation),
    ...(answer === "" ? {} : { answer }),
    outcome,
    invoke: invokeNs,
    return: returnNs,
    ...(revision === undefined ? {} : { revision }),
  };
}

function shownResponse(response: WatchResponse): Unnamed {
  const { watcher, member, atNs } = response;
  const revision = revisionOf(response);
  return {
    lane: `watcher ${watcher}`, member,
    label: briefResponse(response),
    what: responseText(response),
    outcome: "told",
    invoke: atNs,
    return: atNs,
    ...(revision === undefined ? {} : { revision }),
  };
}

function shownSample(sample: StatusSample | HashSample): Unnamed {
  const { member, atMs } = sample;
  const common = { lane: member, member, outcome: "told", invoke: atMs * 1e6, return: atMs * 1e6 } as const;
  if (!sample.ok) return { ...common, label: "no answer", what: `${sample.kind} of ${member}`, answer: sample.error };
  const { revision } = sample;
  if (sample.kind === "hash") return { ...common, label: `hash ${sample.hash} @${sample.atRevision}`, what: `hash of the store at revision ${sample.atRevision}`, answer: String(sample.hash), revision };
  const state = `term ${sample.term}, raft index ${sample.raftIndex}, applied index ${sample.appliedIndex}`;
  return { ...common, label: `${state} @${revision}`, what: `status of ${member}`, answer: `revision ${revision}, ${state}`, revision };
}

/** Of changes their own revision: the one in the header is the member's. */
function revisionOf(response: WatchResponse): number | undefined {
  switch (response.kind) {
    case "events":
      return response.events.at(-1)?.modRevision;
    case "created":
      return response.fromRevision;
    case "progress":
    case "canceled":
      return response.revision;
    case "cut":
      return undefined;
  }
}
