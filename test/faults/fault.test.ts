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

describe("the faults", () => {
  it("have a kind, a glyph and a summary each", () => {
    expect(faultKinds.map(({ kind }) => kind)).to.deep.equal(["partition", "latency", "pause", "kill", "compact", "defrag", "move-leader", "no-space", "remove-member", "corrupt"]);
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
      "compact asking leader, keeping 100 revisions, physical",
      "defrag all, together",
      "move-leader leader",
      "no-space leader, by filling it",
      "remove-member etcd-2",
      "corrupt db of leader, truncate",
    ]);
  });

  it("need what they do of members, and those on links or by request nothing", () => {
    expect(faultKinds.map(({ kind }) => bind(kind, kind === "latency" ? { latency: "1ms" } : {}).needs)).to.deep.equal([[], [], ["pause"], ["kill", "restart"], [], [], [], [], ["kill", "restart", "replace"], ["kill", "restart", "replace", "files"]]);
    expect(Object.keys(capabilities)).to.include.members(["pause", "kill", "restart"]);
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
    ["a compaction that keeps less than nothing", "compact", { target: "all", keep: -1 }, "keep: too_small"],
    ["an unknown way to run out of space", "no-space", { target: "all", via: "magic" }, "via: invalid_value"],
    ["unknown links", "latency", { target: "all", latency: "50ms", on: "disks" }, "on: invalid_value"],
  ] as const) {
    it(`refuse ${title}`, () => {
      expect(complaintsOf(kind, options)).to.deep.equal(complaints);
    });
  }

  it("between members are unfit for a cluster of one, and no others are", () => {
    const unfit = (kind: string, options: object): (string | undefined)[] => [1, 3].map((count) => bind(kind, options).unfit(count));
    expect(unfit("partition", {})).to.deep.equal(["a cluster of one member has no peer links that could be cut", undefined]);
    expect(unfit("latency", { latency: "1ms" })).to.deep.equal(['a cluster of one member has no peer links that could be slowed, only those "on: clients"', undefined]);
    expect(unfit("move-leader", {})).to.deep.equal(["a single member has nobody to hand leadership to", undefined]);
    for (const [kind, options] of [["compact", {}], ["defrag", {}], ["no-space", {}], ["latency", { latency: "1ms", on: "clients" }], ["pause", {}], ["kill", {}]] as const) expect(unfit(kind, options)).to.deep.equal([undefined, undefined]);
  });
});
