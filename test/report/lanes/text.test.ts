import { expect } from "chai";
import { lanesText } from "../../../src/report/lanes/text.ts";
import { planted } from "../planted.ts";

const plain = (_: string, text: string): string => text;
const drawn = (name: string, columns: number, most = 10): string[] => {
  const made = planted[name];
  if (made === undefined) throw new Error(`no ${name} is planted`);
  return lanesText(made(), { columns, most, paint: plain });
};

describe("lanes at a terminal", () => {
  it("have a line for each operation, with its bar in time and its part in words", () => {
    expect(drawn("stale read", 90)).to.deep.equal([
      "  process 4 1 ├────────────────┤                    put k7=4-12 @40  ✓ last legal",
      "  process 5 2                            ├───────┤  get k7 → 3-11 @40  ✗ first illegal",
      "  from 6.014 s, 5.1 ms",
    ]);
  });

  it("tell outcomes apart by shape: failed, unknown and told", () => {
    expect(drawn("dirty read", 90)[0]).to.match(/╳─+╳ +put k1=1-9 \(failed\)$/);
    expect(drawn("register of another tool", 90)[1]).to.match(/├[─┄]+▸ +write of 2 \(unknown\)$/);
    expect(drawn("change left out", 90)[0]).to.match(/◆ +told put k1=v2 @2/);
  });

  it("show what is held, and what comes before what", () => {
    expect(drawn("two holders", 90).filter((line) => /╞═+╡ +holds l0 with token 5\d for sure$/.test(line))).to.have.length(2);
    expect(drawn("cycle of writes", 90)).to.include("  T1 → T2  ww: T1 appended to x before T2 appended 2");
  });

  for (const columns of [40, 60, 72, 80, 120]) {
    it(`stay within ${columns} columns`, () => {
      for (const name of Object.keys(planted)) for (const line of drawn(name, columns)) expect(line.length, `${name}: ${line}`).to.be.at.most(columns);
    });
  }

  it("say how many operations are left out", () => {
    const lines = drawn("register of another tool", 90, 2);
    expect(lines.filter((line) => line.includes("process"))).to.have.length(2);
    expect(lines.join("\n")).to.include("✗ first illegal").and.include("2 further operations left out");
  });

  it("let no text of the run control the terminal", () => {
    const counterexample = planted["stale read"]?.();
    if (counterexample === undefined) throw new Error("nothing is planted");
    const evil = "\u001b[2J\u202e\u0007";
    const operations = counterexample.operations.map((each) => ({ ...each, label: `${each.label}${evil}`, lane: `${each.lane}${evil}` }));
    expect(lanesText({ ...counterexample, operations }, { columns: 90, most: 10, paint: plain }).join("\n")).to.not.match(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});
