import { expect } from "chai";
import type { Member } from "../../src/cluster/member.ts";
import { messageOf } from "../../src/errors.ts";
import { compact } from "../../src/faults/compact.ts";
import { defrag } from "../../src/faults/defrag.ts";
import type { ActiveFault, FaultKind } from "../../src/faults/fault.ts";
import { moveLeader } from "../../src/faults/move-leader.ts";
import { noSpace } from "../../src/faults/no-space.ts";
import type { Proof } from "../../src/recording/events.ts";
import { clusterDouble, memberDouble, speaker, type Said } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";

/** A gateway that knows some paths and says that it knows no other. */
type Gateway = Readonly<Record<string, () => object | Said>>;

const gatewayOf = (say: Gateway) =>
  speaker((path) => {
    const said = Object.entries(say).find(([known]) => path.startsWith(known) || path.startsWith(`/v3${known}`))?.[1]();
    if (said === undefined) return { status: 404, body: "Not Found" };
    return "status" in said || "body" in said ? said : { body: JSON.stringify(said) };
  });
const refusal = (message: string): Said => ({ status: 400, body: JSON.stringify({ code: 11, message }) });
const compacted = refusal("etcdserver: mvcc: required revision has been compacted");
const header = (revision: number, term = 3): object => ({ header: { revision: String(revision), raft_term: String(term), member_id: "161" }, leader: "161", dbSize: "2097152" });

interface Situation {
  readonly options?: object;
  readonly signal?: AbortSignal;
  readonly among?: readonly Member[];
}

/** Waits pass a thousand times as fast. */
const inject = (kind: FaultKind, targets: readonly Member[], { options = {}, signal = new AbortController().signal, among = targets }: Situation = {}): Promise<ActiveFault> =>
  kind.bind({ target: "all", ...options }).inject({ cluster: clusterDouble(among), targets, clock: new HastyClock(1_000), signal });
const failure = (injecting: Promise<ActiveFault>): Promise<string> => injecting.then(() => "injected", messageOf);
const member = (address: string, name = "etcd-1", id = "a1"): Member => memberDouble(name, {}, { directUrl: `http://${address}`, id });
const shown = (proofs: readonly Proof[]): string[] => proofs.map(({ text, holds }) => `${holds ? "holds" : "fails"}: ${text}`);

describe("a compaction", () => {
  it("says that there is nothing to compact where nothing was written, or all of it is kept", async () => {
    await using gateway = await gatewayOf({ "/kv/range": () => header(1) });
    expect(await failure(inject(compact, [member(gateway.address)]))).to.equal("there is nothing to compact: the newest revision is 1");
    await using written = await gatewayOf({ "/kv/range": () => header(9) });
    expect(await failure(inject(compact, [member(written.address)], { options: { keep: 8 } }))).to.equal("there is nothing to compact: the newest revision is 9, and 8 behind it are kept");
  });

  it("says that there is nothing to compact where another compaction was before it", async () => {
    let asked = 0;
    await using gateway = await gatewayOf({ "/kv/range": () => (asked++ === 0 ? header(9) : compacted) });
    expect(await failure(inject(compact, [member(gateway.address)]))).to.equal(
      "there is nothing to compact at revision 9: etcd-1 refuses a read at 8 already (etcdserver: mvcc: required revision has been compacted)",
    );
  });

  it("is not injected when it is refused", async () => {
    await using gateway = await gatewayOf({ "/kv/range": () => header(9), "/kv/compaction": () => refusal("etcdserver: too many requests") });
    expect(await failure(inject(compact, [member(gateway.address)]))).to.equal("etcd-1 refuses to compact at revision 9: etcdserver: too many requests");
  });

  it("is found out when it only pretends", async () => {
    const metrics = (): Said => ({ body: "etcd_debugging_mvcc_compact_revision 0\netcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count 4\n" });
    await using gateway = await gatewayOf({ "/kv/range": () => header(9), "/kv/compaction": () => header(9), "/metrics": metrics });
    const active = await inject(compact, [member(gateway.address)], { options: { physical: true } });
    expect(shown((await active.effect()).proofs)).to.deep.equal([
      "fails: etcd-1 still answers a read at revision 8",
      "fails: etcd_debugging_mvcc_compact_revision of etcd-1 is 0, asked for was 9",
      "fails: etcd-1 has swept its database 4 times, 4 before the compaction",
    ]);
  });

  it("leaves no failure unheard where its time is over while the metrics are still being read", async () => {
    let afterMs = 0;
    const abort = new AbortController();
    const metrics = (): Said => ({ body: "etcd_debugging_mvcc_compact_revision 0\n", afterMs });
    const read = (): Said => ({ body: JSON.stringify(header(9)), afterMs });
    await using gateway = await gatewayOf({ "/kv/range": read, "/kv/compaction": () => header(9), "/metrics": metrics });
    const active = await inject(compact, [member(gateway.address)], { signal: abort.signal });
    const unheard: unknown[] = [];
    const listen = (reason: unknown): void => void unheard.push(reason);
    process.on("unhandledRejection", listen);
    try {
      afterMs = 400;
      const proving = active.effect().then(() => "proven", () => "ended");
      setTimeout(() => abort.abort("its time is over"), 50);
      expect(await proving).to.equal("ended");
      expect(unheard).to.deep.equal([]);
    } finally {
      process.off("unhandledRejection", listen);
    }
  });

  it("proves nothing by a member that is gone", async () => {
    let gone = false;
    await using gateway = await gatewayOf({ "/kv/range": () => (gone ? { hangUp: true, body: "" } : header(9)), "/kv/compaction": () => header(9) });
    const active = await inject(compact, [member(gateway.address)]);
    gone = true;
    expect(shown((await active.effect()).proofs)).to.deep.equal(["fails: etcd-1 does not answer a read at revision 8"]);
  });
});

