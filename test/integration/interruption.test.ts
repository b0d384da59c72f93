import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { readRecording } from "../../src/recording/read.ts";
import { beginRunStories, type RunStories } from "../cli/run-stories.ts";
import { testEtcd } from "../support/etcd.ts";
import { harness, temporaryFolder } from "../support/harness.ts";

describe("a run from the command line", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let told: RunStories;

  before(async function () {
    this.timeout(240_000);
    await testEtcd();
    folder = await temporaryFolder();
    told = beginRunStories(folder.path);
  });
  after(async () => {
    await Promise.allSettled(Object.values(told));
    await folder[Symbol.asyncDispose]();
  });

  describe("that goes to its end", () => {
    it("passes with one member, twice, and tells the tally", async () => {
      const { end, stdout, stderr, runs } = await told.repeated;
      expect(end, `${stdout}${stderr}`).to.equal("exit code 0");
      expect(stdout).to.match(/2 runs: 2 passed\n$/);
      expect(await Promise.all(runs.map(async (run) => (await run.info()).seed))).to.deep.equal([7, 8]);
      expect(await Promise.all(runs.map((run) => run.faultStates()))).to.deep.equal([
        ["requested", "effective", "healing", "healed"],
        ["requested", "effective", "healing", "healed"],
      ]);
    });

    it("has the result alone on stdout, and its progress on stderr", async () => {
      const { stdout, stderr } = await told.repeated;
      expect(stdout.match(/PASS {2}single/g)).to.have.length(2);
      expect(stdout).to.match(/^report {2}.*report\.html$/m).and.to.match(/^replay {2}npm run scenario -- .*single\.yaml --seed 7 --runtime local/m);
      expect(stdout).to.not.match(/starting|phase frozen|in all/);
      expect(stderr).to.match(/starting 1 members/).and.to.match(/phase frozen \(2 s\)/).and.to.match(/pause effective/).and.to.match(/in all/);
      expect(stderr).to.not.match(/PASS|replay/);
      expect(stdout + stderr, "colours are for terminals").to.not.include("\u001b");
    });

    it("serves its own metrics meanwhile, and keeps them", async () => {
      const { metrics, runs } = await told.repeated;
      expect(metrics?.contentType).to.match(/^text\/plain/);
      expect(metrics?.values.get('etcd_chaos_member_is_leader{member="etcd-1"}')).to.equal(1);
      expect(await runs[1]?.text("harness.prom")).to.match(/^etcd_chaos_fault_events_total\{kind="pause",state="healed"\} 1$/m);
    });

    it("leaves nothing behind", async () => {
      for (const run of (await told.repeated).runs) expect(await run.leftovers()).to.deep.equal([]);
    });

    it("is judged again to the byte, whenever and from wherever", async () => {
      const { run } = await told.repeated;
      const files = ["results.json", "report.html", "junit.xml", "summary.md"] as const;
      const read = () => Promise.all(files.map((file) => run.text(file)));
      const before = await read();
      const { exitCode, stdout } = await harness(["judge", run.path]);
      expect(exitCode).to.equal(0);
      expect(stdout).to.match(/PASS {2}single/);
      for (const [index, text] of (await read()).entries()) expect(text === before[index], files[index]).to.equal(true);
    });

    it("is judged by the assertions of another scenario when asked to, found as the latest of its scenario, and the report says so", async () => {
      const { run } = await told.repeated;
      await using folder = await temporaryFolder();
      const copy = join(folder.path, "single", "latest");
      await cp(run.path, copy, { recursive: true });
      const { exitCode, stdout } = await harness(["judge", join(folder.path, "single"), "--assertions", "partition"]);
      expect(exitCode, stdout).to.equal(2);
      expect(stdout).to.match(/INCONCLUSIVE {2}single/);
      expect(stdout).to.match(/no such time in the recording/);
      expect(await readFile(join(copy, "report.html"), "utf8")).to.match(/Judged by the assertions of \S*partition\.yaml/);
      expect((await run.results()).outcome, "the original").to.equal("pass");
    });

    it("keeps its cluster when asked to, after the report, until it is interrupted; its verdict stands", async () => {
      const { end, answer, results, status, stdout, run, leftovers } = await told.kept;
      expect(answer).to.equal("here");
      expect({ results, status }).to.deep.equal({ results: "pass", status: "finished" });
      expect(stdout).to.match(/PASS {2}calm/);
      expect(end).to.equal("exit code 0");
      expect((await run.results()).outcome).to.equal("pass");
      expect(leftovers).to.deep.equal([]);
    });

    it("is left alone by clean while it lives", async () => {
      const { cleaned, run } = await told.kept;
      expect(cleaned?.stdout).to.equal(`nothing was left by killed runs; left alone 1 that still run: ${run.runId}\n`);
    });

    it("counts as broken when its recording could not be written whole", async () => {
      const { end, stderr, run, leftovers } = await told.diskFull;
      expect(stderr).to.match(/the recording cannot be written to .*(metrics|status)\.jsonl/);
      expect(end).to.equal("exit code 3");
      expect((await run.info()).status).to.equal("crashed");
      expect(leftovers).to.deep.equal([]);
    });
  });

  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    describe(`that gets ${signal} in the middle of a fault`, () => {
      const story = () => (signal === "SIGINT" ? told.sigint : told.sigterm);

      it(`heals, and ends with exit code ${code}`, async () => {
        const { end, stderr, run } = await story();
        expect(stderr).to.match(new RegExp(`${signal}: ending in order`));
        expect((await run.faultStates()).slice(-2)).to.deep.equal(["healing", "healed"]);
        expect(end).to.equal(`exit code ${code}`);
      });

      it("judges what there is, and writes the report: inconclusive, since it was interrupted", async () => {
        const { stdout, run } = await story();
        const { outcome, sentence } = await run.results();
        expect({ outcome, sentence }).to.deep.equal({ outcome: "inconclusive", sentence: `the assumption "the run went to its end" does not hold: interrupted by ${signal}` });
        expect(stdout).to.match(/INCONCLUSIVE {2}isolated/);
        expect(await run.info()).to.include({ status: "interrupted", signal });
        for (const file of ["report.html", "junit.xml", "summary.md"]) expect(run.has(file), file).to.equal(true);
      });

      it("leaves nothing behind", async () => {
        expect((await story()).leftovers).to.deep.equal([]);
      });
    });
  }

  it("that gets the same Ctrl-C twice, as npm passes it on, still ends in order", async () => {
    const { end, run } = await told.echo;
    expect(end).to.equal("exit code 130");
    expect(await run.faultStates()).to.include("healed");
    expect((await run.info()).status).to.equal("interrupted");
  });

  it("that is interrupted while its cluster starts ends in order too", async () => {
    const { end, run, leftovers } = await told.starting;
    expect(end).to.equal("exit code 130");
    expect((await run.results()).outcome).to.equal("inconclusive");
    expect(await run.faultStates()).to.deep.equal([]);
    expect(leftovers).to.deep.equal([]);
  });

  describe("whose healing hangs", () => {
    it("is left at once by a second interruption, and the watchdog removes what is left", async () => {
      const { end, whileLeft, run, leftovers } = await told.hung;
      expect(whileLeft, "it had not ended before").to.not.have.length(0);
      expect(end).to.equal("exit code 130");
      expect(await run.faultStates()).to.not.include("healed");
      expect(leftovers).to.deep.equal([]);
    });
  });

  describe("that is killed in the middle of a fault", () => {
    it("leaves nothing behind after five seconds", async () => {
      const { end, leftovers } = await told.killed;
      expect(end).to.equal("SIGKILL");
      expect(leftovers).to.deep.equal([]);
    });

    it("has left a recording that can be read: what was seen until then", async () => {
      const { run } = await told.killed;
      const { info, phases, operations, events, statuses, logs } = await readRecording(run.path);
      expect(info.status).to.equal("running");
      expect(phases.map(({ name }) => name)).to.deep.equal(["baseline", "isolated"]);
      expect(operations.length).to.be.above(0);
      expect(events.some((event) => event.type === "fault" && event.state === "requested")).to.equal(true);
      expect(statuses.length).to.be.above(0);
      expect(logs.length).to.be.above(0);
      expect(run.has("results.json"), "nobody judged it yet").to.equal(false);
    });

    it("is judged inconclusive, since it was killed, each time to the byte", async () => {
      const { run } = await told.killed;
      const written: string[][] = [];
      for (let time = 0; time < 2; time++) {
        const { exitCode, stdout } = await harness(["judge", run.path]);
        expect(exitCode).to.equal(2);
        expect(stdout).to.match(/INCONCLUSIVE {2}isolated\nthe assumption "the run went to its end" does not hold: the harness was\s+killed\s+while\s+it\s+ran/);
        written.push(await Promise.all(["results.json", "report.html"].map((file) => run.text(file))));
      }
      expect(written[0]?.every((text, index) => text === written[1]?.[index])).to.equal(true);
    });

    it("and whose watchdog is killed too leaves what clean then removes", async () => {
      const { left, cleaned, run, leftovers } = await told.killedWithWatchdog;
      expect(left.filter((each) => each.startsWith("process")), "processes").to.have.length.at.least(1);
      expect(left.filter((each) => each.startsWith("/")), "their folder").to.have.length(1);
      expect(cleaned?.exitCode).to.equal(0);
      expect(cleaned?.stdout).to.match(/^removed what 1 killed run left: \d+ process(es)?, 0 containers, 0 networks\n$/);
      expect(leftovers).to.deep.equal([]);
      expect((await harness(["clean", run.runId])).stdout).to.equal("nothing was left by killed runs\n");
    });
  });
});
