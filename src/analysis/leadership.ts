import type { LogLine } from "../recording/log-line.ts";
import type { Recording } from "../recording/recording.ts";
import type { StatusSample } from "../recording/samples.ts";
import { remembered } from "../remembered.ts";
import { runWindow } from "./windows.ts";

/** A leader at a term, and how it was first seen. */
export interface Leadership {
  readonly term: number;
  /** The member's name; its raft id where that is none of this run's members. */
  readonly leader: string;
  readonly firstSeenMs: number;
  readonly seenBy: "status" | "log";
  /** The member that said so. */
  readonly source: string;
  readonly text: string;
}

/**
 * The distinct (term, leader) pairs of a run in the order in which they were first seen.
 *
 * Logs are believed as they are. A Status call's term is that of the last applied entry
 * (etcd: server/etcdserver/server.go, `setTerm`), so that for a moment after an election it names
 * the new leader with an older term. Since raft elects one leader a term, and terms only grow, a
 * Status that names a second leader for a term, or a term older than one already led, tells nothing new.
 * A cluster that was restored from a snapshot is another one, of members with other ids, and
 * begins with the first term again: a leader with another id is another leader.
 */
export const leaderships = remembered((recording: Recording): readonly Leadership[] => {
  const nameOf = nameOfId(recording);
  const logged = recording.logs.flatMap((line) => claimOfLine(line, nameOf));
  const loggedTerms = new Set(logged.map(({ term }) => term));
  const claims = [...logged, ...recording.statuses.flatMap(claimOfStatus)].sort((a, b) => a.firstSeenMs - b.firstSeenMs);
  const known: Claim[] = [];
  let newestTerm = -Infinity;
  for (const claim of claims) {
    if (known.some((each) => each.term === claim.term && each.leader === claim.leader && mayBeOne(each, claim))) continue;
    const lags = claim.term < newestTerm || known.some(({ term }) => term === claim.term);
    if (claim.seenBy === "status" && (lags || contradicts(claim, logged, loggedTerms))) continue;
    known.push(claim);
    newestTerm = Math.max(newestTerm, claim.term);
  }
  return known.map(({ id: _, ...leadership }) => leadership);
});

/** A leadership, with the raft id of the leader where a log names it. */
interface Claim extends Leadership {
  readonly id?: string;
}

function mayBeOne(one: Claim, other: Claim): boolean {
  return one.id === undefined || other.id === undefined || one.id === other.id;
}

function contradicts(claim: Leadership, logged: readonly Leadership[], loggedTerms: ReadonlySet<number>): boolean {
  return loggedTerms.has(claim.term) && !logged.some(({ term, leader }) => term === claim.term && leader === claim.leader);
}

function claimOfStatus(sample: StatusSample): Leadership[] {
  if (!sample.ok || sample.leader === null) return [];
  const { leader, term, atMs: firstSeenMs, member: source } = sample;
  return [{ term, leader, firstSeenMs, seenBy: "status", source, text: `${source} names ${leader} the leader at term ${term}` }];
}

const claimPatterns = [
  /\b([0-9a-f]+) became leader at term (\d+)/,
  /\belected leader ([0-9a-f]+) at term (\d+)/,
  /\bchanged leader from [0-9a-f]+ to ([0-9a-f]+) at term (\d+)/,
] as const;

function claimOfLine({ atMs: firstSeenMs, member: source, msg }: LogLine, nameOf: (id: string) => string): Claim[] {
  if (!msg.includes("leader") || msg.length > 500) return [];
  for (const pattern of claimPatterns) {
    const [, id, term] = pattern.exec(msg) ?? [];
    if (id !== undefined) return [{ term: Number(term), leader: nameOf(id), firstSeenMs, seenBy: "log", source, text: msg, id }];
  }
  return [];
}

/** A member that was replaced has had more than one id. */
function nameOfId({ info }: Recording): (id: string) => string {
  const names = new Map(info.members.flatMap(({ id, name, formerIds = [] }) => [id, ...formerIds].map((each) => [each, name] as const)));
  return (id) => names.get(id) ?? id;
}

/** What one member was over the run, as its own Status tells. Time for which no sample tells is in no stretch. */
export interface RoleLane {
  readonly member: string;
  readonly stretches: readonly RoleStretch[];
}

export interface RoleStretch {
  readonly startMs: number;
  readonly endMs: number;
  /** `stale-leader` believes to lead although a newer term has a leader elsewhere; `unseen` did not answer. */
  readonly role: "leader" | "follower" | "no-leader" | "stale-leader" | "unseen";
  readonly term: number | undefined;
}

/** A sample holds until the member's next one, but no longer than this: Status is asked for every 100 ms. */
const sampleHoldsMs = 1_000;

/** One lane per member, in the members' order. */
export const roleLanes = remembered((recording: Recording): readonly RoleLane[] => {
  const leaders = leaderships(recording);
  const endMs = runWindow(recording).endMs;
  return recording.info.members.map(({ name: member }) => {
    const samples = recording.statuses.filter((sample) => sample.member === member);
    return { member, stretches: stretchesOf(samples, leaders, endMs) };
  });
});

function stretchesOf(samples: readonly StatusSample[], leaders: readonly Leadership[], runEndMs: number): RoleStretch[] {
  const stretches: { -readonly [Key in keyof RoleStretch]: RoleStretch[Key] }[] = [];
  for (const [index, sample] of samples.entries()) {
    const nextMs = samples[index + 1]?.atMs ?? Math.max(sample.atMs, runEndMs);
    const endMs = Math.min(nextMs, sample.atMs + sampleHoldsMs);
    const role = roleOf(sample, leaders);
    const term = sample.ok ? sample.term : undefined;
    const last = stretches.at(-1);
    if (last?.role === role && last.term === term && last.endMs === sample.atMs) last.endMs = endMs;
    else stretches.push({ startMs: sample.atMs, endMs, role, term });
  }
  return stretches;
}

function roleOf(sample: StatusSample, leaders: readonly Leadership[]): RoleStretch["role"] {
  if (!sample.ok) return "unseen";
  if (sample.leader === null) return "no-leader";
  if (sample.leader !== sample.member) return "follower";
  const outvoted = leaders.some(({ term, leader, firstSeenMs }) => term > sample.term && leader !== sample.member && firstSeenMs <= sample.atMs);
  return outvoted && !leadsAgain(sample, leaders) ? "stale-leader" : "leader";
}

/** Elected anew after others were, with its own term's first entry not applied yet. */
function leadsAgain({ member, atMs }: StatusSample, leaders: readonly Leadership[]): boolean {
  return leaders.findLast(({ firstSeenMs }) => firstSeenMs <= atMs)?.leader === member;
}
