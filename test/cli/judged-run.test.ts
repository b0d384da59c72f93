import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJudged } from "../../src/cli/explore/judged-run.ts";
import { resultsText, type JudgedAssertion, type Results } from "../../src/judge/results.ts";

const holds: JudgedAssertion = { kind: "hash-kv", title: "all stores are the same", verdict: { outcome: "pass", observed: "one hash", bound: "one hash", evidence: [] } };
const broken: JudgedAssertion = { kind: "watch", title: "what watches promise", line: 9, verdict: { outcome: "fail", observed: "reliable is broken", bound: "every watch is told all changes", reason: "a change was left out", evidence: [] } };
const results = (assertions: readonly JudgedAssertion[]): Results => ({ format: 1, scenario: "run-1", seed: 1, outcome: "fail", sentence: "because", replay: "npm run scenario -- run-1", assertions, assumptions: [] });
const witness = { rule: "reliable", sentence: "a change was left out", illegal: "e2", operations: [{ name: "e1", label: "put k", outcome: "ok" }] };

describe("what a search reads of a run that it played", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "judged-run-"))));
  afterEach(() => rm(folder, { recursive: true }));

  async function left(judged: string, counterexamples: readonly object[] = []): Promise<void> {
    await writeFile(join(folder, "results.json"), judged);
    await writeFile(join(folder, "counterexamples.json"), JSON.stringify({ counterexamples }));
  }

  it("is its outcome, and each promise that it saw broken with its counterexample", async () => {
    await left(resultsText(results([holds, broken])), [{ assertion: { kind: "watch", title: "what watches promise" }, ...witness }]);
    expect(await readJudged(folder)).to.deep.equal({ outcome: "fail", violations: [{ kind: "watch", title: "what watches promise", reason: "a change was left out", witness: { assertion: { kind: "watch", title: "what watches promise" }, ...witness } }] });
  });

  it("is without a counterexample where the assertion has none", async () => {
    await left(resultsText(results([broken])));
    expect((await readJudged(folder)).violations).to.deep.equal([{ kind: "watch", title: "what watches promise", reason: "a change was left out" }]);
  });

  it("is refused where the run's results cannot be read", async () => {
    for (const judged of ["{", "{}", resultsText(results([broken])).replace('"fail"', '"lost"')]) {
      await left(judged);
      expect(await readJudged(folder).then(() => "read", () => "refused")).to.equal("refused");
    }
  });
});
