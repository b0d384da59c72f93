import { expect } from "chai";
import fc from "fast-check";
import type { Entry } from "../../src/ledger/entry.ts";
import { noiseBand } from "../../src/ledger/noise-band.ts";
import { etcdSeries, seriesOf } from "../../src/ledger/series.ts";
import { sinceGreen } from "../../src/ledger/since-green.ts";
import { entries, entry } from "./entries.ts";

const commit = (hash: string): Partial<Entry> => ({ harness: { version: "0.1.0", commit: hash } });
/** As many passed runs at one commit and then failed ones at another. */
const broken = (passed: number, failed: number, change: Partial<Entry> = {}): Entry[] =>
  entries(passed + failed, (number) => (number < passed ? commit("aaaaaaaaaaaa") : { ...commit("bbbbbbbbbbbb"), outcome: "fail", ...change }));

describe("what changed since the last run that passed", () => {
  it("is nothing to ask of a series whose latest run passed, or that has none", () => {
    expect(sinceGreen(entries(3), [])).to.equal(undefined);
    expect(sinceGreen([], [])).to.equal(undefined);
  });

  it("is the commit alone, which is then suspected, with the runs on both sides", () => {
    const since = sinceGreen(broken(5, 3), []);
    expect(since?.changes).to.deep.equal([{ what: "harness commit", before: "aaaaaaaaaaaa", after: "bbbbbbbbbbbb" }]);
    expect(since?.suspicion).to.deep.equal({ from: "aaaaaaaaaaaa", to: "bbbbbbbbbbbb", passedBefore: 5, ranBefore: 5, failedSince: 3, ranSince: 3 });
    expect(since?.lastGreen?.id).to.equal(entry(4).id);
    expect(since?.firstOther.id).to.equal(entry(5).id);
  });

  it("suspects no commit where anything else changed with it", () => {
    const others: readonly Partial<Entry>[] = [
      { etcd: { version: "3.5.31" } },
      { scenarioHash: "other" },
      { machine: { ...entry(0).machine, cpus: 2 } },
      { machine: { ...entry(0).machine, kernel: "6.2.0" } },
      { machine: { ...entry(0).machine, node: "v22.0.0" } },
      { harness: { version: "0.1.0", commit: "bbbbbbbbbbbb", dirty: true } },
      { runtime: "docker" },
    ];
    for (const other of others) {
      const since = sinceGreen(broken(5, 3, other), []);
      expect(since?.suspicion, JSON.stringify(other)).to.equal(undefined);
      expect(since?.changes).to.have.length(2);
    }
  });

  it("does not hold another host of the same kind against the commit, but tells it", () => {
    const since = sinceGreen(broken(5, 3, { machine: { ...entry(0).machine, host: "ffffffff" } }), []);
    expect(since?.suspicion?.to).to.equal("bbbbbbbbbbbb");
    expect(since?.changes.map(({ what }) => what)).to.deep.equal(["harness commit", "host"]);
  });

  it("suspects no commit where a run could not tell, where files were changed by hand, or where no commit is known", () => {
    expect(sinceGreen(broken(5, 1, { outcome: "inconclusive" }), [])?.suspicion).to.equal(undefined);
    expect(sinceGreen(entries(4, (number) => ({ harness: { version: "0.1.0" }, outcome: number < 3 ? "pass" : "fail" })), [])?.suspicion).to.equal(undefined);
    expect(sinceGreen(entries(4, (number) => ({ harness: { version: "0.1.0", commit: number < 3 ? "aaaaaaaaaaaa" : "bbbbbbbbbbbb", dirty: true }, outcome: number < 3 ? "pass" : "fail" })), [])?.suspicion).to.equal(undefined);
  });

  it("suspects no commit where one of the two was judged by other assertions, or where the one before failed since as well", () => {
    const since = sinceGreen(broken(5, 3, { assertionsFrom: "stricter.yaml" }), []);
    expect(since?.changes.map(({ what }) => what)).to.deep.equal(["harness commit", "assertions"]);
    expect(since?.suspicion).to.equal(undefined);
    const again = [...broken(5, 3), entry(8, { ...commit("aaaaaaaaaaaa"), outcome: "fail" })];
    expect(sinceGreen(again, [])?.suspicion).to.equal(undefined);
  });

  it("counts failures from before, so that a flake is seen as one", () => {
    const flaky = entries(6, (number) => (number === 1 ? { outcome: "fail" } : number === 5 ? { ...commit("bbbbbbbbbbbb"), outcome: "fail" } : {}));
    expect(sinceGreen(flaky, [])?.suspicion).to.deep.include({ passedBefore: 4, ranBefore: 5, failedSince: 1, ranSince: 1 });
  });

  it("looks at other series of the scenario where this one never passed, and blames no commit then", () => {
    const since = sinceGreen([entry(9, { outcome: "fail", ...commit("bbbbbbbbbbbb") })], [entry(3, { etcd: { version: "3.4.41" } })]);
    expect(since?.lastGreen?.id).to.equal(entry(3).id);
    expect(since?.changes.map(({ what }) => what)).to.deep.equal(["etcd", "harness commit"]);
    expect(since?.suspicion).to.equal(undefined);
  });
});

