import type { Before } from "../../recording/watch.ts";
import type { Change, Changes } from "./changes.ts";
import type { Coverage } from "./coverage.ts";
import type { Lists } from "./lists.ts";
import type { Told } from "./streams.ts";
import { broken, eventText, shown, watchText, type Shown, type Violations } from "./violations.ts";
import { valueText } from "../../recording/value-text.ts";

/** The first revision that can change anything. */
const firstRevision = 2;

/** A key after its last change that is known, or as it was listed since. */
interface State {
  readonly revision: number;
  /** null: it is not there; undefined: an acknowledged write that no watch told does not say. */
  readonly is: Before | null | undefined;
  readonly by?: Shown;
}

/**
 * Whether what a change says of its key fits the state of the revision before: its creation and version, and the
 * key as it was. Only where all changes in between are known. etcd leaves out the key as it was
 * when that revision has been compacted.
 */
export function checkStates(changes: Changes, coverage: Coverage, lists: Lists, compactedTo: number, violations: Violations): void {
  const states = new Map<string, State>();
  for (const change of changes.between(0, Infinity)) {
    const { key, revision, told } = change;
    const before = newer(states.get(key) ?? { revision: firstRevision - 1, is: null }, listed(lists, key, revision - 1));
    const isKnown = before.is !== undefined && coverage.isKnown(key, before.revision + 1, revision - 1);
    if (isKnown) for (const each of told) checkOne(each, before, compactedTo, violations);
    states.set(key, stateAfter(change));
  }
}

function newer(one: State, other: State | undefined): State {
  return other !== undefined && other.revision >= one.revision ? other : one;
}

function listed(lists: Lists, key: string, upTo: number): State | undefined {
  const list = lists.last(key, upTo);
  if (list === undefined) return undefined;
  const kv = list.kvs.find((each) => each.key === key);
  return { revision: list.revision, is: kv === undefined ? null : beforeOf(kv), by: list };
}

function stateAfter({ revision, told: [by] }: Change): State {
  if (by === undefined) return { revision, is: undefined };
  return { revision, is: by.event.type === "delete" ? null : beforeOf(by.event), by: shown(by) };
}

function beforeOf({ value, modRevision, createRevision, version }: Before): Before {
  return { value, modRevision, createRevision, version };
}

function checkOne(told: Told, { is, by }: State, compactedTo: number, violations: Violations): void {
  const { event, stream } = told;
  const createRevision = is?.createRevision ?? event.modRevision;
  const version = (is?.version ?? 0) + 1;
  if (event.type === "put" && (event.createRevision !== createRevision || event.version !== version)) {
    add("is-create", told, by, { expected: creationText({ createRevision, version }), seen: creationText(event) }, violations);
  }
  if (!stream.created.prevKv || isSame(event.prev, is)) return;
  const compacted = event.prev === undefined && event.modRevision - 1 < compactedTo;
  if (!compacted) add("prev-kv", told, by, { expected: prevText(is ?? undefined), seen: prevText(event.prev) }, violations);
}

function add(guarantee: "is-create" | "prev-kv", told: Told, by: Shown | undefined, state: { readonly expected: string; readonly seen: string }, violations: Violations): void {
  const sentence = `${watchText(told.stream)} was told ${eventText(told.event)} ${state.seen}, instead of ${state.expected}`;
  violations.add(guarantee, () => broken(sentence, by, shown(told), state));
}

function isSame(prev: Before | undefined, is: Before | null | undefined): boolean {
  if (prev === undefined || is === null || is === undefined) return prev === undefined && (is === null || is === undefined);
  return prev.value === is.value && prev.modRevision === is.modRevision && prev.createRevision === is.createRevision && prev.version === is.version;
}

function creationText({ createRevision, version }: Pick<Before, "createRevision" | "version">): string {
  return `as version ${version}, created at revision ${createRevision}`;
}

function prevText(prev: Before | undefined): string {
  return prev === undefined ? "with no key before it" : `with ${valueText(prev.value)} of revision ${prev.modRevision}, version ${prev.version}, created at revision ${prev.createRevision}, before it`;
}
