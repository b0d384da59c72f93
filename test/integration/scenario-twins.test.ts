import { expect } from "chai";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chooseRuntime } from "../../src/cluster/runtime.ts";
import { Stories } from "../cli/stories.ts";
import { harness, resultsOf, temporaryFolder } from "../support/harness.ts";
import { whyNoPrometheus } from "../support/prometheus.ts";
import { Twin } from "../support/twin.ts";

const scenarios = fileURLToPath(new URL("../../scenarios", import.meta.url));

interface Case {
  /** What was changed, as the title says it. */
  readonly change: string;
  readonly twin: (twin: Twin) => Twin;
  /** Titles of assertions that must fail then. */
  readonly fails: readonly RegExp[];
  /** Why this machine cannot run it, where it cannot. */
  readonly lacks?: string | undefined;
}

const { lacks } = await chooseRuntime("local");
const noPrometheus = await whyNoPrometheus();

const faultOff = (fails: readonly RegExp[]): Case => ({ change: "its fault is switched off", twin: (twin) => twin.withoutFaults().halved(), fails });

/** Every scenario's assertions must be able to fail, or their passing says nothing. */
const cases: Readonly<Record<string, Case>> = {
  partition: faultOff([/leader changes during isolated/, /log lines with \/elected leader\//]),
  "pause-leader": faultOff([/leader changes during frozen/, /log lines with \/elected leader\//]),
  "kill-leader": faultOff([/leader changes during down/, /log lines with \/elected leader\//]),
  "rolling-restart": faultOff([/leader changes during rolling/, /log lines with \/restarting local member\//]),
  "rolling-upgrade": faultOff([/leader changes during rolling/, /log lines with \/starting an etcd server\//, /log lines with \/updated cluster version\//]),
  "crash-loop": { change: "no time without writes is allowed", twin: (twin) => twin.halved().withBound("slo", ["longest-unavailability"], "1ms"), fails: [/longest unavailability/] },
  "cpu-starvation": { change: "slow writes have to be quick", twin: (twin) => twin.halved().withBound("slo", ["latency", "below"], "1ms"), fails: [/latency of puts/] },
  "clock-jump": faultOff([/increase of etcd_debugging_server_lease_expired/, /log lines with \/leader failed to send out heartbeat/]),
  "follower-partition": { change: "no time without writes is allowed", twin: (twin) => twin.halved().withBound("slo", ["longest-unavailability"], "1ms"), fails: [/longest unavailability/] },
  latency: { change: "slow writes have to be quick", twin: (twin) => twin.halved().withBound("slo", ["latency", "below"], "1ms"), fails: [/latency of puts/] },
  "slow-disk": { change: "the disk is only 10 ms slower", twin: (twin) => twin.halved().withFaultOption("slow-fsync", "delay", "10ms"), fails: [/WAL syncs take 200 ms/, /commits of its database/] },
  "disk-errors": faultOff([/ends on a sync/, /ends on a write/]),
  compaction: faultOff([/increase\(etcd_disk_backend_defrag/, /log \/finished scheduled compaction\//]),
  "move-leader": faultOff([/leader changes during moved/, /log lines with \/leadership transfer\//]),
  "no-space": faultOff([/unhealthy at the end during full/, /log lines with \/alarm raised\//]),
  "replace-member": faultOff([/leader changes during removed/, /log lines with \/removed member\//, /log lines with \/promote\//]),
  "add-member": faultOff([/log lines with \/added member\//, /log lines with \/promote\//, /log lines with \/removed member\//]),
  "restore-snapshot": faultOff([/leader changes during restored/, /log lines with \/restarting local member\//]),
  "power-loss": {
    change: "its disks lie about what they made durable",
    twin: (twin) => twin.withFault("baseline", { "lying-fsync": { target: "all" }, until: "recovery" }),
    fails: [/no acknowledged write is lost/, /strict serializability/],
    lacks: lacks.power,
  },
  "lock-fenced": { change: "writes are not fenced", twin: (twin) => twin.withWorkloadOption("lock", "fenced", false), fails: [/locks exclude, and fence/] },
  transactions: {
    change: "all lose their power, and their disks lied",
    twin: (twin) => twin.withFault("baseline", { "lying-fsync": { target: "all" }, until: "recovery" }).withFault("isolated", { "power-loss": { target: "all" }, at: "4s" }),
    fails: [/lists that transactions append to/, /strict serializability/],
    lacks: lacks.power,
  },
  kubernetes: faultOff([/leader changes during down/, /log lines with \/elected leader\//]),
  "compaction-load": { change: "nobody compacts", twin: (twin) => twin.halved().withWorkloadOption("compaction", "every", "1h"), fails: [/log lines with \/finished scheduled compaction\//] },
  mixed: {
    change: "all lose their power, and their disks lied",
    twin: (twin) => twin.withFault("baseline", { "lying-fsync": { target: "all" }, until: "recovery" }).withFault("isolated", { "power-loss": { target: "all" }, at: "4s" }),
    fails: [/the queue is in order/, /counters count every increment/, /no acknowledged write is lost/],
    lacks: lacks.power,
  },
  steady: { change: "latency has to be below a microsecond", twin: (twin) => twin.halved().withBound("slo", ["latency", "below"], "0.001ms"), fails: [/latency/] },
  promql: { ...faultOff([/etcd_server_leader_changes_seen_total/]), lacks: noPrometheus },
  "one-way-partition": faultOff([/leader changes during mute/, /log lines with \/elected leader\//]),
  "slow-network": { change: "slow writes have to be quick", twin: (twin) => twin.halved().withBound("slo", ["latency", "below"], "1ms"), fails: [/latency of puts/] },
  "packet-loss": { ...faultOff([/leader changes during mute/, /log lines with \/elected leader\//]), lacks: lacks.packets },
  "flaky-clients": { change: "no time without writes is allowed", twin: (twin) => twin.withBound("slo", ["longest-unavailability"], "1ms"), fails: [/longest unavailability/] },
};

describe("the scenarios' twins", function () {
  this.timeout(240_000);

  it("are there for every scenario", async () => {
    const names = (await readdir(scenarios)).filter((name) => name.endsWith(".yaml")).map((name) => name.replace(".yaml", ""));
    expect(Object.keys(cases)).to.have.members(names);
  });

  const able = Object.entries(cases).filter(([, each]) => each.lacks === undefined);
  /** A few at a time: each mostly waits for its timeline. */
  const running = new Map<string, Promise<void>>();
  before(() => {
    const stories = new Stories(3);
    for (const [name, each] of able) running.set(name, stories.play(() => mustFail(name, each)));
  });

  for (const [name, { lacks: missing }] of Object.entries(cases)) {
    if (missing !== undefined) it(`${name} is left out on this machine: ${missing}`);
  }

  for (const [name, { change }] of able) {
    it(`${name} fails when ${change}`, () => running.get(name));
  }
});

/** What a twin shows depends on luck, and on how busy the machine is: to have shown it once is enough. */
const triesMax = 3;

async function mustFail(name: string, each: Case): Promise<void> {
  let lacking: string | undefined;
  for (let tries = 0; tries < triesMax; tries += 1) {
    lacking = await lackingIn(name, each);
    if (lacking === undefined) return;
  }
  expect.fail(`${lacking ?? "never played"}, and not in ${triesMax - 1} runs before`);
}

/** What should have failed and did not; undefined where all did. */
async function lackingIn(name: string, { twin, fails }: Case): Promise<string | undefined> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, `${name}-twin.yaml`);
  await writeFile(file, String(twin(new Twin(await readFile(join(scenarios, `${name}.yaml`), "utf8")))));
  const { exitCode, stdout, stderr } = await harness(["scenario", file, "--runtime", "local", "--out", folder.path]);
  expect(exitCode, `${stdout}\n${stderr}`).to.be.oneOf([1, 2]);
  const { outcome, assertions } = await resultsOf(folder.path, `${name}-twin`);
  expect(outcome).to.equal(exitCode === 1 ? "fail" : "inconclusive");
  const failed = assertions.filter(({ verdict }) => verdict.outcome === "fail").map(({ title }) => title);
  const others = assertions.filter(({ verdict }) => verdict.outcome !== "fail").map(({ title, verdict }) => `${title}: ${verdict.outcome}, ${verdict.reason ?? verdict.observed}`);
  const missing = fails.filter((pattern) => !failed.some((title) => pattern.test(title)));
  return missing.length === 0 ? undefined : `${missing.join(", ")} is not among ${failed.join("; ")}, but ${others.join("; ")}`;
}