describe("a defragmentation", () => {
  it("is found out when it only pretends, and tells the sizes", async () => {
    const metrics = (): Said => ({ body: "etcd_disk_backend_defrag_duration_seconds_count 2\n" });
    await using gateway = await gatewayOf({ "/maintenance/defragment": () => ({}), "/maintenance/status": () => header(9), "/metrics": metrics });
    const active = await inject(defrag, [member(gateway.address)]);
    const [text] = shown((await active.effect()).proofs);
    expect(text).to.match(/^fails: etcd_disk_backend_defrag_duration_seconds_count of etcd-1 went from 2 to 2 in .+; its database from 2.00 MiB to 2.00 MiB$/);
  });

  it("goes on past a member that refuses, and says so", async () => {
    let count = 0;
    const counted = (): Said => ({ body: `etcd_disk_backend_defrag_duration_seconds_count ${count}\n` });
    await using first = await gatewayOf({ "/maintenance/defragment": () => refusal("etcdserver: not now"), "/metrics": counted });
    await using second = await gatewayOf({ "/maintenance/defragment": () => ({ count: ++count }), "/metrics": counted });
    const active = await inject(defrag, [member(first.address), member(second.address, "etcd-2")]);
    const [refused, done] = shown((await active.effect()).proofs);
    expect(refused).to.equal(`fails: etcd-1: http://${first.address} refuses /maintenance/defragment: etcdserver: not now`);
    expect(done).to.match(/^holds: .* of etcd-2 went from 0 to 1 in .*; its database from unknown to unknown$/);
  });

  it("does not begin at another member once it is healed", async () => {
    let begun = 0;
    await using gateway = await gatewayOf({ "/maintenance/defragment": () => ({ body: JSON.stringify({ begun: ++begun }), afterMs: 100 }) });
    const active = await inject(defrag, [member(gateway.address), member(gateway.address, "etcd-2")]);
    for (let turn = 0; begun === 0 && turn < 200; turn++) await new HastyClock().sleep(5);
    await active.heal();
    await active.heal();
    expect(begun).to.equal(1);
    expect((await active.effect()).proofs[1]?.text).to.equal("etcd-2: the fault was over before its turn came");
  });
});

