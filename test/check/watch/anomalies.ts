import type { Guarantee } from "../../../src/check/watch/guarantees.ts";
import type { Random } from "../../../src/random.ts";
import type { KeyValue } from "../../../src/recording/operations/key-value.ts";
import type { Before, WatchEvent, WatchResponse, WatchResponseOf } from "../../../src/recording/watch.ts";
import type { Story } from "./streams.ts";

type Events = WatchResponseOf<"events">;

/** One change in a stream: which response holds it, and where. */
interface Spot {
  readonly response: Events;
  readonly index: number;
  readonly event: WatchEvent;
  /** The changes of the same stream before it and after it. */
  readonly before: readonly WatchEvent[];
  readonly after: readonly WatchEvent[];
  /** Where the stream was asked to begin, and whether that was after a compaction. */
  readonly from: number;
  readonly compacted: boolean;
  /** Whether another watcher was told it too. */
  readonly known: boolean;
}

/** Spoils one thing; undefined where the story has no place for it. */
export interface Anomaly {
  readonly breaks: Guarantee;
  readonly plant: (story: Story, random: Random) => readonly WatchResponse[] | undefined;
}

export const anomalies: Readonly<Record<string, Anomaly>> = {
  "a reordered change": at("ordered", ({ before, event }) => before.some(({ modRevision }) => modRevision < event.modRevision), (spot, responses) => {
    const earlier = spot.before.findLast(({ modRevision }) => modRevision < spot.event.modRevision);
    return replaceEvents(responses, spot, (each) => (each === spot.event ? (earlier ?? each) : each === earlier ? spot.event : each));
  }),
  "a gap": at("reliable", ({ known, before, event, after }) => known && before.some(({ modRevision }) => modRevision < event.modRevision) && after.length > 0, (spot, responses) => without(responses, spot.event)),
  "a change left out at the beginning": at("resumable", ({ known, before, event, after }) => known && before.length === 0 && after.some(({ modRevision }) => modRevision > event.modRevision) && after.every(({ modRevision }) => modRevision !== event.modRevision), (spot, responses) => without(responses, spot.event)),
  "a change from before the beginning": at("resumable", ({ before, from, compacted }) => before.length === 0 && from > 2 && !compacted, (spot, responses) => {
    const early = responses.flatMap((each) => (each.kind === "events" ? each.events : [])).findLast(({ modRevision }) => modRevision < spot.from);
    return early && responses.map((each) => (each === spot.response ? { ...spot.response, events: [{ ...early }, ...spot.response.events] } : each));
  }),
  "a change told twice": at("unique", () => true, (spot, responses) => responses.flatMap((each) => (each === spot.response ? [each, { ...spot.response, events: [{ ...spot.event }] }] : [each]))),
  "a change of no later revision than progress": at("bookmarkable", () => true, (spot, responses, random) => {
    const { watcher, member, atNs } = spot.response;
    const progress: WatchResponse = { watcher, member, atNs, kind: "progress", revision: spot.event.modRevision + random.int(0, 2) };
    return responses.flatMap((each) => (each === spot.response ? [progress, each] : [each]));
  }),
  "progress that goes back": at("bookmarkable", ({ before }) => before.length > 0, (spot, responses) => {
    const { watcher, member, atNs } = spot.response;
    const progress = (revision: number): WatchResponse => ({ watcher, member, atNs, kind: "progress", revision });
    const done = (spot.before.at(-1)?.modRevision ?? 0) - 1;
    return responses.flatMap((each) => (each === spot.response ? [progress(done), progress(done - 1), each] : [each]));
  }),
  "progress to before the beginning": at("bookmarkable", ({ from }) => from > 2, (spot, responses, random) => {
    const { watcher, member, atNs } = spot.response;
    return responses.flatMap((each) => (each === spot.response ? [{ watcher, member, atNs, kind: "progress", revision: random.int(1, spot.from - 2) }, each] : [each]));
  }),
  "a split revision": at("atomic", ({ index, event, before }) => index > 0 && before.at(-1)?.modRevision === event.modRevision, (spot, responses) =>
    responses.flatMap((each) => (each === spot.response ? [{ ...spot.response, events: spot.response.events.slice(0, spot.index) }, { ...spot.response, events: spot.response.events.slice(spot.index) }] : [each])),
  ),
  "a key that was not asked for": at("filter", () => true, (spot, responses) => replaceEvents(responses, spot, (each) => (each === spot.event ? { ...each, key: "z1" } : each))),
  "another value through one member": at("agreed", ({ known, event }) => known && event.type === "put", (spot, responses) =>
    replaceEvents(responses, spot, (each) => (each === spot.event && each.type === "put" ? { ...each, value: "other" } : each)),
  ),
  "another key of a revision through one member": at("agreed", ({ known, event, before, after }) => known && event.type === "put" && ![...before, ...after].some(({ modRevision }) => modRevision === event.modRevision), (spot, responses) =>
    replaceEvents(responses, spot, (each) => (each === spot.event ? { ...each, key: "k8" } : each)),
  ),
  "a compaction that ends a watch which was told all that it drops": at("compacted", () => true, (spot, responses) => {
    const { watcher, member, atNs } = spot.response;
    const last = spot.response.events.at(-1)?.modRevision ?? 0;
    return responses.flatMap((each) => (each === spot.response ? [each, { watcher, member, atNs, kind: "canceled", revision: last, compactRevision: last, error: "compacted" }] : [each]));
  }),
  "a list that leaves out a key": list((_, kv, { kvs }) => kvs.filter((each) => each !== kv)),
  "a list with another value": list((_, kv, { kvs }) => kvs.map((each) => (each === kv ? { ...kv, value: "other" } : each))),
  "a list with a key as it was before": list((before, kv, { kvs }) => before && kvs.map((each) => (each === kv ? { key: kv.key, ...before } : each))),
  "a list with a key from nowhere": list((_, kv, { kvs }) => (kvs.some(({ key }) => key === "k9") ? undefined : [...kvs, { ...kv, key: "k9" }])),
  "a wrong version": at("is-create", ({ event }) => event.type === "put", (spot, responses, random) => everywhere(responses, spot, (event) => ({ ...event, version: event.version + random.int(1, 2) }))),
  "a wrong creation": at("is-create", ({ event }) => event.type === "put" && event.version > 1, (spot, responses) => everywhere(responses, spot, (event) => ({ ...event, createRevision: event.modRevision }))),
  "a wrong value before": at("prev-kv", ({ event }) => event.prev !== undefined, (spot, responses) => withPrev(responses, spot, spot.event.prev && { ...spot.event.prev, value: "other" })),
  "a stale value before": at("prev-kv", ({ event }) => event.prev !== undefined, (spot, responses) => withPrev(responses, spot, spot.event.prev && { ...spot.event.prev, modRevision: spot.event.prev.modRevision - 1 })),
};

