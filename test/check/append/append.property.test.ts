import { expect } from "chai";
import { checkAppend } from "../../../src/check/append.ts";
import { checkStrictSerializable } from "../../../src/check/strict-serializable.ts";
import { seededRandom } from "../../../src/random.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import { append } from "../../../src/workloads/append.ts";
import { simulatedLoad } from "../simulated-load.ts";
import { canHaveHappened, type OwnerOf } from "./brute-force.ts";
import { mutations } from "./mutations.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const histories = Number(process.env["CHECKED_HISTORIES"] ?? 300);
const firstSeed = Number(process.env["FIRST_SEED"] ?? 1);
const seeds = Array.from({ length: histories }, (_, index) => firstSeed + index);

const parts = 3;
/** As the workload numbers elements: those of one request are next to each other. */
const ownerOf: OwnerOf = (element) => Math.floor(parseInt(element, 36) / parts);

function small(seed: number): Operation[] {
  return simulatedLoad(append.bind({ clients: 3, lists: 2, length: 3, parts, reads: 0.4 }), seed, { operations: 9, unknown: (seed % 4) * 0.08, final: seed % 3 === 0 });
}

function told(history: readonly Operation[], seed: number): string {
  return `seed ${seed}: ${JSON.stringify(checkAppend(history))}\n${history.map((each) => JSON.stringify(each)).join("\n")}`;
}

describe("lists of made-up histories that transactions append to", function () {
  this.timeout(600_000);

  it(`are found right in each of ${histories} correct ones, by their cycles and by their revisions`, () => {
    for (const seed of seeds) {
      const workload = append.bind({ clients: 2 + (seed % 8), lists: 1 + (seed % 5), length: 2 + (seed % 7), parts: 1 + (seed % 4) });
      const history = simulatedLoad(workload, seed, { operations: 30 + (seed % 5) * 60, unknown: (seed % 6) * 0.04 });
      if (checkAppend(history).kind !== "ok") expect.fail(told(history, seed));
      expect(checkStrictSerializable(history).kind, `seed ${seed}`).to.equal("ok");
    }
  });

  it("are found right in small correct ones, as by trying every order", () => {
    for (const seed of seeds) {
      const history = small(seed);
      expect(canHaveHappened(history, ownerOf), told(history, seed)).to.equal(true);
      expect(checkAppend(history).kind, told(history, seed)).to.equal("ok");
    }
  });

  for (const [name, mutation] of Object.entries(mutations)) {
    it(`are found wrong in ones with a ${name} exactly where no order explains them`, () => {
      let wrong = 0;
      for (const seed of seeds) {
        const history = mutation(small(seed), seededRandom(seed, name));
        if (history === undefined) continue;
        const can = canHaveHappened(history, ownerOf);
        if (!can) wrong += 1;
        if ((checkAppend(history).kind === "ok") !== can) expect.fail(`it ${can ? "can" : "cannot"} have happened, ${told(history, seed)}`);
      }
      expect(wrong, "histories that no order explains").to.be.greaterThan(histories / 100);
    });
  }
});
