import { expect } from "chai";
import { z } from "zod";
import { capabilities } from "../../src/cluster/member.ts";
import { defineFault, type Fault } from "../../src/faults/fault.ts";
import { faultKinds } from "../../src/faults/index.ts";
import { targetSchema } from "../../src/faults/target.ts";
import { clusterDouble } from "./doubles.ts";
import { HastyClock } from "./hasty-clock.ts";

function bind(kind: string, options: object): Fault {
  const found = faultKinds.find((each) => each.kind === kind);
  if (found === undefined) throw new Error(`there is no fault ${kind}`);
  return found.bind({ target: "leader", ...options });
}

function complaintsOf(kind: string, options: unknown): string[] {
  const found = faultKinds.find((each) => each.kind === kind);
  const parsed = found?.options.safeParse(options);
  return (parsed?.error?.issues ?? []).map(({ path, code, message }) => `${path.join(".")}: ${code === "custom" ? message : code}`);
}

describe("defineFault", () => {
  const seen: unknown[] = [];
  const noise = defineFault({
    kind: "noise",
    summary: "Makes noise.",
    glyph: "♪",
    options: z.strictObject({ target: targetSchema, volume: z.number().default(11) }),
    needs: ["pause"],
    title: ({ target, volume }) => `noise at ${target}, ${volume}`,
    unfit: ({ volume }, memberCount) => (volume > memberCount ? `${volume} is too loud for ${memberCount}` : undefined),
    inject: async (_, options) => {
      seen.push(options);
      throw new Error("not in this test");
    },
  });

  it("binds options once, with their defaults, for all that is asked of the fault", async () => {
    const fault = noise.bind({ target: "etcd-2" });
    expect([fault.kind, fault.title, fault.target, fault.needs]).to.deep.equal(["noise", "noise at etcd-2, 11", "etcd-2", ["pause"]]);
    expect([fault.unfit(3), fault.unfit(11)]).to.deep.equal(["11 is too loud for 3", undefined]);
    await fault.inject({ cluster: clusterDouble([]), targets: [], clock: new HastyClock(), signal: new AbortController().signal }).catch(() => undefined);
    expect(seen).to.deep.equal([{ target: "etcd-2", volume: 11 }]);
  });

  it("throws on options that do not fit", () => {
    expect(() => noise.bind({ target: "etcd-2", volume: "loud" })).to.throw(z.ZodError);
    expect(() => noise.bind({})).to.throw(z.ZodError);
  });
});

/** Options without which a fault cannot be. */
const required: Readonly<Record<string, object>> = {
  latency: { latency: "1ms" },
  bandwidth: { rate: 100 },
  slicer: { size: 100, delay: "10ms" },
  "limit-data": { bytes: 1_000 },
  "slow-close": { delay: "1s" },
};

