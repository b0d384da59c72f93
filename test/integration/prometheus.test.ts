import { expect } from "chai";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MonotonicClock, type Clock } from "../../src/clock.ts";
import type { PrometheusProgram } from "../../src/prometheus/program.ts";
import { startServer } from "../../src/prometheus/server.ts";
import { PrometheusWatch } from "../../src/prometheus/watch.ts";
import { readRecording } from "../../src/recording/read.ts";
import { freePorts } from "../../src/cluster/docker/ports.ts";
import { markedProcesses } from "../../src/watchdog/processes.ts";
import { Stories } from "../cli/stories.ts";
import { onlyRunBelow, startHarness } from "../cli/started-harness.ts";
import { harness, resultsOf, temporaryFolder } from "../support/harness.ts";
import { needPrometheus } from "../support/prometheus.ts";
import { applied, hasLeader, promqlScenario, tell, valuesOf } from "./promql-run.ts";

const led = `promql: { query: "${hasLeader}", equals: 1, during: calm }`;
const goesOn = `promql: { query: "${applied}", above: 5, when: at-end, during: calm }`;

describe("a run judged in PromQL", function () {
  this.timeout(240_000);
  let program: PrometheusProgram;
  const clock = new MonotonicClock();
  /** A few at a time: each mostly waits for its timeline. */
  const running = new Map<string, Promise<void>>();
  const bodies = new Map<string, () => Promise<void>>();
  const story = (title: string, body: () => Promise<void>): void => {
    bodies.set(title, body);
    it(title, () => running.get(title));
  };
  before(async function () {
    program = await needPrometheus(this);
    const stories = new Stories(3);
    for (const [title, body] of bodies) running.set(title, stories.play(body));
  });

  describe("by a Prometheus that was started for it", () => {
    story("passes and fails by what it scraped, keeps that, says which one it was, and leaves nothing behind", async () => {
      await using told = await tell("local", [led, goesOn, `promql: { query: "${applied}", above: 1000000, when: eventually, during: calm }`, 'promql: { query: "no_such_metric", below: 1 }', "promql: { query: 'etcd_chaos_operations_total{outcome=\"ok\"}', above: 0, when: at-end, during: calm }"]);
      expect(told.exitCode, `${told.stdout}${told.stderr}`).to.equal(1);
      const { assertions } = await told.run.results();
      expect(assertions.map(({ verdict }) => verdict.outcome), told.stdout).to.deep.equal(["pass", "pass", "fail", "inconclusive", "pass"]);
      expect(assertions[2]?.verdict.evidence[0]?.text).to.match(/^\{member="etcd-1"\} is [\d.]+, by sum by/);
      expect((await told.run.info()).prometheus).to.deep.equal({ version: program.version, source: program.source });
      expect([...(await valuesOf(told.run, "up")).values()]).to.include(1);
      expect(await told.run.text("report.html")).to.include(`${program.version} from `);
      expect(await told.run.leftoversWithin(5_000)).to.deep.equal([]);
    });

    story("can be asked something else afterwards, of what was recorded, to the same effect", async () => {
      await using told = await tell("local", [goesOn]);
      const live = await valuesOf(told.run, applied);
      const path = join(told.run.path, "..", "asked-later.yaml");
      await writeFile(path, promqlScenario(goesOn, led, `promql: { query: "max(${applied})", above: 1000000, when: eventually, during: calm }`));
      await rm(join(told.run.path, "promql.jsonl"));
      const { exitCode, stdout, stderr } = await harness(["judge", told.run.path, "--assertions", path]);
      expect(exitCode, `${stdout}${stderr}`).to.equal(1);
      const { assertions } = await told.run.results();
      expect(assertions.map(({ verdict }) => verdict.outcome).sort(), stdout).to.deep.equal(["fail", "pass", "pass"]);
      const later = assertions.find(({ title }) => title.includes("sum by") && !title.includes("max"))?.verdict.observed ?? "";
      const lastLive = [...live.values()].at(-1) ?? 0;
      expect(parseFloat(later), `${later}, live ${lastLive}`).to.be.within(lastLive * 0.7, lastLive * 1.3);
    });

    story("goes on when that dies, warns, and is inconclusive for it alone", async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, "asked.yaml");
      await writeFile(path, promqlScenario(led, "health: { state: healthy, when: at-end }"));
      await using started = await startHarness("scenario", path, "--runtime", "local", "--toxiproxy", "embedded", "--out", folder.path);
      await started.says(/phase calm/);
      process.kill(await prometheusOf((await onlyRunBelow(folder.path, "asked")).runId), "SIGKILL");
      expect(await started.ended, started.stdout() + started.stderr()).to.equal("exit code 2");
      const run = await onlyRunBelow(folder.path, "asked");
      const { assertions } = await run.results();
      expect(assertions.map(({ verdict }) => verdict.outcome)).to.have.members(["inconclusive", "pass"]);
      expect(assertions.find(({ kind }) => kind === "promql")?.verdict.reason).to.match(/Prometheus did not answer: .*ECONNREFUSED/);
      const { events, info } = await readRecording(run.path);
      expect(info.status).to.equal("finished");
      expect(events.some((event) => event.type === "note" && event.level === "warning" && /Prometheus has ended \(SIGKILL\)/.test(event.text))).to.equal(true);
    });

    story("leaves nothing behind when the harness is killed", async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, "asked.yaml");
      await writeFile(path, promqlScenario(led));
      await using started = await startHarness("scenario", path, "--runtime", "local", "--toxiproxy", "embedded", "--out", folder.path);
      await started.says(/phase calm/);
      const run = await onlyRunBelow(folder.path, "asked");
      await prometheusOf(run.runId);
      started.signal("SIGKILL");
      await started.ended;
      expect(await run.leftoversWithin(10_000)).to.deep.equal([]);
    });

    story("does not begin where Prometheus refuses a query that the grammar takes", async () => {
      await using told = await tell("local", ['promql: { query: "sum(1)", above: 0 }']);
      expect(told.exitCode).to.equal(65);
      expect(told.stderr).to.match(/Prometheus refuses the query sum\(1\): .*expected type instant vector/);
      expect((await told.run.info()).members, "no cluster was started").to.deep.equal([]);
    });
  });

  describe("by one that runs already", () => {
    story("asks it for the series of this run, of what it was told to scrape", async () => {
      const [metricsPort = 0] = await freePorts(1);
      await using folder = await temporaryFolder();
      const config = { global: { scrape_interval: "1s", external_labels: { site: "here" } }, scrape_configs: [{ job_name: "others", http_sd_configs: [{ url: `http://127.0.0.1:${metricsPort}/targets`, refresh_interval: "1s" }] }] };
      await using server = await startServer(program, { runId: "a-test", folder: folder.path, config, lookbackMs: 300_000, clock });
      const options = ["--prom-url", server.url, "--metrics-port", String(metricsPort)];
      await using told = await tell("local", [led, goesOn], ...options);
      expect(told.exitCode, `${told.stdout}${told.stderr}`).to.equal(0);
      expect((await told.run.info()).prometheus).to.deep.equal({ version: program.version, source: server.url });
      expect((await told.run.info()).replay).to.include(options.join(" "));
      const { promql } = await readRecording(told.run.path);
      expect(promql.map(({ stepMs }) => stepMs)).to.deep.equal([1_000, 1_000, 1_000]);
    });

    it("has to be told where to look up what to scrape", async () => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, "asked.yaml");
      await writeFile(path, promqlScenario(led));
      await using server = await startServer(program, { runId: "a-test", folder: join(folder.path, "prometheus"), config: {}, lookbackMs: 1_000, clock });
      const { exitCode, stderr } = await harness(["scenario", path, "--runtime", "local", "--out", folder.path, "--prom-url", server.url]);
      expect(exitCode).to.equal(64);
      expect(stderr).to.match(/--prom-url needs --metrics-port/).and.to.include("http_sd_configs");
    });

    story("that scrapes nothing of this run makes every answer an error, with what is to be done", async () => {
      await using folder = await temporaryFolder();
      await using server = await startServer(program, { runId: "a-test", folder: folder.path, config: {}, lookbackMs: 1_000, clock });
      using watch = new PrometheusWatch(server.api, { runId: "r", clock: hastened(clock), targets: { url: "http://127.0.0.1:1/targets", own: "127.0.0.1:1", announce: () => undefined }, own: false });
      expect(await watch.scrape([{ name: "etcd-1", directUrl: "http://127.0.0.1:1" }], new AbortController().signal)).to.match(/had not scraped etcd-1 30 s after/);
      const [up, answer] = await watch.ask([hasLeader], 0, 1_000);
      expect([up?.query, answer?.query]).to.deep.equal(["up", hasLeader]);
      expect(answer).to.include({ error: "Prometheus had not scraped etcd-1 30 s after it was told to" });
      expect(JSON.stringify(answer)).to.include("http_sd_configs");
    });
  });

  it("is kept from starting where no Prometheus answers at the address", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "asked.yaml");
    await writeFile(path, promqlScenario(led));
    const [port = 0] = await freePorts(1);
    const { exitCode, stderr } = await harness(["scenario", path, "--runtime", "local", "--out", folder.path, "--metrics-port", String(port), "--prom-url", `http://127.0.0.1:${port}`]);
    expect(exitCode).to.equal(3);
    expect(stderr).to.match(/no Prometheus answers there/);
    expect(await readFile(path, "utf8")).to.equal(promqlScenario(led));
    await resultsOf(folder.path, "asked").then(() => expect.fail("something was run"), () => undefined);
  });

  it("makes plan and doctor say which Prometheus there is", async () => {
    const shown = await harness(["plan", "promql", "--runtime", "local"]);
    expect(shown.exitCode, shown.stdout).to.equal(0);
    expect(shown.stdout).to.match(new RegExp(`^prometheus {2}${program.version} \\(`, "m"));
    const none = await harness(["plan", "promql", "--runtime", "local"], { PATH: "/nowhere", XDG_CACHE_HOME: "/nowhere" });
    expect(none.exitCode, none.stdout).to.equal(3);
    expect(none.stdout).to.match(/^prometheus {2}none can be had: /m);
  });
});

/** The process of a run's Prometheus. */
async function prometheusOf(runId: string): Promise<number> {
  for (const { pid } of (await markedProcesses()).filter((each) => each.runId === runId)) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (command.includes("--storage.tsdb.path=")) return pid;
  }
  throw new Error(`run ${runId} has no Prometheus`);
}

/** Ten times as fast. */
function hastened(clock: Clock): Clock {
  return { nowMs: () => clock.nowMs() * 10, wallMs: () => clock.nowMs() * 10, sleep: (ms, signal) => clock.sleep(ms / 10, signal) };
}
