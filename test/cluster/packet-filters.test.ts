import { expect } from "chai";
import { marksIn, PacketFilters } from "../../src/cluster/packet-filters.ts";
import type { PacketDrop } from "../../src/cluster/packets.ts";
import { messageOf } from "../../src/errors.ts";

/** A network namespace in memory: rules are added and deleted as iptables-restore does it, all or none. */
class NamespaceDouble {
  rules: string[] = [];
  there = true;
  refuses = 0;

  run = async (command: readonly string[], input = ""): Promise<string | undefined> => {
    if (!this.there) return undefined;
    if (command[0] === "iptables-save") return this.rules.map((rule, index) => `[${10 * (index + 1)}:999] -A ${rule}\n`).join("");
    if (this.refuses-- > 0) throw new Error("iptables refuses");
    const next = [...this.rules];
    for (const line of input.split("\n")) {
      const [, action, rule = ""] = /^-([AD]) (.*)$/.exec(line) ?? [];
      if (action === "A") next.push(rule);
      if (action !== "D") continue;
      if (!next.includes(rule)) throw new Error("no such rule");
      next.splice(next.indexOf(rule), 1);
    }
    this.rules = next;
    return "";
  };
}

const packets = { in: ["-s 172.18.0.2/32 -p tcp"], out: ["-d 172.18.0.2/32 -p tcp", "-s 172.18.0.9/32 -p tcp"] };
const all: PacketDrop = { direction: "both", share: 1 };

describe("the filters on a member's packets", () => {
  let namespace: NamespaceDouble;
  let filters: PacketFilters;
  beforeEach(() => {
    namespace = new NamespaceDouble();
    filters = new PacketFilters("etcd-2", packets, namespace.run);
  });

  it("count peer packets in both directions, and drop those they are told to", async () => {
    const filter = await filters.put({ direction: "in", share: 0.3 });
    expect(filter.description).to.equal("DROP 30 % in");
    expect(namespace.rules).to.deep.equal([
      "INPUT -s 172.18.0.2/32 -p tcp -m comment --comment etcd-chaos-etcd-2-1-in-1-seen",
      "INPUT -s 172.18.0.2/32 -p tcp -m statistic --mode random --probability 0.3 -m comment --comment etcd-chaos-etcd-2-1-in-1-dropped -j DROP",
      "OUTPUT -d 172.18.0.2/32 -p tcp -m comment --comment etcd-chaos-etcd-2-1-out-1-seen",
      "OUTPUT -s 172.18.0.9/32 -p tcp -m comment --comment etcd-chaos-etcd-2-1-out-2-seen",
    ]);
    expect(await filter.counts(), "as many as both rules saw").to.deep.equal({ in: { seen: 10, dropped: 20 }, out: { seen: 70, dropped: 0 } });
  });

  it("of two members in one namespace are told apart", async () => {
    const others = new PacketFilters("etcd-3", packets, namespace.run);
    const [own, other] = [await filters.put(all), await others.put({ direction: "in", share: 1 })];
    await own.lift();
    expect(await own.counts()).to.equal(undefined);
    expect(await other.counts()).to.deep.equal({ in: { seen: 10, dropped: 20 }, out: { seen: 70, dropped: 0 } });
  });

  it("are lifted one by one, and twice without harm; rules of others stay", async () => {
    namespace.rules = ["INPUT -j ACCEPT"];
    const [first, second] = [await filters.put(all), await filters.put({ direction: "out", share: 0.5 })];
    await first.lift();
    await first.lift();
    expect([await first.counts(), (await second.counts())?.out.dropped === undefined]).to.deep.equal([undefined, false]);
    await second.lift();
    expect(namespace.rules).to.deep.equal(["INPUT -j ACCEPT"]);
  });

  it("are not in force where a rule of theirs is missing, and still lifted", async () => {
    const filter = await filters.put(all);
    namespace.rules.pop();
    expect(await filter.counts()).to.equal(undefined);
    await filter.lift();
    expect(namespace.rules).to.deep.equal([]);
  });

  it("are put on again in a new namespace, but for those that were lifted meanwhile", async () => {
    const [kept, lifted] = [await filters.put(all), await filters.put(all)];
    Object.assign(namespace, { there: false, rules: [] });
    expect(await kept.counts()).to.equal(undefined);
    await lifted.lift();
    await filters.renew();
    namespace.there = true;
    await filters.renew();
    expect(await kept.counts()).to.not.equal(undefined);
    expect(await lifted.counts()).to.equal(undefined);
    await kept.lift();
    await filters.renew();
    expect(namespace.rules).to.deep.equal([]);
  });

  it("cannot be put on a member that is down, or where the kernel refuses, and are forgotten then", async () => {
    namespace.there = false;
    expect(await filters.put(all).then(() => "put", messageOf)).to.equal("packets of a member that is down cannot be filtered");
    Object.assign(namespace, { there: true, refuses: 1 });
    expect(await filters.put(all).then(() => "put", messageOf)).to.equal("iptables refuses");
    await filters.renew();
    expect(namespace.rules).to.deep.equal([]);
  });

  it("can be lifted by a second try where the first was refused", async () => {
    const filter = await filters.put(all);
    namespace.refuses = 1;
    expect(await filter.lift().then(() => "lifted", messageOf)).to.equal("iptables refuses");
    await filter.lift();
    expect(namespace.rules).to.deep.equal([]);
  });
});

describe("what iptables-save prints", () => {
  it("gives the packets that each rule of ours counted", () => {
    const saved = [
      "# Generated by iptables-save v1.8.9 (nf_tables)",
      "*filter",
      ":INPUT ACCEPT [12:3456]",
      '[57:4000] -A INPUT -s 172.18.0.2/32 -p tcp -m multiport --ports 23801:23803 -m comment --comment "etcd-chaos-1-in-seen"',
      "[7:400] -A INPUT -s 172.18.0.2/32 -p tcp -m statistic --mode random --probability 0.30000000028 -m comment --comment etcd-chaos-1-in-dropped -j DROP",
      "[1:40] -A INPUT -m comment --comment somebody-else -j DROP",
      "COMMIT",
    ].join("\n");
    expect([...marksIn(saved)]).to.deep.equal([["etcd-chaos-1-in-seen", 57], ["etcd-chaos-1-in-dropped", 7]]);
  });
});
