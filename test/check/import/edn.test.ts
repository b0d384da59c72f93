import { expect } from "chai";
import fc from "fast-check";
import { EdnReader, Keyword, type Edn } from "../../../src/check/import/edn.ts";
import { ednText } from "../../../src/check/import/event.ts";
import { HarnessError, messageOf } from "../../../src/errors.ts";

function read(text: string): Edn[] {
  return [...new EdnReader(text, "h.edn").forms()].map(({ value }) => value);
}

function errorOf(text: string): string {
  try {
    read(text);
  } catch (error) {
    expect(error).to.be.instanceOf(HarnessError);
    return messageOf(error);
  }
  throw new Error(`${text} was read`);
}

describe("the reader of EDN", () => {
  it("reads values of every kind", () => {
    expect(read('nil true -3 2.5 1e3 7N 1.5M "a\\n\\"b" sym \\a 1/2')).to.deep.equal([null, true, -3, 2.5, 1000, 7, 1.5, 'a\n"b', "sym", "a", "1/2"]);
    expect(read("{:a [1 (2)] :b #{3}} {}")).to.deep.equal([new Map<string, Edn>([[":a", [1, [2]]], [":b", [3]]]), new Map()]);
    expect(read(":invoke")).to.deep.equal([new Keyword("invoke")]);
  });

  it("passes over commas, comments, discarded forms and tags", () => {
    expect(read('1, ; one\n #_ {:a "x"} 2 #inst "2026-01-01" #jepsen.history.Op{:a 1}')).to.deep.equal([1, 2, "2026-01-01", new Map([[":a", 1]])]);
  });

  it("keeps numbers that JavaScript cannot hold as text", () => {
    expect(read("9007199254740993 12")).to.deep.equal(["9007199254740993", 12]);
  });

  it("reads one vector as its elements", () => {
    expect(read("[{:a 1}\n {:a 2}]")).to.have.length(2);
  });

  it("says where a text is no EDN", () => {
    expect(errorOf("{:a 1}\n #_")).to.equal("h.edn:2:4: the text ends where a value should follow");
    expect(errorOf("{:a 1\n")).to.equal('h.edn:1:1: what begins here is not closed: there is no "}"');
    expect(errorOf('1\n  "abc')).to.equal("h.edn:2:3: the text that begins here is not closed");
    expect(errorOf("{:a}")).to.equal("h.edn:1:1: the key :a has no value");
    expect(errorOf("1 )")).to.equal('h.edn:1:3: ")" closes nothing');
    expect(errorOf("12x")).to.equal("h.edn:1:1: 12x is no number");
    expect(errorOf("[1] 2")).to.equal("h.edn:1:5: something follows after the end of the list");
    expect(errorOf("[".repeat(10_000))).to.match(/^h\.edn:1:\d+: more than 200 collections within one another$/);
  });

  it("reads back what it wrote, and fails on any part of it with a place", () => {
    const leaf: fc.Arbitrary<Edn> = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.string({ unit: fc.constantFrom("a", " ", "\n", ";", "é") }));
    const value: fc.Arbitrary<Edn> = fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.constantFrom("a", "b"), leaf).map((each) => new Map(Object.entries(each).map(([key, of]) => [`:${key}`, of]))));
    fc.assert(
      fc.property(value, fc.nat(), (each, at) => {
        const text = `{:value ${ednText(each)}}`;
        expect(read(text)).to.deep.equal([new Map([[":value", each]])]);
        expect(errorOf(text.slice(0, 1 + (at % (text.length - 1))))).to.match(/^h\.edn:\d+:\d+: /);
      }),
    );
  });
});
