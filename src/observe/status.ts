import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { HttpAnswer } from "../http.ts";
import type { StatusSample } from "../recording/samples.ts";
import type { Http } from "./http.ts";

export interface StatusObserver {
  readonly member: string;
  /** The name of the member with this raft id (hexadecimal), where it is known. */
  readonly nameOf: (id: string) => string | undefined;
  readonly http: Http;
  readonly clock: Clock;
  readonly record: (sample: StatusSample) => void;
}

const timeLimitMs = 500;

/**
 * A task that asks a member for its Status once: whom it takes for the leader, at which term.
 * It answers from its own memory, without a quorum.
 *
 * Asked through the JSON gateway (3.4 on: `/v3`, 3.3: `/v3beta`): 0.25 ms of CPU a call here, against
 * 0.5 ms through etcd3, whose gRPC stack also takes 0.25 s to load. And a plain connection has no
 * backoff, so a member that comes back is seen at the next tick.
 */
export function statusTask({ member, nameOf, http, clock, record }: StatusObserver): () => Promise<void> {
  let prefix: "/v3" | "/v3beta" = "/v3";
  const ask = (): Promise<HttpAnswer> =>
    http({ method: "POST", path: `${prefix}/maintenance/status`, body: "{}", timeLimitMs });
  return async () => {
    try {
      let { status, body } = await ask();
      if (status === 404) {
        prefix = prefix === "/v3" ? "/v3beta" : "/v3";
        ({ status, body } = await ask());
      }
      if (status !== 200) throw new Error(`status ${status}: ${body.slice(0, 200)}`);
      const answer = readStatus(body, nameOf);
      record({ kind: "status", atMs: clock.nowMs(), member, ok: true, ...answer });
    } catch (thrown) {
      record({ kind: "status", atMs: clock.nowMs(), member, ok: false, error: messageOf(thrown) });
    }
  };
}

/** The gateway writes 64-bit numbers as decimal strings and leaves out what is zero. */
function readStatus(body: string, nameOf: (id: string) => string | undefined) {
  const answer = objectOf(JSON.parse(body));
  const raftIndex = numberOf(answer.raftIndex);
  const leader = BigInt(textOf(answer.leader)).toString(16);
  return {
    leader: leader === "0" ? null : (nameOf(leader) ?? leader),
    term: numberOf(answer.raftTerm),
    revision: numberOf(objectOf(answer.header).revision),
    raftIndex,
    // 3.3 tells one index only.
    appliedIndex: answer.raftAppliedIndex === undefined ? raftIndex : numberOf(answer.raftAppliedIndex),
  };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw new Error("the Status answer is not what etcd's gateway writes");
  return Object.fromEntries(Object.entries(value));
}

function textOf(value: unknown): string {
  if (value === undefined) return "0";
  if (typeof value === "string" && /^\d+$/.test(value)) return value;
  throw new Error("the Status answer has something other than a number where one belongs");
}

function numberOf(value: unknown): number {
  return Number(textOf(value));
}
