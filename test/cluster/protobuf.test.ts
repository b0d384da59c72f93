import { expect } from "chai";
import fc from "fast-check";
import { fieldsIn, int64Of, messageIn, messageOf } from "../../src/cluster/protobuf.ts";

describe("messages of protobuf", () => {
  it("give back each number that was put in", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), fc.maxSafeNat(), (number, value) => {
        expect(int64Of(fieldsIn(messageOf(number, value)).get(number))).to.equal(value);
      }),
    );
  });

  it("hold negative numbers, texts, and messages within", () => {
    const minusOne = [...Array.from({ length: 9 }, () => 0xff), 1];
    const fields = fieldsIn(Buffer.from([0x0a, 2, 0x18, 7, 0x10, ...minusOne, 0x1a, 2, 104, 105]));
    expect(int64Of(messageIn(fields.get(1)).get(3))).to.equal(7);
    expect(int64Of(fields.get(2))).to.equal(-1);
    expect(String(fields.get(3))).to.equal("hi");
    expect(int64Of(fields.get(9))).to.equal(0);
    expect([...messageIn(fields.get(9))]).to.deep.equal([]);
  });

  it("are refused where they are cut off, or hold what nothing here holds", () => {
    for (const bytes of [[0x08], [0x08, 0x80], [0x0a, 5, 1], [0x0d, 1, 2, 3, 4], Array.from({ length: 12 }, () => 0xff)]) {
      expect(() => fieldsIn(Buffer.from(bytes)), String(bytes)).to.throw(/message of protobuf/);
    }
  });
});
