import { missedIn, type MissedShare } from "../../src/analysis/missed.ts";
import type { Stretch } from "../../src/analysis/coverage.ts";
import { latencyMs, type Operation } from "../../src/recording/operation.ts";
import { formatDuration } from "../../src/units/duration.ts";
import { evidenceOf } from "../slo-objectives.ts";
import { amount } from "../words.ts";
import { Ledger, type Counted } from "./ledger.ts";
import type { Indicator } from "./share.ts";

/** How many operations of a kind were due in a stretch and never sent; a part of one where only a part of them is of the kind. */
export function unsentOf(shares: readonly MissedShare[], stretch: Stretch): number {
  return shares.reduce((sum, { missed, share }) => sum + missedIn(missed, stretch) * share, 0);
}

/** `, 20 of them never sent`; nothing where all were. */
export function unsentText(unsent: number): string {
  return unsent === 0 ? "" : `, ${amount(unsent)} of them never sent`;
}

/** Of operations, by their intended start: those that ended ok. What was due and never sent did not. */
export function availability(operations: readonly Operation[], shares: readonly MissedShare[]): Indicator {
  return ofOperations(operations, shares, ({ outcome }) => outcome === "ok", "ok", "did not end ok");
}

/** Those that ended ok in less than a time from their intended start. */
export function answeredWithin(operations: readonly Operation[], shares: readonly MissedShare[], withinMs: number): Indicator {
  const within = formatDuration(withinMs);
  return ofOperations(operations, shares, (operation) => operation.outcome === "ok" && latencyMs(operation) < withinMs, `answered within ${within}`, `were not answered within ${within}`);
}

function ofOperations(operations: readonly Operation[], shares: readonly MissedShare[], isGood: (operation: Operation) => boolean, good: string, bad: string): Indicator {
  const sent = operations.map((operation): Counted => {
    const good = isGood(operation);
    return { atMs: operation.intendedNs / 1e6, good, weight: 1, evidence: good ? undefined : () => evidenceOf(operation) };
  });
  const unsent = shares.flatMap(({ missed, share }) => (share > 0 ? missed.map(({ atMs, count }): Counted => ({ atMs, good: false, weight: count * share })) : []));
  const detail = (stretch: Stretch): string => unsentText(unsentOf(shares, stretch));
  return { ledger: new Ledger([...sent, ...unsent]), noun: "operation", good, bad, detail, none: ({ name }) => `no operation was meant to start in ${name}` };
}
