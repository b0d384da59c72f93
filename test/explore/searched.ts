import type { Explored, ExploredFinding } from "../../src/report/explore/explored.ts";

/** With hostile text in its scenario. */
export const finding: ExploredFinding = {
  number: 1, guarantee: "watch/reliable", shape: "told after write", sentence: "the watch through etcd-1 was never told delete k1 of revision 7", run: 3, afterMs: 12_000, again: 4, reduced: "shrunk",
  became: "From 7 to 1 in its timeline, fails 5 of 5",
  scenario: { path: "findings/1-watch-reliable/shrunk.yaml", text: "description: <b>hostile</b>\n```\n", entries: 1, entriesBefore: 7, command: "npm run scenario -- shrunk.yaml --seed 4" },
  report: "findings/1-watch-reliable/run/report.html",
  counterexample: {
    rule: "reliable", sentence: "never told", clock: "run", illegal: "2",
    operations: [
      { name: "1", lane: "process 1", label: "delete k1 @7", what: "delete k1", outcome: "ok", invoke: 1e9, return: 1.1e9, revision: 7 },
      { name: "2", lane: "watcher 1", label: "told put k2 @8", what: "watcher 1 is told", outcome: "told", invoke: 2e9, return: 2e9, revision: 8 },
    ],
  },
};

/** A search that found it, and had troubles. */
export const searched: Explored = {
  id: "20261127t080000000z-5", etcd: "3.4.23", runtime: "local", seed: 5, replay: "npm run explore -- --etcd 3.4 --seed 5", tookMs: 600_000, sideBySide: 2,
  runs: { pass: 60, fail: 20, inconclusive: 3, broken: 1 }, reducing: 40, endedBy: "its time limit", findings: [finding],
  coverage: [{ of: "fault", covered: [{ name: "kill", count: 2, firstRun: 1 }] }], troubles: ["exit code 3: </li><script>alert(1)</script>"],
};
