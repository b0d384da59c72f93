import { expect } from "chai";
import type { DataFiles, Killable, Member, MemberState, Replaceable, Restartable } from "../../src/cluster/member.ts";
import { messageOf } from "../../src/errors.ts";
import { addMember } from "../../src/faults/add-member.ts";
import { corrupt } from "../../src/faults/corrupt.ts";
import { damage, digest } from "../../src/faults/damage.ts";
import type { ActiveFault, FaultKind } from "../../src/faults/fault.ts";
import { FatalLine } from "../../src/faults/fatal-line.ts";
import { parseMetrics } from "../../src/faults/member-metrics.ts";
import { removeMember } from "../../src/faults/remove-member.ts";
import { wipe } from "../../src/faults/wipe.ts";
import type { Proof } from "../../src/recording/events.ts";
import { clusterDouble, memberDouble, speaker } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";

interface Process {
  state: MemberState["kind"];
  readonly done: string[];
}

/** A member whose process is a word and whose data is one file. It `dies` of its data, and `refuses` to start without any. */
function seatDouble(name: string, address: string, { keepsFiles = false, dies = "", refuses = "" } = {}): Member & Killable & Restartable & Replaceable & DataFiles & { process: Process; id: string } {
  const process: Process = { state: "running", done: [] };
  const listeners: ((line: string) => void)[] = [];
  let content = Buffer.from("log of etcd");
  const double = memberDouble(
    name,
    {
      process,
      id: `a${name.slice(-1)}`,
      kill: async () => {
        process.done.push("kill");
        process.state = "down";
      },
      restart: async () => {
        process.done.push("restart");
        if (dies === "") return void (process.state = "running");
        for (const line of dies.split("\n").filter((each) => each !== "silent")) for (const listener of listeners) listener(line);
        throw new Error(`${name} ended while starting: exit code 1`);
      },
      wipe: async (joining?: { id: string; initialCluster: string }) => {
        process.done.push(`wipe for ${joining?.initialCluster ?? "nobody"}`);
        dies = joining === undefined ? refuses : "";
        double.id = joining?.id ?? double.id;
      },
      listData: async () => ["0.tmp", "1-1.wal", "0-0.wal"],
      readData: async () => content,
      writeData: async (path: string, written: Buffer) => {
        process.done.push(`write ${path}`);
        if (!keepsFiles) content = Buffer.from(written);
      },
    },
    {
      directUrl: `http://${address}`,
      state: async (): Promise<MemberState> => (process.state === "down" ? { kind: "down", exit: "exit code 1" } : { kind: process.state }),
      onLog: (listener) => void listeners.push(listener),
    },
  );
  return double;
}

