import { expect } from "chai";
import { parseGoDurationMs } from "../../src/units/go-duration.ts";

describe("a duration as Go writes it", () => {
  it("is read with all its units, also those below a millisecond", () => {
    const read = { "0s": 0, "1.09s": 1_090, "123.5µs": 0.1235, "12μs": 0.012, "1us": 0.001, "250ns": 0.00025, "1m2.5s": 62_500, "1h0m0s": 3_600_000, "-5ms": -5 };
    for (const [text, ms] of Object.entries(read)) expect(parseGoDurationMs(text), text).to.be.closeTo(ms, 1e-9);
  });

  it("is nothing else", () => {
    for (const text of ["", "5", "5 s", "s", "1.s", "100ms warn", "1e3s", "0x5s"]) expect(parseGoDurationMs(text), text).to.equal(undefined);
  });
});
