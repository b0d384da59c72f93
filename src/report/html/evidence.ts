import type { Evidence, Outcome } from "../../../assertions/verdict.ts";
import type { JudgedAssertion } from "../../judge/results.ts";
import { clip } from "../text.ts";
import type { Limits } from "./limits.ts";
import type { StoryEntry } from "./story.ts";

/** What an assertion points at, with the place in the page where it is to be seen. */
export interface LinkedEvidence {
  readonly evidence: Evidence;
  /** Anchor of a story row, a log row, or a mark of its own in the timeline. */
  readonly target: string;
  /** Set where it has a mark of its own. */
  readonly mark?: { readonly id: string; readonly outcome: Outcome };
}

export interface NumberedAssertion {
  /** Place in the table, from 1: marks in the timeline carry it. */
  readonly number: number;
  readonly assertion: JudgedAssertion;
  readonly evidence: readonly LinkedEvidence[];
  readonly evidenceLeft: number;
}

interface Row {
  readonly id: string;
  readonly atMs: number;
  readonly member?: string;
  /** A log line's message. */
  readonly msg?: string;
}

export const evidenceMaxEach = 12;
const storyKinds: ReadonlySet<Evidence["kind"]> = new Set(["event", "status"]);

/** Gives every piece of evidence a place to point at. Assertions are taken in order, so those first in the table are linked most fully. */
export function linkEvidence(
  assertions: readonly JudgedAssertion[],
  story: readonly StoryEntry[],
  logRows: readonly Row[],
  limits: Limits,
): NumberedAssertion[] {
  let room = limits.evidence;
  return assertions.map((assertion, index) => {
    const { evidence, outcome } = assertion.verdict;
    const shown = evidence.slice(0, Math.min(evidenceMaxEach, room));
    room -= shown.length;
    return {
      number: index + 1,
      assertion,
      evidence: shown.map((each, place) => link({ ...each, text: clip(each.text, limits.text) }, `e${index + 1}-${place + 1}`, outcome, story, logRows)),
      evidenceLeft: evidence.length - shown.length,
    };
  });
}

function link(
  evidence: Evidence,
  id: string,
  outcome: Outcome,
  story: readonly StoryEntry[],
  logRows: readonly Row[],
): LinkedEvidence {
  const row =
    evidence.kind === "log"
      ? (bestMatch(logRows, evidence) ?? bestMatch(story, evidence))
      : storyKinds.has(evidence.kind)
        ? bestMatch(story, evidence)
        : undefined;
  return row === undefined ? { evidence, target: id, mark: { id, outcome } } : { evidence, target: row.id };
}

/**
 * The row of the same moment, of the same member if the evidence names one and the row does. A member
 * writes many lines in a millisecond: the one that the evidence quotes comes first.
 */
export function bestMatch<Each extends Omit<Row, "id">>(rows: readonly Each[], { atMs, member, text }: Evidence): Each | undefined {
  const near = rows.filter((row) => Math.abs(row.atMs - atMs) < 0.5 && (member === undefined || row.member === undefined || row.member === member));
  const quoted = near.find(({ msg }) => msg !== undefined && msg !== "" && text.includes(msg));
  const nearest = near.reduce<Each | undefined>((best, row) => (best !== undefined && Math.abs(best.atMs - atMs) <= Math.abs(row.atMs - atMs) ? best : row), undefined);
  return quoted ?? near.find((row) => row.atMs === atMs && row.member === member) ?? nearest;
}
