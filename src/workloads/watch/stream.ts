import type { IEvent, IKeyValue, IWatchResponse } from "etcd3";
import type { Before, WatchAsked, WatchEvent, WatchResponse } from "../../recording/watch.ts";
import { etcdClient } from "../etcd-client.ts";
import { failureOf } from "../outcome.ts";
import { recordedValue } from "../recorded-value.ts";

/** What etcd says on a stream; who watches, and when, is the watcher's to add. */
export type Said = WatchResponse extends infer Response ? (Response extends { readonly kind: "cut" | "listed" } ? never : Omit<Response, "watcher" | "member" | "atNs">) : never;

/** One watch on one connection. */
export interface WatchStream {
  /** Asks how far it has come: the answer is a `progress` once all before it was told. */
  askProgress(): void;
  /** Resolves with why the stream ended: `UNAVAILABLE: …`. */
  readonly ended: Promise<string>;
  close(): void;
}

export type OpenWatch = (asked: WatchAsked, onSaid: (said: Said) => void) => WatchStream;

/** Opens watches on a member, each on a connection of its own: one that hangs is left behind as a whole. */
export function etcdWatches(url: string): OpenWatch {
  return (asked, onSaid) => {
    const client = etcdClient(url);
    const opening = client.watchClient.watch();
    let closed = false;
    const ended = new Promise<string>((resolve) => {
      const end = (cause: unknown): void => resolve(failureOf(cause).error);
      opening.then((stream) => {
        stream.on("error", end);
        stream.on("end", () => resolve("the stream ended"));
        stream.on("data", (response) => void (closed || saidOf(response, asked).forEach(onSaid)));
        stream.write({ create_request: requestOf(asked) });
      }, end);
    });
    const withStream = (act: (stream: Awaited<typeof opening>) => void): void => void opening.then(act).catch(() => undefined);
    return {
      ended,
      askProgress: () => withStream((stream) => stream.write({ progress_request: {} })),
      close() {
        closed = true;
        withStream((stream) => stream.cancel());
        client.close();
      },
    };
  };
}

function requestOf({ key, end, fromRevision, prevKv }: WatchAsked): object {
  const range = end === undefined ? {} : { range_end: Buffer.from(end) };
  return { key: Buffer.from(key), ...range, start_revision: fromRevision, prev_kv: prevKv, progress_notify: true };
}

/** One that is refused is created and canceled at once. */
function saidOf({ header, created, canceled, compact_revision, cancel_reason, events }: IWatchResponse, asked: WatchAsked): Said[] {
  const revision = Number(header.revision);
  const begun: Said[] = created ? [{ kind: "created", revision, ...asked }] : [];
  if (canceled) return [...begun, { kind: "canceled", revision, ...(Number(compact_revision) > 0 ? { compactRevision: Number(compact_revision) } : {}), error: cancel_reason || "etcd gave no reason" }];
  if (created) return begun;
  return [events.length > 0 ? { kind: "events", revision, events: events.map(eventOf) } : { kind: "progress", revision }];
}

function eventOf({ type, kv, prev_kv }: IEvent): WatchEvent {
  // What etcd left out is null, whatever etcd3's types say.
  const before: IKeyValue | null = prev_kv;
  const common = { key: kv.key.toString(), modRevision: Number(kv.mod_revision), ...(before === null ? {} : { prev: beforeOf(before) }) };
  return type === "Delete" ? { type: "delete", ...common } : { type: "put", ...common, value: recordedValue(kv.value.toString()), createRevision: Number(kv.create_revision), version: Number(kv.version) };
}

function beforeOf({ value, mod_revision, create_revision, version }: IKeyValue): Before {
  return { value: recordedValue(value.toString()), modRevision: Number(mod_revision), createRevision: Number(create_revision), version: Number(version) };
}
