import type { WatchEvent, WatchResponse, WatchResponseOf } from "../../recording/watch.ts";
import { covers } from "../revisions/changes.ts";

/** What one watch was told from its creation to its cut. */
export interface Stream {
  readonly created: WatchResponseOf<"created">;
  readonly responses: readonly (WatchResponseOf<"events"> | WatchResponseOf<"progress">)[];
  /** The revision up to which it claims to have told everything; before `fromRevision` where it claims nothing. */
  readonly upTo: number;
  /** How etcd ended it, where it did. */
  readonly canceled?: WatchResponseOf<"canceled">;
}

/** A change, as a stream told it. */
export interface Told {
  readonly event: WatchEvent;
  readonly response: WatchResponseOf<"events">;
  readonly stream: Stream;
}

/** The streams of all watchers; each begins with its `created`. */
export function streamsOf(responses: readonly WatchResponse[]): Stream[] {
  const latest = new Map<number, Growing>();
  const all: Growing[] = [];
  for (const response of responses) {
    if (response.kind === "created") {
      const stream: Growing = { created: response, responses: [] };
      latest.set(response.watcher, stream);
      all.push(stream);
    } else if (response.kind === "canceled") {
      const stream = latest.get(response.watcher);
      if (stream !== undefined) stream.canceled = response;
    } else if (response.kind === "events" || response.kind === "progress") latest.get(response.watcher)?.responses.push(response);
  }
  return all.map((stream) => ({ ...stream, upTo: upToOf(stream.responses, stream.created.fromRevision - 1) }));
}

interface Growing extends Pick<Stream, "created"> {
  readonly responses: Stream["responses"][number][];
  canceled?: WatchResponseOf<"canceled">;
}

function upToOf(responses: Stream["responses"], least: number): number {
  return responses.reduce((upTo, each) => Math.max(upTo, each.kind === "progress" ? each.revision : (each.events.at(-1)?.modRevision ?? 0)), least);
}

/** Whether a stream was asked for a key. */
export function asksFor({ created }: Stream, key: string): boolean {
  return covers(created, key);
}

/** Every change that a stream told, in the order in which it came. */
export function* toldBy(stream: Stream): Generator<Told> {
  for (const response of stream.responses) {
    if (response.kind === "events") for (const event of response.events) yield { event, response, stream };
  }
}
