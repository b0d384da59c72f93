import { expect } from "chai";
import { guarantees } from "../../../src/check/watch/guarantees.ts";
import { checkWatch } from "../../../src/check/watch.ts";
import { seededRandom } from "../../../src/random.ts";
import { anomalies } from "./anomalies.ts";
import { story, type Story } from "./streams.ts";

/** More on demand: CHECKED_HISTORIES=10000 npx mocha test/check. */
const stories = Number(process.env["CHECKED_HISTORIES"] ?? 300);
const firstSeed = Number(process.env["FIRST_SEED"] ?? 1);
const seeds = Array.from({ length: stories }, (_, index) => firstSeed + index);

function told({ responses, history, compactedTo }: Story, seed: number): string {
  const lines = [...responses, ...history].map((each) => JSON.stringify(each)).join("\n");
  return `seed ${seed}, compacted to ${compactedTo}: ${JSON.stringify(checkWatch({ responses, history, compactedTo }))}\n${lines}`;
}

describe("what watches promise, in made-up streams", function () {
  this.timeout(600_000);
  let made: readonly (readonly [seed: number, story: Story])[];
  before(() => {
    made = seeds.map((seed) => [seed, story(seed)]);
  });

  it(`is kept in each of ${stories} correct ones, with cuts, compactions and members that lag behind`, () => {
    let compacted = 0;
    for (const [seed, each] of made) {
      if (checkWatch(each).kind !== "ok") expect.fail(told(each, seed));
      if (each.responses.some(({ kind }) => kind === "canceled")) compacted += 1;
    }
    expect(compacted).to.be.greaterThan(stories / 50);
  });

  for (const [name, { breaks, plant }] of Object.entries(anomalies)) {
    it(`is broken by ${name}: ${breaks}`, () => {
      let planted = 0;
      for (const [seed, whole] of made) {
        const responses = plant(whole, seededRandom(seed, name));
        if (responses === undefined) continue;
        planted += 1;
        const finding = checkWatch({ ...whole, responses });
        if (finding.kind !== "violated" || finding.rule !== breaks) expect.fail(told({ ...whole, responses }, seed));
        expect(finding.operations).to.include(finding.illegal);
        expect(checkWatch({ ...whole, responses }, [breaks])).to.deep.equal(finding);
      }
      expect(planted, "stories with it").to.be.greaterThan(stories / 10);
    });
  }

  it("is broken by name for each guarantee at least once", () => {
    expect(new Set(Object.values(anomalies).map(({ breaks }) => breaks))).to.deep.equal(new Set(guarantees));
  });
});
