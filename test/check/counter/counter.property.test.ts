import { expect } from "chai";
import { checkCounter } from "../../../src/check/counter.ts";
import { additionsIn } from "../../../src/check/counters/history.ts";
import { checkStrictSerializable } from "../../../src/check/strict-serializable.ts";
import { wholeUntil } from "../../../src/check/whole-until.ts";
import { seededRandom } from "../../../src/random.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import { counter } from "../../../src/workloads/counter.ts";
import { simulatedLoad } from "../simulated-load.ts";
import { wrongs } from "./changes.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const histories = Number(process.env["CHECKED_HISTORIES"] ?? 300);
const firstSeed = Number(process.env["FIRST_SEED"] ?? 1);
const seeds = Array.from({ length: histories }, (_, index) => firstSeed + index);

function made(seed: number): Operation[] {
  const workload = counter.bind({ clients: 2 + (seed % 7), counters: 1 + (seed % 4), reads: 0.3 + (seed % 3) * 0.2 });
  return simulatedLoad(workload, seed, { operations: 40 + (seed % 5) * 50, unknown: (seed % 6) * 0.04 });
}

describe("counters of made-up histories", function () {
  this.timeout(600_000);

  it(`are found right in each of ${histories} correct ones, by what they count and by their revisions`, () => {
    let added = 0;
    for (const seed of seeds) {
      const history = made(seed);
      expect(checkCounter(history).kind, `seed ${seed}: ${JSON.stringify(checkCounter(history))}`).to.equal("ok");
      expect(checkStrictSerializable(history).kind, `seed ${seed}`).to.equal("ok");
      added += additionsIn(history);
    }
    expect(added, "acknowledged increments").to.be.greaterThan(histories * 5);
  });

  it("are found right at every moment while the run goes on", () => {
    for (const seed of seeds.slice(0, Math.ceil(histories / 3))) {
      const history = made(seed);
      const atNs = seededRandom(seed, "moment").int(1, history.at(-1)?.returnNs ?? 1);
      expect(checkCounter(wholeUntil(history, atNs)).kind, `seed ${seed} at ${atNs}`).to.equal("ok");
    }
  });

  for (const [name, { change, rules }] of Object.entries(wrongs)) {
    it(`are found wrong in each with ${/^[aeio]/.test(name) ? "an" : "a"} ${name}`, () => {
      let wrong = 0;
      for (const seed of seeds) {
        const history = change(made(seed), seededRandom(seed, name));
        if (history === undefined) continue;
        wrong += 1;
        const finding = checkCounter(history);
        if (finding.kind !== "violated") expect.fail(`seed ${seed}: ${JSON.stringify(finding)}`);
        expect(finding.rule, `seed ${seed}: ${finding.sentence}`).to.match(rules);
        expect(finding.operations, "the illegal one is among those shown").to.include(finding.illegal);
      }
      expect(wrong, "histories that were made wrong").to.be.greaterThan(histories / 3);
    });
  }
});