/** The gateway of a cluster whose list of members changes, or does not where it pretends. */
async function membershipDouble({ pretends = false, joins = "http://peer-2", ignores = "" } = {}) {
  let members: { ID: string; name: string; peerURLs: string[]; isLearner?: boolean }[] = [
    { ID: "161", name: "etcd-1", peerURLs: ["http://peer-1"] },
    { ID: "162", name: "etcd-2", peerURLs: ["http://peer-2"] },
  ];
  const asked: string[] = [];
  const changed = (path: string): void => {
    if (ignores !== "" && path.endsWith(ignores)) return;
    if (path.endsWith("remove")) members = members.filter(({ peerURLs }) => !peerURLs.includes(joins));
    if (path.endsWith("add")) members = [...members, { ID: "171", name: "", peerURLs: [joins], isLearner: true }];
    if (path.endsWith("promote")) members = members.map(({ ID, name, peerURLs }) => ({ ID, name, peerURLs }));
  };
  const gateway = await speaker((path) => {
    const verb = path.replace(/^.*\//, "");
    if (path.endsWith("/member/list")) return { body: JSON.stringify({ members }) };
    if (path.includes("/cluster/member/")) {
      asked.push(verb);
      if (!pretends) changed(path);
      return { body: "{}" };
    }
    if (path.includes("/maintenance/status")) return { body: JSON.stringify({ header: { revision: "7", member_id: members.some(({ ID }) => ID === "171") ? "171" : "162" } }) };
    return { body: path.startsWith("/health") ? '{"health":"true"}' : "" };
  });
  return { gateway, asked, address: gateway.address, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

const inject = (kind: FaultKind, targets: readonly Member[], among: readonly Member[], options: object = {}): Promise<ActiveFault> =>
  kind.bind({ target: "etcd-2", ...options }).inject({ cluster: clusterDouble(among), targets, clock: new HastyClock(1_000), signal: new AbortController().signal });
const shown = (proofs: readonly Proof[]): string[] => proofs.map(({ text, holds }) => `${holds ? "holds" : "fails"}: ${text}`);

describe("a member that is removed", () => {
  it("comes back as a learner with an empty store, is promoted, and is proven by its new id", async () => {
    await using cluster = await membershipDouble();
    const [one, two] = [seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address)];
    const active = await inject(removeMember, [two], [one, two]);
    expect(shown((await active.effect()).proofs)).to.deep.equal(["holds: etcd-2 (a2) is not listed any more by etcd-1; its process is down"]);
    await active.heal();
    await active.heal();
    expect(cluster.asked).to.deep.equal(["remove", "add", "promote"]);
    expect(two.process.done).to.deep.equal(["kill", "wipe for etcd-1=http://peer-1,etcd-2=http://peer-2", "restart"]);
    expect(shown((await active.healed()).proofs)).to.deep.equal(["holds: etcd-2 is back as a new member with id ab in place of a2, with a vote, at revision 7", "holds: all 2 members are healthy"]);
  });

  it("is found out when the cluster only pretends", async () => {
    await using cluster = await membershipDouble({ pretends: true });
    const [one, two] = [seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address)];
    const active = await inject(removeMember, [two], [one, two]);
    expect(shown((await active.effect()).proofs)).to.deep.equal(["fails: etcd-2 (a2) is still listed by etcd-1; its process is down"]);
    await active.heal();
    expect((await active.healed()).proofs[0]?.holds).to.equal(false, "it has its old id");
  });

  it("must be in the cluster", async () => {
    await using cluster = await membershipDouble();
    const [one, stranger] = [seatDouble("etcd-1", cluster.address), seatDouble("etcd-9", cluster.address)];
    expect(await inject(removeMember, [stranger], [one, stranger]).then(() => "injected", messageOf)).to.equal("etcd-9 with id a9 is not in the cluster's list of members");
  });
});

describe("a member that is added", () => {
  const peerUrl = "http://peer-3";
  const spareOf = (address: string) => {
    const spare = Object.assign(seatDouble("etcd-3", address), { id: "" });
    spare.process.state = "down";
    return spare;
  };
  const add = (members: readonly Member[], spare: Member | undefined): Promise<ActiveFault> =>
    addMember.bind({}).inject({ cluster: { ...clusterDouble(members), spare: spare && { member: spare, peerUrl } }, targets: members, clock: new HastyClock(1_000), signal: new AbortController().signal });

  it("joins as a learner, is promoted, and leaves again with its data, each step seen by the others", async () => {
    await using cluster = await membershipDouble({ joins: peerUrl });
    const [one, two, spare] = [seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address), spareOf(cluster.address)];
    const active = await add([one, two], spare);
    expect(shown((await active.effect()).proofs)).to.deep.equal([
      "holds: etcd-3 (ab) is a learner without a vote; 2 of 3 members have one",
      "holds: etcd-3 (ab) is promoted, with a vote; 3 of 3 members have one",
      "holds: etcd-3 is in the cluster with id ab, with a vote, at revision 7",
    ]);
    await active.heal();
    await active.heal();
    expect(cluster.asked).to.deep.equal(["add", "promote", "remove"]);
    expect(spare.process.done).to.deep.equal([`wipe for etcd-1=http://peer-1,etcd-2=http://peer-2,etcd-3=${peerUrl}`, "restart", "kill", "wipe for nobody"]);
    expect(shown((await active.healed()).proofs)).to.deep.equal(["holds: etcd-3 (ab) is not listed any more by etcd-1, etcd-2; its process is down", "holds: all 2 members are healthy"]);
    expect([one, two].map(({ process }) => process.done)).to.deep.equal([[], []]);
  });

  it("is found out where it stays a learner", async () => {
    await using cluster = await membershipDouble({ joins: peerUrl, ignores: "promote" });
    const active = await add([seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address)], spareOf(cluster.address));
    expect(shown((await active.effect()).proofs)).to.include("fails: etcd-3 (ab) is a learner without a vote; 2 of 3 members have one");
    await active.heal();
  });

  it("leaves again where it does not start", async () => {
    await using cluster = await membershipDouble({ joins: peerUrl });
    const spare = spareOf(cluster.address);
    spare.restart = async () => Promise.reject(new Error("no start"));
    expect(await add([seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address)], spare).then(() => "injected", messageOf)).to.equal("no start");
    expect(cluster.asked).to.deep.equal(["add", "remove"]);
    expect(spare.process.done.at(-1)).to.equal("wipe for nobody");
  });

  it("is added once at a time, and must have been asked for before the cluster was started", async () => {
    await using cluster = await membershipDouble({ joins: peerUrl });
    const [one, two, spare] = [seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address), spareOf(cluster.address)];
    const first = await add([one, two], spare);
    expect(await add([one, two], spare).then(() => "injected", messageOf)).to.equal("etcd-3 is added by another fault already");
    await first.heal();
    await (await add([one, two], spare)).heal();
    expect(await add([one, two], undefined).then(() => "injected", messageOf)).to.equal("there is no member to add: none was asked for before the cluster was started");
    expect([addMember, removeMember].map((kind) => kind.bind({ target: "leader" }).spare)).to.deep.equal([true, false]);
  });
});