describe("the band in which a figure usually lies", () => {
  const values = (all: readonly number[]): Entry[] => all.map((value, number) => entry(number, { figures: { availability: value } }));

  it("is three deviations around the median, as the median of deviations tells them", () => {
    expect(noiseBand(entry(9), values([1, 2, 3, 4, 5]), "availability")).to.deep.include({ middle: 3, runs: 5, low: 0 }).and.to.have.property("high").that.is.closeTo(3 + 3 * 1.4826, 1e-9);
  });

  it("is not widened by an outlier", () => {
    const [calm, wild] = [noiseBand(entry(9), values([1, 2, 3, 4, 5]), "availability"), noiseBand(entry(9), values([1, 2, 3, 4, 5_000]), "availability")];
    expect(wild?.high).to.equal(calm?.high);
  });

  it("needs five passed runs that are alike, with the figure", () => {
    expect(noiseBand(entry(9), values([1, 2, 3, 4]), "availability")).to.equal(undefined);
    const unlike: readonly Partial<Entry>[] = [{ outcome: "fail" }, { scenarioHash: "other" }, { etcd: { version: "3.5.29" } }, { machine: { ...entry(0).machine, cpus: 8 } }, { figures: {} }];
    for (const change of unlike) expect(noiseBand(entry(9), values([1, 2, 3, 4, 5]).map((each, number) => (number === 0 ? { ...each, ...change } : each)), "availability"), JSON.stringify(change)).to.equal(undefined);
  });
});

describe("series of runs", () => {
  it("hold each run once, oldest first, apart by scenario, series of etcd and runtime", () => {
    const some = fc.record({ scenario: fc.constantFrom("a", "b"), runtime: fc.constantFrom("local", "docker"), version: fc.constantFrom("3.4.41", "3.5.29", "3.5.30") });
    fc.assert(
      fc.property(fc.array(some), (drawn) => {
        const all = drawn.map(({ scenario, runtime, version }, number) => entry(number, { scenario, runtime, etcd: { version } }));
        const series = seriesOf(all);
        expect(series.flatMap((each) => each.entries)).to.have.members(all);
        for (const { scenario, etcd, runtime, entries: own } of series) {
          for (const each of own) expect([each.scenario, etcdSeries(each.etcd.version), each.runtime]).to.deep.equal([scenario, etcd, runtime]);
          expect(own.map(({ startedAt }) => startedAt)).to.deep.equal(own.map(({ startedAt }) => startedAt).sort());
        }
      }),
    );
  });

  it("have a run that broke before it had an etcd where the one belongs that it asked for", () => {
    const broken = (number: number, asked: string) => entry(number, { etcd: { version: "unknown", asked } });
    const all = [entry(1), broken(2, "3.5"), broken(3, "3.5.30"), broken(4, "/my/etcd"), broken(5, "image:a/etcd:v3.5.1")];
    expect(seriesOf(all).map(({ etcd, entries: own }) => [etcd, own.length])).to.deep.equal([["3.5", 3], ["unknown", 2]]);
  });

  it("take what is no version for itself", () => {
    expect(["3.5.30", "3.4.0-rc.1", "unknown", "my/etcd"].map(etcdSeries)).to.deep.equal(["3.5", "3.4", "unknown", "my/etcd"]);
  });
});
