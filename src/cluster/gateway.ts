import { HarnessError } from "../errors.ts";

/** What a member says of itself over etcd's JSON gateway. */
export interface MemberStatus {
  /** Hexadecimal without leading zeros, as logs show it. */
  readonly id: string;
  readonly version: string;
  /** Raft id of the leader, hexadecimal; null when the member knows none. */
  readonly leader: string | null;
  readonly term: number;
  readonly revision: number;
}

// 3.4 and later; 3.3 has the same under /v3beta.
const statusPaths = ["/v3/maintenance/status", "/v3beta/maintenance/status"] as const;

/** Asks a member for its status. @throws HarnessError `cluster` when it does not answer in time. */
export async function memberStatus(clientUrl: string, limitMs = 1_000): Promise<MemberStatus> {
  let last = "";
  for (const path of statusPaths) {
    const response = await fetch(clientUrl + path, { method: "POST", body: "{}", signal: AbortSignal.timeout(limitMs) }).catch((cause: unknown) => {
      throw new HarnessError("cluster", `${clientUrl} does not answer a status request`, { cause });
    });
    const body: unknown = await response.json().catch(() => undefined);
    if (response.ok) return decode(body);
    last = `${response.status} ${JSON.stringify(body)}`;
    if (response.status !== 404) break;
  }
  throw new HarnessError("cluster", `${clientUrl} refuses a status request: ${last}`);
}

/** True when the member says so within the limit; `serializable` asks it alone, otherwise a quorum has to answer. */
export async function isHealthy(clientUrl: string, { serializable = false, limitMs = 1_000 } = {}): Promise<boolean> {
  try {
    const url = `${clientUrl}/health${serializable ? "?serializable=true" : ""}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(limitMs) });
    const body = record(await response.json());
    return response.ok && body["health"] === "true";
  } catch {
    return false;
  }
}

/** The gateway writes 64-bit numbers as decimal strings and leaves zeros out. */
function decode(body: unknown): MemberStatus {
  const answer = record(body);
  const header = record(answer["header"]);
  const leader = hexadecimal(answer["leader"]);
  return {
    id: hexadecimal(header["member_id"]),
    version: String(answer["version"] ?? ""),
    leader: leader === "0" ? null : leader,
    term: Number(header["raft_term"] ?? 0),
    revision: Number(header["revision"] ?? 0),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function hexadecimal(decimal: unknown): string {
  return typeof decimal === "string" && /^\d+$/.test(decimal) ? BigInt(decimal).toString(16) : "0";
}