describe("the faults", () => {
  it("have a kind, a glyph and a summary each", () => {
    expect(new Set(faultKinds.map(({ kind }) => kind)).size).to.equal(faultKinds.length);
    expect(faultKinds.map(({ kind }) => kind)).to.include.members(["partition", "latency", "pause", "kill"]);
    expect(new Set(faultKinds.map(({ glyph }) => glyph)).size).to.equal(faultKinds.length);
    for (const { summary } of faultKinds) expect(summary).to.match(/^[A-Z].+\.$/);
  });

  it("say in their titles what they do to whom", () => {
    const titles = [
      bind("partition", {}),
      bind("partition", { target: "etcd-2", mode: "closing" }),
      bind("latency", { latency: "1.5s" }),
      bind("latency", { latency: "80ms", jitter: "20ms", on: "clients", target: "all" }),
      bind("pause", { target: "minority" }),
      bind("kill", { target: "random" }),
      bind("partition", { direction: "out" }),
      bind("partition", { target: "minority", shape: "each", direction: "in" }),
      bind("partition", { shape: "bridge", mode: "closing" }),
      bind("partition", { target: "all", shape: "ring" }),
      bind("partition", { target: "all", shape: "links", links: ["etcd-1 -> etcd-2", "etcd-3 <-> etcd-1"] }),
      bind("latency", { latency: "80ms", toxicity: 0.25 }),
      bind("bandwidth", { rate: 50 }),
      bind("bandwidth", { rate: 50, stream: "upstream", on: "clients", toxicity: 0.5 }),
      bind("reset", {}),
      bind("reset", { after: "50ms", stream: "downstream", on: "clients" }),
      bind("slicer", { size: 500, variation: 50, delay: "5ms" }),
      bind("limit-data", { bytes: 4_500, stream: "downstream" }),
      bind("slow-close", { delay: "1s" }),
      bind("compact", { keep: 100, physical: true }),
      bind("defrag", { target: "all", together: true }),
      bind("move-leader", {}),
      bind("no-space", { via: "fill" }),
      bind("remove-member", { target: "etcd-2" }),
      bind("corrupt", { file: "db", how: "truncate" }),
    ].map(({ title }) => title);
    expect(titles).to.deep.equal([
      "partition leader, blocking",
      "partition etcd-2, closing",
      "latency 1.5 s on leader's peer links",
      "latency 80 ms ± 20 ms on all's client links",
      "pause minority",
      "kill random",
      "partition leader, out, blocking",
      "partition minority, each, in, blocking",
      "partition with leader as a bridge, closing",
      "partition into a ring, blocking",
      "partition etcd-1 -> etcd-2, etcd-3 <-> etcd-1, blocking",
      "latency 80 ms on leader's peer links, 25% of connections",
      "bandwidth 50 kB/s on leader's peer links",
      "bandwidth 50 kB/s upstream on leader's client links, 50% of connections",
      "reset requests on leader's peer links",
      "reset answers after 50 ms on leader's client links",
      "slicer 500 ± 50 B every 5 ms on leader's peer links",
      "limit-data 4.5 kB downstream on leader's peer links",
      "slow-close 1 s on leader's peer links",
      "compact asking leader, keeping 100 revisions, physical",
      "defrag all, together",
      "move-leader leader",
      "no-space leader, by filling it",
      "remove-member etcd-2",
      "corrupt db of leader, truncate",
    ]);
  });

  it("need what they do of members, and those on links or by request nothing", () => {
    const free = ["partition", "latency", "bandwidth", "reset", "slicer", "limit-data", "slow-close", "compact", "defrag", "move-leader", "no-space"];
    for (const kind of free) expect(bind(kind, required[kind] ?? {}).needs, kind).to.deep.equal([]);
    expect(["pause", "kill", "remove-member", "corrupt"].map((kind) => bind(kind, {}).needs)).to.deep.equal([["pause"], ["kill", "restart"], ["kill", "restart", "replace"], ["kill", "restart", "replace", "files"]]);
    for (const { needs } of [bind("slow-fsync", { delay: "1ms" }), bind("fsync-error", {}), bind("lying-fsync", {})]) expect(needs).to.include("disk").and.to.not.include("diskWrites");
    expect(bind("write-error", {}).needs).to.include("diskWrites");
    expect(Object.keys(capabilities)).to.include.members(["pause", "kill", "restart", "disk"]);
  });

  for (const [title, kind, options, ...complaints] of [
    ["an unknown target", "pause", { target: "leadr" }, "target: invalid_format"],
    ["a missing target", "kill", {}, "target: invalid_union"],
    ["a key that no fault has", "kill", { target: "all", signal: 9 }, ": unrecognized_keys"],
    ["an unknown mode", "partition", { target: "all", mode: "open" }, "mode: invalid_value"],
    ["a latency that is no duration", "latency", { target: "all", latency: 50 }, "latency: invalid_type"],
    ["no latency", "latency", { target: "all" }, "latency: invalid_type"],
    ["a latency of nothing, which nothing could prove", "latency", { target: "all", latency: "0ms" }, "latency: must be longer than zero"],
    ["a jitter above the latency, which nothing could prove", "latency", { target: "all", latency: "50ms", jitter: "51ms" }, "jitter: must not be more than the latency, which it varies"],
    ["a direction of a shape that has none", "partition", { target: "leader", shape: "bridge", direction: "in" }, "direction: is of the shapes group and each; a bridge is cut both ways"],
    ["a direction beside arrows", "partition", { target: "all", shape: "links", links: ["etcd-1 <-> etcd-2"], direction: "out" }, "direction: is of the shapes group and each; arrows say it for links", "direction: makes no difference where all members are targets"],
    ["a direction of all members", "partition", { target: "all", direction: "out" }, "direction: makes no difference where all members are targets"],
    ["closing one direction", "partition", { target: "leader", direction: "out", mode: "closing" }, "mode: must be blocking for one direction: a connection is closed in both"],
    ["closing one direction of a link", "partition", { target: "all", shape: "links", links: ["etcd-1 -> etcd-2"], mode: "closing" }, "mode: must be blocking for one direction: a connection is closed in both"],
    ["the shape links without a list", "partition", { target: "all", shape: "links" }, "shape: needs the list of links"],
    ["a list with another shape", "partition", { target: "leader", links: ["etcd-1 <-> etcd-2"] }, "links: go with shape: links alone"],
    ["a link that is none", "partition", { target: "all", shape: "links", links: ["etcd-1 to etcd-2"] }, "links.0: invalid_format"],
    ["a link of a member to itself", "partition", { target: "all", shape: "links", links: ["etcd-1 <-> etcd-1"] }, "links: must be between two members"],
    ["a ring of the leader", "partition", { target: "leader", shape: "ring" }, "target: must be all for the shape ring, which is about all members"],
    ["a bridge of all", "partition", { target: "all", shape: "bridge" }, "target: must leave others than the bridge itself"],
    ["a toxicity too small to be proven", "reset", { target: "all", toxicity: 0.05 }, "toxicity: too_small"],
    ["a bandwidth too large to be proven", "bandwidth", { target: "all", rate: 3_000 }, "rate: too_big"],
    ["slices too quick to be proven", "slicer", { target: "all", size: 50_000, delay: "1ms" }, "delay: must be longer for slices of this size: what slows so little cannot be proven"],
    ["slices that vary by more than they are", "slicer", { target: "all", size: 50, variation: 50, delay: "10ms" }, "variation: must be less than the size, which it varies"],
    ["a slow close too quick to be proven", "slow-close", { target: "all", delay: "10ms" }, "delay: must be at least 50ms: less cannot be told from a busy machine"],
    ["a reset of both streams, since one resets all", "reset", { target: "all", stream: "both" }, "stream: invalid_value"],
    ["a compaction that keeps less than nothing", "compact", { target: "all", keep: -1 }, "keep: too_small"],
    ["an unknown way to run out of space", "no-space", { target: "all", via: "magic" }, "via: invalid_value"],
    ["unknown links", "latency", { target: "all", latency: "50ms", on: "disks" }, "on: invalid_value"],
  ] as const) {
    it(`refuse ${title}`, () => {
      expect(complaintsOf(kind, options)).to.deep.equal(complaints);
    });
  }

  it("of a shape that a cluster is too small for are unfit for it", () => {
    const unfit = (options: object): (string | undefined)[] => [3, 5].map((count) => bind("partition", options).unfit(count));
    expect(unfit({ target: "all", shape: "ring" })).to.deep.equal(["in a ring of 3 everyone has everyone as a neighbour", undefined]);
    expect(unfit({ shape: "bridge" })).to.deep.equal([undefined, undefined]);
    expect(unfit({ target: "majority", shape: "bridge" })).to.deep.equal(["of 3 members the bridge leaves too few to be split", undefined]);
    expect(unfit({ target: "all", shape: "links", links: ["etcd-1 -> etcd-4"] })).to.deep.equal(["a cluster of 3 has no etcd-4", undefined]);
  });

  it("between members are unfit for a cluster of one, and no others are", () => {
    const unfit = (kind: string, options: object): (string | undefined)[] => [1, 3].map((count) => bind(kind, options).unfit(count));
    expect(unfit("partition", {})).to.deep.equal(["a cluster of one member has no peer links that could be cut", undefined]);
    for (const kind of ["bandwidth", "reset", "slicer", "limit-data", "slow-close"]) {
      expect(unfit(kind, required[kind] ?? {})).to.deep.equal(['a cluster of one member has no peer links, only those "on: clients"', undefined]);
      expect(unfit(kind, { ...required[kind], on: "clients" })).to.deep.equal([undefined, undefined]);
    }
    expect(unfit("latency", { latency: "1ms" })).to.deep.equal(['a cluster of one member has no peer links that could be slowed, only those "on: clients"', undefined]);
    expect(unfit("move-leader", {})).to.deep.equal(["a single member has nobody to hand leadership to", undefined]);
    for (const [kind, options] of [["compact", {}], ["defrag", {}], ["no-space", {}], ["latency", { latency: "1ms", on: "clients" }], ["pause", {}], ["kill", {}]] as const) expect(unfit(kind, options)).to.deep.equal([undefined, undefined]);
  });
});
