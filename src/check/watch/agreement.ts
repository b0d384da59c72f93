import { requestText } from "../../recording/operation-text.ts";
import type { WatchEvent } from "../../recording/watch.ts";
import type { Change, Changes } from "./changes.ts";
import { asksFor, type Told } from "./streams.ts";
import { broken, eventText, shown, watchText, type Violations } from "./violations.ts";

/** Whether all who know of a revision tell the same of it. */
export function checkAgreement(changes: Changes, violations: Violations): void {
  for (const revision of changes.revisions) {
    const all = changes.at(revision);
    for (const change of all) checkOne(change, violations);
    if (all.length > 1) checkKeys(all, violations);
  }
}

function checkOne({ told, written }: Change, violations: Violations): void {
  const [first, ...others] = told;
  if (first === undefined) return;
  for (const other of others) if (!isSame(first.event, other.event)) disagree(first, other, violations);
  const wrong = written && told.find(({ event }) => (event.type === "put" ? event.value : null) !== written.value);
  if (written === undefined || wrong === undefined) return;
  const { operation } = written;
  const sentence = `${watchText(wrong.stream)} was told ${eventText(wrong.event)}, and ${requestText(operation)} by process ${operation.process} on ${operation.member} was acknowledged at that revision`;
  violations.add("agreed", () => broken(sentence, operation, shown(wrong), { expected: `${requestText(operation)} of revision ${wrong.event.modRevision}`, seen: eventText(wrong.event) }));
}

/** Two streams of which each knows a key of the revision that the other asked for and was not told. */
function checkKeys(all: readonly Change[], violations: Violations): void {
  const streams = new Set(all.flatMap(({ told }) => told.map(({ stream }) => stream)));
  const partial = all.filter(({ told }) => told.length < streams.size);
  for (const one of partial) {
    for (const other of partial) {
      const mine = one.told.find(({ stream }) => lacks(stream, other));
      const theirs = other.told.find(({ stream }) => lacks(stream, one));
      if (one !== other && mine !== undefined && theirs !== undefined) disagree(mine, theirs, violations);
    }
  }
}

function lacks(stream: Told["stream"], { key, told }: Change): boolean {
  return asksFor(stream, key) && !told.some((each) => each.stream === stream);
}

function disagree(one: Told, other: Told, violations: Violations): void {
  const sentence = `${watchText(one.stream)} was told ${eventText(one.event)}, and ${watchText(other.stream)} ${differently(one.event, other.event)}`;
  violations.add("agreed", () => broken(sentence, shown(one), shown(other), { seen: `${eventText(one.event)} and ${differently(one.event, other.event)}` }));
}

function differently(one: WatchEvent, other: WatchEvent): string {
  if (eventText(one) !== eventText(other)) return eventText(other);
  return `the same ${stateText(other)} instead of ${stateText(one)}`;
}

function stateText(event: WatchEvent): string {
  return event.type === "put" ? `as version ${event.version} since revision ${event.createRevision}` : "";
}

function isSame(one: WatchEvent, other: WatchEvent): boolean {
  if (one.type === "delete" || other.type === "delete") return one.type === other.type;
  return one.value === other.value && one.createRevision === other.createRevision && one.version === other.version;
}
