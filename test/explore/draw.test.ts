import { expect } from "chai";
import fc from "fast-check";
import { catalogue } from "../../src/catalogue.ts";
import { drawSketch } from "../../src/explore/draw.ts";
import { faultMenu } from "../../src/explore/fault-menu.ts";
import { usualLimits } from "../../src/explore/limits.ts";
import { loadKinds } from "../../src/explore/load-menu.ts";
import { scenarioText } from "../../src/explore/print.ts";
import { promisesBroken, promisesOf } from "../../src/explore/promises.ts";
import { durationMs, type Sketch } from "../../src/explore/sketch.ts";
import { seededRandom } from "../../src/random.ts";
import { parseScenario } from "../../src/scenario/parse.ts";
import { plain, sketches } from "./sketches.ts";

const textOf = (sketch: Sketch): string => scenarioText(sketch, { description: "Drawn.", etcd: "3.4", promises: promisesOf(sketch) });
const losing = new Set(faultMenu.filter(({ loses }) => loses).map(({ kind }) => kind));

describe("scenarios drawn by chance", function () {
  this.timeout(60_000);

  it("are all accepted, with the times that they were drawn with", () => {
    fc.assert(
      fc.property(sketches(), (sketch) => {
        const scenario = parseScenario(textOf(sketch), "drawn.yaml", catalogue);
        expect(scenario.phases.reduce((sum, phase) => sum + phase.durationMs, 0)).to.equal(durationMs(sketch));
        expect(scenario.phases.flatMap(({ faults }) => faults)).to.have.length(sketch.faults.length);
        expect(scenario.cluster).to.deep.include({ memberCount: sketch.members, etcd: "3.4" });
      }),
      { numRuns: 300 },
    );
  });

  it("are the same for the same seed, and others for others", () => {
    const draw = (seed: number): string => textOf(drawSketch(seededRandom(seed, "test"), usualLimits));
    expect(draw(7)).to.equal(draw(7));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => draw(seed))).size).to.equal(50);
  });

  it("never lose more than a minority at a time, unless asked", () => {
    fc.assert(
      fc.property(sketches(), ({ faults, members }) => {
        const lost = faults.filter(({ kind }) => losing.has(kind));
        if (members === 1) expect(lost).to.deep.equal([]);
        for (const [index, one] of lost.entries()) {
          for (const other of lost.slice(index + 1)) expect(one.atMs + one.forMs <= other.atMs || other.atMs + other.forMs <= one.atMs, `${one.kind} and ${other.kind}`).to.equal(true);
        }
      }),
      { numRuns: 300 },
    );
    const beyond = fc.sample(sketches({ ...usualLimits, beyondMinority: true }), 300);
    expect(beyond.some(({ members, faults }) => members === 1 && faults.some(({ kind }) => losing.has(kind)))).to.equal(true);
  });

  it("keep quiet before and after, and leave every fault time to bite within the storm", () => {
    fc.assert(
      fc.property(sketches(), ({ faults, stormMs, quietMs }) => {
        expect(quietMs).to.deep.equal(usualLimits.quietMs);
        for (const { kind, atMs, forMs } of faults) {
          expect(atMs + forMs).to.be.at.most(stormMs);
          expect(forMs).to.be.at.least(faultMenu.find((item) => item.kind === kind)?.leastMs ?? Infinity);
        }
      }),
    );
  });

  it("have no fault that is not to be had, and in time all others and all workloads", () => {
    const without = new Set(["slow-fsync", "packet-drop", "packet-loss"]);
    const drawn = fc.sample(sketches({ ...usualLimits, without }), 2_000);
    const kinds = new Set(drawn.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    expect([...kinds]).to.have.members(faultMenu.map(({ kind }) => kind).filter((kind) => !without.has(kind)));
    expect([...new Set(drawn.flatMap(({ loads }) => loads.map(({ kind }) => kind)))]).to.have.members([...loadKinds]);
  });

  it("are held against what etcd promises, each guarantee of watches by itself", () => {
    const [watched] = fc.sample(sketches(), 1_000).filter(({ watch, loads, members }) => members > 1 && watch !== undefined && ["kv", "lock"].every((kind) => loads.some((load) => load.kind === kind)));
    const kinds = promisesOf(watched ?? raise()).flatMap((promised) => Object.keys(promised));
    expect(kinds.filter((kind) => kind === "watch")).to.have.length.above(8);
    expect(kinds).to.include.members(["strict-serializable", "no-lost-writes", "lock", "hash-kv", "monotonic-revision"]);
    expect(kinds).to.not.include.members(["slo", "fsync"]);
  });

  it("strike only where a cluster of their size can be struck", () => {
    for (const sketch of fc.sample(sketches(), 300)) {
      const { phases, cluster } = parseScenario(textOf(sketch), "drawn.yaml", catalogue);
      for (const { fault } of phases.flatMap(({ faults }) => faults.flatMap(({ choices }) => choices))) expect(fault.unfit(cluster.memberCount), fault.title).to.equal(undefined);
    }
  });
});

describe("a scenario that shows one violation", () => {
  it("is held against the promise that it breaks alone", () => {
    const sketch: Sketch = { ...plain, watch: {} };
    const witness = { rule: "reliable", sentence: "never told", illegal: "1", operations: [] };
    expect(promisesBroken(sketch, { kind: "watch", title: "", reason: "", witness })).to.deep.equal([{ watch: { guarantees: ["reliable"] } }]);
    expect(promisesBroken(sketch, { kind: "hash-kv", title: "", reason: "" })).to.deep.equal([{ "hash-kv": {} }]);
    expect(promisesBroken(sketch, { kind: "strict-serializable", title: "", reason: "", witness: { ...witness, rule: "stale read" } })).to.deep.equal([{ "strict-serializable": { "at-least": 1 } }]);
  });
});

function raise(): never {
  throw new Error("none of them is watched under locks");
}
