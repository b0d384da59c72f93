import { expect } from "chai";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { seededRandom } from "../../src/random.ts";
import type { Operation } from "../../src/recording/operation.ts";
import { wasCompacted } from "../../src/recording/operations/compact.ts";
import { anomalies } from "./anomalies.ts";
import { canHaveHappened } from "./brute-force.ts";
import { correctHistory } from "./histories.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const histories = Number(process.env["CHECKED_HISTORIES"] ?? 300);
const firstSeed = Number(process.env["FIRST_SEED"] ?? 1);
const seeds = Array.from({ length: histories }, (_, index) => firstSeed + index);

function told(history: readonly Operation[], seed: number): string {
  return `seed ${seed}: ${JSON.stringify(checkStrictSerializable(history))}\n${history.map((each) => JSON.stringify(each)).join("\n")}`;
}

describe("strict serializability of made-up histories", function () {
  this.timeout(600_000);

  it(`is found in each of ${histories} correct ones of every kind of operation`, () => {
    for (const seed of seeds) {
      const history = correctHistory(seed, { operations: 30 + (seed % 5) * 40, clients: 2 + (seed % 7), keys: 1 + (seed % 4), unknown: (seed % 6) * 0.04 });
      if (checkStrictSerializable(history, [], { compactsAlone: true }).kind !== "ok") expect.fail(told(history, seed));
    }
  });

  it("is found in small correct ones, as by trying every order", () => {
    for (const seed of seeds) {
      const history = correctHistory(seed, { operations: 7, keys: 1 + (seed % 2), unknown: 0.15 });
      expect(canHaveHappened(history), told(history, seed)).to.equal(true);
      expect(checkStrictSerializable(history).kind, told(history, seed)).to.equal("ok");
    }
  });

  for (const [name, anomaly] of Object.entries(anomalies)) {
    it(`is missed in ones with a ${name} exactly where no order explains them`, () => {
      let wrong = 0;
      for (const seed of seeds) {
        // What a refused read tells of others is not tried in every order.
        const whole = correctHistory(seed, { operations: 8, keys: 1 + (seed % 2), unknown: (seed % 4) * 0.08 }).filter((each) => !wasCompacted(each));
        const history = anomaly(whole, seededRandom(seed, name));
        if (history === undefined) continue;
        const can = canHaveHappened(history);
        if (!can) wrong += 1;
        if ((checkStrictSerializable(history).kind === "ok") !== can) expect.fail(`it ${can ? "can" : "cannot"} have happened, ${told(history, seed)}`);
      }
      expect(wrong, "histories that no order explains").to.be.greaterThan(histories / 100);
    });
  }
});
