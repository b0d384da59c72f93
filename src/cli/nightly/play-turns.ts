import { startingJobs, type Jobs } from "../../nightly/jobs.ts";
import { thisMachine } from "../../nightly/machine.ts";
import type { EndedTurn, Nightly } from "../../nightly/nightly.ts";
import { playAll } from "../../nightly/play-all.ts";
import { playRun, type RunSettings } from "../../nightly/play-run.ts";
import { announced, ended } from "./progress.ts";
import type { PossibleTurn } from "./turns.ts";

export interface PlayTurns {
  /** What is played: `nightly`, `matrix`. */
  readonly what: string;
  readonly settings: RunSettings;
  readonly jobs: number | "auto";
  readonly retries: number;
  readonly limitMs: number | undefined;
}

/** Plays all turns that can be played, telling of each on standard error, and says what became of every one. */
export async function playTurns(possible: readonly PossibleTurn[], { what, settings, jobs: asked, retries, limitMs }: PlayTurns): Promise<Pick<Nightly, "jobs"> & { readonly turns: EndedTurn[] }> {
  const { clock, signal } = settings;
  const jobs = await jobsFor(asked, settings);
  const toPlay = possible.flatMap(({ turn, because }) => (because === undefined ? [turn] : []));
  process.stderr.write(announced(what, possible.map(({ turn }) => turn), { unplayable: possible.length - toPlay.length, runtime: settings.runtime, jobs }));
  let done = 0;
  const { ends, changes } = await playAll(toPlay, {
    clock, signal, retries, limitMs, jobs,
    adapts: asked === "auto",
    play: (turn) => playRun(turn, settings),
    onEnd: (turn, attempt) => void process.stderr.write(ended(turn, attempt, { done: attempt.why === "first" ? (done += 1) : done, of: toPlay.length })),
  });
  const turns = possible.map(({ turn, because }): EndedTurn => {
    if (because !== undefined) return { ...turn, end: { kind: "unplayable", because } };
    return { ...turn, end: ends.get(turn) ?? { kind: "not-run", because: "all ended before its turn" } };
  });
  return { turns, jobs: { first: jobs.jobs, because: jobs.because, changes: [...changes] } };
}

async function jobsFor(asked: number | "auto", { out, clock }: RunSettings): Promise<Jobs> {
  return asked === "auto" ? startingJobs(await thisMachine(out, clock)) : { jobs: asked, because: "asked for" };
}
