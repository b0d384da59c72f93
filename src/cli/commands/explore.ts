import { randomInt } from "node:crypto";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { MonotonicClock } from "../../clock.ts";
import { explore, type Search } from "../../explore/explorer.ts";
import { usualLimits } from "../../explore/limits.ts";
import { sizeOf } from "../../explore/smaller.ts";
import { renderExplored } from "../../report/explore/text.ts";
import { outcomeOfSearch } from "../../report/explore/explored.ts";
import { formatDuration } from "../../units/duration.ts";
import { exitCodeOf, exitCodes, type ExitCode } from "../exit-codes.ts";
import { faultsToHave } from "../explore/available.ts";
import { keepExploration } from "../explore/keep.ts";
import { harnessPlayer } from "../explore/player.ts";
import { writeIndex } from "../reports-index.ts";
import { linkLatest, reportsFolder, runIdOf, shown } from "../paths.ts";
import type { ExploreOptions } from "../program.ts";
import { onInterruption } from "../signals.ts";
import { terminal } from "../terminal.ts";

const noLimit = 1_000_000_000;
/** Each finding is made smaller for so long at most, as a part of the search's time; the last part of it is for those that had to wait. */
const reducingShare = 1 / 6;
const reducingLeastMs = 60_000;
const drawingShare = 3 / 4;

/** Plays scenarios drawn by chance until the time or the number of runs is used up, and keeps what broke a promise. */
export async function exploreCommand(options: ExploreOptions): Promise<ExitCode> {
  const clock = new MonotonicClock();
  using interruption = onInterruption({ clock });
  const seed = options.seed ?? randomInt(1_000_000_000);
  const id = runIdOf(clock.wallMs(), seed);
  const reports = resolve(options.out ?? reportsFolder);
  const folder = join(reports, "explore", id);
  const sideBySide = options.jobs ?? Math.max(1, cpus().length);
  const { runtime, without } = await faultsToHave(options);
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  say(`searching ${options.etcd} for ${formatDuration(options.timeLimit)} in the ${runtime} runtime, seed ${seed}${without.size === 0 ? "" : `; without ${[...without].join(", ")}, which cannot be had here`}`);
  const exploration = await explore({
    seed,
    limits: { ...usualLimits, members: options.members ?? usualLimits.members, beyondMinority: options.beyondMinority ?? false, without },
    untilMs: clock.nowMs() + options.timeLimit,
    drawUntilMs: clock.nowMs() + options.timeLimit * drawingShare,
    reduceMaxMs: Math.max(reducingLeastMs, options.timeLimit * reducingShare),
    runsMax: options.runs ?? noLimit,
    sideBySide,
    player: harnessPlayer({ folder: join(folder, "runs"), etcd: options.etcd, runtime, clock, signal: interruption.signal }),
    nowMs: () => clock.nowMs(),
    signal: interruption.signal,
    ...spoken(clock, say),
  });
  const endedBy = interruption.received() ?? (clock.nowMs() >= options.timeLimit ? "its time limit" : "its number of runs");
  const explored = await keepExploration(exploration, { id, folder, seed, runtime, endedBy, tookMs: clock.nowMs(), etcd: options.etcd, sideBySide, replay: replayOf(options, seed, runtime) });
  await linkLatest(folder);
  await writeIndex(reports);
  process.stdout.write(renderExplored(explored, terminal(process.stdout)));
  process.stdout.write(`\nreport  ${shown(join(folder, "index.html"))}\n`);
  const received = interruption.received();
  return received === undefined ? exitCodeOf(outcomeOfSearch(explored)) : exitCodes[received];
}

/** What a search says while it goes on, a line for each run. */
function spoken(clock: MonotonicClock, say: (text: string) => void): Pick<Search, "onRun" | "onFinding" | "onTry" | "onReduced"> {
  const at = (): string => formatDuration(clock.nowMs()).padStart(8);
  return {
    onRun({ run, sketch, played, fresh }) {
      const faults = sketch.faults.length === 0 ? "no fault" : sketch.faults.map(({ kind }) => kind).join(", ");
      say(`${at()}  run ${run}: ${played.outcome}, ${fresh} new; ${sketch.members} members, ${sketch.loads.map(({ kind }) => kind).join(" and ")}, ${faults}${played.trouble === undefined ? "" : `; ${played.trouble}`}`);
    },
    onFinding: ({ number, guarantee, violation }) => say(`${at()}  ✗ found ${number}: ${guarantee}: ${violation.reason}`),
    onTry({ number }, sketch, failed) {
      const { entries, loads, options } = sizeOf(sketch);
      say(`${at()}    ${failed ? "still fails" : "does not fail"}, ${number} with ${entries} in its timeline, ${loads} loads, ${options} options`);
    },
    onReduced: ({ number, reduced }) => say(`${at()}    ${number} is ${reduced.kind}`),
  };
}

function replayOf({ etcd, timeLimit, runs, members, beyondMinority, jobs }: ExploreOptions, seed: number, runtime: string): string {
  return [
    `npm run explore -- --etcd ${etcd} --runtime ${runtime} --seed ${seed} --time-limit ${Math.round(timeLimit / 1_000)}s`,
    ...(runs === undefined ? [] : [`--runs ${runs}`]),
    ...(members === undefined ? [] : [`--members ${members.join(",")}`]),
    ...(jobs === undefined ? [] : [`--jobs ${jobs}`]),
    ...(beyondMinority === true ? ["--beyond-minority"] : []),
  ].join(" ");
}