describe("a member that lost its data", () => {
  const refuses = '{"level":"fatal","error":"member a2 has already been bootstrapped"}';

  it("is proven by etcd's refusal to begin anew, and replaced by a new member", async () => {
    await using cluster = await membershipDouble();
    const [one, two] = [seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address, { refuses })];
    const active = await inject(wipe, [two], [one, two]);
    expect(shown((await active.effect()).proofs)).to.deep.equal(['holds: etcd-2 was started without data and ended (exit code 1), saying "member a2 has already been bootstrapped"']);
    await active.heal();
    await active.heal();
    expect(cluster.asked).to.deep.equal(["remove", "add", "promote"]);
    expect(two.process.done).to.deep.equal(["kill", "wipe for nobody", "restart", "wipe for etcd-1=http://peer-1,etcd-2=http://peer-2", "restart"]);
    expect((await active.healed()).proofs.map(({ holds }) => holds)).to.deep.equal([true, true]);
  });

  it("is not proven where it runs on without it, or does not say why it ended", async () => {
    await using cluster = await membershipDouble();
    const [one, two, three] = [seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address), seatDouble("etcd-2", cluster.address, { refuses: "silent" })];
    expect(shown((await (await inject(wipe, [two], [one, two])).effect()).proofs)).to.deep.equal(["fails: etcd-2 was started without data and is running"]);
    expect(shown((await (await inject(wipe, [three], [one, three])).effect()).proofs)).to.deep.equal(["fails: etcd-2 was started without data and ended (exit code 1), and did not say that it knows of its former life"]);
  });

  it("is replaced where it could not be emptied", async () => {
    await using cluster = await membershipDouble();
    const [one, two] = [seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address, { refuses })];
    const emptied = two.wipe.bind(two);
    two.wipe = async (joining) => {
      if (joining === undefined) throw new Error("the disk is read-only");
      await emptied(joining);
    };
    expect(await inject(wipe, [two], [one, two]).then(() => "injected", messageOf)).to.equal("the disk is read-only");
    expect(cluster.asked).to.deep.equal(["remove", "add", "promote"]);
  });

  it("makes no sense where no majority keeps its data", () => {
    const because = "only a majority that keeps its data can replace the members that lost theirs";
    expect(wipe.bind({ target: "all" }).unfit(3)).to.equal(because);
    expect(wipe.bind({ target: "etcd-1" }).unfit(1)).to.equal(because);
    expect(wipe.bind({ target: "minority" }).unfit(5)).to.equal(undefined);
  });
});

