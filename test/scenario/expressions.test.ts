import { expect } from "chai";
import fc from "fast-check";
import { isScalar, isSeq, parseDocument, stringify } from "yaml";
import { parseScenario } from "../../src/scenario/parse.ts";
import { scalarOffsets } from "../../src/scenario/scalar-offsets.ts";
import { problemsOf, scenarioErrorOf, scenarioWith, scenarioWithAssertions } from "./problems-of.ts";
import { testCatalogue } from "./test-catalogue.ts";

const parsed = (text: string) => parseScenario(text, "test.yaml", testCatalogue);

describe("assertions as one line of text", () => {
  it("stand beside the others in the list, called as they were written", () => {
    const { assertions } = parsed(scenarioWithAssertions("leader-changes == 0 during calm", "health: {}", "'p99(put) during storm <= 2 * p99(put) during calm'", ">-\n    count(log /elected leader/) >= 1\n    during storm"));
    expect(assertions.map(({ kind, title }) => [kind, title])).to.deep.equal([
      ["leader-changes", "leader-changes == 0 during calm"],
      ["health", "all members are healthy"],
      ["expression", "p99(put) during storm <= 2 * p99(put) during calm"],
      ["log", "count(log /elected leader/) >= 1 during storm"],
    ]);
  });

  it("can end a run before its time", () => {
    const text = scenarioWith({ assertions: "abort-if:\n  violated:\n    - never value(etcd_mvcc_db_total_size_in_bytes) > 500000000\nassertions:\n  - health: {}" });
    expect(parsed(text).abortIf?.violated.map(({ title }) => title)).to.deep.equal(["never value(etcd_mvcc_db_total_size_in_bytes) > 500000000"]);
    expect(problemsOf(text.replace("> 5", "> x5"))).to.have.length(1);
    expect(problemsOf(text.replace("never", "never never"))[0]).to.match(/^14:13 /);
  });

  const cases: Readonly<Record<string, readonly [text: string, ...problems: string[]]>> = {
    "a misspelt function, in plain text": [scenarioWithAssertions("incraese(etcd_x_total) > 5"), '13:5 unknown function "incraese" | Did you mean "increase"?'],
    "a misspelt phase": [scenarioWithAssertions("leader-changes == 0 during clam"), '13:32 unknown phase "clam" | Did you mean "calm"?'],
    "an unknown phase": [scenarioWithAssertions("leader-changes == 0 during zenith"), '13:32 unknown phase "zenith" | Phases: calm, storm; "run" is all of them.'],
    "phases of both sides": [
      scenarioWithAssertions("p99(put) during strom <= 2 * p99(put) during clam..storm"),
      '13:21 unknown phase "strom" | Did you mean "storm"?',
      '13:50 unknown phase "clam" | Did you mean "calm"?',
    ],
    "a member that the cluster has not": [scenarioWithAssertions("value(etcd_server_id) == 1 at end on etcd-4"), "13:42 there is no etcd-4: the cluster has 3 members, etcd-1 to etcd-3"],
    "phases in the wrong order": [scenarioWithAssertions("leader-changes == 0 during storm..calm"), '13:25 "storm" comes after "calm" | Write calm..storm.'],
    "a window of which nothing is left": [scenarioWithAssertions("leader-changes == 0 during calm after 4s"), "13:25 nothing is left of the 4 s that this is about"],
    "a window that is longer than its phase": [scenarioWithAssertions("leader-changes >= 1 within 30s of storm"), '13:25 this is longer than what it is part of: storm lasts 8 s | Write "during storm".'],
    "a window that is longer than its phase, which is not the last": [scenarioWithAssertions("leader-changes >= 1 within 5s of calm"), '13:25 this is longer than what it is part of: calm lasts 4 s | Write "during calm", or name the next phase too: "of calm..storm".'],
    "text that YAML takes for a key, for want of quotes": [scenarioWithAssertions("count(log /leader: lost/) >= 1"), '13:5 unknown assertion "count(log /leader" | One line of text that holds ": " has to be in quotes.'],
    "text that YAML takes for a comment, for want of quotes": [scenarioWithAssertions("count(log /leader #1/) >= 1"), '13:15 a regular expression between slashes is expected here, not "/" | Such as log /elected leader/, or log("took too long", took > 200ms, level = "warn"); a slash within a pattern is written \\/. Text that holds " #" has to be in quotes.'],
    "the time before the first phase": [scenarioWithAssertions("leader-changes == 0 before calm"), '13:25 nothing comes before "calm"'],
    "what would have to hold longer than there is time": [scenarioWithAssertions("always value(etcd_server_id) == 1 for 5s during calm"), "13:46 nothing can hold for 5 s in the 4 s that this is about"],
    "a unit that does not fit": [scenarioWithAssertions("increase(etcd_x_total) < 100ms"), '13:30 this is a duration, and "increase(etcd_x_total)" is not in seconds | Metrics in seconds have names that end with _seconds, _seconds_sum or _seconds_total.'],
    "a mistake in single quotes": [scenarioWithAssertions("'count(log /it''s/) >= 1 durin storm'"), '13:30 the end, or a window such as during isolated is expected here, not "durin" | Did you mean "during"?'],
    "a mistake in double quotes": [scenarioWithAssertions('"value(etcd_x{a=\\"b\\"}) = 1"'), '13:29 a comparison (<, <=, >, >=, ==, !=) is expected here, not "=" | Equality is written ==.'],
    "a mistake in folded text": [scenarioWithAssertions(">-\n    leader-changes\n    == 0\n    during clam"), '16:12 unknown phase "clam" | Did you mean "calm"?'],
    "a mistake in plain text of several lines": [scenarioWithAssertions("leader-changes\n    == 0 during clam"), '14:17 unknown phase "clam" | Did you mean "calm"?'],
    "a mistake in a text of which an alias stands for": [scenarioWithAssertions("&text leader-changes == 0 during clam", "*text"), '13:38 unknown phase "clam" | Did you mean "calm"?', '14:5 unknown phase "clam" | Did you mean "calm"?'],
    "text that ends too early": [scenarioWithAssertions("leader-changes =="), "13:22 a quantity such as p99(put), or a number is expected here, not the end"],
    "no text": [scenarioWithAssertions("''"), "13:6 a quantity such as p99(put), or a number is expected here, not the end"],
    "what is neither text nor a map": [scenarioWithAssertions("5"), '13:5 item 1 of "assertions" must be a map or text, not the number 5 | Put it in quotes: "5".'],
  };
  for (const [title, [text, ...problems]] of Object.entries(cases)) {
    it(`are refused with ${title}`, () => {
      expect(problemsOf(text)).to.deep.equal(problems);
    });
  }

  it("are shown with the word marked that is wrong", () => {
    const { message } = scenarioErrorOf(scenarioWithAssertions("leader-changes == 0 during clam"));
    expect(message).to.include("> 13 |   - leader-changes == 0 during clam\n     |                                ^^^^");
  });
});

