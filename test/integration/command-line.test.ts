import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { catalogue } from "../../src/catalogue.ts";
import { runCommand } from "../../src/process.ts";
import { shortScenarios } from "../cli/short-scenarios.ts";
import { Stories } from "../cli/stories.ts";
import { harness, temporaryFolder, type HarnessRun } from "../support/harness.ts";
import { testEtcd } from "../support/etcd.ts";

const entry = fileURLToPath(new URL("../../bin/etcd-chaos.mjs", import.meta.url));

interface Mistake {
  readonly called: string;
  /** What follows `etcd-chaos`; `SCENARIO` stands for a good one. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly exitCode: 3 | 64 | 65;
  readonly says: RegExp;
}

/** A scenario file that is good but for one change. */
interface WrongFile {
  readonly called: string;
  readonly text: string | Buffer;
  readonly says: RegExp;
}

const good = shortScenarios.isolated.trimStart();

const wrongFiles: readonly WrongFile[] = [
  { called: "an unknown key", text: good.replace("workload:", "worklod:"), says: /:3:1: unknown key "worklod"[\s\S]*> 3 \|[\s\S]*Did you mean "workload"\?/ },
  { called: "an unknown fault", text: good.replace("partition:", "partitoin:"), says: /:11:9: unknown fault "partitoin"[\s\S]*Did you mean "partition"\?/ },
  { called: "a negative duration", text: good.replace("duration: 6s", "duration: -6s"), says: /:9:15: .*-6s/ },
  { called: "two phases of one name", text: good.replace("phase: recovery", "phase: baseline"), says: /:12:12: .*baseline/ },
  { called: "a fault that needs an etcd that nobody has", text: good.replace("partition: { target: leader }", 'upgrade: { target: leader, to: "9.9" }'), says: /nobody has etcd 9\.9/ },
  { called: "an upgrade to what is no etcd", text: good.replace("partition: { target: leader }", "upgrade: { target: leader, to: newest }"), says: /:11:\d+: .*must be a series such as "3\.5"/ },
  { called: "an upgrade to a number", text: good.replace("partition: { target: leader }", "upgrade: { target: leader, to: 3.5 }"), says: /:11:\d+: .*write it in quotes/ },
  { called: "nothing in it", text: "", says: /empty/ },
  { called: "10 MB in it", text: Buffer.alloc(10_000_000, "# a comment\n"), says: /has 10\.0 MB, and a scenario file has 1 MB at most/ },
  { called: "no text in it", text: Buffer.from([0xff, 0xfe, 0x00, 0x01]), says: /not UTF-8/ },
];

const mistakes: readonly Mistake[] = [
  { called: "an etcd version that nobody has", args: ["scenario", "SCENARIO", "--etcd", "9.9"], exitCode: 65, says: /nobody has etcd 9\.9[\s\S]*There are .*3\.5/ },
  { called: "what is no etcd version", args: ["scenario", "SCENARIO", "--etcd", "new"], exitCode: 64, says: /"new" is no etcd version[\s\S]*Write 3\.5/ },
  { called: "an etcd image for the local runtime", args: ["scenario", "SCENARIO", "--etcd", "image:x"], exitCode: 64, says: /image x needs the docker runtime/ },
  { called: "a Toxiproxy that is none", args: ["scenario", "SCENARIO", "--toxiproxy", "nonsense"], exitCode: 64, says: /--toxiproxy nonsense is none of auto, embedded/ },
  { called: "a Toxiproxy that is not there", args: ["scenario", "SCENARIO", "--toxiproxy", "/nowhere/toxiproxy-server"], exitCode: 64, says: /\/nowhere\/toxiproxy-server: there is no program/ },
  { called: "a Toxiproxy image for the local runtime", args: ["scenario", "SCENARIO"], env: { TOXIPROXY_IMAGE: "toxi:1" }, exitCode: 64, says: /Toxiproxy image toxi:1 needs the docker runtime/ },
  { called: "a scenario that nobody wrote", args: ["scenario", "partiton"], exitCode: 65, says: /no scenario "partiton"[\s\S]*Did you mean "partition"\?/ },
  { called: "a file that is not there", args: ["scenario", "./nowhere.yaml"], exitCode: 65, says: /nowhere\.yaml does not exist/ },
  { called: "a folder", args: ["scenario", "FOLDER"], exitCode: 65, says: /is a folder, not a scenario file/ },
  { called: "an unknown option", args: ["scenario", "SCENARIO", "--sed", "1"], exitCode: 64, says: /unknown option '--sed'[\s\S]*--seed/ },
  { called: "a seed that is no number", args: ["scenario", "SCENARIO", "--seed", "x"], exitCode: 64, says: /'--seed <number>'.*'x'.*whole number/ },
  { called: "a repetition of no times", args: ["scenario", "SCENARIO", "--repeat", "0"], exitCode: 64, says: /--repeat.*1 or more/ },
  { called: "an unknown runtime", args: ["scenario", "SCENARIO", "--runtime", "podman"], exitCode: 64, says: /podman.*auto, local, docker/ },
  { called: "a port that cannot be one", args: ["scenario", "SCENARIO", "--metrics-port", "70000"], exitCode: 64, says: /--metrics-port.*from 1 to 65535/ },
  { called: "two runs whose cluster is to be kept", args: ["scenario", "SCENARIO", "--repeat", "2", "--keep-cluster"], exitCode: 64, says: /--keep-cluster keeps one cluster, and this is 2 runs/ },
  { called: "an unknown command", args: ["scenaro"], exitCode: 64, says: /unknown command 'scenaro'[\s\S]*scenario/ },
  { called: "a Docker engine that is not there", args: ["scenario", "SCENARIO", "--runtime", "docker"], env: { DOCKER_HOST: "unix:///nowhere/docker.sock" }, exitCode: 3, says: /--runtime docker: no Docker engine answers[\s\S]*--runtime local/ },
  { called: "no scenario at all", args: ["scenario"], exitCode: 64, says: /missing required argument 'scenario'/ },
  { called: "a folder to judge in which there is no run", args: ["judge", "FOLDER"], exitCode: 3, says: /is not the folder of a run[\s\S]*Name a folder that a run wrote/ },
];

/** Three at a time: each is mostly node loading. */
function beginAll(folder: string) {
  const stories = new Stories(3);
  const temporary = join(folder, "tmp");
  const makeFiles = mkdir(temporary)
    .then(() => writeFile(join(folder, "isolated.yaml"), good))
    .then(() => Promise.all(wrongFiles.map(({ text }, index) => writeFile(join(folder, `wrong-${index}.yaml`), text))));
  const run = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<HarnessRun> => {
    await makeFiles;
    const named = args.map((arg) => (arg === "SCENARIO" ? join(folder, "isolated.yaml") : arg === "FOLDER" ? temporary : arg));
    const runtime = args[0] !== "scenario" || args.includes("--runtime") ? [] : ["--runtime", "local"];
    const out = args[0] === "scenario" ? ["--out", join(folder, "out")] : [];
    return runCommand(process.execPath, [entry, ...named, ...runtime, ...out], { env: { ...process.env, TOXIPROXY_IMAGE: "", TMPDIR: temporary, ...env }, cwd: folder });
  };
  return {
    temporary,
    run: (args: readonly string[]) => stories.play(() => run(args)),
    files: wrongFiles.map((_, index) => stories.play(() => run(["scenario", join(folder, `wrong-${index}.yaml`)]))),
    mistakes: mistakes.map(({ args, env }) => stories.play(() => run(args, env))),
  };
}

describe("the command line", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let begun: ReturnType<typeof beginAll>;

  before(async function () {
    this.timeout(240_000);
    await testEtcd();
    folder = await temporaryFolder();
    begun = beginAll(folder.path);
  });
  after(async () => {
    await Promise.allSettled([...begun.files, ...begun.mistakes]);
    await folder[Symbol.asyncDispose]();
  });

  async function expectRefusal(run: Promise<HarnessRun> | undefined, exitCode: number, says: RegExp): Promise<void> {
    const refused = await run;
    expect(refused?.stderr).to.match(says);
    expect(refused?.stderr, "a stack is for defects of ours").to.not.match(/^\s+at .*:\d+:\d+\)?$/m);
    expect(refused?.stdout).to.equal("");
    expect(refused?.exitCode).to.equal(exitCode);
    expect(existsSync(join(folder.path, "out")), "a run's folder was made").to.equal(false);
    const ours = (await readdir(begun.temporary)).filter((name) => name.startsWith("etcd-chaos"));
    expect(ours, "something was started").to.deep.equal([]);
  }

