import { expect } from "chai";
import type { DiskRule, DiskRuleInForce, DiskSyncs } from "../../src/cluster/disk/rule.ts";
import type { Member, MemberState } from "../../src/cluster/member.ts";
import { messageOf } from "../../src/errors.ts";
import type { ActiveFault, FaultKind } from "../../src/faults/fault.ts";
import { fsyncError } from "../../src/faults/fsync-error.ts";
import { lyingFsync } from "../../src/faults/lying-fsync.ts";
import { powerLoss } from "../../src/faults/power-loss.ts";
import { slowFsync } from "../../src/faults/slow-fsync.ts";
import { writeError } from "../../src/faults/write-error.ts";
import { failing } from "../integration/live-faults.ts";
import { clusterDouble, memberDouble, speaker } from "./doubles.ts";
import { histogramText } from "./histogram-text.ts";
import { HastyClock } from "./hasty-clock.ts";

/** What a member's disk does by itself, and what it only says. */
interface Nature {
  readonly refuses?: "put" | "clear";
  /** The wrapper takes rules and goes by none. */
  readonly ignores?: boolean;
  /** The wrapper says that it goes by rules, and does not. */
  readonly boasts?: boolean;
  /** Rules stay in force when they are cleared. */
  readonly sticks?: boolean;
  /** It does not end when its syncs fail. */
  readonly survives?: boolean;
}

