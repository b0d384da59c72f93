import { expect } from "chai";
import fc from "fast-check";
import type { Attempt, Turn } from "../../src/nightly/nightly.ts";
import { playAll, type Played, type Playing } from "../../src/nightly/play-all.ts";
import { standingOf } from "../../src/nightly/standing.ts";
import { turnOf } from "./turns.ts";

interface Told {
  readonly turn: string;
  readonly attempt: Attempt;
}

/** Plays turns that end as written: `script` has the outcomes of each scenario's attempts in order; time is that of the runs, one step a turn. */
async function playScript(script: Readonly<Record<string, readonly Attempt["outcome"][]>>, options: Partial<Omit<Playing, "play" | "onEnd" | "clock">> & { readonly tookMs?: number; readonly pressure?: number; readonly onPlay?: (turn: Turn) => void } = {}) {
  const { tookMs = 10_000, pressure, onPlay, ...others } = options;
  const turns = Object.keys(script).map((scenario) => turnOf(scenario));
  const played = new Map<string, number>();
  const told: Told[] = [];
  let [nowMs, running, most] = [0, 0, 0];
  const play = async (turn: Turn): Promise<Played> => {
    onPlay?.(turn);
    const index = played.get(turn.scenario) ?? 0;
    played.set(turn.scenario, index + 1);
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    nowMs += tookMs;
    return { outcome: script[turn.scenario]?.[index] ?? "broken", tookMs, sentence: "x", findings: [], ...(pressure === undefined ? {} : { cpuPressure: pressure }) };
  };
  const { ends, changes } = await playAll(turns, {
    clock: { nowMs: () => nowMs }, signal: new AbortController().signal, retries: 0, limitMs: undefined, jobs: { jobs: 1 }, adapts: false, ...others,
    play,
    onEnd: ({ scenario }, attempt) => void told.push({ turn: scenario, attempt }),
  });
  const standings = turns.map((turn) => {
    const end = ends.get(turn);
    return [turn.scenario, end === undefined ? undefined : standingOf(end)];
  });
  return { standings: Object.fromEntries(standings), told, changes, most, ends: turns.map((turn) => ends.get(turn)) };
}

