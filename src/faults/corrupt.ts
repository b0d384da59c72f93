import { z } from "zod";
import { waitFor, type Clock } from "../clock.ts";
import { capabilities, type DataFiles } from "../cluster/member.ts";
import { HarnessError, messageOf } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import { proofOfHealth } from "./cluster-health.ts";
import { damage, digest, type Damage } from "./damage.ts";
import { undoAfter } from "./each.ts";
import { defineFault, type ActiveFault, type FaultContext } from "./fault.ts";
import { claim, type Hold } from "./holds.ts";
import { FatalLine } from "./fatal-line.ts";
import { askMember } from "./probe.ts";
import { replaceable, replacing, Seat, type Replaced } from "./rejoin.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  file: z.enum(["wal", "db"]).default("wal").meta({ description: "The newest file of the write-ahead log, or the database." }),
  how: z.enum(["flip", "truncate"]).default("flip").meta({ description: "Flip one bit in the middle of what is used of the file, or cut the file off there." }),
});

type Kind = z.output<typeof options>["file"];

/** What was done to one member's file, and what its etcd made of it at its next start. */
interface Corruption {
  readonly seat: Seat;
  readonly path: string;
  readonly text: string;
  readonly before: string;
  readonly after: string;
  readonly said: FatalLine;
}

/** One that starts on damaged data may still fall over it a little later. */
const settleMs = 2_000;
const answerLimitMs = 1_000;

/** Damages data of the targets while they are down, and starts them on it. */
export const corrupt = defineFault({
  kind: "corrupt",
  summary: "Damages the target's log or database on disk and starts it on that; it heals by being replaced by a new member.",
  glyph: "☣",
  options,
  needs: [...replacing, "files"],
  title: ({ target, file, how }) => `corrupt ${file} of ${target}, ${how}`,
  unfit({ target }, memberCount) {
    if (memberCount === 1) return "a cluster cannot replace its only member";
    if (target === "all" || target === "majority") return "it is for a minority: the others must be whole to replace those that it hits";
    return undefined;
  },
  async inject(context, { file, how }): Promise<ActiveFault> {
    const { cluster, targets, clock, signal } = context;
    signal.throwIfAborted();
    const seats = targets.map((member) => new Seat(replaceable(member), cluster, clock));
    for (const seat of seats) await seat.learn();
    signal.throwIfAborted();
    const struck = new Map<Seat, Hold>();
    const replace = async (): Promise<void> => {
      for (const [seat, held] of struck) {
        if (seat.member.id === seat.firstId) await seat.vacate();
        await seat.fill();
        held.release();
        struck.delete(seat);
      }
    };
    const corruptions: Corruption[] = [];
    try {
      for (const seat of seats) {
        struck.set(seat, claim(seat.member, "killed"));
        corruptions.push(await strike(seat, file, how));
      }
    } catch (error) {
      throw await undoAfter(error, replace);
    }
    const struckMs = clock.nowMs();
    return {
      async effect() {
        return { sinceMs: struckMs, proofs: await Promise.all(corruptions.map((corruption) => proofOfDamage(corruption, context))) };
      },
      heal: replace,
      async healed() {
        const proofs = await Promise.all([...seats.map((seat) => seat.proofOfReturn()), proofOfHealth(cluster, clock)]);
        return { sinceMs: clock.nowMs(), proofs };
      },
    };
  },
});

async function strike(seat: Seat, kind: Kind, how: Damage): Promise<Corruption> {
  const member = withFiles(seat.member);
  await seat.end();
  const path = kind === "db" ? "member/snap/db" : await newestLog(member);
  const sound = await member.readData(path);
  const { content, text } = damage(sound, how, kind);
  await member.writeData(path, content);
  // Read back: what is proven is what lies on the disk, not what was meant.
  const after = digest(await member.readData(path));
  const said = new FatalLine(member);
  await member.restart().catch(async (error: unknown) => {
    if ((await member.state()).kind !== "down") throw error;
  });
  return { seat, path, text, before: digest(sound), after, said };
}

function withFiles(member: Replaced): Replaced & DataFiles {
  if (capabilities.files(member)) return member;
  throw new HarnessError("fault", `the files of ${member.name} are out of reach in this runtime`);
}

async function newestLog(member: Replaced & DataFiles): Promise<string> {
  const folder = "member/wal";
  const newest = (await member.listData(folder)).filter((name) => name.endsWith(".wal")).sort().at(-1);
  if (newest === undefined) throw new HarnessError("fault", `${member.name} has no file of a write-ahead log`);
  return `${folder}/${newest}`;
}

/** The file differs, and etcd was started on it: it gave up, and said why, or it runs and answers. */
async function proofOfDamage({ seat: { member }, path, text, before, after, said }: Corruption, { clock, signal }: FaultContext): Promise<Proof> {
  const source = "data file";
  const file = `${path} of ${member.name}: ${text}, sha256 ${before}… before and ${after}… after`;
  if (before === after) return { source, text: `${file}, so that nothing was damaged`, holds: false };
  const outcome = await outcomeOf(member, said, clock, signal);
  return { source, text: `${file}; ${outcome.text}`, holds: outcome.started };
}

async function outcomeOf(member: Replaced, said: FatalLine, clock: Clock, signal: AbortSignal): Promise<{ text: string; started: boolean }> {
  const down = await waitFor(
    clock,
    async () => {
      const state = await member.state();
      return state.kind === "down" ? state : undefined;
    },
    { limitMs: settleMs, everyMs: 50, signal },
  );
  if (down !== undefined) {
    const last = said.text;
    // One that wrote nothing was never started on it.
    return last === undefined ? { text: `it is down (${down.exit}) without a word`, started: false } : { text: `etcd ended (${down.exit}): ${last}`, started: true };
  }
  const answer = await askMember(member, clock, { limitMs: answerLimitMs, signal }).catch((error: unknown) => ({ kind: messageOf(error) }));
  signal.throwIfAborted();
  const since = formatDuration(settleMs);
  return answer.kind === "answered" ? { text: `etcd started on it, and still runs and answers ${since} later`, started: true } : { text: `its process runs, but does not answer ${since} later`, started: false };
}
