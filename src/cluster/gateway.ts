import { askHttp } from "../http.ts";
import { demand, fieldsOf, hexadecimalOf, integerOf } from "./gateway-request.ts";

/** What a member says of itself over etcd's JSON gateway. */
export interface MemberStatus {
  /** Hexadecimal without leading zeros, as logs show it. */
  readonly id: string;
  /** The cluster's id; another one after it was restored from a snapshot. */
  readonly cluster: string;
  readonly version: string;
  /** Raft id of the leader, hexadecimal; null when the member knows none. */
  readonly leader: string | null;
  readonly term: number;
  readonly revision: number;
  /** Size of its database, with what a defragmentation would free. */
  readonly databaseBytes: number;
  /** It follows the log without a vote. */
  readonly learner: boolean;
}

/** Asks a member for its status. @throws HarnessError `cluster` when it does not answer in time. */
export async function memberStatus(clientUrl: string, limitMs = 1_000): Promise<MemberStatus> {
  const answer = await demand(clientUrl, "/maintenance/status", {}, { limitMs });
  const header = fieldsOf(answer["header"]);
  const leader = hexadecimalOf(answer["leader"]);
  return {
    id: hexadecimalOf(header["member_id"]),
    cluster: hexadecimalOf(header["cluster_id"]),
    version: String(answer["version"] ?? ""),
    leader: leader === "0" ? null : leader,
    term: integerOf(header["raft_term"]),
    revision: integerOf(header["revision"]),
    databaseBytes: integerOf(answer["dbSize"]),
    learner: answer["isLearner"] === true,
  };
}

/** Which version a member is, and which its cluster goes by: the oldest member's, once its leader has noticed. */
export interface Versions {
  readonly server: string;
  /** `3.5.0`; `not_decided` in a cluster that has just begun. */
  readonly cluster: string;
}

/** Undefined when the member does not answer within the limit. */
export async function versionsOf(clientUrl: string, limitMs = 1_000): Promise<Versions | undefined> {
  try {
    const { body } = await askHttp(`${clientUrl}/version`, { limitMs });
    const { etcdserver, etcdcluster } = fieldsOf(JSON.parse(body));
    return { server: String(etcdserver), cluster: String(etcdcluster) };
  } catch {
    return undefined;
  }
}

/**
 * True when the member says so within the limit; `serializable` asks it alone, otherwise a quorum
 * has to answer. Alone it is healthy also when the space alarm is raised, for that is the
 * cluster's condition; 3.4 does not make the difference.
 */
export async function isHealthy(clientUrl: string, { serializable = false, limitMs = 1_000 } = {}): Promise<boolean> {
  try {
    const url = `${clientUrl}/health${serializable ? "?serializable=true&exclude=NOSPACE" : ""}`;
    const { status, body } = await askHttp(url, { limitMs });
    return status === 200 && fieldsOf(JSON.parse(body))["health"] === "true";
  } catch {
    return false;
  }
}
