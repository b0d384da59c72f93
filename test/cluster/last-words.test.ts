import { expect } from "chai";
import { LastWords } from "../../src/cluster/last-words.ts";

function wordsAfter(...lines: string[]): string | undefined {
  const words = new LastWords();
  for (const line of lines) words.add(line);
  return words.text;
}

describe("the last words of a member", () => {
  it("are the first line that sounds like trouble, since usage and stack traces follow it", () => {
    expect(wordsAfter("flag provided but not defined: -hartbeat-interval", "Usage:", "  etcd [flags]")).to.equal("flag provided but not defined: -hartbeat-interval");
  });

  it("are the last line where none sounds like trouble, and none where nothing was written", () => {
    expect(wordsAfter("starting", "", "went away", " ")).to.equal("went away");
    expect(wordsAfter()).to.equal(undefined);
  });

  it("are cut where they are long, and begin anew with the process", () => {
    expect(wordsAfter(`error ${"x".repeat(1_000)}`)).to.have.length(300);
    const words = new LastWords();
    words.add("error before");
    words.forget();
    words.add("ready");
    expect(words.text).to.equal("ready");
  });
});