/** A member with a disk of its own: each lease that is granted or revoked through it writes and syncs its log once. */
async function diskDouble(name: string, nature: Nature = {}) {
  const rules = new Set<{ readonly rule: DiskRule; calls: number; applied: number }>();
  const syncs = { quick: 0, slow: 0, calls: 0, synced: 0, down: false, restarts: 0 };
  let log: (line: string) => void = () => undefined;
  const sync = (): void => {
    syncs.calls++;
    let outcome: string = "sync";
    let slow = false;
    for (const each of rules) {
      each.calls++;
      if (!nature.ignores) each.applied++;
      if (nature.ignores || nature.boasts) continue;
      slow ||= each.rule.delayMs.from > 0;
      outcome = each.rule.outcome;
    }
    if (slow) syncs.slow++;
    else syncs.quick++;
    if (outcome === "sync") syncs.synced++;
    if (outcome !== "EIO" || nature.survives) return;
    syncs.down = true;
    log(`{"level":"fatal","msg":"failed to save Raft hard state and entries","error":"input/output error"}`);
  };
  const server = await speaker((path) => {
    if (syncs.down) return { hangUp: true };
    if (path === "/metrics") return { body: histogramText({ "0.128": syncs.quick, "0.256": syncs.slow, "+Inf": 0 }, syncs.quick * 0.001 + syncs.slow * 0.2) };
    if (path.startsWith("/v3/lease")) sync();
    if (path === "/v3/maintenance/status") return { body: JSON.stringify({ header: { member_id: String(0xa0 + Number(name.slice(-1))), revision: "7" }, version: "3.5.0" }) };
    return { body: '{"ID":"1"}' };
  });
  const put = async (rule: DiskRule): Promise<DiskRuleInForce> => {
    if (nature.refuses === "put") throw new Error(`${name} refuses`);
    const own = { rule, calls: 0, applied: 0 };
    rules.add(own);
    return {
      inForce: async () => rules.has(own),
      counts: async () => ({ calls: own.calls, applied: own.applied }),
      clear: async () => {
        if (nature.refuses === "clear") throw new Error(`${name} refuses to clear`);
        if (!nature.sticks) rules.delete(own);
      },
    };
  };
  const abilities = {
    rules,
    syncs,
    setDiskRule: put,
    diskSyncs: async (): Promise<DiskSyncs> => ({ wal: { calls: syncs.calls, synced: syncs.synced }, db: { calls: 0, synced: 0 } }),
    restart: async () => {
      syncs.restarts++;
      syncs.down = false;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return memberDouble(name, abilities, {
    directUrl: `http://${server.address}`,
    state: async (): Promise<MemberState> => (syncs.down ? { kind: "down", exit: "exit code 1" } : { kind: "running" }),
    onLog: (listener) => void (log = listener),
  });
}

const wal = { target: "all", files: "wal" } as const;

function inject(kind: FaultKind, targets: readonly Member[], options: object = wal, clock = new HastyClock()): Promise<ActiveFault> {
  return kind.bind(options).inject({ cluster: clusterDouble(targets), targets, clock, signal: new AbortController().signal });
}

const slow = { ...wal, delay: "200ms" };
const refusal = (injecting: Promise<ActiveFault>): Promise<string> => injecting.then(() => "injected", messageOf);

describe("a fault of the disk", function () {
  this.timeout(20_000);

  for (const [kind, options, source] of [
    [slowFsync, slow, "fsync histogram"],
    [lyingFsync, wal, "disk wrapper"],
    [fsyncError, wal, "disk wrapper"],
    [writeError, wal, "disk wrapper"],
  ] as const) {
    describe(`(${kind.kind})`, () => {
      it("is proven, and proven healed", async () => {
        await using member = await diskDouble("etcd-1");
        const active = await inject(kind, [member], options);
        expect(failing((await active.effect()).proofs)).to.deep.equal([]);
        await active.heal();
        await active.heal();
        expect(failing((await active.healed()).proofs)).to.deep.equal([]);
        expect(member.rules.size).to.equal(0);
      });

      it("is not proven where the wrapper takes rules and goes by none", async () => {
        await using member = await diskDouble("etcd-1", { ignores: true });
        const active = await inject(kind, [member], options, new HastyClock(50));
        expect(failing((await active.effect()).proofs)).to.include(source);
        await active.heal();
      });

      it("is not proven healed where a rule stays in force", async () => {
        await using member = await diskDouble("etcd-1", { sticks: true });
        const active = await inject(kind, [member], options, new HastyClock(50));
        await active.heal();
        expect(failing((await active.healed()).proofs)).to.include("disk rules");
      });

      it("is taken off all where one refuses it", async () => {
        await using first = await diskDouble("etcd-1");
        await using second = await diskDouble("etcd-2", { refuses: "put" });
        expect(await refusal(inject(kind, [first, second], options))).to.equal("etcd-2 refuses");
        expect(first.rules.size).to.equal(0);
        expect(await refusal(inject(kind, [first], options))).to.equal("injected", "no hold is left");
      });

      it("heals past a member that refuses, and says so", async () => {
        await using first = await diskDouble("etcd-1", { refuses: "clear" });
        await using second = await diskDouble("etcd-2");
        const active = await inject(kind, [first, second], options);
        expect(await active.heal().then(() => "healed", messageOf)).to.equal("etcd-1 refuses to clear");
        expect(second.rules.size).to.equal(0);
      });

      it("cannot be had by a member without the ability", async () => {
        expect(await refusal(inject(kind, [memberDouble("etcd-1", { restart: async () => undefined })], options))).to.equal("etcd-1 cannot have disk faults in this runtime");
      });
    });
  }
});

describe("a power loss", () => {
  /** A member whose power goes, or does not. */
  function poweredDouble(name: string, refuses = false) {
    const life = { down: false, done: [] as string[] };
    const cutPower = async (): Promise<void> => {
      life.done.push("cut");
      if (refuses) throw new Error(`${name} keeps its power`);
      life.down = true;
    };
    const restart = async (): Promise<void> => {
      life.done.push("restart");
      life.down = false;
    };
    return memberDouble(name, { life, cutPower, restart }, { state: async (): Promise<MemberState> => (life.down ? { kind: "down", exit: "SIGKILL" } : { kind: "running" }) });
  }

  it("that one member refuses starts the others again", async () => {
    const members = [poweredDouble("etcd-1"), poweredDouble("etcd-2", true)] as const;
    expect(await refusal(inject(powerLoss, members, { target: "all" }))).to.equal("etcd-2 keeps its power");
    expect(members[0].life.done).to.deep.equal(["cut", "restart"]);
    expect(await refusal(inject(powerLoss, members.slice(0, 1), { target: "all" }))).to.equal("injected", "no hold is left");
  });

  it("is not proven for a member that runs on, nor healed for one that does not answer", async () => {
    const member = poweredDouble("etcd-1");
    const active = await inject(powerLoss, [member], { target: "all" }, new HastyClock(50));
    expect(failing((await active.effect()).proofs)).to.deep.equal([]);
    member.life.down = false;
    expect(failing((await active.effect()).proofs)).to.deep.equal(["process state"]);
    await active.heal();
    await active.heal();
    expect(member.life.done).to.deep.equal(["cut", "restart"]);
    expect((await active.healed()).proofs).to.deep.equal([{ source: "status", text: "etcd-1 does not answer with a leader", holds: false }]);
  });

  it("cannot be had by a member without the ability", async () => {
    expect(await refusal(inject(powerLoss, [memberDouble("etcd-1", {})], { target: "all" }))).to.equal("etcd-1 cannot lose power in this runtime");
  });
});

describe("a slow fsync", function () {
  this.timeout(20_000);

  it("is not proven by the wrapper alone: etcd's histogram must say so too", async () => {
    await using member = await diskDouble("etcd-1", { boasts: true });
    const active = await inject(slowFsync, [member], slow, new HastyClock(50));
    const { proofs } = await active.effect();
    expect(proofs.map(({ text }) => text).join()).to.match(/p99 between 0 ms and 128 ms.*the wrapper held (\d+) of \1 WAL syncs/);
    expect(failing(proofs)).to.deep.equal(["fsync histogram"]);
    await active.heal();
  });

  it("that another keeps slow is not blamed, and neither heals the other", async () => {
    await using member = await diskDouble("etcd-1");
    const [one, other] = [await inject(slowFsync, [member], slow), await inject(slowFsync, [member], slow)];
    await one.heal();
    expect(member.rules.size).to.equal(1);
    const { proofs } = await one.healed();
    expect(failing(proofs)).to.deep.equal([]);
    expect(proofs.map(({ text }) => text)).to.include("etcd-1 is slowed on disk by another fault");
    await other.heal();
    expect(member.rules.size).to.equal(0);
    expect(failing((await other.healed()).proofs)).to.deep.equal([]);
  });

  it("has a title that says what is slow", () => {
    const title = (options: object): string => slowFsync.bind({ target: "leader", delay: "20ms", ...options }).title;
    expect(title({})).to.equal("slow fsync on leader, 20 ms");
    expect(title({ "up-to": "60ms", files: "wal", probability: 0.25 })).to.equal("slow fsync on leader, 20 ms to 60 ms, WAL only, 25 % of them");
  });

  it("refuses options that make no sense", () => {
    for (const options of [{ delay: "0s" }, { delay: "20ms", "up-to": "10ms" }, { delay: "20ms", probability: 0 }, { delay: "20ms", files: "log" }, {}]) {
      expect(() => slowFsync.bind({ target: "leader", ...options }), JSON.stringify(options)).to.throw();
    }
  });
});

describe("an fsync error", function () {
  this.timeout(20_000);

  it("starts the member again once it has ended, and only then", async () => {
    await using member = await diskDouble("etcd-1");
    const early = await inject(fsyncError, [member]);
    await early.heal();
    expect(member.syncs.restarts).to.equal(0);
    const active = await inject(fsyncError, [member]);
    const { proofs } = await active.effect();
    expect(proofs.map(({ text }) => text)).to.deep.equal([
      "etcd-1 is down (exit code 1)",
      "etcd-1: 1 of 1 WAL syncs failed",
      'etcd-1: "failed to save Raft hard state and entries", "input/output error"',
    ]);
    await active.heal();
    expect(member.syncs.restarts).to.equal(1);
  });

  it("hangs each call first where it is asked to, and says so", async () => {
    await using member = await diskDouble("etcd-1");
    const active = await inject(writeError, [member], { ...wal, after: "30ms" });
    expect([...member.rules].map(({ rule }) => rule.delayMs)).to.deep.equal([{ from: 30, to: 30 }]);
    expect(writeError.bind({ target: "leader", files: "wal", after: "30ms" }).title).to.equal("write error EIO on leader, WAL only, after 30 ms");
    expect(writeError.bind({ target: "leader" }).title).to.equal("write error EIO on leader");
    await active.heal();
  });

  it("is not proven for a member that lives on", async () => {
    await using member = await diskDouble("etcd-1", { survives: true });
    const active = await inject(fsyncError, [member], wal, new HastyClock(50));
    expect(failing((await active.effect()).proofs)).to.deep.equal(["process state", "log"]);
    await active.heal();
  });

  it("starts one again also where another's disk cannot be healed", async () => {
    await using first = await diskDouble("etcd-1", { refuses: "clear" });
    await using second = await diskDouble("etcd-2");
    const active = await inject(fsyncError, [first, second]);
    await active.effect();
    expect(await active.heal().then(() => "healed", messageOf)).to.equal("etcd-1 refuses to clear");
    expect([first.syncs.restarts, second.syncs.restarts]).to.deep.equal([0, 1]);
  });

  it("leaves a member alone that is down already, or that another fault has killed", async () => {
    await using first = await diskDouble("etcd-1");
    await using second = await diskDouble("etcd-2");
    second.syncs.down = true;
    expect(await refusal(inject(fsyncError, [first, second]))).to.equal("etcd-2 is down already");
    expect(first.rules.size).to.equal(0);
    const active = await inject(fsyncError, [first]);
    expect(await refusal(inject(fsyncError, [first]))).to.equal("etcd-1 is killed by another fault already");
    expect(first.rules.size).to.equal(1);
    await active.heal();
  });
});

describe("a write error", function () {
  this.timeout(20_000);

  it("fails writes and no syncs, and says so", async () => {
    await using member = await diskDouble("etcd-1");
    const active = await inject(writeError, [member], { target: "all", files: "both", error: "EIO" });
    expect([...member.rules].map(({ rule: { call, file, outcome } }) => `${call} ${file} ${outcome}`)).to.deep.equal(["write wal EIO", "write db EIO"]);
    const { proofs } = await active.effect();
    expect(proofs.map(({ text }) => text)).to.deep.equal([
      "etcd-1 is down (exit code 1)",
      "etcd-1: 1 of 1 WAL writes and 1 of 1 database writes failed",
      'etcd-1: "failed to save Raft hard state and entries", "input/output error"',
    ]);
    await active.heal();
    expect(member.syncs.restarts).to.equal(1);
  });

  it("has a title that says which error, and on what", () => {
    expect(writeError.bind({ target: "leader", error: "ENOSPC" }).title).to.equal("write error ENOSPC on leader");
    expect(writeError.bind({ target: "etcd-2", files: "db" }).title).to.equal("write error EIO on etcd-2, database only");
    expect(() => writeError.bind({ target: "leader", error: "EROFS" })).to.throw();
  });
});
