import { expect } from "chai";
import fc from "fast-check";
import { shrink } from "../../src/explore/shrink.ts";
import { timelineEntries, type Sketch } from "../../src/explore/sketch.ts";
import { sizeOf, smaller } from "../../src/explore/smaller.ts";
import { plain, sketches } from "./sketches.ts";

const has = (kind: string) => (sketch: Sketch): boolean => sketch.faults.some((fault) => fault.kind === kind);
const loaded = (kind: string) => (sketch: Sketch): boolean => sketch.loads.some((load) => load.kind === kind);

/** Bugs that need one thing or two of a sketch. */
const bugs: readonly ((sketch: Sketch) => boolean)[] = [has("kill"), has("partition"), loaded("compaction"), loaded("kv"), (sketch) => sketch.watch !== undefined, (sketch) => has("pause")(sketch) && loaded("txn")(sketch)];

describe("a failing sketch made smaller", () => {
  it("still fails, and fails with nothing less", async () => {
    await fc.assert(
      fc.asyncProperty(sketches(), fc.constantFrom(...bugs), async (sketch, fails) => {
        fc.pre(fails(sketch));
        const shrunk = await shrink(sketch, async (candidate) => fails(candidate));
        expect(shrunk.complete).to.equal(true);
        expect(fails(shrunk.sketch)).to.equal(true);
        expect([...smaller(shrunk.sketch)].filter(fails)).to.deep.equal([]);
        for (const each of shrunk.path) expect(fails(each)).to.equal(true);
      }),
    );
  });

  it("has in the end only what the failure needs: one phase, the fault and the load", async () => {
    const faults = ["kill", "latency", "pause", "defrag"].map((kind, index) => ({ kind, options: { target: "leader" }, atMs: index * 1_000, forMs: 1_000 }));
    const loads = ["kv", "txn", "queue"].map((kind) => ({ kind, options: { rate: 200, clients: 12 } }));
    const big: Sketch = { ...plain, flags: { "snapshot-count": 100 }, watch: { "prev-kv": false }, members: 5, stormMs: 8_000, faults, loads };
    const { sketch, tried } = await shrink(big, async (candidate) => has("pause")(candidate) && loaded("txn")(candidate));
    expect(sketch.faults.map(({ kind }) => kind)).to.deep.equal(["pause"]);
    expect(sketch.loads.map(({ kind }) => kind)).to.deep.equal(["txn"]);
    expect(sketch).to.not.have.property("watch");
    expect(sketch).to.deep.include({ flags: {}, members: 3 });
    expect(timelineEntries(big)).to.equal(7);
    expect(timelineEntries(sketch)).to.equal(2);
    expect(tried).to.be.below(60);
  });

  it("keeps each fault within its phase", () => {
    fc.assert(
      fc.property(sketches(), (sketch) => {
        for (const each of smaller(sketch)) for (const { atMs, forMs } of each.faults) expect(atMs + forMs).to.be.at.most(each.stormMs);
      }),
    );
  });

  it("gets smaller by every step, so that it comes to an end", () => {
    fc.assert(
      fc.property(sketches(), (sketch) => {
        const total = (each: Sketch): number => {
          const { entries, loads, options } = sizeOf(each);
          const amounts = each.loads.flatMap((load) => ["clients", "rate"].map((name) => Number(load.options[name] ?? 0)));
          const kinds = each.loads.map((load) => Object.keys(load.options["mix"] ?? {}).length + Object.values(load.options["mix"] ?? {}).filter((weight) => weight !== 0).length);
          return entries * 1e6 + loads * 1e5 + options * 1e4 + each.members * 1e3 + [...amounts, ...kinds].reduce((sum, amount) => sum + amount, 0) + (each.stormMs + each.faults.reduce((sum, { forMs }) => sum + forMs, 0)) / 1e3;
        };
        for (const each of smaller(sketch)) expect(total(each), JSON.stringify(each)).to.be.below(total(sketch));
      }),
    );
  });

  it("is what it was when time is up, or whatever it had come to", async () => {
    const faults = ["kill", "pause"].map((kind, index) => ({ kind, options: { target: "leader" }, atMs: index * 2_000, forMs: 1_000 }));
    const none = await shrink({ ...plain, faults }, async () => undefined);
    expect(none).to.deep.include({ sketch: { ...plain, faults }, complete: false, tried: 0 });
    let left = 3;
    const some = await shrink({ ...plain, faults }, async (candidate) => (left-- > 0 ? has("kill")(candidate) : undefined));
    expect(some.complete).to.equal(false);
    expect(some.sketch.faults.map(({ kind }) => kind)).to.deep.equal(["kill"]);
  });
});
