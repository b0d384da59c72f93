import { seededRandom, type Random } from "../../../src/random.ts";
import type { Operation, Request } from "../../../src/recording/operation.ts";
import type { KeyValue } from "../../../src/recording/operations/key-value.ts";
import type { TxnPart } from "../../../src/recording/operations/txn.ts";
import type { Before, WatchAsked, WatchEvent, WatchResponse } from "../../../src/recording/watch.ts";
import { Store } from "../store.ts";

/** A run in which everything was right: what clients did, and what watchers were told of it. */
export interface Story {
  readonly history: readonly Operation[];
  readonly responses: readonly WatchResponse[];
  readonly compactedTo: number;
}

const keys = ["k1", "k2", "k3", "k4", "other"];
const watched = { key: "k", end: "l" };
const watchedKeys = keys.filter((key) => key.startsWith("k"));

/** Clients write to a model of etcd's store, and three watchers are cut, told late, and canceled by a compaction; some list first. */
export function story(seed: number): Story {
  const random = seededRandom(seed, "watch");
  const store = new Store();
  const history = Array.from({ length: random.int(5, 40) }, (_, index) => operate(store, index, random));
  const events = eventsOf(store);
  const compactedTo = chance(random, 0.3) ? random.int(2, store.revision) : 0;
  const prevKv = chance(random, 0.8);
  const stateAt = (revision: number): KeyValue[] => watchedKeys.flatMap((key) => { const found = stateOf(store, key, revision); return found === undefined ? [] : [{ key, ...found }]; });
  const responses = [0, 1, 2].flatMap((watcher) => new Teller(watcher, events, { compactedTo, last: store.revision, prevKv, stateAt: watcher > 0 && chance(random, 0.5) ? stateAt : undefined }, random).tell());
  return { history, responses: responses.toSorted((a, b) => a.atNs - b.atNs), compactedTo };
}

function chance(random: Random, share: number): boolean {
  return random.float() < share;
}

/** One write, which happens whether its client learns of it or not. */
function operate(store: Store, index: number, random: Random): Operation {
  const request = requestOf(index, random);
  const answered = store.perform(request);
  if (typeof answered === "string") throw new Error(answered);
  const common = { process: index, client: 0, member: "etcd-1", intendedNs: index, invokeNs: index, returnNs: index + 1 };
  return chance(random, 0.2) ? { ...common, ...request, outcome: "info", error: "no answer in time" } : { ...common, ...answered, outcome: "ok" };
}

function requestOf(index: number, random: Random): Request {
  const key = keys[random.int(0, keys.length - 1)] ?? "";
  const value = `v${index}`;
  const kind = random.float();
  if (kind < 0.5) return { op: "put", key, value };
  if (kind < 0.65) return { op: "delete", key };
  if (kind < 0.75) return { op: "delete", key: "k2", end: "k4" };
  const chosen = keys.filter(() => chance(random, 0.5));
  const success = chosen.map((each): TxnPart => (chance(random, 0.7) ? { op: "put", key: each, value } : { op: "delete", key: each }));
  return { op: "txn", compares: [], success, failure: [] };
}

/** What changed at each revision, seen by looking at the store before and after. */
function eventsOf(store: Store): Map<number, WatchEvent[]> {
  const events = new Map<number, WatchEvent[]>();
  for (let revision = 2; revision <= store.revision; revision += 1) {
    const changed = watchedKeys.flatMap((key): WatchEvent[] => {
      const [before, now] = [stateOf(store, key, revision - 1), stateOf(store, key, revision)];
      if (before?.modRevision === now?.modRevision) return [];
      const common = { key, modRevision: revision, ...(before === undefined ? {} : { prev: before }) };
      return [now === undefined ? { ...common, type: "delete" } : { ...now, ...common, type: "put" }];
    });
    if (changed.length > 0) events.set(revision, changed);
  }
  return events;
}

