import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import type { Entry } from "../../src/ledger/entry.ts";
import { appendEntry, ledgerFile, parseLedger, readLedger } from "../../src/ledger/ledger.ts";
import { beginLedger, olderRuns } from "../../src/ledger/older-runs.ts";
import { reportsFolderOf } from "../../src/ledger/reports-folder.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";
import { runInfo } from "../recording/run-info.ts";
import { root } from "../structure/sources.ts";
import { entries, entry } from "./entries.ts";

const idsOf = (all: readonly Entry[] | undefined): string[] => (all ?? []).map(({ id }) => id);

async function oldRun(folder: string, id: string, outcome: string): Promise<void> {
  const run = join(folder, "partition", id);
  await mkdir(run, { recursive: true });
  await writeFile(join(run, "run.json"), JSON.stringify({ ...runInfo, id, status: "finished" }));
  await writeFile(join(run, "scenario.yaml"), "description: x");
  await writeFile(join(run, "results.json"), JSON.stringify({ format: 1, scenario: "partition", seed: 7, outcome, sentence: "because", replay: "x", assumptions: [], assertions: [{ kind: "slo", title: "t", verdict: { outcome, observed: "o", bound: "b", evidence: [] } }] }));
}

describe("the history of all runs", function () {
  this.timeout(60_000);

  it("keeps what is added, in order of the runs' starts", async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    for (const each of [entry(2), entry(1), entry(3)]) appendEntry(folder, each);
    const ledger = await readLedger(folder);
    expect(ledger?.entries).to.deep.equal([entry(1), entry(2), entry(3)]);
    expect(ledger?.damaged).to.deep.equal([]);
    expect(ledger?.bytes).to.equal((await readFile(join(folder, ledgerFile))).length);
  });

  it("has nothing to say where there is no such file", async () => {
    using folder = temporaryFolder();
    expect(await readLedger(folder.path)).to.equal(undefined);
  });

  it("shows a run that was judged again as it was judged last, and keeps the earlier line", async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    appendEntry(folder, entry(1, { outcome: "fail" }));
    appendEntry(folder, entry(1, { outcome: "pass", rejudged: true }));
    expect((await readLedger(folder))?.entries).to.deep.equal([entry(1, { outcome: "pass", rejudged: true })]);
    expect((await readFile(join(folder, ledgerFile), "utf8")).split("\n")).to.have.length(3);
  });

  it("goes on in a line of its own after a writer that was killed in the middle of one", async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    appendEntry(folder, entry(1));
    await appendFile(join(folder, ledgerFile), JSON.stringify(entry(2)).slice(0, 100));
    appendEntry(folder, entry(3));
    const ledger = await readLedger(folder);
    expect(idsOf(ledger?.entries)).to.deep.equal([entry(1).id, entry(3).id]);
    expect(ledger?.damaged).to.deep.equal([{ line: 2, because: "it is not JSON, as when its writer was killed" }]);
  });

  it("leaves damaged lines out, says which and why, and reads all others", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom("{", "null", "[]", '{"format":2}', "\u0000"), fc.nat(50).map((number) => JSON.stringify(entry(number))))), (lines) => {
        const { entries: read, damaged } = parseLedger(lines.join("\n"));
        const good = lines.filter((line) => line.startsWith('{"format":1'));
        expect(idsOf(read)).to.have.members([...new Set(good.map((line) => JSON.parse(line).id))]);
        expect(damaged.map(({ line }) => line)).to.deep.equal(lines.flatMap((line, index) => (line.startsWith('{"format":1') ? [] : [index + 1])));
        for (const { because } of damaged) expect(because).to.not.equal("");
      }),
    );
  });

  it("reads what a newer harness wrote, with keys and figures that are not known here", () => {
    const newer = { ...entry(1), further: 3, figures: { ...entry(1).figures, "something-new": 5 } };
    expect(parseLedger(JSON.stringify(newer)).entries.map(({ figures }) => figures?.["put-p99-during"])).to.deep.equal([900]);
  });

  it("loses no line and tears none where several processes write at once", async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    const writers = [0, 1, 2].map((writer) => spawn(process.execPath, ["--import", "tsx", join(root, "test/ledger/appender.ts"), folder, String(writer), "40"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] }));
    const codes = await Promise.all(writers.map(async (each) => (await once(each, "exit"))[0]));
    expect(codes).to.deep.equal([0, 0, 0]);
    const ledger = await readLedger(folder);
    expect(ledger?.damaged).to.deep.equal([]);
    expect(new Set(idsOf(ledger?.entries))).to.have.length(120);
  });

  it("says so where it cannot be written", async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    await mkdir(join(folder, ledgerFile));
    expect(() => appendEntry(folder, entry(1))).to.throw("history.jsonl cannot be written").with.property("code", "environment");
  });
});

describe("runs from before there was a history", () => {
  it("are known by their folders: what was judged, without figures; what is none is passed over", async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    await oldRun(folder, "20260101t000000000z-1", "pass");
    await oldRun(folder, "20260101t000000000z-2", "fail");
    await mkdir(join(folder, "partition", "not-a-run"));
    await mkdir(join(folder, "partition", "unjudged"));
    await writeFile(join(folder, "partition", "unjudged", "run.json"), JSON.stringify(runInfo));
    const found = await olderRuns(folder);
    expect(found.map(({ outcome }) => outcome)).to.deep.equal(["pass", "fail"]);
    expect(found[0]?.figures).to.equal(undefined);
    expect(found[0]).to.deep.include({ scenario: "partition", seed: 7, sentence: "because" }).and.to.have.property("scenarioHash").with.length(12);
  });

  it("are taken over when the history begins, once", async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    await oldRun(folder, "20260101t000000000z-1", "pass");
    await Promise.all([beginLedger(folder), beginLedger(folder)]);
    appendEntry(folder, entry(1));
    await beginLedger(folder);
    expect(idsOf((await readLedger(folder))?.entries)).to.have.members(["20260101t000000000z-1", entry(1).id]);
    expect((await readFile(join(folder, ledgerFile), "utf8")).trim().split("\n")).to.have.length(2);
  });
});

describe("the folder of reports of a run", () => {
  it("is two above it, and none where the run was put elsewhere", async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    await mkdir(join(folder, "partition", "run-1"), { recursive: true });
    const of = (id: string, scenario: string) => reportsFolderOf(join(folder, "partition", "run-1"), { id, scenario });
    expect(await of("run-1", "partition")).to.equal(folder);
    expect(await of("run-1", "mixed")).to.equal(undefined);
    expect(await of("run-2", "partition")).to.equal(undefined);
  });
});

describe("entries for tests", () => {
  it("are entries", () => {
    expect(parseLedger(entries(5).map((each) => JSON.stringify(each)).join("\n"))).to.deep.equal({ entries: entries(5), damaged: [] });
  });
});
