import type { WatchEvent, WatchResponse } from "../../src/recording/watch.ts";
import type { KeyValue } from "../../src/recording/operations/key-value.ts";
import type { Store } from "./store.ts";

/** What two watchers of all keys were truly told of a store: each of one part of its revisions, from and to both included. */
export function toldOf(store: Store, keys: readonly string[], parts: readonly (readonly [from: number, to: number])[]): WatchResponse[] {
  return parts.flatMap(([from, to], watcher): WatchResponse[] => {
    const common = { watcher, member: `etcd-${watcher + 1}`, atNs: 1 };
    const revisions = Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
    const told = revisions.map((revision) => ({ revision, events: keys.flatMap((key) => changeOf(store, key, revision)) })).filter(({ events }) => events.length > 0);
    return [
      { ...common, kind: "created", revision: 1, key: "\0", end: "\0", fromRevision: from, prevKv: false },
      ...told.map((each): WatchResponse => ({ ...common, kind: "events", ...each })),
      { ...common, kind: "progress", revision: to },
    ];
  });
}

function changeOf(store: Store, key: string, revision: number): WatchEvent[] {
  const [before, now] = [stateOf(store, key, revision - 1), stateOf(store, key, revision)];
  if (before?.modRevision === now?.modRevision) return [];
  return now === undefined ? [{ type: "delete", key, modRevision: revision }] : [{ type: "put", ...now }];
}

function stateOf(store: Store, key: string, atRevision: number): KeyValue | undefined {
  if (atRevision < 2) return undefined;
  const answer = store.perform({ op: "range", key, end: `${key}\0`, atRevision });
  return typeof answer === "string" || answer.op !== "range" ? undefined : answer.kvs[0];
}