/** An anomaly in one of the lists that the first watcher was told everything up to, without a cut. */
function list(change: (before: Before | undefined, kv: KeyValue, list: List) => readonly KeyValue[] | undefined): Anomaly {
  return {
    breaks: "listed",
    plant({ responses, compactedTo }, random) {
      // Of what came before a compaction not all may be known.
      if (compactedTo > 0) return undefined;
      const first = responses.filter(({ watcher }) => watcher === 0);
      const cut = first.findIndex(({ kind }) => kind === "cut");
      const upTo = Math.max(0, ...first.slice(0, cut < 0 ? first.length : cut).map((each) => (each.kind === "events" ? (each.events.at(-1)?.modRevision ?? 0) : 0)));
      const told = responses.flatMap((each) => (each.kind === "events" ? each.events : []));
      const spots = responses.flatMap((each) => (each.kind === "listed" && each.revision <= upTo ? each.kvs.map((kv) => ({ each, kv })) : []));
      const changed = spots.flatMap(({ each, kv }) => {
        const kvs = change(told.find(({ key, modRevision }) => key === kv.key && modRevision === kv.modRevision)?.prev, kv, each);
        return kvs === undefined ? [] : [{ list: each, kvs }];
      });
      if (changed.length === 0) return undefined;
      const { list: spoilt, kvs } = random.pick(changed);
      return responses.map((each) => (each === spoilt ? { ...spoilt, kvs } : each));
    },
  };
}

