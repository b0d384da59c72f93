import type { WatchResponseOf } from "../../recording/watch.ts";
import { asksFor, toldBy, type Stream, type Told } from "./streams.ts";
import { broken, eventText, shown, watchText, type Shown, type Violations } from "./violations.ts";

/**
 * What a stream must keep whatever the others tell: filter, ordered, unique, atomic and bookmarkable, and
 * that it begins where it was asked to.
 */
export function checkOrder(stream: Stream, violations: Violations): void {
  const scan = new Scan(stream, violations);
  for (const response of stream.responses) {
    if (response.kind === "progress") scan.progress(response);
    else for (const event of response.events) scan.told({ event, response, stream });
  }
}

class Scan {
  readonly #stream: Stream;
  readonly #violations: Violations;
  #bookmark: WatchResponseOf<"progress"> | undefined;
  /** The one of the highest revision, and the keys of that revision. */
  #last: Told | undefined;
  #keys: string[] = [];

  constructor(stream: Stream, violations: Violations) {
    this.#stream = stream;
    this.#violations = violations;
  }

  progress(response: WatchResponseOf<"progress">): void {
    const before = this.#bookmark;
    const { created } = this.#stream;
    // Whoever goes on behind it would be told what was not asked for.
    if (response.revision < created.fromRevision - 1) {
      return this.#violations.add("bookmarkable", () => broken(`${watchText(this.#stream)} was told of progress to revision ${response.revision}, and had asked for revision ${created.fromRevision} and later`, created, response));
    }
    if (before !== undefined && response.revision < before.revision) {
      this.#violations.add("bookmarkable", () => broken(`${watchText(this.#stream)} was told of progress to revision ${response.revision} after progress to revision ${before.revision}`, before, response));
    } else this.#bookmark = response;
  }

  told(told: Told): void {
    const { event: { key, modRevision: revision } } = told;
    const { created } = this.#stream;
    if (!asksFor(this.#stream, key)) this.#add("filter", told, `and had asked for ${rangeText(this.#stream)}`, created);
    if (revision < created.fromRevision) return this.#add("resumable", told, `and had asked for revision ${created.fromRevision} and later`, created);
    if (this.#bookmark !== undefined && revision <= this.#bookmark.revision) this.#add("bookmarkable", told, `after progress to revision ${this.#bookmark.revision}`, this.#bookmark);
    const last = this.#last;
    if (last === undefined || revision > last.event.modRevision) return this.#goOn(told);
    if (revision < last.event.modRevision) this.#back(told, last);
    else if (this.#keys.includes(key)) this.#add("unique", told, "twice", shown(last));
    else if (last.response !== told.response) this.#add("atomic", told, `and ${eventText(last.event)} in a response before it`, shown(last));
    if (revision === last.event.modRevision) this.#keys.push(key);
  }

  #goOn(told: Told): void {
    this.#last = told;
    this.#keys = [told.event.key];
  }

  #back(told: Told, last: Told): void {
    const before = firstOf(told);
    if (before.event !== told.event) this.#add("unique", told, "twice", shown(before));
    else this.#add("ordered", told, `after ${eventText(last.event)}`, shown(last));
  }

  #add(guarantee: "filter" | "ordered" | "unique" | "atomic" | "bookmarkable" | "resumable", told: Told, how: string, legal: Shown): void {
    this.#violations.add(guarantee, () => broken(`${watchText(this.#stream)} was told ${eventText(told.event)} ${how}`, legal, shown(told), { seen: `${eventText(told.event)} ${how}` }));
  }
}

/** Where a stream told a change first. */
function firstOf(told: Told): Told {
  const { key, modRevision } = told.event;
  for (const each of toldBy(told.stream)) if (each.event.modRevision === modRevision && each.event.key === key) return each;
  return told;
}

function rangeText({ created: { key, end } }: Stream): string {
  return end === undefined ? `key ${key}` : `keys from ${key} to ${end}`;
}
