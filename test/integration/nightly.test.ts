import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { attemptsOf, standingOf } from "../../src/nightly/standing.ts";
import type { Nightly } from "../../src/nightly/nightly.ts";
import { beginNightlyStories } from "../cli/nightly-stories.ts";
import { writeShortScenario } from "../cli/short-scenarios.ts";
import { testEtcd } from "../support/etcd.ts";
import { harness, temporaryFolder } from "../support/harness.ts";

/** A machine that is too busy makes a run inconclusive that passes when it is repeated: then it is a flake. */
const passedAtLast = ["pass", "flake"];

function standings({ turns }: Nightly): Record<string, string> {
  return Object.fromEntries(turns.map(({ scenario, end }) => [scenario, standingOf(end)]));
}

describe("a nightly", function () {
  this.timeout(600_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let told: ReturnType<typeof beginNightlyStories>;

  before(async function () {
    this.timeout(240_000);
    await testEtcd();
    folder = await temporaryFolder();
    told = beginNightlyStories(folder.path);
  });
  after(async () => {
    await Promise.allSettled(Object.values(told));
    await folder[Symbol.asyncDispose]();
  });

  it("says of each scenario what it came to, and why one cannot be played here, exit code 1 for a fail", async () => {
    const { exitCode, stdout, stderr, nightly } = await told.mixed;
    expect(exitCode, stderr).to.equal(1);
    const { calm, ...others } = standings(nightly);
    expect(others).to.deep.equal({ failing: "fail", unplayable: "unplayable" });
    expect(calm, stdout).to.be.oneOf(passedAtLast);
    expect(stdout).to.match(/✗ Fail +failing/).and.to.match(/(✓ Pass|≈ Flake) +calm/).and.to.match(/unplayable seed 5: cannot be played here, because this etcd .* has no failpoints/);
    expect(stdout).to.match(/replay {2}npm run scenario -- .*failing\.yaml --seed 5 --runtime local/);
  });

  it("repeats alone what failed beside others, and keeps both results", async () => {
    const { nightly } = await told.mixed;
    const failing = nightly.turns.find(({ scenario }) => scenario === "failing");
    expect(failing && attemptsOf(failing).map(({ why, outcome, beside }) => [why, outcome, beside])).to.deep.equal([["first", "fail", 1], ["alone", "fail", 0]]);
  });

  it("leaves a page that leads to the reports, JUnit and Markdown", async () => {
    const { out, page, nightly } = await told.mixed;
    for (const file of ["nightly.html", "nightly.junit.xml", "nightly.md", "nightly.json"]) expect(existsSync(join(out, file)), file).to.equal(true);
    const [index, ...reports] = [...page.matchAll(/<a href="([^#"]+)"/g)].map(([, to = ""]) => to);
    expect(index).to.equal("index.html");
    expect(reports).to.have.length(nightly.turns.flatMap(attemptsOf).length).and.to.have.length.above(2);
    for (const report of reports) expect(existsSync(join(out, decodeURIComponent(report))), report).to.equal(true);
  });

  it("tells GitHub of the violation at its line in the scenario, once, and adds to the step's summary", async () => {
    const { stdout, step } = await told.mixed;
    const commands = stdout.split("\n").filter((line) => line.startsWith("::error"));
    expect(commands).to.have.length(1);
    expect(commands[0]).to.match(/^::error file=failing\.yaml,line=8,title=failing%3A leader changes during calm::/);
    expect(step.match(/^## ❌ Nightly/gm)).to.have.length(1);
  });

  it("runs again what did not pass the last time, and no more", async () => {
    const { again, nightly } = await told.mixed;
    expect(again.exitCode, again.stderr).to.equal(1);
    const open = Object.entries(standings(nightly)).flatMap(([scenario, standing]) => (["pass", "unplayable"].includes(standing) ? [] : [scenario]));
    expect(again.nightly.turns.map(({ scenario }) => scenario)).to.have.members(open).and.to.include("failing");
    const attempts = again.nightly.turns.filter(({ scenario }) => scenario === "failing").flatMap(attemptsOf);
    expect(attempts.map(({ outcome }) => outcome)).to.have.length.within(2, 3).and.to.satisfy((outcomes: readonly string[]) => outcomes.every((outcome) => outcome === "fail"));
    expect(attempts.at(-1)?.why).to.equal("retry");
  });

  it("takes a run that failed and passed when retried for a flake, exit code 1", async () => {
    const { end, stdout, nightly } = await told.flake;
    expect(end).to.equal("exit code 1");
    expect(standings(nightly)).to.deep.equal({ calm: "flake" });
    expect(stdout).to.match(/calm seed \d+: \d of \d did not pass \(fail alone.*; pass alone, a retry\)/);
  });

  it("in shards has each scenario in one of them, and files of its own for each", async () => {
    const { shards, files } = await told.shards;
    expect(shards.map(({ turns }) => turns.map(({ scenario }) => scenario))).to.deep.equal([["single"], ["calm"]]);
    expect(files).to.include.members(["nightly-1-of-2.html", "nightly-2-of-2.html", "nightly-1-of-2.junit.xml"]);
  });

  it("starts nothing that would not end in time, and is then not green, exit code 2", async () => {
    const { exitCode, nightly, stdout } = await told.noTime;
    expect(exitCode).to.equal(2);
    expect(standings(nightly)).to.deep.equal({ calm: "not-run", single: "not-run" });
    expect(stdout).to.include("it would not have ended within the time limit");
  });

  it("ends its runs in order at a Ctrl-C, starts no more, and reports what there is, exit code 130", async () => {
    const { end, stderr, nightly, run, leftovers } = await told.interrupted;
    expect(end, stderr).to.equal("exit code 130");
    expect(standings(nightly)).to.deep.equal({ isolated: "interrupted", calm: "not-run" });
    expect((await run.info()).status).to.equal("interrupted");
    expect((await run.faultStates()).at(-1)).to.match(/^(un)?healed$/);
    expect(leftovers).to.deep.equal([]);
  });

  it("that is killed takes its runs with it, in order", async () => {
    const { end, run, leftovers } = await told.killed;
    expect(end).to.equal("SIGKILL");
    expect((await run.info()).status).to.equal("interrupted");
    expect(leftovers).to.deep.equal([]);
  });

  describe("is refused before anything starts", () => {
    const refusals: readonly { readonly called: string; readonly args: readonly string[]; readonly exitCode: number; readonly says: RegExp }[] = [
      { called: "a shard that is none", args: ["calm.yaml", "--shard", "4/3"], exitCode: 64, says: /--shard.*such as 1\/3/ },
      { called: "no jobs", args: ["calm.yaml", "--jobs", "0"], exitCode: 64, says: /--jobs.*1 or more/ },
      { called: "a time limit that is none", args: ["calm.yaml", "--time-limit", "soon"], exitCode: 64, says: /--time-limit.*duration/ },
      { called: "the last nightly where there was none", args: ["--last-failed"], exitCode: 64, says: /--last-failed: .*nightly\.json cannot be read[\s\S]*Run a nightly into that folder first/ },
      { called: "the last nightly and names", args: ["calm.yaml", "--last-failed"], exitCode: 64, says: /chooses the scenarios by itself/ },
      { called: "one scenario twice", args: ["calm.yaml", "calm.yaml"], exitCode: 64, says: /calm\.yaml is named twice/ },
      { called: "a tag that none has", args: ["calm.yaml", "failing.yaml", "--tag", "hopless"], exitCode: 64, says: /no scenario has the tag "hopless"[\s\S]*Did you mean "hopeless"\?/ },
      { called: "a scenario that nobody wrote", args: ["partiton"], exitCode: 65, says: /Did you mean "partition"\?/ },
      { called: "an etcd that nobody has", args: ["calm.yaml", "--etcd", "9.9"], exitCode: 65, says: /nobody has etcd 9\.9/ },
    ];
    for (const { called, args, exitCode, says } of refusals) {
      it(`with ${called}, exit code ${exitCode}`, async () => {
        await Promise.all((["calm", "failing"] as const).map((name) => writeShortScenario(folder.path, name)));
        const out = join(folder.path, "refused");
        const named = args.map((arg) => (arg.endsWith(".yaml") ? join(folder.path, arg) : arg));
        const refused = await harness(["nightly", ...named, "--runtime", "local", "--out", out]);
        expect(refused.stderr).to.match(says);
        expect(refused).to.include({ exitCode, stdout: "" });
        expect(existsSync(out)).to.equal(false);
      });
    }
  });
});
