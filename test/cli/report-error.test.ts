import { expect } from "chai";
import { reportError } from "../../src/cli/report-error.ts";
import { HarnessError } from "../../src/errors.ts";
import { writtenToStderr } from "./stderr.ts";

describe("reportError", () => {
  it("says what happened and what to do, without a stack, and returns the exit code", () => {
    let code: number | undefined;
    const text = writtenToStderr(() => (code = reportError(new HarnessError("usage", "there are no 8 members", { hint: "Choose 7." }))));
    expect(text).to.match(/error.* there are no 8 members\n {6}Choose 7\.\n$/);
    expect(code).to.equal(64);
  });

  it("tells the cause where the message does not say it already", () => {
    const cause = new Error("EACCES: permission denied");
    expect(writtenToStderr(() => reportError(new HarnessError("recording", "the folder cannot be written", { cause })))).to.include("because: EACCES: permission denied");
    expect(writtenToStderr(() => reportError(new HarnessError("recording", `cannot be written: ${cause.message}`, { cause })))).to.not.include("because");
  });

  it("shows the stack of a defect of ours", () => {
    expect(writtenToStderr(() => reportError(new TypeError("x is undefined")))).to.match(/error.* x is undefined\n[\s\S]*at .*report-error\.test/);
  });

  it("tells also what is no error at all", () => {
    expect(writtenToStderr(() => reportError("only a text"))).to.match(/error.* only a text\n$/);
  });
});
