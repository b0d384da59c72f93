import { waitFor, type Clock } from "../clock.ts";
import type { Member, Wipeable } from "../cluster/member.ts";
import { HarnessError, messageOf } from "../errors.ts";

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

/**
 * Removes what stands in the cluster's list for a member that lost its data, adds it anew at the
 * same address, and starts it. May be called again where it failed half way.
 */
export async function replace(member: Member & Wipeable, peerUrl: string, via: Member, clock: Clock): Promise<void> {
  let entry = (await listMembers(via)).find(({ peerUrls }) => peerUrls.includes(peerUrl));
  if (entry !== undefined && entry.name !== "") {
    await ask(via, "remove", { ID: BigInt(`0x${entry.id}`).toString() });
    entry = undefined;
  }
  entry ??= await add(peerUrl, via, clock);
  await member.rejoin(entry.id);
}

const settleLimitMs = 20_000;

/** etcd adds nobody before the others have been connected for five seconds. */
async function add(peerUrl: string, via: Member, clock: Clock): Promise<Listed> {
  const added = await waitFor(
    clock,
    async () => {
      try {
        return listed(fieldsOf((await ask(via, "add", { peerURLs: [peerUrl] }))["member"]));
      } catch (error) {
        if (messageOf(error).includes("unhealthy cluster")) return undefined;
        throw error;
      }
    },
    { limitMs: settleLimitMs, everyMs: 250 },
  );
  if (added === undefined) throw new HarnessError("fault", `${via.name} adds no member, since the others have not been connected for long enough`);
  return added;
}

function listed({ ID, name, peerURLs }: Record<string, unknown>): Listed {
  const id = typeof ID === "string" && /^\d+$/.test(ID) ? BigInt(ID).toString(16) : "0";
  return { id, name: typeof name === "string" ? name : "", peerUrls: Array.isArray(peerURLs) ? peerURLs.map(String) : [] };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
