import { expect } from "chai";
import { explore, type Search } from "../../src/explore/explorer.ts";
import { drawSketch } from "../../src/explore/draw.ts";
import { intendedFeatures } from "../../src/explore/intended.ts";
import { usualLimits } from "../../src/explore/limits.ts";
import type { Played, Player } from "../../src/explore/played.ts";
import { timelineEntries, type Sketch } from "../../src/explore/sketch.ts";
import type { Violation } from "../../src/explore/violation.ts";
import { seededRandom } from "../../src/random.ts";
import { ManualClock } from "../observe/manual-clock.ts";

/** A promise that is broken whenever a sketch has what it takes. */
interface Bug {
  readonly rule: string;
  readonly needs: (sketch: Sketch) => boolean;
  /** In which runs with all it needs it shows: in all where absent. */
  readonly shows?: (run: number) => boolean;
}

const bugs = {
  killed: { rule: "lost", needs: ({ faults }) => faults.some(({ kind }) => kind === "kill") },
  compacted: { rule: "missed", needs: ({ loads, watch }) => watch !== undefined && loads.some(({ kind }) => kind === "compaction") },
  always: { rule: "always", needs: () => true },
} as const satisfies Readonly<Record<string, Bug>>;

function violationOf({ rule }: Bug): Violation {
  return { kind: "watch", title: rule, reason: `${rule} is broken`, witness: { rule, sentence: rule, illegal: "1", operations: [{ name: "1", label: "told put", outcome: "ok" }] } };
}

/** Takes the time that a run takes, breaks what the bugs say, and knows which runs were forgotten. */
function playerOf(clock: ManualClock, ...found: readonly Bug[]) {
  const kept = new Set<Played>();
  let run = 0;
  const player: Player = {
    async play(sketch) {
      run += 1;
      await clock.advance(1_000);
      const violations = found.filter(({ needs, shows }) => needs(sketch) && (shows?.(run) ?? true)).map(violationOf);
      const played: Played = { outcome: violations.length > 0 ? "fail" : "pass", violations, covered: sketch.faults.map(({ kind }) => ({ of: "fault", name: kind })), folder: `run-${run}` };
      kept.add(played);
      return played;
    },
    forget: async (played) => void kept.delete(played),
  };
  return { player, kept };
}

async function searched(found: readonly Bug[], { minutes = 10, ...more }: Partial<Search> & { readonly minutes?: number } = {}) {
  const clock = new ManualClock();
  const { player, kept } = playerOf(clock, ...found);
  const exploration = await explore({ seed: 1, limits: usualLimits, untilMs: minutes * 60_000, drawUntilMs: minutes * 60_000, reduceMaxMs: 300_000, runsMax: 1_000, sideBySide: 1, player, nowMs: () => clock.nowMs(), signal: new AbortController().signal, ...more });
  return { ...exploration, kept, clock };
}