type List = WatchResponseOf<"listed">;
type Plant = (spot: Spot, responses: readonly WatchResponse[], random: Random) => readonly WatchResponse[] | undefined;

/** An anomaly at one of the places that are fit for it. */
function at(breaks: Guarantee, fits: (spot: Spot) => boolean, plant: Plant): Anomaly {
  return {
    breaks,
    plant: ({ responses, compactedTo }, random) => {
      // What came before a compaction may be told by nobody in full.
      const spots = spotsOf(responses).filter((spot) => fits(spot) && (compactedTo === 0 || !["is-create", "prev-kv"].includes(breaks)));
      return spots.length === 0 ? undefined : plant(random.pick(spots), responses, random);
    },
  };
}

function spotsOf(responses: readonly WatchResponse[]): Spot[] {
  const told = responses.filter((each) => each.kind === "events");
  return told.flatMap((response) => {
    const stream = streamEvents(responses, response);
    return response.events.map((event, index) => {
      const place = stream.indexOf(event);
      const known = told.some(({ watcher, events }) => watcher !== response.watcher && events.some(({ key, modRevision }) => key === event.key && modRevision === event.modRevision));
      return { response, index, event, before: stream.slice(0, place), after: stream.slice(place + 1), ...beginningOf(responses, response), known };
    });
  });
}

function beginningOf(responses: readonly WatchResponse[], response: Events): Pick<Spot, "from" | "compacted"> {
  const own = responses.slice(0, responses.indexOf(response)).filter(({ watcher }) => watcher === response.watcher);
  const index = own.findLastIndex(({ kind }) => kind === "created");
  const created = own[index];
  if (created?.kind !== "created") throw new Error("a response without a watch");
  return { from: created.fromRevision, compacted: own[index - 1]?.kind === "canceled" };
}

function streamEvents(responses: readonly WatchResponse[], response: Events): WatchEvent[] {
  const own = responses.filter(({ watcher }) => watcher === response.watcher);
  const place = own.indexOf(response);
  const begin = own.findLastIndex(({ kind }, index) => kind === "created" && index < place);
  const end = own.findIndex(({ kind }, index) => kind === "created" && index > place);
  return own.slice(begin, end < 0 ? own.length : end).flatMap((each) => (each.kind === "events" ? each.events : []));
}

/** Within the stream of the spot, which is the only one to hold these very objects. */
function replaceEvents(responses: readonly WatchResponse[], { response: { watcher } }: Spot, replace: (event: WatchEvent) => WatchEvent): WatchResponse[] {
  return responses.map((each) => (each.kind === "events" && each.watcher === watcher ? { ...each, events: each.events.map(replace) } : each));
}

function without(responses: readonly WatchResponse[], event: WatchEvent): WatchResponse[] {
  return responses.map((each) => (each.kind === "events" ? { ...each, events: each.events.filter((one) => one !== event) } : each));
}

/** The same through all members and in all lists, so that they do not disagree. */
function everywhere(responses: readonly WatchResponse[], { event }: Spot, change: (event: Extract<WatchEvent, { type: "put" }>) => Before): readonly WatchResponse[] {
  if (event.type !== "put") return responses;
  const { createRevision, version } = change(event);
  const spoil = <Each extends KeyValue>(each: Each): Each => (each.key === event.key && each.modRevision === event.modRevision ? { ...each, createRevision, version } : each);
  return responses.map((each) => {
    if (each.kind === "listed") return { ...each, kvs: each.kvs.map(spoil) };
    return each.kind === "events" ? { ...each, events: each.events.map((one) => (one.type === "put" ? spoil(one) : one)) } : each;
  });
}

function withPrev(responses: readonly WatchResponse[], spot: Spot, prev: Before | undefined): WatchResponse[] {
  return replaceEvents(responses, spot, (each) => (each === spot.event && prev !== undefined ? { ...each, prev } : each));
}