describe("a moved leader", () => {
  it("is found out when it only pretends", async () => {
    await using gateway = await gatewayOf({ "/maintenance/transfer-leadership": () => ({}), "/maintenance/status": () => header(9) });
    const among = [member(gateway.address), member(gateway.address, "etcd-2", "a2")];
    const active = await inject(moveLeader, among.slice(1), { among });
    expect(shown((await active.effect()).proofs)).to.deep.equal(["fails: from etcd-1 at term 3 to etcd-2: etcd-1 names etcd-1 at term 3, etcd-2 names etcd-1 at term 3"]);
  });

  it("is asked of the leader, and goes to the target that follows or away from the one that leads", async () => {
    let leader = "161";
    const moves: string[] = [];
    const status = (): object => ({ ...header(9, 3 + moves.length), leader });
    const move = (): object => {
      leader = leader === "161" ? "162" : "161";
      moves.push(leader);
      return {};
    };
    await using gateway = await gatewayOf({ "/maintenance/transfer-leadership": move, "/maintenance/status": status, "/health": () => ({ health: "true" }) });
    const among = [member(gateway.address), member(gateway.address, "etcd-2", "a2")];
    for (const heir of ["etcd-2", "etcd-1"]) {
      const active = await inject(moveLeader, among.slice(1), { among });
      const { proofs } = await active.effect();
      expect(proofs.map(({ holds }) => holds)).to.deep.equal([true]);
      expect(proofs[0]?.text).to.contain(` to ${heir}: `);
      expect((await active.healed()).proofs.every(({ holds }) => holds)).to.equal(true);
    }
  });

  it("is not injected where nobody leads", async () => {
    await using gateway = await gatewayOf({ "/maintenance/status": () => ({ ...header(9), leader: "0" }) });
    expect(await failure(inject(moveLeader, [member(gateway.address)]))).to.equal("no member led within 5 s, so that there is no leadership to hand over");
  });
});

describe("want of space", () => {
  const alarm = { alarms: [{ memberID: "161", alarm: "NOSPACE" }] };
  const full: Said = { status: 429, body: JSON.stringify({ message: "etcdserver: mvcc: database space exceeded" }) };

  it("is found out when it only pretends", async () => {
    await using gateway = await gatewayOf({ "/maintenance/alarm": () => ({}), "/kv/": () => header(9) });
    const active = await inject(noSpace, [member(gateway.address)]);
    expect(shown((await active.effect()).proofs)).to.deep.equal(["fails: NOSPACE is raised by nobody", "fails: etcd-1 takes a put", "holds: etcd-1 takes a read and a delete"]);
    await active.heal();
  });

  it("is no proof where nothing is served at all, and says when it does not heal", async () => {
    let raised = false;
    const alarms = (): object => {
      const now = raised ? alarm : {};
      raised = true;
      return now;
    };
    await using gateway = await gatewayOf({ "/maintenance/alarm": alarms, "/kv/": () => full, "/health": () => ({ health: "false" }) });
    const active = await inject(noSpace, [member(gateway.address)]);
    expect(shown((await active.effect()).proofs).slice(1)).to.deep.equal([
      "holds: etcd-1 refuses a put: etcdserver: mvcc: database space exceeded",
      "fails: etcd-1 takes no read and no delete",
    ]);
    await active.heal();
    expect(shown((await active.healed()).proofs)).to.deep.equal([
      "fails: 1 alarms are still raised, and etcd-1 refuses a put: etcdserver: mvcc: database space exceeded",
      "fails: not healthy: etcd-1",
    ]);
  });

  it("is not injected where it is there already, or where the quota is too large to fill", async () => {
    await using raised = await gatewayOf({ "/maintenance/alarm": () => alarm });
    expect(await failure(inject(noSpace, [member(raised.address)]))).to.equal("etcd-1 has raised the alarm already");
    await using large = await gatewayOf({ "/maintenance/": () => header(9), "/kv/": () => header(9), "/metrics": () => ({ body: "etcd_server_quota_backend_bytes 2.147483648e+09\n" }) });
    expect(await failure(inject(noSpace, [member(large.address)], { options: { via: "fill" } }))).to.equal("the quota of 2048 MiB is too large to fill, 256 MiB at most");
  });

  it("is not blamed for what another fault keeps full", async () => {
    await using gateway = await gatewayOf({ "/maintenance/alarm": () => ({}), "/kv/": () => header(9), "/health": () => ({ health: "true" }) });
    const among = [member(gateway.address), member(gateway.address, "etcd-2", "a2")];
    const [one, other] = await Promise.all([inject(noSpace, among.slice(0, 1), { among }), inject(noSpace, among.slice(1), { among })]);
    expect(await failure(inject(noSpace, among.slice(1), { among }))).to.equal("etcd-2 is full by another fault already");
    await one.heal();
    expect(shown((await one.healed()).proofs)).to.deep.equal(["holds: etcd-2 is full by another fault", "holds: every other member is healthy; left out: etcd-2 is full by another fault"]);
    await other.heal();
    expect(shown((await other.healed()).proofs)).to.deep.equal(["holds: no alarm is raised, and etcd-1 takes a put", "holds: all 2 members are healthy"]);
  });
});
