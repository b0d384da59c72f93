import { setMaxListeners } from "node:events";

import type { Clock } from "../clock.ts";
import type { Member } from "../cluster/member.ts";
import type { Recorder } from "../recording/recorder.ts";
import type { HealthSample, StatusSample } from "../recording/samples.ts";
import { everyTick } from "./cadence.ts";
import { healthTask } from "./health.ts";
import { MemberHttp } from "./http.ts";
import { leadershipOf, type ObservedLeadership } from "./leadership.ts";
import { metricsTask } from "./metrics.ts";
import { statusTask } from "./status.ts";

export interface ObserverOptions {
  /** Their ids must be known, so the cluster must be up. */
  readonly members: readonly Pick<Member, "name" | "id" | "directUrl">[];
  readonly recorder: Pick<Recorder, "metrics" | "status" | "health">;
  readonly clock: Clock;
}

/** What was last seen of a member. */
export interface MemberView {
  readonly member: string;
  /** What it says of itself; `unknown` before the first answer, `unreachable` when the last question had none. */
  readonly role: "leader" | "follower" | "leaderless" | "unreachable" | "unknown";
  /** Of the last answer, even when it is unreachable now. */
  readonly term: number | undefined;
  /** What `/health` said last, with a quorum; undefined before the first answer. */
  readonly healthy: boolean | undefined;
}

/** All observers of a run. Disposing stops them and waits for the requests under way, at most a second. */
export interface Observers extends AsyncDisposable {
  /** One view a member, in the members' order. */
  latest(): readonly MemberView[];
  leadership(): ObservedLeadership;
  /** The last Status of each member that was asked for one. */
  statuses(): readonly StatusSample[];
}

const statusEveryMs = 100;
const healthEveryMs = 250;
const metricsEveryMs = 250;

/**
 * Watches all members until disposed: Status, `/health` with and without quorum, `/metrics`.
 * Everything goes to the recorder. What cannot be reached is recorded as such; nothing is thrown.
 */
export function startObservers({ members, recorder, clock }: ObserverOptions): Observers {
  const statuses = new Map<string, StatusSample>();
  const terms = new Map<string, number>();
  const health = new Map<string, HealthSample>();
  const nameOf = (id: string): string | undefined => members.find((member) => member.id === id)?.name;

  const onStatus = (sample: StatusSample): void => {
    statuses.set(sample.member, sample);
    if (sample.ok) terms.set(sample.member, sample.term);
    recorder.status(sample);
  };
  const onHealth = (sample: HealthSample): void => {
    if (!sample.serializable) health.set(sample.member, sample);
    recorder.health(sample);
  };

  const stopping = new AbortController();
  // Every observer listens to it.
  setMaxListeners(0, stopping.signal);
  const running: Promise<void>[] = [];
  const observed = members.map(({ name, directUrl }) => ({ member: name, connection: new MemberHttp(directUrl) }));
  // All ask at the same moments: taken together, requests cost less than spread out, 7 % of a core
  // for three members here against 9 %, since the harness wakes up less often.
  const watch = (everyMs: number, task: () => Promise<void>): void => {
    running.push(everyTick({ clock, everyMs, signal: stopping.signal }, task));
  };
  for (const { member, connection } of observed) {
    const http = connection.ask;
    watch(statusEveryMs, statusTask({ member, nameOf, http, clock, record: onStatus }));
    watch(healthEveryMs, healthTask({ member, serializable: false, http, clock, record: onHealth }));
    watch(healthEveryMs, healthTask({ member, serializable: true, http, clock, record: onHealth }));
    watch(metricsEveryMs, metricsTask({ member, http, clock, record: (sample) => recorder.metrics(sample) }));
  }

  return {
    latest: () => members.map(({ name }) => viewOf(name, statuses.get(name), terms.get(name), health.get(name))),
    leadership: () => leadershipOf([...statuses.values()], members.length),
    statuses: () => [...statuses.values()],
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await Promise.all(running);
      for (const { connection } of observed) connection[Symbol.dispose]();
    },
  };
}

function viewOf(
  member: string,
  status: StatusSample | undefined,
  term: number | undefined,
  health: HealthSample | undefined,
): MemberView {
  return { member, role: roleOf(status), term, healthy: health?.healthy };
}

function roleOf(status: StatusSample | undefined): MemberView["role"] {
  if (status === undefined) return "unknown";
  if (!status.ok) return "unreachable";
  if (status.leader === null) return "leaderless";
  return status.leader === status.member ? "leader" : "follower";
}
