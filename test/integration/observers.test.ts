import { createServer } from "node:net";
import { join } from "node:path";

import { expect } from "chai";

import { MonotonicClock, waitFor } from "../../src/clock.ts";
import { LocalMember } from "../../src/cluster/local/local-member.ts";
import { etcdEnvironment } from "../../src/etcd/environment.ts";
import { resolveEtcd } from "../../src/etcd/resolve.ts";
import { startObservers, type MemberView, type Observers } from "../../src/observe/index.ts";
import { silentProgress } from "../../src/progress.ts";
import { readRecording } from "../../src/recording/read.ts";
import { Recorder } from "../../src/recording/recorder.ts";
import type { Recording } from "../../src/recording/recording.ts";
import { runInfo } from "../recording/run-info.ts";
import { temporaryFolder } from "../recording/temporary-folder.ts";

const clock = new MonotonicClock();

/** Ports that nobody uses now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address !== null && typeof address === "object") ports.push(address.port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function startMember(file: string, folder: string): Promise<LocalMember> {
  const [clientPort = 0, peerPort = 0] = await freePorts(2);
  const clientUrl = `http://127.0.0.1:${clientPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  const args = [
    "--name=etcd-1", `--data-dir=${join(folder, "data")}`, "--logger=zap",
    `--listen-client-urls=${clientUrl}`, `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`, `--initial-advertise-peer-urls=${peerUrl}`, `--initial-cluster=etcd-1=${peerUrl}`,
  ];
  const member = new LocalMember(
    { name: "etcd-1", number: 1, directUrl: clientUrl, clientUrl, runId: "test-observers", dataDir: join(folder, "data"), command: { file, args }, etcd: { version: "", source: "", path: file }, others: new Map() },
    clock,
  );
  await member.launch();
  return member;
}

async function put(member: LocalMember): Promise<void> {
  const body = JSON.stringify({ key: btoa("k"), value: btoa("v") });
  const answer = await fetch(`${member.directUrl}/v3/kv/put`, { method: "POST", body });
  expect(answer.status).to.equal(200);
}

async function idOf(member: LocalMember): Promise<string> {
  const answer = await fetch(`${member.directUrl}/v3/maintenance/status`, { method: "POST", body: "{}" });
  const id = /"member_id": *"(\d+)"/.exec(await answer.text())?.[1] ?? "";
  return BigInt(id).toString(16);
}

async function untilSeen(observers: Observers, wanted: (view: MemberView) => boolean): Promise<number> {
  const seen = await waitFor(clock, () => observers.latest().find(wanted), { limitMs: 20_000 });
  expect(seen, `last seen: ${JSON.stringify(observers.latest())}`).to.not.equal(undefined);
  return clock.nowMs();
}

/** Some samples of every kind: as long as the slowest observer needs for two that fail. */
const aWhile = (): Promise<void> => clock.sleep(2500);

interface Watched {
  readonly recording: Recording;
  readonly term: number;
  /** When each state was certain to hold. */
  readonly windows: Readonly<Record<"first" | "paused" | "resumed" | "killed" | "restarted", readonly [fromMs: number, toMs: number]>>;
}

/** Lets a member run, be paused, resumed, killed and restarted, and reads back what was recorded. */
async function watchOneMember(version: string): Promise<Watched> {
  const environment = etcdEnvironment({ env: process.env, cwd: process.cwd(), progress: silentProgress, clock });
  const { path } = await resolveEtcd({ kind: "series", series: version }, environment);
  using folder = temporaryFolder();
  await using member = await startMember(path, folder.path);
  expect(await waitFor(clock, () => fetch(member.directUrl).then(() => true, () => undefined), { limitMs: 20_000 })).to.equal(true);
  member.id = await idOf(member);

  const run = join(folder.path, "run");
  let term: number | undefined;
  let windows: Watched["windows"];
  {
    const members = [{ name: member.name, id: member.id }];
    await using recorder = Recorder.create(run, { ...runInfo, members }, clock);
    member.onLog((line) => recorder.logLine(member.name, line));
    await using observers = startObservers({ members: [member], recorder, clock });
    const isUp = ({ role, healthy }: MemberView): boolean => role === "leader" && healthy === true;
    const isDown = ({ role, healthy }: MemberView): boolean => role === "unreachable" && healthy === false;
    const during = async (state: (view: MemberView) => boolean, act: () => Promise<void> = aWhile): Promise<[number, number]> => {
      const fromMs = await untilSeen(observers, state);
      await act();
      return [fromMs, clock.nowMs()];
    };

    const first = await during(isUp, async () => {
      for (let i = 0; i < 5; i += 1) await put(member);
      await aWhile();
    });
    term = observers.leadership().term;
    expect(observers.leadership().leader).to.equal("etcd-1");
    await member.pause();
    const paused = await during(isDown);
    expect(observers.leadership().leader).to.equal(undefined);
    await member.resume();
    const resumed = await during(isUp);
    await member.kill();
    const killed = await during(isDown);
    await member.restart();
    const restarted = await during(isUp);
    windows = { first, paused, resumed, killed, restarted };
    expect(recorder.failure).to.equal(undefined);
  }
  return { recording: await readRecording(run), term: term ?? 0, windows };
}

