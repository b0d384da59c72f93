import { expect } from "chai";
import type { Member, PacketFilterable } from "../../src/cluster/member.ts";
import type { PacketCounts, PacketDrop, Passage } from "../../src/cluster/packets.ts";
import { messageOf } from "../../src/errors.ts";
import type { ActiveFault, FaultContext } from "../../src/faults/fault.ts";
import { excuse } from "../../src/faults/holds.ts";
import { packetDrop } from "../../src/faults/packet-drop.ts";
import { Hindrance } from "../../src/faults/packet-hindrance.ts";
import { packetLoss } from "../../src/faults/packet-loss.ts";
import { showsDrop } from "../../src/faults/packet-counts.ts";
import { Resources } from "../../src/resources.ts";
import { clusterDouble, memberDouble, speaker } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";
import { Traffic } from "./traffic.ts";

const none: Passage = { seen: 50, dropped: 0 };
const counts = (into: Passage, out: Passage): PacketCounts => ({ in: into, out });

describe("counted packets", () => {
  for (const [title, counted, drop, shown] of [
    ["show a drop where every packet was dropped", counts({ seen: 9, dropped: 9 }, { seen: 4, dropped: 4 }), { direction: "both", share: 1 }, true],
    ["show none where one packet passed", counts({ seen: 9, dropped: 8 }, { seen: 4, dropped: 4 }), { direction: "both", share: 1 }, false],
    ["show none where there were no packets in a direction", counts({ seen: 9, dropped: 9 }, { seen: 0, dropped: 0 }), { direction: "both", share: 1 }, false],
    ["show a drop one way where the other way some passed", counts(none, { seen: 4, dropped: 4 }), { direction: "out", share: 1 }, true],
    ["show none one way where nothing came the other way", counts({ seen: 0, dropped: 0 }, { seen: 4, dropped: 4 }), { direction: "out", share: 1 }, false],
    ["show none one way where the other way is dropped too", counts({ seen: 4, dropped: 4 }, { seen: 4, dropped: 4 }), { direction: "out", share: 1 }, false],
    ["show a share that is near what was asked for", counts({ seen: 100, dropped: 24 }, none), { direction: "in", share: 0.3 }, true],
    ["show no share that is far from it", counts({ seen: 100, dropped: 55 }, none), { direction: "in", share: 0.3 }, false],
    ["show no share where all are dropped", counts({ seen: 300, dropped: 300 }, none), { direction: "in", share: 0.95 }, false],
    ["show no share where they are few", counts({ seen: 10, dropped: 3 }, none), { direction: "in", share: 0.3 }, false],
  ] as const) {
    it(title, () => void expect(showsDrop(counted, drop)).to.equal(shown));
  }
});

/** A filter that says what it is told to, whatever passes. */
class FilterDouble implements PacketFilterable {
  says: PacketCounts | undefined;
  refuses = { putting: 0, lifting: 0 };
  inForce = 0;

  dropPackets = async ({ direction, share }: PacketDrop) => {
    if (this.refuses.putting-- > 0) throw new Error("iptables refuses");
    this.inForce++;
    let lifted = false;
    return {
      description: `DROP ${share} ${direction}`,
      counts: async () => (lifted ? undefined : this.says),
      lift: async () => {
        if (this.refuses.lifting-- > 0) throw new Error("iptables refuses");
        if (!lifted) this.inForce--;
        lifted = true;
      },
    };
  };
}