describe("a search", function () {
  this.timeout(60_000);

  it("finds what breaks a promise, and makes it as small as it can be", async () => {
    const { findings } = await searched([bugs.killed, bugs.compacted]);
    expect(findings.map(({ guarantee }) => guarantee)).to.have.members(["watch/lost", "watch/missed"]);
    for (const { reduced, sketch } of findings) {
      if (reduced.kind !== "shrunk") throw new Error(`it is ${reduced.kind}`);
      expect(reduced).to.deep.include({ rate: { hits: 4, runs: 4 }, complete: true });
      expect(timelineEntries(reduced.sketch)).to.be.at.most(Math.max(2, timelineEntries(sketch) / 2));
      expect(reduced.sketch.loads).to.have.length(1);
    }
  });

  it("finds nothing where nothing is broken, and forgets the recordings", async () => {
    const { findings, runs, kept } = await searched([], { runsMax: 40 });
    expect(findings).to.deep.equal([]);
    expect(runs).to.deep.equal({ pass: 40, fail: 0, inconclusive: 0, broken: 0 });
    expect(kept.size).to.equal(0);
  });

  it("counts what it finds again, and does not find it anew", async () => {
    const { findings, runs } = await searched([bugs.always], { runsMax: 30 });
    expect(findings).to.have.length(1);
    expect(findings[0]?.again).to.equal(29);
    expect(runs.fail).to.equal(30);
  });

  it("makes no second finding smaller that the first one's smallest sketch shows as well", async () => {
    const twin: Bug = { ...bugs.always, rule: "as well" };
    const { findings } = await searched([bugs.always, twin], { runsMax: 3 });
    expect(findings.map(({ reduced }) => reduced.kind)).to.deep.equal(["shrunk", "along"]);
    expect(findings[1]?.reduced).to.deep.equal({ kind: "along", with: 1 });
  });

  it("says of what fails too seldom how seldom it does", async () => {
    const { findings } = await searched([{ ...bugs.always, shows: (run) => run === 1 }], { runsMax: 5 });
    expect(findings.map(({ reduced }) => reduced)).to.deep.equal([{ kind: "rare", rate: { hits: 1, runs: 3 } }]);
  });

  it("ends when its time is over, also while it makes something smaller, and keeps what it had come to", async () => {
    const { findings, clock } = await searched([bugs.always], { untilMs: 20_000 });
    expect(clock.nowMs()).to.be.within(20_000, 22_000);
    const [finding] = findings;
    if (finding?.reduced.kind !== "shrunk") throw new Error(`it is ${finding?.reduced.kind}`);
    expect(finding.reduced.complete).to.equal(false);
    const none = await searched([bugs.always], { untilMs: 1_000 });
    expect(none.findings.map(({ reduced }) => reduced.kind)).to.deep.equal(["no-time"]);
  });

  it("goes on after a finding that takes longer to be made smaller than it may, and sees how often the smallest so far fails", async () => {
    const { findings, runs } = await searched([bugs.always], { reduceMaxMs: 5_000, minutes: 1 });
    expect(findings[0]?.reduced).to.deep.include({ complete: false, rate: { hits: 4, runs: 4 } });
    expect(runs.fail).to.be.above(20);
  });

  it("goes on with what could not be made as small as it can be, when it draws no more", async () => {
    const reduced: boolean[] = [];
    const { findings, kept } = await searched([bugs.always], { reduceMaxMs: 20_000, drawUntilMs: 60_000, untilMs: 300_000, onReduced: (finding) => reduced.push(finding.reduced.kind === "shrunk" && finding.reduced.complete) });
    expect(reduced[0]).to.equal(false);
    const [finding] = findings;
    if (finding?.reduced.kind !== "shrunk") throw new Error(`it is ${finding?.reduced.kind}`);
    expect(finding.reduced.sketch.stormMs, "smaller than at first").to.be.at.most(2_000);
    expect(kept, "the run that found it, and the one that shows the smallest").to.have.lengthOf(2);
  });

  it("sees in its first step that a failure needs no fault", async () => {
    const entries: number[] = [];
    const { findings } = await searched([bugs.compacted], { runsMax: 200, onTry: (_, sketch) => entries.push(timelineEntries(sketch)) });
    expect(findings[0]?.sketch.faults).to.have.length.above(0);
    expect(entries[0]).to.equal(1);
  });

  it("makes the first smaller of what one run breaks, and the others when it draws no more", async () => {
    const order: string[] = [];
    const two: Bug = { rule: "too", needs: (sketch) => sketch.faults.length > 0 };
    const { findings } = await searched([{ ...bugs.always, rule: "first" }, two], { drawUntilMs: 120_000, minutes: 10, onRun: ({ run }) => order.push(`run ${run}`), onReduced: ({ guarantee }) => order.push(guarantee) });
    expect(findings.map(({ reduced }) => reduced.kind)).to.deep.equal(["shrunk", "shrunk"]);
    expect(order.indexOf("watch/first")).to.be.below(order.lastIndexOf("run 2"));
    const rest = order.slice(order.indexOf("watch/too") + 1);
    expect(rest, "time that is left is for drawing").to.have.length.above(100);
  });

  it("ends at once when it is interrupted", async () => {
    const controller = new AbortController();
    const { runs } = await searched([], { signal: controller.signal, onRun: ({ run }) => run === 3 && controller.abort("SIGINT") });
    expect(runs.pass).to.equal(3);
  });

  it("covers more pairs of a fault and a load than as many sketches drawn without looking", async () => {
    const [runs, seeds] = [25, [1, 2, 3, 4, 5]];
    const looking = await Promise.all(seeds.map(async (seed) => (await searched([], { runsMax: runs, seed })).coverage.table().find(({ of }) => of === "fault under load")?.covered.length ?? 0));
    const blind = seeds.map((seed) => {
      const random = seededRandom(seed, "blind");
      const drawn = Array.from({ length: runs }, () => intendedFeatures(drawSketch(random, usualLimits))).flat();
      return new Set(drawn.filter(({ of }) => of === "fault under load").map(({ name }) => name)).size;
    });
    expect(sum(looking)).to.be.above(1.1 * sum(blind));
  });

  it("tells why runs had no verdict, each reason once", async () => {
    const clock = new ManualClock();
    const broken: Player = {
      play: async () => (await clock.advance(1_000), { outcome: "broken", violations: [], covered: [], folder: undefined, trouble: "exit code 3: no etcd" }),
      forget: async () => undefined,
    };
    const { runs, troubles } = await searched([], { player: broken, nowMs: () => clock.nowMs(), runsMax: 4 });
    expect(runs.broken).to.equal(4);
    expect(troubles).to.deep.equal(["exit code 3: no etcd"]);
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
