import type { StatusSample } from "../recording/samples.ts";
import type { Finding } from "./finding.ts";

type Status = Extract<StatusSample, { ok: true }>;

const grown = { revision: "revision", term: "term", raftIndex: "raft index", appliedIndex: "applied index" } as const;

/**
 * Whether a member's revision, term and indexes never fall as long as its process lives. A process that began anew reads its
 * log again and may know less for a moment, and one whose data were taken or exchanged begins anew too.
 *
 * @param lifeOf a number that is another one for another process of the member
 */
export function checkMonotonicStatus(statuses: readonly StatusSample[], lifeOf: (member: string, atMs: number) => number): Finding<StatusSample> {
  const latest = new Map<string, { readonly sample: Status; readonly life: number }>();
  let checked = 0;
  for (const sample of statuses) {
    if (!sample.ok) continue;
    const life = lifeOf(sample.member, sample.atMs);
    const before = latest.get(sample.member);
    latest.set(sample.member, { sample, life });
    if (before?.life !== life) continue;
    checked += 1;
    const fallen = fallenIn(sample, before.sample);
    if (fallen !== undefined) return violated(fallen, before.sample, sample);
  }
  return { kind: "ok", checked };
}

type Figure = keyof typeof grown;

function fallenIn(sample: Status, before: Status): Figure | undefined {
  const figures: readonly Figure[] = ["revision", "term", "raftIndex", "appliedIndex"];
  return figures.find((figure) => sample[figure] < before[figure]);
}

function violated(figure: Figure, before: Status, sample: Status): Finding<StatusSample> {
  const sentence = `${sample.member} is at ${grown[figure]} ${sample[figure]}, and was at ${before[figure]} before, in one life of its process`;
  return { kind: "violated", rule: `${grown[figure]} went back`, sentence, operations: [before, sample], illegal: sample, legal: before, expected: `${grown[figure]} ${before[figure]} or more`, seen: `${grown[figure]} ${sample[figure]}` };
}
