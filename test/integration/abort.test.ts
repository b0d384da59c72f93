import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { harness, resultsOf, temporaryFolder, type HarnessRun } from "../support/harness.ts";
import { freshRunId } from "../watchdog/marked.ts";

/** A scenario with a phase that ends long after whoever waits for it has given up, unless it is aborted. */
function scenario({ members, phases, abortIf }: { readonly members: number; readonly phases: string; readonly abortIf: string }): string {
  return `description: Something of which the end need not be waited for.
cluster: { members: ${members}, etcd: "3.5" }
workload:
  kv: { rate: 20, clients: 2, keys: 5, timeout: 500ms }
timeline:
${phases}
abort-if:
  ${abortIf}
assertions:
  - leader-changes: { at-most: 9 }
`;
}

const longKill = `  - phase: down
    duration: 120s
    faults:
      - kill: { target: leader }
        at: 500ms`;
const longCut = `  - phase: baseline
    duration: 2s
  - phase: isolated
    duration: 120s
    faults:
      - partition: { target: leader }`;

interface Ended extends HarnessRun {
  readonly outcome: string;
  readonly sentence: string;
  readonly endedMs: number;
  /** A file of the run's folder. */
  readonly file: (name: string) => Promise<string>;
}

async function run(text: string, folder: string): Promise<Ended> {
  const name = freshRunId();
  const path = join(folder, `${name}.yaml`);
  await writeFile(path, text);
  const ended = await harness(["scenario", path, "--runtime", "local", "--seed", "1", "--out", folder]);
  const file = (of: string): Promise<string> => readFile(join(folder, name, "latest", of), "utf8");
  const { outcome, sentence } = await resultsOf(folder, name);
  const { endedMs }: { endedMs: number } = JSON.parse(await file("run.json"));
  return { ...ended, stdout: ended.stdout.replace(/\s+/g, " "), outcome, sentence, endedMs, file };
}

describe("a run whose abort condition is met", function () {
  this.timeout(180_000);

  it("heals, ends long before its time, is judged inconclusive, and says why", async () => {
    await using folder = await temporaryFolder();
    const { exitCode, stdout, stderr, outcome, endedMs } = await run(scenario({ members: 1, phases: longKill, abortIf: "no-leader-for: 1500ms" }), folder.path);
    expect(exitCode, stderr).to.equal(2);
    expect(stdout).to.include("interrupted by its abort condition, no leader for 1.5 s");
    expect(stderr).to.match(/kill healed/);
    expect(outcome).to.equal("inconclusive");
    expect(endedMs).to.be.lessThan(90_000);
  });

  it("does so where a log violates an assertion, and every report says which one and by what", async () => {
    await using folder = await temporaryFolder();
    const abortIf = 'violated:\n    - log: { match: "became leader", none: true, during: isolated }\n      title: nobody else leads';
    const { exitCode, stdout, stderr, outcome, sentence, endedMs, file } = await run(scenario({ members: 3, phases: longCut, abortIf }), folder.path);
    expect(exitCode, stderr).to.equal(2);
    expect(outcome).to.equal("inconclusive");
    expect(endedMs).to.be.lessThan(90_000);
    expect(stderr).to.match(/partition healed/);
    const why = /by its abort condition, nobody else leads: etcd-\d: \d lines? matched .*became leader at term \d/;
    for (const text of [stdout, sentence, await file("junit.xml"), await file("summary.md").then((markdown) => markdown.replaceAll("\\", "")), await file("report.html")]) expect(text).to.match(why);
  });

  it("does so where a metric violates an assertion", async () => {
    await using folder = await temporaryFolder();
    const abortIf = "violated:\n    - metric: { name: etcd_server_proposals_committed_total, measure: increase, at-most: 20 }";
    const { exitCode, stderr, outcome, sentence, endedMs } = await run(scenario({ members: 1, phases: "  - { phase: steady, duration: 120s }", abortIf }), folder.path);
    expect(exitCode, stderr).to.equal(2);
    expect(outcome).to.equal("inconclusive");
    expect(endedMs).to.be.lessThan(90_000);
    expect(sentence).to.match(/abort condition, increase of etcd_server_proposals_committed_total over the run, each member: etcd-1: at least \d+, not at most 20 \(etcd-1 at /);
  });
});

describe("a run whose abort condition is not met", function () {
  this.timeout(180_000);

  it("goes to its end, and passes", async () => {
    await using folder = await temporaryFolder();
    const abortIf = "no-leader-for: 60s\n  violated:\n    - log: { match: panic, none: true }\n    - metric: { name: etcd_server_proposals_committed_total, measure: increase, at-most: 100000 }";
    const { exitCode, stdout, stderr, outcome, file } = await run(scenario({ members: 1, phases: "  - { phase: steady, duration: 8s }", abortIf }), folder.path);
    expect(exitCode, `${stderr}\n${stdout}`).to.equal(0);
    expect(outcome).to.equal("pass");
    expect(stderr).to.not.include("not watched any more");
    expect(await file("results.json")).to.include("no violation was seen of: log lines with /panic/ over the run, each member; ");
  });
});
