import { expect } from "chai";
import type { Member, MemberState, OwnVolume } from "../../src/cluster/member.ts";
import { messageOf } from "../../src/errors.ts";
import { diskFull } from "../../src/faults/disk-full.ts";
import { diskStall } from "../../src/faults/disk-stall.ts";
import type { ActiveFault, FaultKind } from "../../src/faults/fault.ts";
import { failing } from "../integration/live-faults.ts";
import { clusterDouble, memberDouble, speaker } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";
import { histogramText } from "./histogram-text.ts";

/** What a member with a disk of its own does otherwise than it should. */
interface Nature {
  readonly refuses?: "fill" | "clear" | "freeze" | "thaw";
  /** Filling and freezing are taken and not done. */
  readonly pretends?: boolean;
  /** It lives on with a full disk; or only its second process does. */
  readonly survives?: "always" | "second start";
  /** What fills or freezes the disk stays. */
  readonly sticks?: boolean;
}

const mebibyte = 1_048_576;

/** A member whose disk can be filled and frozen: it ends by a write that finds no room, and leaves one on a frozen disk without an answer. */
async function housedDouble(name: string, nature: Nature = {}) {
  const disk = { full: false, frozen: false };
  const life = { down: false, restarts: 0, syncs: 1 };
  let log: (line: string) => void = () => undefined;
  const end = (): void => {
    life.down = true;
    log('{"level":"fatal","msg":"failed to commit tx","error":"write db: no space left on device"}');
  };
  const bears = (): boolean => nature.survives === "always" || (nature.survives === "second start" && life.restarts > 0);
  const server = await speaker((path) => {
    if (life.down) return { hangUp: true };
    if (path === "/metrics") return { body: histogramText({ "0.128": life.syncs, "+Inf": 0 }, life.syncs * 0.001) };
    if (path === "/v3/maintenance/status") return { body: JSON.stringify({ header: { member_id: String(0xa0 + Number(name.slice(-1))), revision: "7" }, version: "3.5.0" }) };
    if (!path.startsWith("/v3/lease")) return { body: "{}" };
    if (disk.frozen) return undefined;
    if (disk.full && !bears()) {
      end();
      return { hangUp: true };
    }
    life.syncs++;
    return { body: '{"ID":"1"}' };
  });
  const does = (what: Nature["refuses"]): void => {
    if (nature.refuses === what) throw new Error(`${name} refuses to ${what}`);
  };
  const own: OwnVolume = {
    freeBytes: async () => (disk.full ? 0 : 300 * mebibyte),
    async fill() {
      does("fill");
      disk.full = !nature.pretends;
    },
    async clear() {
      does("clear");
      if (!nature.sticks) disk.full = false;
    },
    async freeze() {
      does("freeze");
      const was = disk.frozen;
      disk.frozen = !nature.pretends;
      return !was;
    },
    async thaw() {
      does("thaw");
      const was = disk.frozen;
      if (!nature.sticks) disk.frozen = false;
      return was;
    },
  };
  const abilities = {
    disk,
    life,
    volume: () => own,
    async restart() {
      life.restarts++;
      life.down = false;
      if (!disk.full || bears()) return;
      end();
      throw new Error(`${name} ended while starting`);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return memberDouble(name, abilities, {
    directUrl: `http://${server.address}`,
    state: async (): Promise<MemberState> => (life.down ? { kind: "down", exit: "exit code 1" } : { kind: "running" }),
    onLog: (listener) => void (log = listener),
  });
}

function inject(kind: FaultKind, targets: readonly Member[], clock = new HastyClock()): Promise<ActiveFault> {
  return kind.bind({ target: "all" }).inject({ cluster: clusterDouble(targets), targets, clock, signal: new AbortController().signal });
}

const outcome = (doing: Promise<unknown>): Promise<string> => doing.then(() => "done", messageOf);

describe("a fault of a member's own file system", function () {
  this.timeout(20_000);

  for (const [kind, put, lift] of [
    [diskFull, "fill", "clear"],
    [diskStall, "freeze", "thaw"],
  ] as const) {
    describe(`(${kind.kind})`, () => {
      it("is proven, heals twice, and is proven healed", async () => {
        await using member = await housedDouble("etcd-1");
        const active = await inject(kind, [member]);
        expect(failing((await active.effect()).proofs)).to.deep.equal([]);
        await active.heal();
        await active.heal();
        expect(failing((await active.healed()).proofs)).to.deep.equal([]);
        expect({ ...member.disk, down: member.life.down }).to.deep.equal({ full: false, frozen: false, down: false });
      });

      it("is undone at all where one refuses it", async () => {
        await using first = await housedDouble("etcd-1");
        await using second = await housedDouble("etcd-2", { refuses: put });
        expect(await outcome(inject(kind, [first, second]))).to.equal(`etcd-2 refuses to ${put}`);
        expect(first.disk).to.deep.equal({ full: false, frozen: false });
        expect(await outcome(inject(kind, [first]))).to.equal("done", "no hold is left");
      });

      it("heals past a member that refuses, and says so", async () => {
        await using first = await housedDouble("etcd-1", { refuses: lift });
        await using second = await housedDouble("etcd-2");
        const active = await inject(kind, [first, second]);
        await active.effect();
        expect(await outcome(active.heal())).to.equal(`etcd-1 refuses to ${lift}`);
        expect({ ...second.disk, down: second.life.down }).to.deep.equal({ full: false, frozen: false, down: false });
      });

      it("cannot be had by a member without a disk of its own, nor by one that is down, nor twice", async () => {
        expect(await outcome(inject(kind, [memberDouble("etcd-1", {})]))).to.equal("etcd-1 has no file system of its own in this runtime");
        await using member = await housedDouble("etcd-1");
        member.life.down = true;
        expect(await outcome(inject(kind, [member]))).to.equal("etcd-1 is down already");
        member.life.down = false;
        await inject(kind, [member]);
        expect(await outcome(inject(kind, [member]))).to.match(/^etcd-1 is (killed|stalled) by another fault already$/);
        expect(await outcome(inject(kind === diskFull ? diskStall : diskFull, [member]))).to.match(/^etcd-1 is (killed|stalled) by another fault$/);
      });
    });
  }
});

describe("a full disk", function () {
  this.timeout(20_000);

  for (const [title, nature, sources] of [
    ["where nothing was filled in", { pretends: true }, ["file system", "process state", "log"]],
    ["for a member that lives on", { survives: "always" }, ["process state", "log"]],
    ["for one whose second start succeeds", { survives: "second start" }, ["second start"]],
  ] as const) {
    it(`is not proven ${title}`, async () => {
      await using member = await housedDouble("etcd-1", nature);
      const active = await inject(diskFull, [member], new HastyClock(50));
      expect(failing((await active.effect()).proofs)).to.deep.equal([...sources]);
      await active.heal();
    });
  }

  it("is not proven healed where it stays full", async () => {
    await using member = await housedDouble("etcd-1", { sticks: true });
    const active = await inject(diskFull, [member], new HastyClock(50));
    await active.heal();
    expect(failing((await active.healed()).proofs)).to.include("file system");
  });

  it("that harmed nobody starts nobody", async () => {
    await using member = await housedDouble("etcd-1", { survives: "always" });
    const active = await inject(diskFull, [member]);
    await active.heal();
    expect(member.life.restarts).to.equal(0);
  });

  it("tells what was left, how the member ended, and what its second start came to", async () => {
    await using member = await housedDouble("etcd-1");
    const active = await inject(diskFull, [member]);
    const { proofs } = await active.effect();
    expect(proofs.map(({ text }) => text)).to.deep.equal([
      "etcd-1's disk has 0 bytes left, before the fault 300 MiB",
      "etcd-1 is down (exit code 1)",
      'etcd-1: "failed to commit tx", "no space left on device"',
      'started again on the full disk, etcd-1 is down (exit code 1); etcd-1: "failed to commit tx", "no space left on device"',
      "etcd-1's disk has 0 bytes left after that, before the fault 300 MiB",
    ]);
    await active.heal();
  });
});

describe("a stalled disk", function () {
  this.timeout(20_000);

  it("is not proven where it was not frozen: neither by the kernel, nor by writes, nor by syncs", async () => {
    await using member = await housedDouble("etcd-1", { pretends: true });
    const active = await inject(diskStall, [member]);
    expect(failing((await active.effect()).proofs)).to.deep.equal(["file system", "round trip", "fsync histogram"]);
    await active.heal();
  });

  it("is not proven by the silence of a member that is gone", async () => {
    await using member = await housedDouble("etcd-1");
    const active = await inject(diskStall, [member]);
    member.life.down = true;
    expect(failing((await active.effect()).proofs)).to.include("round trip");
    await active.heal();
    expect(member.life.restarts).to.equal(1, "one that did not bear it is started again");
  });

  it("is not proven healed where it stays frozen", async () => {
    await using member = await housedDouble("etcd-1", { sticks: true });
    const active = await inject(diskStall, [member], new HastyClock(50));
    await active.heal();
    expect(failing((await active.healed()).proofs)).to.deep.equal(["file system", "fsync histogram"]);
  });
});
