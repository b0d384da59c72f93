import type { StatusSample } from "../recording/samples.ts";

export type Status = Extract<StatusSample, { ok: true }>;

/** How far a store and its log have come. */
export type Reached = Pick<Status, "revision" | "appliedIndex">;

/** How one member came to where the others were at a moment. */
export interface CatchUp {
  /** The last time that it was seen behind; undefined where it never was. */
  readonly behind: Status | undefined;
  /** The first time after that when it was seen to be there; undefined where it never was. */
  readonly there: Status | undefined;
}

/** What is older than this tells nothing of a moment: Status is asked for every 100 ms. */
export const holdsMs = 1_000;

/** The furthest that any member had come at a moment, as they told just before it; undefined where none did. */
export function furthestAt(statuses: readonly StatusSample[], atMs: number): Reached | undefined {
  const told = statuses.filter((sample): sample is Status => sample.ok && sample.atMs <= atMs && sample.atMs > atMs - holdsMs);
  const latest = [...new Map(told.map((sample) => [sample.member, sample])).values()];
  if (latest.length === 0) return undefined;
  return { revision: Math.max(...latest.map(({ revision }) => revision)), appliedIndex: Math.max(...latest.map(({ appliedIndex }) => appliedIndex)) };
}

/**
 * When a member was seen to have come as far as that, from a moment on. Stores only grow, so that between the two answers
 * it came there at some time that nobody saw.
 */
export function catchUp(statuses: readonly StatusSample[], member: string, target: Reached, fromMs: number): CatchUp {
  const told = statuses.filter((sample): sample is Status => sample.ok && sample.member === member && sample.atMs >= fromMs);
  const first = told.findIndex(({ revision, appliedIndex }) => revision >= target.revision && appliedIndex >= target.appliedIndex);
  return first < 0 ? { behind: told.at(-1), there: undefined } : { behind: told[first - 1], there: told[first] };
}
