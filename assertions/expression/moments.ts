import type { Stretch } from "../../src/analysis/coverage.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { formatDuration } from "../../src/units/duration.ts";
import { judgeMembers, type Part } from "../members.ts";
import type { Verdict } from "../verdict.ts";
import type { SeenWindow } from "../window.ts";
import { counted } from "../words.ts";
import { evaluate, verdictOfOne } from "./evaluate.ts";
import { ledStretches } from "../led.ts";
import { looksAt, type Moment } from "./looks.ts";
import { longestHeld } from "./on-end.ts";
import { doubtAbout, edges, type Look, type Seen } from "./seen.ts";
import type { Settled } from "./settle.ts";
import type { Sized, Unsized } from "./sized.ts";
import type { Quantity } from "./syntax.ts";
import { sizeAt, sizeOfLeader, whomOf, type Windows } from "./whom.ts";

/** Judges `eventually`, `always` and `never`: the comparison is made again and again in a window. */
export function judgeMoments(recording: Recording, expression: Settled, window: SeenWindow, windows: Windows, bound: string): Verdict {
  const { over } = expression;
  if (over === undefined) return verdictOfOne(judgeMember(recording, expression, undefined, "", window, windows, bound), bound);
  if (over === "leader") return judgeLeader(recording, expression, window, windows, bound);
  return judgeMembers(recording, over, window, bound, ([member = ""], who) => judgeMember(recording, expression, member, who, window, windows, bound));
}

function judgeMember(recording: Recording, expression: Settled, member: string | undefined, who: string, window: SeenWindow, windows: Windows, bound: string): Part {
  const { noun, gaps, moments } = looksAt(recording, expression, member, window);
  const current = member === undefined ? undefined : [member];
  const size = sizing(windows, (quantity, at) => sizeAt(recording, quantity, whomOf(recording, quantity, current, who), at));
  const looks = moments.map((moment) => lookAt(expression, moment, who, bound, size));
  return combined(expression, { looks, gaps, noun, who, window });
}

/** In each moment it is about whoever led then. */
function judgeLeader(recording: Recording, expression: Settled, window: SeenWindow, windows: Windows, bound: string): Verdict {
  const who = "the leader";
  const led = ledStretches(recording, window);
  const unled: Stretch[] = led[0] !== undefined && led[0].window.startMs > window.startMs ? [{ startMs: window.startMs, endMs: led[0].window.startMs }] : [];
  const seen = led.map(({ leader, window: stretch }) => {
    const { moments, gaps, noun } = looksAt(recording, expression, leader, stretch);
    const size = sizing(windows, (quantity, at) => (windows.has(quantity) ? sizeOfLeader(recording, quantity, at) : sizeAt(recording, quantity, quantity.members?.name === "leader" ? { members: [leader], who: leader } : whomOf(recording, quantity, undefined, who), at)));
    return { noun, gaps, looks: moments.map((moment) => lookAt(expression, moment, leader, bound, size)) };
  });
  const looks = seen.flatMap((each) => each.looks);
  return verdictOfOne(combined(expression, { looks, gaps: [...unled, ...seen.flatMap(({ gaps }) => gaps)], noun: seen[0]?.noun ?? "second", who, window }), bound);
}

type SizeIn = (quantity: Quantity, window: SeenWindow) => Sized | Unsized;

function lookAt(expression: Settled, { startMs, endMs, window }: Moment, who: string, bound: string, size: SizeIn): Look {
  return { startMs, endMs, part: evaluate(expression, who, bound, (quantity) => size(quantity, window)) };
}

/** What has a window of its own is measured once, everything else in each moment. */
function sizing(windows: Windows, size: SizeIn): SizeIn {
  const once = new Map([...windows].map(([quantity, window]) => [quantity, size(quantity, window)] as const));
  return (quantity, moment) => once.get(quantity) ?? size(quantity, moment);
}

function combined({ temporal, forMs }: Settled, seen: Seen): Part {
  const { looks, who, window } = seen;
  const holds = looks.filter(({ part }) => part.outcome === "pass");
  const breaks = looks.filter(({ part }) => part.outcome === "fail");
  if (looks.length === 0) return { who, outcome: "inconclusive", observed: "nothing", reason: `nothing of it was seen in ${window.name}`, badness: 0, evidence: [] };
  const share = breaks.length / looks.length;
  if (forMs !== undefined) return longestHeld(seen, forMs);
  if (temporal === "eventually") return decided(seen, { telling: holds, outcome: "pass", otherwise: "fail", badness: share, held: holds.length });
  if (temporal === "never") return decided(seen, { telling: holds, outcome: "fail", otherwise: "pass", badness: 1 - share, held: holds.length });
  return decided(seen, { telling: breaks, outcome: "fail", otherwise: "pass", badness: share, held: holds.length });
}

interface Decision {
  /** Looks of which one decides it. */
  readonly telling: readonly Look[];
  readonly outcome: "pass" | "fail";
  /** Where there is none, and everything was seen. */
  readonly otherwise: "pass" | "fail";
  readonly badness: number;
  readonly held: number;
}

function decided(seen: Seen, { telling, outcome, otherwise, badness, held }: Decision): Part {
  const { looks, noun, who, window } = seen;
  const [first] = telling;
  if (first !== undefined) {
    const observed = `${first.part.observed} at ${formatDuration(first.endMs)}`;
    const reason = `${observed}; it held in ${held} of ${counted(looks.length, noun)}`;
    return { who, outcome, observed, ...(outcome === "fail" ? { reason } : {}), badness, evidence: telling.slice(0, 5).flatMap(({ part }) => part.evidence.slice(0, 2)) };
  }
  const observed = `held in ${held} of ${counted(looks.length, noun)}`;
  const doubt = doubtAbout(seen);
  const evidence = edges(looks);
  if (doubt !== undefined) return { who, outcome: "inconclusive", observed, reason: doubt, badness, evidence };
  return { who, outcome: otherwise, observed, ...(otherwise === "fail" ? { reason: `it ${observed} of ${window.name}` } : {}), badness, evidence };
}