describe("the offsets of a text in YAML", () => {
  const text = fc.array(fc.constantFrom("a", "b", " ", "  ", "\n", "\n\n", "'", '"', "\\", "\t", "é", "#", ":", "\u0007", "\u{1F600}", "long words that are folded "), { minLength: 1, maxLength: 30 }).map((parts) => parts.join(""));
  const styles = ["PLAIN", "QUOTE_SINGLE", "QUOTE_DOUBLE", "BLOCK_LITERAL", "BLOCK_FOLDED"] as const;

  it("lead to each character as it stands in the file, in any style", () => {
    let checked = 0;
    fc.assert(
      fc.property(text, fc.constantFrom(...styles), (value, style) => {
        const file = stringify([value], { defaultStringType: style, lineWidth: 40 });
        const { errors, contents } = parseDocument(file);
        const scalar = isSeq(contents) ? contents.items[0] : undefined;
        fc.pre(errors.length === 0 && isScalar(scalar) && scalar.value === value);
        const [start, end] = (isScalar(scalar) && scalar.range) || [0, 0];
        const written = file.slice(start, end);
        const offsets = scalarOffsets(written, value);
        expect(offsets, written).to.have.length(value.length + 1);
        for (const [index, character] of value.split("").entries()) {
          const at = offsets?.[index] ?? -1;
          if (/\s/.test(character) || written[at] === "\\") continue;
          checked += 1;
          expect(written[at], `${index} of ${written}`).to.equal(character);
        }
        expect([...(offsets ?? [])].sort((a, b) => a - b)).to.deep.equal(offsets);
      }),
      { numRuns: 1_000 },
    );
    expect(checked).to.be.above(1_000);
  });

  it("are none where the text stands elsewhere", () => {
    expect(scalarOffsets("*alias", "text")).to.equal(undefined);
  });
});
