import type { Operation } from "../../recording/operation.ts";
import type { WatchEvent, WatchResponse } from "../../recording/watch.ts";
import type { Violated } from "../finding.ts";
import { guaranteeWords, type Guarantee } from "./guarantees.ts";
import type { Stream, Told } from "./streams.ts";
import { valueText } from "../../recording/value-text.ts";

/** What can be shown: a response to a watcher, with no more changes than it takes, or an operation of the history. */
export type Shown = WatchResponse | Operation;

export type Broken = Omit<Violated<Shown>, "kind" | "rule">;

/** The first that was found for each guarantee. */
export class Violations {
  readonly #first = new Map<Guarantee, Violated<Shown>>();

  /** @param broken is only made where it is the first */
  add(guarantee: Guarantee, broken: () => Broken): void {
    if (!this.#first.has(guarantee)) this.#first.set(guarantee, { kind: "violated", rule: guarantee, expected: guaranteeWords[guarantee], ...broken() });
  }

  of(guarantee: Guarantee): Violated<Shown> | undefined {
    return this.#first.get(guarantee);
  }
}

/** A violation that two of them show, of which the second is the illegal one; the first may be missing. */
export function broken(sentence: string, legal: Shown | undefined, illegal: Shown, more: Pick<Broken, "expected" | "seen"> = {}): Broken {
  return { sentence, operations: legal === undefined ? [illegal] : [legal, illegal], illegal, ...(legal === undefined ? {} : { legal }), ...more };
}

/** The response with this change alone. */
export function shown({ response, event }: Told): WatchResponse {
  return { ...response, events: [event] };
}

/** `the watch through etcd-2`, `the watch of k1 through etcd-2`. */
export function watchText({ created: { member, key, end } }: { readonly created: Pick<Stream["created"], "member" | "key" | "end"> }): string {
  return `the watch ${end === undefined ? `of ${key} ` : ""}through ${member}`;
}

/** `put k7 = 3-12 of revision 40`. */
export function eventText(event: WatchEvent): string {
  return `${event.type} ${event.key}${event.type === "put" ? ` = ${valueText(event.value)}` : ""} of revision ${event.modRevision}`;
}
