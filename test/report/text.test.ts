import { expect } from "chai";
import fc from "fast-check";
import { clip, percent, printable } from "../../src/report/text.ts";

describe("text from a run", () => {
  it("shows control characters as pictures and bidirectional controls by number", () => {
    expect(printable("a\u0000\u001b[31m\u007f\u202eb\ud800c\tä😀\n")).to.equal("a␀␛[31m␡⟨U+202E⟩b⟨U+D800⟩c\tä😀\n");
  });

  it("is the same when made printable twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(printable(text))).to.equal(printable(text));
      }),
    );
  });

  it("says what was cut off, and cuts no character in half", () => {
    expect(clip("abcdef", 6)).to.equal("abcdef");
    expect(clip("abcdef", 3)).to.equal("abc… (3 more characters)");
    expect(clip("ab😀cd", 3)).to.equal("ab… (4 more characters)");
  });

  it("calls only all of them 100 %", () => {
    expect(percent(100, 100)).to.equal("100 %");
    expect(percent(99_999, 100_000)).to.equal("99.99 %");
    expect(percent(0, 0)).to.equal("—");
  });
});