describe("damaged data", () => {
  it("is proven by the file and by what etcd says of it, and heals by a new member", async () => {
    await using cluster = await membershipDouble();
    const [one, two] = [seatDouble("etcd-1", cluster.address), seatDouble("etcd-2", cluster.address, { dies: '{"level":"info","msg":"starting"}\n{"level":"fatal","msg":"no start","error":"crc mismatch"}\npanic: later' })];
    const active = await inject(corrupt, [two], [one, two]);
    const [proof] = shown((await active.effect()).proofs);
    expect(proof).to.match(/^holds: member\/wal\/1-1\.wal of etcd-2: one bit flipped in byte 5 of 11 in use, sha256 .{13} before and .{13} after; etcd ended \(exit code 1\): no start: crc mismatch$/);
    await active.heal();
    expect(shown((await active.healed()).proofs)[0]).to.match(/^holds: etcd-2 is back as a new member/);
    expect(two.process.done).to.deep.equal(["kill", "write member/wal/1-1.wal", "restart", "wipe for etcd-1=http://peer-1,etcd-2=http://peer-2", "restart"]);
  });

  it("is no proof where the file stays as it was, or where etcd was not started on it", async () => {
    await using cluster = await membershipDouble();
    for (const [double, text] of [
      [seatDouble("etcd-2", cluster.address, { keepsFiles: true }), /^fails: .* after, so that nothing was damaged$/],
      [seatDouble("etcd-2", cluster.address, { dies: "silent" }), /^fails: .*; it is down \(exit code 1\) without a word$/],
    ] as const) {
      await using fresh = await membershipDouble();
      const one = seatDouble("etcd-1", fresh.address);
      const active = await inject(corrupt, [double], [one, double], { file: "db", how: "truncate" });
      expect(shown((await active.effect()).proofs)[0]).to.match(text);
      await active.heal();
    }
  });

  it("is for a minority alone", () => {
    const unfit = (target: string, memberCount: number): boolean => [corrupt, removeMember].every((kind) => kind.bind({ target }).unfit(memberCount) !== undefined);
    expect([unfit("all", 3), unfit("majority", 5), unfit("leader", 1)]).to.deep.equal([true, true, true]);
    expect([unfit("minority", 3), unfit("leader", 3)]).to.deep.equal([false, false]);
  });
});

describe("damage", () => {
  const reserved = Buffer.concat([Buffer.from("0123456789"), Buffer.alloc(10_000)]);

  it("flips one bit in the middle of what is used, not of what is reserved", () => {
    const { content, text } = damage(reserved, "flip");
    expect(content.subarray(0, 10).toString()).to.equal("0123446789");
    expect([content.length, text]).to.deep.equal([reserved.length, "one bit flipped in byte 5 of 10 in use"]);
    expect(digest(content)).to.not.equal(digest(reserved));
  });

  it("flips a bit of a log where a checksum covers it: at the end of the middle record", () => {
    const record = (text: string): Buffer => {
      const padding = (8 - (text.length % 8)) % 8;
      const length = Buffer.alloc(8);
      length.writeUIntLE(text.length, 0, 6);
      if (padding > 0) length[7] = 0x80 | padding;
      return Buffer.concat([length, Buffer.from(text), Buffer.alloc(padding)]);
    };
    const log = Buffer.concat([record("one"), record("two"), record("three"), Buffer.alloc(5_000)]);
    expect(damage(log, "flip", "wal").text).to.equal("one bit flipped in byte 26 of 45 in use");
    expect(damage(log, "flip", "wal").content.subarray(24, 27).toString()).to.equal("twn");
    expect(damage(Buffer.from("no log at all"), "flip", "wal").text).to.equal("one bit flipped in byte 6 of 13 in use");
  });

  it("cuts off from there", () => {
    expect(damage(reserved, "truncate").content.toString()).to.equal("01234");
    expect(damage(Buffer.alloc(0), "truncate").text).to.equal("cut off at byte 0 of 0 in use");
  });
});

describe("a fatal line", () => {
  const of = (...lines: string[]): string | undefined => {
    let say: (line: string) => void = () => undefined;
    const said = new FatalLine(memberDouble("etcd-1", {}, { onLog: (listener) => void (say = listener) }));
    for (const line of lines) say(line);
    return said.text;
  };

  it("is the first that says why a member ends, or else its last line", () => {
    expect(of('{"level":"panic","msg":"it is \\"lost\\""}', "panic: it is lost", "goroutine 1")).to.equal('it is "lost"');
    expect(of('{"level":"info","msg":"one"}', "unexpected fault address 0x1", "goroutine 1")).to.equal("unexpected fault address 0x1");
    expect(of("one", '{"level":"info","msg":"two"}')).to.equal("two");
    expect(of()).to.equal(undefined);
  });
});

describe("a member's metrics", () => {
  it("are added up over labels, and are not those of longer names", () => {
    const metrics = parseMetrics('# HELP a b\na_count 3\na_count_more 4\nb{x="1"} 2\nb{x="2 3"} 2.5e+01\n');
    expect([metrics.value("a_count"), metrics.value("b"), metrics.value("a")]).to.deep.equal([3, 27, undefined]);
  });
});
