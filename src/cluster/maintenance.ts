import { ask, base64, decimalOf, demand, fieldsOf, hexadecimalOf, integerOf, itemsOf, type Reply, type Waiting } from "./gateway-request.ts";

/** The store's revision now, as a quorum knows it. */
export async function newestRevision(clientUrl: string, waiting: Waiting = {}): Promise<number> {
  const answer = await demand(clientUrl, "/kv/range", { key: base64("\0"), count_only: true }, waiting);
  return integerOf(fieldsOf(answer["header"])["revision"]);
}

/** Reads at an older revision, from the member's own store. */
export function readAt(clientUrl: string, revision: number, waiting: Waiting = {}): Promise<Reply> {
  return ask(clientUrl, "/kv/range", { key: base64("\0"), revision: String(revision), serializable: true, count_only: true }, waiting);
}

export const compactedReason = "required revision has been compacted";

/** Drops what is older than the revision; `physical` waits until it is gone from the asked member's database. */
export function compact(clientUrl: string, revision: number, { physical = false, ...waiting }: Waiting & { physical?: boolean } = {}): Promise<Reply> {
  return ask(clientUrl, "/kv/compaction", { revision: String(revision), physical }, waiting);
}

/** Rebuilds the member's database without its gaps; the member serves nothing meanwhile. */
export async function defragment(clientUrl: string, waiting: Waiting): Promise<void> {
  await demand(clientUrl, "/maintenance/defragment", {}, waiting);
}

/** Asks the leader to hand over to the member with that id; returns once it has. */
export async function transferLeadership(leaderUrl: string, toId: string, waiting: Waiting): Promise<void> {
  await demand(leaderUrl, "/maintenance/transfer-leadership", { targetID: decimalOf(toId) }, waiting);
}

export interface Alarm {
  readonly memberId: string;
  /** `NOSPACE` or `CORRUPT`. */
  readonly kind: string;
}

/** The alarms that are raised. */
export async function alarms(clientUrl: string, waiting: Waiting = {}): Promise<Alarm[]> {
  const { alarms: raised } = await demand(clientUrl, "/maintenance/alarm", { action: "GET" }, waiting);
  return itemsOf(raised).map(({ memberID, alarm }) => ({ memberId: hexadecimalOf(memberID), kind: String(alarm) }));
}

/** Raises or disarms an alarm, whatever the state of the member that it names. */
export async function setAlarm(clientUrl: string, action: "ACTIVATE" | "DEACTIVATE", { memberId, kind }: Alarm, waiting: Waiting = {}): Promise<void> {
  await demand(clientUrl, "/maintenance/alarm", { action, memberID: decimalOf(memberId), alarm: kind }, waiting);
}

/** Puts a key. */
export function put(clientUrl: string, key: string, value: string, waiting: Waiting = {}): Promise<Reply> {
  return ask(clientUrl, "/kv/put", { key: base64(key), value: base64(value) }, waiting);
}

/** Reads a key by quorum. */
export function get(clientUrl: string, key: string, waiting: Waiting = {}): Promise<Reply> {
  return ask(clientUrl, "/kv/range", { key: base64(key) }, waiting);
}

/** Deletes all keys that begin so. */
export function deletePrefix(clientUrl: string, prefix: string, waiting: Waiting = {}): Promise<Reply> {
  return ask(clientUrl, "/kv/deleterange", { key: base64(prefix), range_end: base64(`${prefix}\uffff`) }, waiting);
}
