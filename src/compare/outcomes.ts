import type { Entry } from "../ledger/entry.ts";
import { fisherExact } from "../statistics/fisher.ts";
import { wilsonInterval } from "../statistics/wilson.ts";
import type { OutcomeRow, OutcomeShare } from "./comparison.ts";
import type { Tested } from "./tested.ts";
import { smallestP } from "./figures.ts";
import type { Side } from "./side.ts";

type Outcome = OutcomeRow["outcome"];

/** How often runs passed, failed, or could not tell. */
export function testOutcomes(a: Side, b: Side): (Omit<OutcomeRow, "verdict" | "p" | "because"> & { readonly test: Tested })[] {
  return (["pass", "fail", "inconclusive"] as const).map((outcome) => {
    const [ofA, ofB] = [shareOf(a.entries, outcome), shareOf(b.entries, outcome)];
    const { p, pMin } = fisherExact(ofA, ofB);
    const more = Math.sign(ofB.hits / ofB.all - ofA.hits / ofA.all) * (outcome === "pass" ? 1 : -1);
    const betterIs = more > 0 ? "b" : more < 0 ? "a" : "neither";
    return { outcome, a: ofA, b: ofB, test: { p, pMin, pMinBySize: smallestP(ofA.all, ofB.all), betterIs, because: `${ofA.all} and ${ofB.all} runs, Fisher's exact test` } };
  });
}

function shareOf(entries: readonly Entry[], outcome: Outcome): OutcomeShare {
  const hits = entries.filter((entry) => entry.outcome === outcome).length;
  return { hits, all: entries.length, interval: wilsonInterval(hits, entries.length) };
}
