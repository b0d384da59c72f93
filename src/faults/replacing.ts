import { waitFor, type Clock } from "../clock.ts";
import { isHealthy } from "../cluster/gateway.ts";
import type { Member, Wipeable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";

/** A member as the cluster lists it. */
export interface Listed {
  /** Hexadecimal. */
  readonly id: string;
  /** Empty for one that was added and has never started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
}

const requestLimitMs = 5_000;

async function ask(member: Member, path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${member.directUrl}/v3/cluster/member/${path}`, { method: "POST", body: JSON.stringify(body), signal: AbortSignal.timeout(requestLimitMs) });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new HarnessError("fault", `${member.name} refuses to ${path} members: ${JSON.stringify(answer)}`);
  return fieldsOf(answer);
}

/** The members of the cluster, as one of them lists them. */
export async function listMembers(via: Member): Promise<Listed[]> {
  const { members } = await ask(via, "list", {});
  return (Array.isArray(members) ? members : []).map((entry: unknown) => listed(fieldsOf(entry)));
}

export interface Lost {
  readonly formerId: string;
  readonly peerUrl: string;
}

const settleLimitMs = 20_000;

/**
 * Removes what stands in the cluster's list for a member that lost its data, adds it anew at the
 * same address, and starts it. May be called again where it failed half way.
 */
export async function replace(member: Member & Wipeable, lost: Lost, others: readonly Member[], clock: Clock): Promise<void> {
  let trouble: unknown;
  // etcd adds nobody before the others have been connected for five seconds, and nobody without a quorum.
  const id = await waitFor(clock, () => exchange(lost, others).catch((error: unknown) => void (trouble = error)), { limitMs: settleLimitMs, everyMs: 250 });
  if (id === undefined) throw trouble;
  const started = id === member.id && (await member.state()).kind !== "down";
  if (!started) await member.rejoin(id);
}

/** @returns the id that the member has been added with, now or by a call before */
async function exchange({ formerId, peerUrl }: Lost, others: readonly Member[]): Promise<string> {
  const via = await answering(others);
  const entry = (await listMembers(via)).find(({ peerUrls }) => peerUrls.includes(peerUrl));
  if (entry !== undefined && entry.id !== formerId) return entry.id;
  if (entry !== undefined) await ask(via, "remove", { ID: BigInt(`0x${formerId}`).toString() });
  return listed(fieldsOf((await ask(via, "add", { peerURLs: [peerUrl] }))["member"])).id;
}

async function answering(members: readonly Member[]): Promise<Member> {
  for (const member of members) {
    if (await isHealthy(member.directUrl)) return member;
  }
  throw new HarnessError("fault", "no other member is healthy, so that nobody can replace the one that lost its data");
}

function listed({ ID, name, peerURLs }: Record<string, unknown>): Listed {
  const id = typeof ID === "string" && /^\d+$/.test(ID) ? BigInt(ID).toString(16) : "0";
  return { id, name: typeof name === "string" ? name : "", peerUrls: Array.isArray(peerURLs) ? peerURLs.map(String) : [] };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
