import { expect } from "chai";
import { checkQueue, handedOut } from "../../../src/check/queue.ts";
import { checkStrictSerializable } from "../../../src/check/strict-serializable.ts";
import { wholeUntil } from "../../../src/check/whole-until.ts";
import { seededRandom } from "../../../src/random.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import { queue } from "../../../src/workloads/queue.ts";
import { simulatedLoad } from "../simulated-load.ts";
import { wrongs } from "./changes.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const histories = Number(process.env["CHECKED_HISTORIES"] ?? 300);
const firstSeed = Number(process.env["FIRST_SEED"] ?? 1);
const seeds = Array.from({ length: histories }, (_, index) => firstSeed + index);

function made(seed: number): Operation[] {
  const workload = queue.bind({ clients: 2 + (seed % 7), length: 1 + (seed % 9), enqueues: 0.4 + (seed % 3) * 0.2 });
  return simulatedLoad(workload, seed, { operations: 40 + (seed % 5) * 50, unknown: (seed % 6) * 0.04 });
}

describe("queues of made-up histories", function () {
  this.timeout(600_000);

  it(`are found right in each of ${histories} correct ones, by the queue and by their revisions`, () => {
    let items = 0;
    for (const seed of seeds) {
      const history = made(seed);
      expect(checkQueue(history).kind, `seed ${seed}: ${JSON.stringify(checkQueue(history))}`).to.equal("ok");
      expect(checkStrictSerializable(history).kind, `seed ${seed}`).to.equal("ok");
      items += handedOut(history);
    }
    expect(items, "items that were handed out").to.be.greaterThan(histories * 5);
  });

  it("are found right at every moment while the run goes on", () => {
    for (const seed of seeds.slice(0, Math.ceil(histories / 3))) {
      const history = made(seed);
      const atNs = seededRandom(seed, "moment").int(1, history.at(-1)?.returnNs ?? 1);
      expect(checkQueue(wholeUntil(history, atNs)).kind, `seed ${seed} at ${atNs}`).to.equal("ok");
    }
  });

  for (const [name, { change, rules }] of Object.entries(wrongs)) {
    it(`are found wrong in each with ${/^[aeio]/.test(name) ? "an" : "a"} ${name}`, () => {
      let wrong = 0;
      for (const seed of seeds) {
        const history = change(made(seed), seededRandom(seed, name));
        if (history === undefined) continue;
        wrong += 1;
        const finding = checkQueue(history);
        if (finding.kind !== "violated") expect.fail(`seed ${seed}: ${JSON.stringify(finding)}`);
        expect(finding.rule, `seed ${seed}: ${finding.sentence}`).to.match(rules);
        expect(finding.operations, "the illegal one is among those shown").to.include(finding.illegal);
      }
      expect(wrong, "histories that were made wrong").to.be.greaterThan(histories / 3);
    });
  }
});
