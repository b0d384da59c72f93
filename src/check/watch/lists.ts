import type { Operation } from "../../recording/operation.ts";
import type { KeyValue } from "../../recording/operations/key-value.ts";
import { requestText } from "../../recording/operation-text.ts";
import type { WatchResponse, WatchResponseOf } from "../../recording/watch.ts";
import { covers } from "../revisions/changes.ts";
import type { Change, Changes } from "./changes.ts";
import type { Coverage } from "./coverage.ts";
import { broken, eventText, shown, watchText, type Shown, type Violations } from "./violations.ts";
import { valueText } from "../../recording/value-text.ts";

type List = WatchResponseOf<"listed">;

/** What watchers listed before they watched, in order of the revisions. */
export class Lists {
  readonly #lists: readonly List[];

  constructor(responses: readonly WatchResponse[]) {
    this.#lists = responses.filter((each) => each.kind === "listed").sort((a, b) => a.revision - b.revision);
  }

  /** The last list of a key that is not after a revision: it says what the key was. */
  last(key: string, upTo: number): List | undefined {
    return this.#lists.findLast((list) => list.revision <= upTo && covers(list, key));
  }

  /** Whether each is the state of its revision, as far as that is known, and none older than what was answered before. */
  check(changes: Changes, coverage: Coverage, history: readonly Operation[], violations: Violations): void {
    for (const list of this.#lists) checkAge(list, history, violations);
    const last = new Map<string, Change>();
    let next = 0;
    const checkUpTo = (revision: number): void => {
      for (let list = this.#lists[next]; list !== undefined && list.revision < revision; list = this.#lists[next]) {
        checkState(list, last, coverage, violations);
        next += 1;
      }
    };
    for (const change of changes.between(0, Infinity)) {
      checkUpTo(change.revision);
      last.set(change.key, change);
    }
    checkUpTo(Infinity);
  }
}

function checkAge(list: List, history: readonly Operation[], violations: Violations): void {
  const newer = history.find(({ outcome, revision = 0, returnNs }) => outcome === "ok" && revision > list.revision && returnNs < list.askedNs);
  if (newer === undefined) return;
  const sentence = `${listText(list)}, and had asked for it after ${requestText(newer)} by process ${newer.process} had been answered revision ${newer.revision ?? 0}`;
  violations.add("listed", () => broken(sentence, newer, list));
}

/** @param last what is known to have happened last to each key, up to the list's revision */
function checkState(list: List, last: ReadonlyMap<string, Change>, coverage: Coverage, violations: Violations): void {
  const found = new Map(list.kvs.map((kv) => [kv.key, kv]));
  const add = (how: string, change?: Change): void => violations.add("listed", () => broken(`${listText(list)} ${how}`, change && known(change), list));
  for (const change of last.values()) {
    if (!covers(list, change.key)) continue;
    const kv = found.get(change.key);
    if (kv === undefined) {
      const isThere = valueOf(change) !== null && coverage.isKnown(change.key, change.revision + 1, list.revision);
      if (isThere) add(`without ${changeText(change)}`, change);
    } else if (kv.modRevision < change.revision || (kv.modRevision === change.revision && !isSame(kv, change))) add(`with ${kvText(kv)}, and there was ${changeText(change)}`, change);
  }
  for (const kv of list.kvs) {
    const wasSeen = last.get(kv.key)?.revision === kv.modRevision;
    if (!covers(list, kv.key)) add(`with ${kvText(kv)}, which was not asked for`);
    else if (kv.modRevision > list.revision) add(`with ${kvText(kv)}, which is later`);
    else if (!wasSeen && coverage.isKnown(kv.key, kv.modRevision, kv.modRevision)) add(`with ${kvText(kv)}, which no watch was told`);
  }
}

/** null: the key was deleted. */
function valueOf({ told: [told], written }: Change): string | null {
  if (told === undefined) return written?.value ?? null;
  return told.event.type === "put" ? told.event.value : null;
}

function isSame(kv: KeyValue, change: Change): boolean {
  const event = change.told[0]?.event;
  if (valueOf(change) !== kv.value) return false;
  return event?.type !== "put" || (event.createRevision === kv.createRevision && event.version === kv.version);
}

function known({ told: [told], written }: Change): Shown | undefined {
  return told === undefined ? written?.operation : shown(told);
}

function changeText({ told: [told], written, key, revision }: Change): string {
  if (told !== undefined) return `${eventText(told.event)}${told.event.type === "put" ? `, version ${told.event.version}` : ""}`;
  return typeof written?.value === "string" ? `put ${key} = ${valueText(written.value)} of revision ${revision}` : `delete ${key} of revision ${revision}`;
}

function kvText({ key, value, modRevision, version }: KeyValue): string {
  return `${key} = ${valueText(value)} of revision ${modRevision}, version ${version}`;
}

function listText(list: List): string {
  return `${watchText({ created: list })} began with a list of revision ${list.revision}`;
}