describe("the runs of a nightly", () => {
  it("go one after the other, in order, where one at a time is asked for", async () => {
    const { told, most, standings } = await playScript({ a: ["pass"], b: ["fail"], c: ["inconclusive"] });
    expect(most).to.equal(1);
    expect(told.map(({ turn }) => turn)).to.deep.equal(["a", "b", "c"]);
    expect(told.every(({ attempt }) => attempt.beside === 0)).to.equal(true);
    expect(standings).to.deep.equal({ a: "pass", b: "fail", c: "inconclusive" });
  });

  it("are as many side by side as asked for, and each knows how many others there were", async () => {
    const { most, told } = await playScript({ a: ["pass"], b: ["pass"], c: ["pass"], d: ["pass"] }, { jobs: { jobs: 3 } });
    expect(most).to.equal(3);
    expect(told.slice(0, 3).map(({ attempt }) => attempt.beside)).to.deep.equal([2, 2, 2]);
  });

  it("are repeated alone where they did not pass beside others, and both results are kept", async () => {
    const { standings, told } = await playScript({ a: ["pass"], b: ["fail", "pass"], c: ["inconclusive", "fail"] }, { jobs: { jobs: 3 } });
    expect(standings).to.deep.equal({ a: "pass", b: "flake", c: "fail" });
    expect(told.slice(3).map(({ turn, attempt: { why, beside, outcome } }) => ({ turn, why, beside, outcome }))).to.deep.equal([
      { turn: "b", why: "alone", beside: 0, outcome: "pass" },
      { turn: "c", why: "alone", beside: 0, outcome: "fail" },
    ]);
  });

  it("are not repeated where they were alone, without retries", async () => {
    const { told } = await playScript({ a: ["fail", "pass"] });
    expect(told).to.have.length(1);
  });

  it("are retried as often as asked for, until they pass, and a flake stays one", async () => {
    const { standings, told } = await playScript({ a: ["fail", "fail", "pass", "pass"], b: ["fail", "fail", "fail", "fail"] }, { retries: 3 });
    expect(standings).to.deep.equal({ a: "flake", b: "fail" });
    expect(told.filter(({ turn }) => turn === "a").map(({ attempt: { why } }) => why)).to.deep.equal(["first", "retry", "retry"]);
    expect(told.filter(({ turn }) => turn === "b")).to.have.length(4);
  });

  it("are not started where they would not end within the time limit, and that is told", async () => {
    const { standings, ends } = await playScript({ a: ["pass"], b: ["pass"], c: ["pass"] }, { limitMs: 30_000 });
    // The first is expected to take 10 s and 15 s beside; those after it 10 s, as it took.
    expect(standings).to.deep.equal({ a: "pass", b: "pass", c: "pass" });
    expect(ends.map((end) => end?.kind)).to.deep.equal(["played", "played", "played"]);
    const short = await playScript({ a: ["pass"], b: ["pass"], c: ["pass"] }, { limitMs: 29_999 });
    expect(short.standings).to.deep.equal({ a: "pass", b: "pass", c: "not-run" });
    expect(short.ends.at(-1)).to.deep.equal({ kind: "not-run", because: "it would not have ended within the time limit" });
  });

  it("that should be repeated and have no time left stay what they were, and that is told", async () => {
    const { ends, standings } = await playScript({ a: ["fail", "pass"] }, { limitMs: 25_000, retries: 1, tookMs: 16_000 });
    expect(standings).to.deep.equal({ a: "fail" });
    expect(ends[0]).to.include({ kind: "played", unrepeated: "it would not have ended within the time limit" });
  });

  it("are not started after an interruption", async () => {
    const controller = new AbortController();
    const { standings, told } = await playScript({ a: ["pass"], b: ["interrupted"], c: ["pass"] }, { signal: controller.signal, retries: 2, onPlay: ({ scenario }) => scenario === "b" && controller.abort("SIGINT") });
    expect(told).to.have.length(2);
    expect(standings).to.deep.equal({ a: "pass", b: "interrupted", c: "not-run" });
  });

  it("become fewer side by side when one felt the others, and the reason is kept", async () => {
    const { changes, told } = await playScript({ a: ["pass"], b: ["pass"], c: ["pass"], d: ["pass"], e: ["pass"] }, { jobs: { jobs: 2 }, adapts: true, pressure: 0.8 });
    expect(changes).to.deep.equal([{ afterMs: 10_000, jobs: 1, because: "a: something waited for a CPU in 80 % of its time, above 40 %" }]);
    expect(told.at(-1)?.attempt.beside).to.equal(0);
  });

  it("stay as many as asked for by a number, however busy the machine", async () => {
    const { changes } = await playScript({ a: ["pass"], b: ["pass"], c: ["pass"] }, { jobs: { jobs: 2 }, pressure: 0.8 });
    expect(changes).to.deep.equal([]);
  });

  it("each end in some way, whatever they come to, and no run is forgotten", async () => {
    const outcomes = fc.array(fc.constantFrom<Attempt["outcome"]>("pass", "fail", "inconclusive", "broken"), { minLength: 5, maxLength: 5 });
    const scripts = fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }).map((name) => `s${name}`), outcomes, { maxKeys: 8 });
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 1, max: 4 }), fc.nat({ max: 2 }), async (script, jobs, retries) => {
        const { told, ends, most } = await playScript(script, { jobs: { jobs }, retries });
        expect(ends.every((end) => end?.kind === "played")).to.equal(true);
        expect(ends.reduce((sum, end) => sum + (end?.kind === "played" ? end.attempts.length : 0), 0)).to.equal(told.length);
        expect(most).to.be.at.most(jobs);
      }),
      { numRuns: 40 },
    );
  });
});
