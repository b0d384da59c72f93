import { HarnessError } from "../errors.ts";
import { askHttp } from "../http.ts";

/** The fields of a JSON object from outside: what they hold is not known. */
export type Fields = Readonly<Record<string, unknown>>;

/** What etcd made of a request. */
export type Reply =
  | { readonly ok: true; readonly body: Fields }
  | { readonly ok: false; readonly reason: string }; // etcd's own words

export interface Waiting {
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
}

const defaultLimitMs = 2_000;
// 3.4 and later; 3.3 has the same under /v3beta.
const prefixes = ["/v3", "/v3beta"] as const;

/**
 * Asks a member something over etcd's JSON gateway. A refusal is an answer.
 * @param path without the version: `/maintenance/status`
 * @throws HarnessError `cluster` when it does not answer in time, and the signal's reason once that is aborted
 */
export async function ask(clientUrl: string, path: string, body: object, { limitMs = defaultLimitMs, signal }: Waiting = {}): Promise<Reply> {
  let reason = "";
  for (const prefix of prefixes) {
    const { status, body: text } = await askHttp(clientUrl + prefix + path, { method: "POST", body: JSON.stringify(body), limitMs, signal }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new HarnessError("cluster", `${clientUrl} does not answer ${path} within ${limitMs / 1000} s`, { cause });
    });
    const answer = jsonOf(text);
    if (status === 200) return { ok: true, body: fieldsOf(answer) };
    const { message, error } = fieldsOf(answer);
    const said = message ?? error;
    // A gateway that does not know the path answers in plain text; etcd's own "not found" is JSON.
    if (said !== undefined) return { ok: false, reason: String(said) };
    reason = `HTTP status ${status}`;
    if (status !== 404) break;
  }
  return { ok: false, reason };
}

/** The same, where a refusal is a failure. @throws HarnessError `cluster` also when it refuses, with its reason */
export async function demand(clientUrl: string, path: string, body: object, waiting: Waiting = {}): Promise<Fields> {
  const reply = await ask(clientUrl, path, body, waiting);
  if (reply.ok) return reply.body;
  throw new HarnessError("cluster", `${clientUrl} refuses ${path}: ${reply.reason}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The fields of what may be an object; none where it is something else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The items of what may be a list; none where it is something else. */
export function itemsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** The gateway writes 64-bit numbers as decimal strings and leaves zeros out. */
export function integerOf(value: unknown): number {
  return typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : 0;
}

/** A raft id as logs show it: hexadecimal without leading zeros; `0` where there is none. */
export function hexadecimalOf(decimal: unknown): string {
  return typeof decimal === "string" && /^\d+$/.test(decimal) ? BigInt(decimal).toString(16) : "0";
}

/** A raft id as the gateway takes it. */
export function decimalOf(hexadecimal: string): string {
  return BigInt(`0x${hexadecimal}`).toString();
}

/** Keys and values travel as base64. */
export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
