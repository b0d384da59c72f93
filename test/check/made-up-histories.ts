import { expect } from "chai";
import type { Finding } from "../../src/check/finding.ts";
import { checkStrictSerializable } from "../../src/check/strict-serializable.ts";
import { wholeUntil } from "../../src/check/whole-until.ts";
import { seededRandom } from "../../src/random.ts";
import type { Operation } from "../../src/recording/operation.ts";
import type { Change } from "./change.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const histories = Number(process.env["CHECKED_HISTORIES"] ?? 300);
const firstSeed = Number(process.env["FIRST_SEED"] ?? 1);
const seeds = Array.from({ length: histories }, (_, index) => firstSeed + index);

/** What makes a correct history wrong, where it has something to be changed, and how the rule is called that it breaks then. */
export interface Wrong {
  readonly change: Change;
  readonly rules: RegExp;
}

export interface MadeUp {
  /** A correct history of its own for each seed. */
  readonly made: (seed: number) => Operation[];
  readonly check: (history: readonly Operation[]) => Finding;
  /** How much of a history says anything: histories of nothing are found right as well. */
  readonly tells: (history: readonly Operation[]) => number;
  readonly wrongs: Readonly<Record<string, Wrong>>;
}

/** Tests that a checker of one kind of workload raises no false alarm, and misses nothing. */
export function judgesMadeUpHistories({ made, check, tells, wrongs }: MadeUp): void {
  it(`finds each of ${histories} correct ones right, and so are their revisions`, () => {
    let telling = 0;
    for (const seed of seeds) {
      const history = made(seed);
      expect(check(history).kind, `seed ${seed}: ${JSON.stringify(check(history))}`).to.equal("ok");
      expect(checkStrictSerializable(history).kind, `seed ${seed}`).to.equal("ok");
      telling += tells(history);
    }
    expect(telling, "what they tell").to.be.greaterThan(histories * 5);
  });

  it("finds them right at every moment while the run goes on", () => {
    for (const seed of seeds.slice(0, Math.ceil(histories / 3))) {
      const history = made(seed);
      const atNs = seededRandom(seed, "moment").int(1, history.at(-1)?.returnNs ?? 1);
      expect(check(wholeUntil(history, atNs)).kind, `seed ${seed} at ${atNs}`).to.equal("ok");
    }
  });

  for (const [name, { change, rules }] of Object.entries(wrongs)) {
    it(`finds each wrong that has ${/^[aeio]/.test(name) ? "an" : "a"} ${name}`, () => {
      let wrong = 0;
      for (const seed of seeds) {
        const history = change(made(seed), seededRandom(seed, name));
        if (history === undefined) continue;
        wrong += 1;
        const finding = check(history);
        if (finding.kind !== "violated") expect.fail(`seed ${seed}: ${JSON.stringify(finding)}`);
        expect(finding.rule, `seed ${seed}: ${finding.sentence}`).to.match(rules);
        expect(finding.operations, "the illegal one is among those shown").to.include(finding.illegal);
      }
      expect(wrong, "histories that were made wrong").to.be.greaterThan(histories / 3);
    });
  }
}
