import { group } from "d3-array";
import type { HashSample } from "../recording/samples.ts";
import type { Finding, Violated } from "./finding.ts";

type Told = Extract<HashSample, { ok: true }>;

/**
 * Whether members have the same store, by the hashes that they told when all were asked for one revision. Only hashes of
 * one revision and one compact revision can be compared, since a hash leaves out what was compacted. Members that did not
 * answer, lag behind the others or have compacted to another revision leave it open. Learners tell no hash, and need not.
 *
 * @param members all whose stores are to be the same
 */
export function checkHashes(samples: readonly HashSample[], members: readonly string[]): Finding<HashSample> {
  const told = samples.filter((sample): sample is Told => sample.ok);
  const learners = new Set(samples.flatMap((sample) => (!sample.ok && sample.learner === true ? [sample.member] : [])));
  const voters = members.filter((member) => !learners.has(member));
  for (const comparable of group(told, ({ atRevision, compactRevision }) => `${atRevision} ${compactRevision}`).values()) {
    const different = differenceIn(comparable);
    if (different !== undefined) return different;
  }
  const because = whyOpen(samples, told, voters);
  return because === undefined ? { kind: "ok", checked: told.length } : { kind: "unknown", because, checked: told.length, of: voters.length };
}

/** Those that told another hash than most, or than each other where none is told by most. */
function differenceIn(comparable: readonly Told[]): Violated<HashSample> | undefined {
  const byHash = [...group(comparable, ({ hash }) => hash).values()].sort((a, b) => b.length - a.length);
  const [most = [], ...others] = byHash;
  const [legal] = most;
  const [illegal] = others.flat();
  if (legal === undefined || illegal === undefined) return undefined;
  const isMost = most.length > comparable.length / 2;
  const { atRevision, compactRevision } = legal;
  const state = `revision ${atRevision}${compactRevision > 0 ? `, compacted to ${compactRevision}` : ""}`;
  const different = others.map(hashOf).join(", and ");
  const sentence = isMost
    ? `${named(others.flat())} ${others.flat().length === 1 ? "is alone with another store" : "have other stores"} at ${state}: the hash is ${different}, and ${hashOf(most)}`
    : `the stores differ at ${state}: the hash is ${[most, ...others].map(hashOf).join(", and ")}`;
  return {
    kind: "violated", rule: "different stores", sentence, operations: comparable, illegal, legal,
    ...(isMost ? { expected: hashOf(most), seen: different } : {}),
  };
}

function whyOpen(samples: readonly HashSample[], told: readonly Told[], voters: readonly string[]): string | undefined {
  if (samples.length === 0) return "no member was asked for the hash of its store: the run was cut short, or is older than this";
  const reasons = [
    ...voters.flatMap((member) => silenceOf(member, samples)),
    ...laggards(told),
    ...differently(told, "was asked for revision", ({ atRevision }) => atRevision),
    ...differently(told, "had compacted to", ({ compactRevision }) => compactRevision),
  ];
  if (reasons.length > 0) return reasons.join("; ");
  return voters.length < 2 ? "there is only one store, and nothing to compare it with" : undefined;
}

function silenceOf(member: string, samples: readonly HashSample[]): string[] {
  const answers = samples.filter((sample) => sample.member === member);
  if (answers.some(({ ok }) => ok)) return [];
  const [failure] = answers;
  return [failure === undefined || failure.ok ? `${member} was not asked` : `${member} told no hash: ${failure.error}`];
}

/** Where they differ in something without which no hash is to be compared with another. */
function differently(told: readonly Told[], how: string, figureOf: (each: Told) => number): string[] {
  return new Set(told.map(figureOf)).size > 1 ? [`hashes cannot be compared: ${told.map((each) => `${each.member} ${how} ${figureOf(each)}`).join(", ")}`] : [];
}

function laggards(told: readonly Told[]): string[] {
  const newest = told.reduce((highest, { revision }) => Math.max(highest, revision), 0);
  return told.filter(({ revision }) => revision < newest).map(({ member, revision }) => `${member} is at revision ${revision} of ${newest} only`);
}

/** `3735928559 on etcd-1 and etcd-2`. */
function hashOf(alike: readonly Told[]): string {
  return `${alike[0]?.hash ?? "unknown"} on ${named(alike)}`;
}

function named(told: readonly Told[]): string {
  return told.map(({ member }) => member).join(" and ");
}
