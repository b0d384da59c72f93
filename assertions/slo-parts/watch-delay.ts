import { group, rollup } from "d3-array";

import { isWrite } from "../../src/analysis/availability.ts";
import { runWindow } from "../../src/analysis/windows.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { subjectText } from "../../src/recording/operation-text.ts";
import type { Recording } from "../../src/recording/recording.ts";
import type { WatchResponse } from "../../src/recording/watch.ts";
import { formatDuration } from "../../src/units/duration.ts";
import { excerpt } from "../words.ts";
import { Ledger, type Counted } from "./ledger.ts";
import type { Indicator } from "./share.ts";

/**
 * Of acknowledged writes at each watcher that watches one of their keys: those that it was told of in time. It counts from the
 * acknowledgement: from then on the writer may rely on others to know, and how long the write itself took is what its own
 * latency tells. What a watcher knows before has no delay. What it is never told is late; what it lists anew counts as told.
 */
export function watchDelay(recording: Recording, withinMs: number): Indicator {
  const { operations, watches } = recording;
  const writes = operations.filter((operation) => operation.outcome === "ok" && operation.revision !== undefined && operation.final !== true && isWrite(operation));
  // In a run that was cut short what was not told yet may have been on its way in time.
  const untilMs = recording.info.status === "finished" ? Infinity : runWindow(recording).endMs;
  const entries = watchersOf(watches).flatMap((watcher) => writes.flatMap((write) => entryOf(watcher, write, withinMs, untilMs) ?? []));
  const within = formatDuration(withinMs);
  return { ledger: new Ledger(entries), noun: "change", good: `told within ${within}`, bad: `were not told to a watcher within ${within} of their acknowledgement`, none: ({ name }) => `no acknowledged write of ${name} was of a key that somebody watched` };
}

function entryOf({ member, knows, watches, fromRevision }: Watcher, write: Operation, withinMs: number, untilMs: number): Counted | undefined {
  const { revision = 0, returnNs } = write;
  if (revision < fromRevision || !writtenKeys(write).some(watches)) return undefined;
  const toldNs = knows(write);
  if (toldNs === undefined && returnNs / 1e6 + withinMs > untilMs) return undefined;
  const delayMs = toldNs === undefined ? undefined : Math.max(0, (toldNs - returnNs) / 1e6);
  const end = delayMs === undefined ? "it was never told" : `it was told after ${formatDuration(delayMs)}`;
  return {
    atMs: returnNs / 1e6,
    good: delayMs !== undefined && delayMs <= withinMs,
    weight: 1,
    evidence: () => ({ kind: "operation", atMs: returnNs / 1e6, ...(toldNs === undefined ? {} : { endMs: toldNs / 1e6 }), member, text: `${write.op} ${excerpt(subjectText(write), 60)} at revision ${revision}, watched at ${member}: ${end}` }),
  };
}

interface Watcher {
  readonly member: string;
  /** What it was to be told of from the first on. */
  readonly fromRevision: number;
  readonly watches: (key: string) => boolean;
  /** When it was told of a write. */
  readonly knows: (write: Operation) => number | undefined;
}

function watchersOf(watches: readonly WatchResponse[]): Watcher[] {
  return [...group(watches, ({ watcher }) => watcher).values()].flatMap((responses) => {
    const first = responses.find((response) => response.kind === "created");
    if (first === undefined) return [];
    const told = responses.flatMap((response) => (response.kind === "events" ? response.events.map(({ modRevision }) => ({ modRevision, atNs: response.atNs })) : []));
    const toldNs = rollup(told, (times) => times.map(({ atNs }) => atNs), ({ modRevision }) => modRevision);
    const lists = responses.filter((response) => response.kind === "listed");
    const { key, end, fromRevision, member } = first;
    const covers = (each: string): boolean => (end === undefined ? each === key : each >= key && (end === "\0" || each < end));
    // A store that was taken back has a revision twice: nobody is told of a change before it was asked for.
    const knows = ({ revision = 0, invokeNs }: Operation): number | undefined => {
      const listedNs = lists.find((list) => list.revision >= revision && list.atNs >= invokeNs)?.atNs;
      const times = [...(toldNs.get(revision) ?? []), ...(listedNs === undefined ? [] : [listedNs])].filter((atNs) => atNs >= invokeNs);
      return times.length === 0 ? undefined : Math.min(...times);
    };
    return [{ member, fromRevision, watches: covers, knows }];
  });
}

/** The keys that an acknowledged operation wrote for sure, so that there is a change to be told. */
function writtenKeys(write: Operation): string[] {
  switch (write.op) {
    case "put":
      return [write.key];
    case "txn":
      return (write.succeeded === true ? write.success : write.succeeded === false ? write.failure : []).flatMap((part) => (part.op === "put" ? [part.key] : []));
    default:
      // A delete may have found nothing.
      return [];
  }
}
