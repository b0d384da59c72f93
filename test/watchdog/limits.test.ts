import { expect } from "chai";
import fc from "fast-check";
import { Limits } from "../../src/watchdog/limits.ts";

describe("the limits of a run", () => {
  it("are none at first, and none once all is done", () => {
    const limits = new Limits();
    expect(limits.leftMs(0)).to.equal(undefined);
    limits.take("within run 500", 0);
    limits.take("done run", 400);
    expect(limits.leftMs(9_999)).to.equal(undefined);
  });

  it("are up with the first of them, however many others have time", () => {
    const limits = new Limits();
    limits.take("within run 5000", 0);
    limits.take("within isolated/1-pause 700", 100);
    expect([limits.leftMs(100), limits.leftMs(799), limits.leftMs(800), limits.leftMs(2_000)]).to.deep.equal([700, 1, 0, 0]);
    limits.take("done isolated/1-pause", 2_000);
    expect(limits.leftMs(2_000)).to.equal(3_000);
  });

  it("go by what was said last under the same name", () => {
    const limits = new Limits();
    limits.take("within run 100", 0);
    limits.take("within run 900", 50);
    expect(limits.leftMs(50)).to.equal(900);
    limits.take("within run 10", 60);
    expect(limits.leftMs(60)).to.equal(10);
  });

  it("are not touched by what is done that was never begun, nor by lines that say nothing of them", () => {
    const limits = new Limits();
    limits.take("within run 100", 0);
    expect(limits.take("done another", 0)).to.equal(true);
    for (const line of ["", "released", "within", "within run", "within run soon", "within run -5", "within run 5 5", "done", "done run now", "WITHIN run 5", "within  5"]) expect(limits.take(line, 0), line).to.equal(false);
    expect(limits.leftMs(0)).to.equal(100);
  });

  it("leave as much as the least of what is not done, whatever was said in which order", () => {
    const said = fc.record({ name: fc.constantFrom("a", "b", "c"), limitMs: fc.option(fc.nat(1_000), { nil: undefined }), afterMs: fc.nat(300) });
    fc.assert(
      fc.property(fc.array(said), (all) => {
        const limits = new Limits();
        const endsMs: Record<string, number> = {};
        let nowMs = 0;
        for (const { name, limitMs, afterMs } of all) {
          nowMs += afterMs;
          limits.take(limitMs === undefined ? `done ${name}` : `within ${name} ${limitMs}`, nowMs);
          if (limitMs === undefined) delete endsMs[name];
          else endsMs[name] = nowMs + limitMs;
        }
        const left = Object.values(endsMs).map((endMs) => Math.max(0, endMs - nowMs));
        expect(limits.leftMs(nowMs)).to.equal(left.length === 0 ? undefined : Math.min(...left));
      }),
    );
  });
});
