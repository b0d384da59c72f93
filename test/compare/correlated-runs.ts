import { quantile } from "../../src/analysis/latency.ts";
import type { FigureName } from "../../src/analysis/key-figures.ts";
import type { FigureOperations, Side } from "../../src/compare/side.ts";
import type { Entry } from "../../src/ledger/entry.ts";
import { seededRandom, type Random } from "../../src/random.ts";
import { Blocks, type Timed } from "../../src/statistics/blocks.ts";
import { entry } from "../ledger/entries.ts";

/**
 * What was seen in seventeen runs of one load of 200 operations a second: latencies stay alike for half a second, and the medians
 * of whole runs lie apart by a tenth.
 */
const alikeMs = 500;
const everyMs = 10;
const withinRun = 0.35;
const betweenRuns = 0.1;
const partMs = 8_000;
const parts = ["before", "during", "after"] as const;

/** A single run with its put latencies in three parts of eight seconds, `factor` times as long as usual. */
export function correlatedRun(seed: number, { factor = 1 }: { readonly factor?: number } = {}): Side {
  const random = seededRandom(seed, "correlated");
  const own = Math.exp(betweenRuns * normal(random));
  const figures: Partial<Record<FigureName, number>> = {};
  const operations = new Map<FigureName, FigureOperations>();
  for (const part of parts) {
    const latencies = correlated(random, 3 * factor * own);
    const sorted = latencies.map(({ value }) => value).sort((a, b) => a - b);
    const blocks = new Blocks(latencies, { startMs: 0, endMs: partMs }, 1_000);
    for (const [name, q] of [[`put-p50-${part}`, 0.5], [`put-p99-${part}`, 0.99]] as const) {
      figures[name] = quantile(sorted, q) ?? NaN;
      operations.set(name, { blocks, quantile: q });
    }
  }
  return { label: `run ${seed}`, entries: [entry(seed, { figures })], operations };
}

/** So many other runs of the same kind. */
export function correlatedPeers(many: number, seed: number): Entry[] {
  return Array.from({ length: many }, (_, index) => correlatedRun(1_000 * (seed + 1) + index)).flatMap(({ entries }) => entries);
}

/** Each latency takes after the one before, and has a part of its own. */
function correlated(random: Random, aroundMs: number): Timed[] {
  const kept = Math.exp(-everyMs / alikeMs);
  let state = normal(random);
  return Array.from({ length: partMs / everyMs }, (_, index) => {
    state = kept * state + Math.sqrt(1 - kept * kept) * normal(random);
    return { atMs: index * everyMs, value: aroundMs * Math.exp(withinRun * (state + normal(random))) };
  });
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}