function stateOf(store: Store, key: string, atRevision: number): Before | undefined {
  const found = store.perform({ op: "get", key, atRevision });
  if (typeof found === "string" || found.op !== "get" || found.value === null) return undefined;
  const { value, modRevision = 0, createRevision = 0, version = 0 } = found;
  return { value, modRevision, createRevision, version };
}

interface Told {
  readonly compactedTo: number;
  readonly last: number;
  readonly prevKv: boolean;
  /** The state of a revision, for a watcher that lists first. */
  readonly stateAt: ((revision: number) => readonly KeyValue[]) | undefined;
}

/** Tells one watcher all events, with cuts and compactions in between. */
class Teller {
  readonly #watcher: number;
  readonly #events: ReadonlyMap<number, readonly WatchEvent[]>;
  readonly #story: Told;
  readonly #random: Random;
  readonly #responses: WatchResponse[] = [];
  #next = 2;
  /** Where the present watch began. */
  #from = 2;
  #bookmark = 0;
  #atNs = 0;

  constructor(watcher: number, events: ReadonlyMap<number, readonly WatchEvent[]>, told: Told, random: Random) {
    this.#watcher = watcher;
    this.#events = events;
    this.#story = told;
    this.#random = random;
  }

  tell(): WatchResponse[] {
    const { compactedTo, last } = this.#story;
    this.#list(this.#random.int(1, Math.ceil(last / 2)));
    this.#create();
    while (this.#next <= last) {
      const kind = this.#random.float();
      if (kind < 0.65) this.#tellSome();
      else if (kind < 0.85) this.#progress();
      else {
        this.#say({ kind: "cut", error: "UNAVAILABLE: gone" });
        this.#create();
        if (this.#next < compactedTo && chance(this.#random, 0.5)) {
          this.#say({ kind: "canceled", revision: last, compactRevision: compactedTo, error: "required revision has been compacted" });
          this.#next = compactedTo;
          this.#list(this.#random.int(compactedTo, last));
          this.#create();
        }
      }
    }
    if (chance(this.#random, 0.7)) this.#say({ kind: "progress", revision: last });
    return this.#responses;
  }

  #list(revision: number): void {
    const { stateAt } = this.#story;
    if (stateAt === undefined) return;
    this.#say({ kind: "listed", ...watched, askedNs: 0, revision, kvs: stateAt(revision) });
    this.#next = revision + 1;
  }

  #create(): void {
    const asked: WatchAsked = { ...watched, fromRevision: this.#next, prevKv: this.#story.prevKv };
    // A member that lags behind answers with what it has.
    this.#say({ kind: "created", revision: this.#random.int(0, this.#next - 1), ...asked });
    this.#from = this.#next;
    this.#bookmark = this.#next - 1;
  }

  #tellSome(): void {
    const events: WatchEvent[] = [];
    for (let revisions = this.#random.int(1, 4); revisions > 0; revisions -= 1, this.#next += 1) {
      for (const event of this.#events.get(this.#next) ?? []) events.push(this.#withPrev(event));
    }
    if (events.length > 0) this.#say({ kind: "events", revision: this.#next - 1, events });
  }

  #withPrev({ prev, ...event }: WatchEvent): WatchEvent {
    const compacted = event.modRevision - 1 < this.#story.compactedTo && chance(this.#random, 0.5);
    return prev === undefined || !this.#story.prevKv || compacted ? event : { ...event, prev };
  }

  #progress(): void {
    this.#bookmark = this.#random.int(Math.max(this.#bookmark, this.#from - 1), this.#next - 1);
    this.#say({ kind: "progress", revision: this.#bookmark });
  }

  #say(said: Said): void {
    this.#atNs += this.#random.int(1, 1_000);
    this.#responses.push({ watcher: this.#watcher, member: `etcd-${this.#watcher + 1}`, atNs: this.#atNs, ...said });
  }
}

/** A response before it is known whose it is. */
type Said = WatchResponse extends infer Response ? (Response extends unknown ? Omit<Response, "watcher" | "member" | "atNs"> : never) : never;
