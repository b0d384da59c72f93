import { expect } from "chai";
import { TroubleLine } from "../../src/cluster/trouble-line.ts";

function saidAfter(...lines: string[]): string | undefined {
  const said = new TroubleLine();
  for (const line of lines) said.add(line);
  return said.text;
}

describe("the trouble line of a member", () => {
  it("is the first line that sounds like trouble, since usage and stack traces follow it", () => {
    expect(saidAfter("flag provided but not defined: -hartbeat-interval", "Usage:", "  etcd [flags]")).to.equal("flag provided but not defined: -hartbeat-interval");
  });

  it("is the last line where none sounds like trouble, and none where nothing was written", () => {
    expect(saidAfter("starting", "", "went away", " ")).to.equal("went away");
    expect(saidAfter()).to.equal(undefined);
  });

  it("is cut where it is long, and begins anew with the process", () => {
    expect(saidAfter(`error ${"x".repeat(1_000)}`)).to.have.length(300);
    const said = new TroubleLine();
    said.add("error before");
    said.forget();
    said.add("ready");
    expect(said.text).to.equal("ready");
  });
});
