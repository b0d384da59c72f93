import { expect } from "chai";
import fc from "fast-check";
import { seededRandom } from "../../src/random.ts";
import { keyChoices, keyChooser, type KeyChoice } from "../../src/workloads/key-choice.ts";

/** How often each key was drawn, of ten thousand. */
function counts(choice: KeyChoice, keys: number): number[] {
  const choose = keyChooser(choice, keys);
  const random = seededRandom(1, choice);
  const drawn = new Array<number>(keys).fill(0);
  for (let index = 0; index < 10_000; index += 1) {
    const key = choose(random);
    drawn[key] = (drawn[key] ?? 0) + 1;
  }
  return drawn;
}

describe("the choice of keys", () => {
  it("is of all keys and no others, whatever the choice", () => {
    fc.assert(
      fc.property(fc.constantFrom(...keyChoices), fc.integer({ min: 1, max: 1_000 }), fc.integer(), (choice, keys, seed) => {
        const choose = keyChooser(choice, keys);
        const random = seededRandom(seed, "x");
        for (let index = 0; index < 20; index += 1) expect(choose(random)).to.be.within(0, keys - 1);
      }),
    );
    for (const choice of keyChoices) expect(Math.min(...counts(choice, 20)), choice).to.be.greaterThan(10);
  });

  it("takes all keys alike when uniform", () => {
    for (const count of counts("uniform", 10)) expect(count).to.be.within(850, 1_150);
  });

  it("takes a tenth of the keys nine times of ten when hot", () => {
    const [first = 0, second = 0] = counts("hot", 20);
    expect(first + second).to.be.within(8_800, 9_200);
  });

  it("takes each key less often than the one before when zipfian", () => {
    const drawn = counts("zipfian", 50);
    expect(drawn[0]).to.be.within(2_000, 2_450);
    expect((drawn[0] ?? 0) / (drawn[9] ?? 1)).to.be.within(7, 14);
  });
});
