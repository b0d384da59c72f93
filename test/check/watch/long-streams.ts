import type { Operation } from "../../../src/recording/operation.ts";
import type { Before, WatchEvent, WatchResponse } from "../../../src/recording/watch.ts";

const keys = 50;
const watchers = 3;
/** A response has so many changes, and so many responses come before a watcher is told of progress, or cut and begins anew. */
const changesTogether = 3;
const responsesBetween = 300;
const everything = { key: "k", end: "l", prevKv: true };

/** A long run in which everything was right: so many puts of some keys, and three watchers that were told all of them. */
export function longStory(puts: number): { readonly history: Operation[]; readonly responses: WatchResponse[]; readonly compactedTo: number } {
  const states = new Map<string, Before>();
  const events = Array.from({ length: puts }, (_, index): WatchEvent => {
    const modRevision = index + 2;
    const key = `k${(index * 7) % keys}`;
    const before = states.get(key);
    const state = { value: `v${index}`, modRevision, createRevision: before?.createRevision ?? modRevision, version: (before?.version ?? 0) + 1 };
    states.set(key, state);
    return { type: "put", key, ...state, ...(before === undefined ? {} : { prev: before }) };
  });
  const history = events.flatMap((event, index): Operation[] => {
    if (event.type !== "put") return [];
    const { key, value, modRevision: revision } = event;
    return [{ process: index % 30, client: index % 30, member: "etcd-1", op: "put", key, value, intendedNs: index, invokeNs: index, returnNs: index + 1, outcome: "ok", revision }];
  });
  const responses = Array.from({ length: watchers }, (_, watcher) => toldTo(watcher, events)).flat();
  return { history, responses: responses.sort((a, b) => a.atNs - b.atNs), compactedTo: 0 };
}

function toldTo(watcher: number, events: readonly WatchEvent[]): WatchResponse[] {
  const responses: WatchResponse[] = [];
  const common = (index: number) => ({ watcher, member: `etcd-${watcher + 1}`, atNs: index, revision: index + 1 });
  responses.push({ ...common(0), kind: "created", ...everything, fromRevision: 2 });
  for (let index = 0, count = 1; index < events.length; index += changesTogether, count += 1) {
    const next = Math.min(index + changesTogether, events.length);
    responses.push({ ...common(next), kind: "events", events: events.slice(index, next) });
    if (count % responsesBetween !== 0) continue;
    if (count % (2 * responsesBetween) === 0) responses.push({ ...common(next), kind: "progress" });
    else responses.push({ ...common(next), kind: "cut", error: "UNAVAILABLE: gone" }, { ...common(next), kind: "created", ...everything, fromRevision: next + 2 });
  }
  return responses;
}