describe("a fault on packets", () => {
  const resources = new Resources();
  const traffic = new Traffic();
  const clock = new HastyClock();
  const filters = [1, 2, 3].map(() => new FilterDouble());
  /** Whether probes are answered, and when. */
  let afterMs: number | undefined;
  let context: FaultContext;

  before(async () => {
    const members: Member[] = [];
    for (const [index, filter] of filters.entries()) {
      const { address } = resources.use(await speaker(() => traffic.metrics(index + 1)));
      members.push(memberDouble(`etcd-${index + 1}`, { dropPackets: filter.dropPackets }, { directUrl: `http://${address}` }));
    }
    const link = resources.use(await speaker(() => (afterMs === undefined ? undefined : { afterMs })));
    context = { cluster: clusterDouble(members, () => link.address), targets: members.slice(0, 1), clock, signal: new AbortController().signal };
  });
  after(() => resources[Symbol.asyncDispose]());
  beforeEach(() => {
    clock.run(1);
    restore();
    for (const filter of filters) Object.assign(filter, { says: counts({ seen: 9, dropped: 9 }, { seen: 9, dropped: 9 }), refuses: { putting: 0, lifting: 0 } });
  });

  const restore = (): void => {
    traffic.flowing = new Set(["1>2", "2>1", "1>3", "3>1"]);
    afterMs = 0;
  };
  const drop = (given: Partial<FaultContext> = {}): Promise<ActiveFault> => packetDrop.bind({ target: "all" }).inject({ ...context, ...given });
  const loss = (): Promise<ActiveFault> => packetLoss.bind({ target: "all", share: 0.3 }).inject(context);

  /** Injects, lets `change` happen as the fault would make it, and gives the sources of proofs that hold and of those that do not. */
  async function proven(injecting: Promise<ActiveFault>, change: () => void, speed = 5) {
    const active = await injecting;
    try {
      change();
      clock.run(speed);
      const { proofs } = await active.effect();
      return { active, proofs, failing: proofs.filter(({ holds }) => !holds).map(({ source }) => source) };
    } finally {
      await active.heal();
    }
  }

  it("is proven by the counters, by silence on the links and by bytes that stop; and healed by their return", async () => {
    const { active, proofs, failing } = await proven(drop(), () => {
      traffic.flowing.clear();
      afterMs = undefined;
    }, 1);
    expect(failing).to.deep.equal([]);
    expect(proofs[0]?.text).to.equal("etcd-1: DROP 1 both: dropped 9 of 9 packets received, 9 of 9 sent");
    restore();
    const healed = await active.healed();
    expect(healed.proofs.map(({ source, holds }) => [source, holds])).to.deep.equal([["packet filter", true], ["round trip", true], ["peer bytes", true]]);
    await active.heal();
    expect(filters[0]?.inForce).to.equal(0);
  });

  it("that only pretends to drop is told by answers and bytes that go on", async () => {
    const { failing } = await proven(drop(), () => undefined);
    expect(failing).to.deep.equal(["round trip", "peer bytes"]);
  });

  it("whose rule is not there, or lets packets pass, is told by the kernel's counters", async () => {
    const silent = (says: PacketCounts | undefined) => (): void => {
      traffic.flowing.clear();
      afterMs = undefined;
      Object.assign(filters[0] ?? {}, { says });
    };
    const gone = await proven(drop(), silent(undefined), 10);
    expect([gone.failing, gone.proofs[0]?.text]).to.deep.equal([["packet filter"], "etcd-1: DROP 1 both is not in force"]);
    restore();
    clock.run(1);
    expect((await proven(drop(), silent(counts(none, none)), 10)).failing).to.deep.equal(["packet filter"]);
  });

  it("is not taken for healed while bytes and answers stay away", async () => {
    const { active } = await proven(drop(), () => {
      traffic.flowing.clear();
      afterMs = undefined;
    }, 1);
    clock.run(60);
    expect((await active.healed()).proofs.map(({ holds }) => holds)).to.deep.equal([true, false, false]);
  });

  it("that loses some is proven by the counters and by probes that take longer", async () => {
    Object.assign(filters[0] ?? {}, { says: counts({ seen: 100, dropped: 27 }, { seen: 100, dropped: 33 }) });
    const { proofs, failing } = await proven(loss(), () => void (afterMs = 300), 1);
    expect(failing).to.deep.equal([]);
    expect(proofs[1]?.text).to.match(/^8 of 8 probes took at least 150 ms longer than any before, or got no answer /);
  });

  it("that only pretends to lose some is told by probes that are as quick as before", async () => {
    const hindrance = await Hindrance.before(context);
    await hindrance.probe();
    expect(hindrance.everywhere).to.equal(false);
    const { text, holds } = hindrance.proof();
    expect(holds).to.equal(false);
    expect(text).to.match(/^0 of 8 probes took at least 150 ms longer .+; not shown for etcd-1$/);
  });

  it("shows nothing by probes that got no answer before either", async () => {
    afterMs = undefined;
    const hindrance = await Hindrance.before(context);
    await hindrance.probe();
    expect(hindrance.proof().holds).to.equal(false);
  });

  it("holds its links while it is in force, and refuses a second one on the same member", async () => {
    const { links, members } = context.cluster;
    const active = await drop();
    try {
      const [own, foreign] = [links.between("etcd-2", "etcd-1"), links.between("etcd-2", "etcd-3")];
      expect([excuse([own], ["cut"]), excuse([foreign], ["cut"])]).to.deep.equal(["etcd-2-to-etcd-1 is cut by another fault", undefined]);
      clock.run(10);
      expect(await drop({ targets: members }).then(() => "injected", messageOf)).to.equal("etcd-1 is filtered by another fault already");
      expect(filters.map(({ inForce }) => inForce)).to.deep.equal([1, 0, 0]);
    } finally {
      await active.heal();
    }
    expect(excuse([...links.all(), ...members], ["cut", "filtered"])).to.equal(undefined);
  });

  it("waits for one that is being lifted on the same member", async () => {
    const first = await drop();
    const second = drop();
    await clock.sleep(100);
    await first.heal();
    await (await second).heal();
    expect(filters[0]?.inForce).to.equal(0);
  });

  it("is undone everywhere where one member refuses it", async () => {
    Object.assign(filters[2] ?? {}, { refuses: { putting: 1, lifting: 0 } });
    expect(await drop({ targets: context.cluster.members }).then(() => "injected", messageOf)).to.equal("iptables refuses");
    expect(filters.map(({ inForce }) => inForce)).to.deep.equal([0, 0, 0]);
    expect(excuse([...context.cluster.links.all(), ...context.cluster.members], ["cut", "filtered"])).to.equal(undefined);
  });

  it("goes on healing where one member refuses, and heals that one by the next try", async () => {
    const active = await drop({ targets: context.cluster.members });
    Object.assign(filters[0] ?? {}, { refuses: { putting: 0, lifting: 1 } });
    expect(await active.heal().then(() => "healed", messageOf)).to.equal("iptables refuses");
    expect(filters.map(({ inForce }) => inForce)).to.deep.equal([1, 0, 0]);
    expect(excuse(context.targets, ["filtered"])).to.equal("etcd-1 is filtered by another fault");
    await active.heal();
    expect(filters.map(({ inForce }) => inForce)).to.deep.equal([0, 0, 0]);
  });

  it("makes no sense for a cluster of one member", () => {
    expect(packetDrop.bind({ target: "all" }).unfit(1)).to.equal("a cluster of one member has no peers to exchange packets with");
    expect(packetDrop.bind({ target: "all" }).unfit(3)).to.equal(undefined);
  });

  it("that should lose nearly none or nearly all is refused", () => {
    for (const share of [0.01, 0.99]) expect(() => packetLoss.bind({ target: "all", share })).to.throw(/must be at (least|most)/);
  });
});
