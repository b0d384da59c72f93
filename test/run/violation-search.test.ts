import { expect } from "chai";
import { searchViolation } from "../../src/run/violation-search.ts";
import { ManualClock } from "../observe/manual-clock.ts";

/** Searches on a clock that the test moves on, with looks that take so long, and notes when each began and what it was about. */
class Search {
  readonly clock = new ManualClock();
  readonly looks: (readonly [startMs: number, atMs: number])[] = [];
  violation: string | undefined;
  found: string | undefined;

  constructor({ tookMs = 0, timeoutMs = 0 }: { readonly tookMs?: number; readonly timeoutMs?: number }) {
    const look = async (atMs: number): Promise<string | undefined> => {
      this.looks.push([this.clock.nowMs(), atMs]);
      await this.clock.sleep(tookMs);
      return this.violation;
    };
    void searchViolation({ look, clock: this.clock, timeoutMs }).then((found) => (this.found = found));
  }
}

describe("the search for a violation", () => {
  it("looks every second while looking is quick", async () => {
    const search = new Search({ tookMs: 20 });
    await search.clock.advance(3_500);
    expect(search.looks.map(([startMs]) => startMs)).to.deep.equal([0, 1_000, 2_000, 3_000]);
  });

  it("takes no more than a tenth of the time where looking is slow", async () => {
    const search = new Search({ tookMs: 700 });
    await search.clock.advance(15_000);
    expect(search.looks.map(([startMs]) => startMs)).to.deep.equal([0, 7_000, 14_000]);
  });

  it("judges a moment of which everything is written: answers, and operations of the load with their waiting", async () => {
    const [idle, loaded] = [new Search({}), new Search({ timeoutMs: 1_500 })];
    await Promise.all([idle.clock.advance(1_000), loaded.clock.advance(1_000)]);
    expect(idle.looks.map(([, atMs]) => atMs)).to.deep.equal([-2_000, -1_000]);
    expect(loaded.looks.map(([, atMs]) => atMs)).to.deep.equal([-5_000, -4_000]);
  });

  it("ends with what is violated, and looks no more", async () => {
    const search = new Search({});
    await search.clock.advance(1_500);
    search.violation = "no leader";
    await search.clock.advance(5_000);
    expect(search.found).to.equal("no leader");
    expect(search.looks).to.have.length(3);
  });
});
