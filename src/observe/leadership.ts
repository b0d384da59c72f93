import type { StatusSample } from "../recording/samples.ts";

/** Who leads, and the newest term seen. */
export interface ObservedLeadership {
  readonly leader: string | undefined;
  readonly term: number | undefined;
}

/**
 * Who leads, from each member's latest Status: the one that a majority of all members name at one
 * term, and that answers and names itself. A leader that was cut off, and still believes in itself
 * at an older term, has no majority; one that was killed does not answer. `term` is the leader's, or
 * the newest seen where nobody leads.
 */
export function leadershipOf(latest: readonly StatusSample[], memberCount: number): ObservedLeadership {
  const answers = latest.filter((sample) => sample.ok);
  for (const self of answers) {
    if (self.leader !== self.member) continue;
    const votes = answers.filter(({ leader, term }) => leader === self.leader && term === self.term);
    if (votes.length > memberCount / 2) return { leader: self.leader, term: self.term };
  }
  const terms = answers.map(({ term }) => term);
  return { leader: undefined, term: terms.length === 0 ? undefined : Math.max(...terms) };
}
