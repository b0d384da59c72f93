import { expect } from "chai";
import fc from "fast-check";
import { exitCodeOf, exitCodeOfError, exitCodes, nightlyExitCode, worstExitCode, type ExitCode } from "../../src/cli/exit-codes.ts";
import type { Standing } from "../../src/nightly/standing.ts";
import { HarnessError, type ErrorCode } from "../../src/errors.ts";

describe("exit codes", () => {
  it("say the outcome: 0 pass, 1 fail, 2 inconclusive", () => {
    expect((["pass", "fail", "inconclusive"] as const).map(exitCodeOf)).to.deep.equal([0, 1, 2]);
  });

  it("say whose mistake an error was: 64 the command line's, 65 the scenario's or the history's, 3 anything else", () => {
    const expected: Readonly<Record<number, readonly ErrorCode[]>> = {
      64: ["usage"],
      65: ["scenario-invalid", "history-invalid", "etcd-not-found"],
      3: ["environment", "cluster", "fault", "recording", "download", "internal"],
    };
    for (const [exitCode, codes] of Object.entries(expected)) {
      for (const code of codes) expect(exitCodeOfError(new HarnessError(code, "x")), code).to.equal(Number(exitCode));
    }
    expect(exitCodeOfError(new TypeError("a defect"))).to.equal(3);
    expect(exitCodeOfError("thrown text")).to.equal(3);
  });

  describe("of several runs", () => {
    it("are a fail before a broken environment before inconclusive before pass", () => {
      expect(worstExitCode([0, 2, 3, 1])).to.equal(1);
      expect(worstExitCode([0, 2, 3])).to.equal(3);
      expect(worstExitCode([0, 2])).to.equal(2);
      expect(worstExitCode([65, 64, 1])).to.equal(1);
      expect(worstExitCode([0, 0])).to.equal(0);
    });

    it("are the signal's where one came, whatever else there was", () => {
      expect(worstExitCode([1, 3, exitCodes.SIGINT])).to.equal(130);
      expect(worstExitCode([1, 3, exitCodes.SIGTERM])).to.equal(143);
    });

    it("do not depend on the order of the runs, and are the code of one of them", () => {
      const anyCode = fc.constantFrom<ExitCode>(...Object.values(exitCodes));
      fc.assert(
        fc.property(fc.array(anyCode, { minLength: 1 }), (codes) => {
          const worst = worstExitCode(codes);
          expect(codes).to.include(worst);
          expect(worstExitCode([...codes].reverse())).to.equal(worst);
          expect(worstExitCode([worst, ...codes])).to.equal(worst);
        }),
      );
    });
  });

  describe("of a nightly", () => {
    const code = (standings: readonly Standing[], more: Partial<Parameters<typeof nightlyExitCode>[1]> = {}): number => nightlyExitCode(standings, { flakesOk: false, ...more });

    it("are those of its worst scenario: 1 for a fail, 3 for a broken run, 2 for what could not be told or was not run, 0 where all passed", () => {
      expect(code(["pass", "pass"])).to.equal(0);
      expect(code(["pass", "inconclusive", "broken", "fail"])).to.equal(1);
      expect(code(["pass", "inconclusive", "broken"])).to.equal(3);
      expect(code(["pass", "inconclusive"])).to.equal(2);
      expect(code(["pass", "not-run"])).to.equal(2);
    });

    it("are 1 for a flake, unless flakes are allowed", () => {
      expect(code(["pass", "flake"])).to.equal(1);
      expect(code(["pass", "flake"], { flakesOk: true })).to.equal(0);
      expect(code(["flake", "fail"], { flakesOk: true })).to.equal(1);
      expect(code(["flake", "inconclusive"], { flakesOk: true })).to.equal(2);
    });

    it("do not count what cannot be played here, but 2 where that is all there is", () => {
      expect(code(["pass", "unplayable"])).to.equal(0);
      expect(code(["unplayable"])).to.equal(2);
      expect(code([])).to.equal(2);
    });

    it("are the signal's where one came", () => {
      expect(code(["fail", "interrupted"], { received: "SIGINT" })).to.equal(130);
      expect(code(["pass"], { received: "SIGTERM" })).to.equal(143);
    });
  });
});