  for (const [index, { called, says }] of wrongFiles.entries()) {
    it(`refuses a scenario file with ${called}, before anything starts, exit code 65`, () => expectRefusal(begun.files[index], 65, says));
  }

  for (const [index, { called, exitCode, says }] of mistakes.entries()) {
    it(`refuses ${called}, before anything starts, exit code ${exitCode}`, () => expectRefusal(begun.mistakes[index], exitCode, says));
  }

  it("refuses a port for metrics that is taken, before anything starts, exit code 3", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      await expectRefusal(begun.run(["scenario", "SCENARIO", "--metrics-port", String(port)]), 3, new RegExp(`--metrics-port ${port} cannot be had: .*EADDRINUSE`));
    } finally {
      server.close();
    }
  });

  it("tells what is wrong in all of several scenarios, and starts none of them", async () => {
    const wrong = [0, 1].map((index) => join(folder.path, `wrong-${index}.yaml`));
    await expectRefusal(begun.run(["scenario", ...wrong, "SCENARIO"]), 65, /wrong-0\.yaml:3:1: unknown key[\s\S]*wrong-1\.yaml:11:9: unknown fault/);
  });

  it("validates: each good file on stdout, each wrong one on stderr, and the exit code of the worst", async () => {
    const { exitCode, stdout, stderr } = await begun.run(["validate", "SCENARIO", "partition", join(folder.path, "wrong-0.yaml")]);
    expect(exitCode).to.equal(65);
    expect(stdout).to.match(/^ok {2}.*isolated\.yaml$/m).and.to.match(/^ok {2}.*partition\.yaml$/m);
    expect(stderr).to.match(/wrong-0\.yaml:3:1: unknown key "worklod"/);
  });

  it("validates the scenarios that come with it", async () => {
    const { exitCode, stdout, stderr } = await begun.run(["validate"]);
    expect(stderr).to.equal("");
    expect(stdout).to.match(/^ok {2}.*steady\.yaml$/m);
    expect(exitCode).to.equal(0);
  });

  it("plans without starting anything", async () => {
    const { exitCode, stdout } = await begun.run(["plan", "SCENARIO", "--runtime", "local", "--seed", "3"]);
    expect(stdout).to.match(/isolated/).and.to.match(/partition leader, blocking/).and.to.match(/^runtime {2}local/m);
    expect(exitCode).to.equal(0);
    expect((await readdir(begun.temporary)).filter((name) => name.startsWith("etcd-chaos"))).to.deep.equal([]);
  });

  it("lists what there is, and asks back about what there is not", async () => {
    const { exitCode, stdout } = await begun.run(["list"]);
    expect(stdout).to.match(/^scenarios\n {2}.*/m).and.to.match(/^ {2}partition /m).and.to.match(/^assertions$/m).and.to.match(/^ {2}expression +\S/m);
    expect(exitCode).to.equal(0);
    const wrong = await begun.run(["list", "fault"]);
    expect(wrong).to.include({ exitCode: 64, stdout: "" });
    expect(wrong.stderr).to.include('Did you mean "faults"?');
  });

  it("lists faults with where each can be had on this machine, whichever way it is asked", async () => {
    const { exitCode, stdout } = await begun.run(["list", "faults"]);
    expect(exitCode).to.equal(0);
    expect((await harness(["scenario", "list", "faults"])).stdout, "as npm run scenario -- list faults comes out").to.equal(stdout);
    const rows = stdout.trimEnd().split("\n").slice(1);
    expect(rows).to.have.length(catalogue.faults.length);
    for (const row of rows) expect(row).to.match(/^ {2}[a-z-]+ +\S .+ \[local( |,|$).*docker.*\]$/);
  });

  it("explains faults, workloads and assertions with their options, and asks back about what there is not", async () => {
    const { exitCode, stdout } = await begun.run(["explain", "partition", "kv", "slo"]);
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/✂ partition, a fault[\s\S]*available here\n {2}local +\S+[\s\S]*mode +blocking or closing \(default blocking\)/);
    expect(stdout).to.match(/kv, a workload[\s\S]*clients +a whole number from 1 to 1000 \(default 10\)/);
    expect(stdout).to.match(/slo, an assertion[\s\S]*latency\.below +a duration such as 5s \(needed\)/);
    expect((await begun.run(["explain", "abort-if"])).stdout).to.match(/abort-if, a part of a scenario[\s\S]*no-leader-for +a duration such as 5s[\s\S]*violated +a list/);
    expect((await begun.run(["explain", "expression"])).stdout).to.match(/expression, an assertion[\s\S]*examples\n[\s\S]*p99\(put\) during recovery <= 2 \* p99\(put\) during baseline/);
    expect((await begun.run(["explain", "queue"])).stdout).to.match(/queue, a workload[\s\S]*\n\nqueue, an assertion\n/);
    expect((await begun.run(["explain", "watch"])).stdout).to.match(/watch, a part of workload[\s\S]*list-first[\s\S]*watch, an assertion\n/);
    const wrong = await begun.run(["explain", "partitoin"]);
    expect(wrong).to.include({ exitCode: 64, stdout: "" });
    expect(wrong.stderr).to.include('Did you mean "partition"?');
  });

  it("helps on stdout when asked to, exit code 0, and on stderr when it does not know what to do, exit code 64", async () => {
    const asked = await begun.run(["--help"]);
    expect(asked).to.include({ exitCode: 0, stderr: "" });
    expect(asked.stdout).to.match(/scenario[\s\S]*validate[\s\S]*judge[\s\S]*clean[\s\S]*doctor/);
    const unasked = await begun.run([]);
    expect(unasked).to.include({ exitCode: 64, stdout: "" });
    expect(unasked.stderr).to.include("Usage: etcd-chaos");
  });

  it("says what the machine can do", async () => {
    const { exitCode, stdout } = await begun.run(["doctor"]);
    expect(stdout).to.match(/✓ node +v\d+/).and.to.match(/runtime local/).and.to.match(/runtime docker/).and.to.match(/etcd source/);
    expect(exitCode).to.equal(0);
  });
});
