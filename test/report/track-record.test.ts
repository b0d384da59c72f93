import { expect } from "chai";
import { mergedRuns, renderTrackRecord, trackedRun, type TrackedRun } from "../../src/report/track-record.ts";
import { recording } from "../recordings/builder.ts";

const { info } = recording().phase("steady", 0, 1_000).build();
const ran = { ...info, id: "20261127t080000000z-7", scenario: "etcd-15220", startedAt: "2026-11-27T08:00:00.000Z", replay: "npm run scenario -- known-bugs/etcd-15220 --seed 7 --runtime local", etcd: { version: "3.4.23", source: "test" } };
const expectation = { issue: "etcd#15220", fail: ["watch/bookmarkable"], on: "<3.4.25 || >=3.5.0 <3.5.8", affected: true, shown: true, shownAfterMs: 450 };

const found: TrackedRun = { run: ran.id, scenario: "etcd-15220", startedAt: ran.startedAt, command: "npm run scenario -- known-bugs/etcd-15220 --runtime local", etcd: "3.4.23", runtime: "local", ...expectation, outcome: "pass" };
const { shownAfterMs: _shownAfterMs, ...neverShown } = found;
const missed: TrackedRun = { ...neverShown, run: "2", startedAt: "2026-11-28T08:00:00.000Z", shown: false, outcome: "fail" };

const rowsOf = (runs: readonly TrackedRun[]): string[] => renderTrackRecord(runs).split("\n").filter((line) => line.startsWith("| ["));

describe("the track record", () => {
  it("takes a run that expects a bug, with what came of it and the command without its seed", () => {
    expect(trackedRun({ format: 1, outcome: "pass", sentence: "it showed itself", expectation }, ran)).to.deep.equal(found);
  });

  it("names the scenario in the same way where it was asked for by its file", () => {
    expect(trackedRun({ outcome: "pass", expectation }, { ...ran, replay: "npm run scenario -- scenarios/known-bugs/etcd-15220.yaml --seed 7 --runtime local" })?.command).to.equal(found.command);
  });

  it("leaves out runs that did not go to their end, that expect no bug, of which it is not published, or whose etcd is not known", () => {
    const { issue: _issue, ...unpublished } = expectation;
    const { affected: _affected, ...unknown } = expectation;
    expect(trackedRun({ outcome: "pass", expectation }, { ...ran, status: "crashed" })).to.equal(undefined);
    for (const given of [undefined, unpublished, unknown]) expect(trackedRun({ outcome: "pass", expectation: given }, ran)).to.equal(undefined);
  });

  it("counts a run once, as it was judged last, and keeps runs in order of their time", () => {
    expect(mergedRuns([missed, found], [{ ...found, outcome: "inconclusive" }])).to.deep.equal([{ ...found, outcome: "inconclusive" }, missed]);
  });

  it("tells how many runs found it, how soon in the median, and when it was last tried", () => {
    expect(rowsOf([found, { ...found, run: "3", shownAfterMs: 650 }, missed])).to.deep.equal([
      "| [etcd#15220](https://github.com/etcd-io/etcd/issues/15220) | watch/bookmarkable | `<3.4.25 \\|\\| >=3.5.0 <3.5.8` | 3.4.23 | local | 2 of 3 | 550 ms | 2026-11-28 | `npm run scenario -- known-bugs/etcd-15220 --runtime local` |",
    ]);
  });

  it("has no time to find where it was never found", () => {
    expect(rowsOf([missed])[0]).to.include("| 0 of 1 | — |");
  });

  it("counts those that could not tell, and says how many they were", () => {
    expect(rowsOf([{ ...missed, outcome: "inconclusive" }, found])[0]).to.include("| 1 of 2, 1 inconclusive |");
    expect(rowsOf([{ ...found, outcome: "inconclusive" }])[0]).to.include("| 1 of 1 |");
  });

  it("has a row for each version and runtime, those that have the bug first", () => {
    const clean: TrackedRun = { ...missed, run: "4", etcd: "3.3.99", affected: false, outcome: "pass" };
    const rows = rowsOf([clean, { ...found, run: "5", runtime: "docker" }, found]);
    expect(rows.map((row) => row.split(" | ").slice(3, 6).join(" "))).to.deep.equal(["3.4.23 local 1 of 1", "3.4.23 docker 1 of 1", "3.3.99 local 0 of 1"]);
  });
});