for (const version of ["3.4", "3.5"]) {
  describe(`observers of a real etcd ${version}`, function () {
    this.timeout(60_000);
    let watched: Watched;
    const within = <T extends { readonly atMs: number }>(list: readonly T[], window: keyof Watched["windows"]): readonly T[] => {
      const [fromMs, toMs] = watched.windows[window];
      const found = list.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
      expect(found, `samples while ${window}`).to.not.be.empty;
      return found;
    };

    before(async function () {
      this.timeout(180_000);
      watched = await watchOneMember(version);
    });

    it("record everything that a recording needs", () => {
      expect(watched.recording.defects).to.deep.equal(["history.jsonl is not there"]);
    });

    it("see leader, term and revision, and a newer term after the restart", () => {
      const { recording, term } = watched;
      for (const window of ["first", "resumed"] as const) {
        for (const sample of within(recording.statuses, window)) expect(sample).to.include({ ok: true, leader: "etcd-1", term });
      }
      expect(within(recording.statuses, "first").at(-1)).to.include({ revision: 6 });
      const last = within(recording.statuses, "restarted").at(-1);
      expect(last).to.include({ ok: true, leader: "etcd-1", revision: 6 }).and.to.have.property("term").that.is.greaterThan(term);
    });

    it("see that it does not answer while it is paused or dead, and which of both", () => {
      const { statuses, health, metrics } = watched.recording;
      for (const [window, reason] of [["paused", /no answer within \d+ ms/], ["killed", /ECONNREFUSED/]] as const) {
        for (const sample of within(statuses, window)) expect(sample).to.have.property("error").that.matches(reason);
        for (const sample of within(health, window)) expect(sample).to.include({ healthy: false }).and.to.have.property("reason").that.matches(reason);
        for (const scrape of within(metrics.scrapes("etcd-1"), window)) expect(scrape.ok).to.equal(false);
      }
    });

    it("see that it is healthy otherwise, asked both ways", () => {
      const { health } = watched.recording;
      for (const window of ["first", "resumed", "restarted"] as const) {
        const samples = within(health, window);
        for (const sample of samples) expect(sample).to.include({ healthy: true });
        expect(new Set(samples.map(({ serializable }) => serializable)).size).to.equal(2);
      }
    });

    it("see what it counts, and that it counts from zero again as a new process", () => {
      const { metrics } = watched.recording;
      const pointsOf = (name: string) => metrics.series(name, "etcd-1")[0]?.points ?? [];
      expect(pointsOf("etcd_server_has_leader").at(0)?.value).to.equal(1);
      expect(pointsOf("etcd_mvcc_put_total").concat(pointsOf("etcd_debugging_mvcc_put_total")).map(({ value }) => value)).to.include(5);
      expect(pointsOf("etcd_server_proposals_committed_total").at(-1)?.value).to.be.greaterThan(0);
      const starts = new Set(pointsOf("process_start_time_seconds").map(({ value }) => value));
      expect(starts.size).to.equal(2);
      expect(metrics.names.filter((name) => name.startsWith("go_"))).to.be.empty;
    });

    it("have its log from before they started, on the run's clock", () => {
      const { logs } = watched.recording;
      const elections = logs.filter(({ msg }) => /elected leader/.test(msg));
      expect(elections).to.have.length(2);
      const [, killedToMs] = watched.windows.killed;
      const [restartedFromMs] = watched.windows.restarted;
      expect(elections[0]?.atMs).to.be.lessThan(watched.windows.first[0]);
      expect(elections[1]?.atMs).to.be.within(killedToMs - 5, restartedFromMs + 5);
    });
  });
}
