import { expect } from "chai";
import fc from "fast-check";

import { ExpositionParser } from "../../src/observe/prometheus-text.ts";

/** The samples of one page; a key that comes twice keeps its last value. */
function parseExposition(text: string, wanted?: (name: string) => boolean): Map<string, number> {
  return new Map(new ExpositionParser(wanted).parse(text).map(({ key, value }) => [key, value]));
}

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
const labelName = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/);
const labels = fc.uniqueArray(fc.tuple(labelName, fc.string({ unit: "binary" })), { selector: ([label]) => label, maxLength: 4 });
const value = fc.double();

/** As client libraries write it: backslash, quote and line feed are escaped. */
function keyOf(name: string, labels: readonly (readonly [string, string])[]): string {
  const escape = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
  return labels.length === 0 ? name : `${name}{${labels.map(([label, value]) => `${label}="${escape(value)}"`).join(",")}}`;
}

function valueText(value: number): string {
  if (value === Infinity) return "+Inf";
  return value === -Infinity ? "-Inf" : String(value);
}

describe("the Prometheus text format", () => {
  it("gives back every sample that was written, whatever its labels say", () => {
    const sample = fc.record({ name, labels, value, timestamp: fc.option(fc.integer()) });
    fc.assert(
      fc.property(fc.array(sample), (samples) => {
        const text = samples.map(({ name, labels, value, timestamp }) => {
          return `# HELP ${name} some {help="text"} 1\n${keyOf(name, labels)} ${valueText(value)}${timestamp === null ? "" : ` ${timestamp}`}\n`;
        });
        const expected = new Map(samples.map(({ name, labels, value }) => [keyOf(name, labels), value === 0 ? 0 : value]));
        const parsed = parseExposition(text.join(""));
        expect([...parsed.keys()]).to.deep.equal([...expected.keys()]);
        for (const [key, value] of expected) expect(parsed.get(key)).to.satisfy((seen: number) => Object.is(seen + 0, value));
      }),
    );
  });

  it("brings spaces and a trailing comma among the labels into the canonical form", () => {
    const parsed = parseExposition('up { job = "a b" ,zone="}, {" , } 1 1700000000000\nempty{} 2\r\n');
    expect([...parsed]).to.deep.equal([['up{job="a b",zone="}, {"}', 1], ["empty", 2]]);
  });

  it("reads the special values and Go's exponents", () => {
    const parsed = parseExposition("a NaN\nb +Inf\nc -Inf\nd 1.5e+06\ne 1e-05\nf -0.25\n");
    expect([...parsed.values()]).to.deep.equal([NaN, Infinity, -Infinity, 1.5e6, 1e-5, -0.25]);
  });

  it("leaves out what is not wanted", () => {
    const parsed = parseExposition("go_threads 9\netcd_server_has_leader 1\n", (name) => name.startsWith("etcd_"));
    expect([...parsed.keys()]).to.deep.equal(["etcd_server_has_leader"]);
  });

  for (const bad of ["a", "a one", "a{b=\"c\" 1", "a{b=c} 1", "1a 1", "a 1 2 3", "a{b=\"c\"}1x", "a 0x10", "a1{b=\"c\"d=\"e\"} 1"]) {
    it(`names the line that is not a sample: ${bad}`, () => {
      expect(() => parseExposition(`# fine\nfine 1\n${bad}\n`)).to.throw(`line 3 is not a sample: ${bad}`);
    });
  }

  it("is read the same whatever page was read before, with the same objects for the same lines", () => {
    const lines = fc.array(fc.constantFrom("# a comment", "", "a 1", "a 2", 'b{x="y"} 1', "b 1", "c NaN"));
    fc.assert(
      fc.property(lines, lines, (first, second) => {
        const parser = new ExpositionParser();
        const before = parser.parse(first.join("\n"));
        const after = parser.parse(second.join("\n"));
        expect(after).to.deep.equal(new ExpositionParser().parse(second.join("\n")));
        if (first.join("\n") === second.join("\n")) for (const [index, sample] of after.entries()) expect(sample).to.equal(before[index]);
      }),
    );
  });

  it("is read again after a page that was not in the format", () => {
    const parser = new ExpositionParser();
    parser.parse("a 1\nb 1\n");
    expect(() => parser.parse("a 2\nb ?\n")).to.throw("line 2 is not a sample: b ?");
    expect(parser.parse("a 1\nb 2\n").map(({ value }) => value)).to.deep.equal([1, 2]);
  });
});
