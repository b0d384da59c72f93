import { z } from "zod";
import { waitFor, type Clock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { formatDuration } from "../units/duration.ts";
import { readDurations } from "./disk-durations.ts";
import { settleMs } from "./disk-rules.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { claim, excuse, type Hold } from "./holds.ts";
import { askToWrite, type WriteAnswer } from "./lease-writes.ts";
import { housed, type Housed } from "./own-volume.ts";
import { askMember } from "./probe.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

const beforeLimitMs = 2_000;
const silenceMinMs = 1_000;
const answerLimitMs = 1_000;
const thawLimitMs = 20_000;
const writeLimitMs = 2_000;

/**
 * Freezes the targets' file systems: every write waits, without an error, until they are thawed.
 * etcd goes on answering what needs no disk, and loses its office if it leads. What it measures of
 * its syncs does not show the wait, for it is the write before the sync that waits.
 */
export const diskStall = defineFault({
  kind: "disk-stall",
  summary: "Stalls the target's disk: every write waits, without an error, until healing lets it go on.",
  glyph: "❄",
  options,
  needs: ["volume", "restart"],
  title: ({ target }) => `disk stall on ${target}`,
  async inject({ targets, clock, signal }): Promise<ActiveFault> {
    signal.throwIfAborted();
    const members = targets.map(housed);
    const before = new Map<string, WriteAnswer>();
    const held = new Map<Housed, Hold>();
    const thaw = (): Promise<void> =>
      toEach(held, async ([member, hold]) => {
        await member.volume().thaw();
        // One that could not bear it comes back; nobody else can have ended it.
        if ((await member.state()).kind === "down") await member.restart();
        hold.release();
        held.delete(member);
      });
    try {
      await toEach(members, async (member) => {
        const other = excuse([member], ["killed"]);
        if (other !== undefined) throw new HarnessError("fault", other);
        if ((await member.state()).kind === "down") throw new HarnessError("fault", `${member.name} is down already`);
        held.set(member, claim(member, "stalled"));
        before.set(member.name, await askToWrite(member, clock, { limitMs: beforeLimitMs, signal }));
      });
      await toEach(members, async (member) => void (await member.volume().freeze()));
    } catch (error) {
      throw await undoAfter(error, thaw);
    }
    const frozenMs = clock.nowMs();
    return {
      async effect() {
        const proofs = await Promise.all(members.map(async (member) => [await proofOfFrost(member), ...(await proofsOfSilence(member, before.get(member.name), clock, signal))]));
        return { sinceMs: frozenMs, proofs: proofs.flat() };
      },
      heal: thaw,
      async healed() {
        const own = [...held.values()];
        const thawed = await Promise.all(members.map((member) => proofOfThaw(member, own)));
        const thawedMs = clock.nowMs();
        const written = await Promise.all(members.map((member) => proofOfWrite(member, own, clock)));
        return { sinceMs: thawedMs, proofs: [...thawed, ...written] };
      },
    };
  },
});

/** The kernel refuses to freeze what is frozen. */
async function proofOfFrost(member: Housed): Promise<Proof> {
  const refused = !(await member.volume().freeze());
  return { source: "file system", text: `${member.name}'s is ${refused ? "frozen: the kernel refuses to freeze it once more" : "not frozen: the kernel froze it once more"}`, holds: refused };
}

/** The process lives and answers what needs no disk, while a write through it gets no answer and no sync of its log is done. */
async function proofsOfSilence(member: Housed, before: WriteAnswer | undefined, clock: Clock, signal: AbortSignal): Promise<Proof[]> {
  const { name } = member;
  // One that was under way is counted by then.
  await clock.sleep(settleMs, signal);
  const first = await readDurations(member, "wal");
  const limitMs = Math.max(silenceMinMs, before?.kind === "written" ? 5 * before.tookMs : 0);
  const [write, answer] = await Promise.all([askToWrite(member, clock, { limitMs, signal }), askMember(member, clock, { limitMs: answerLimitMs, signal })]);
  const last = await readDurations(member, "wal");
  const alive = answer.kind === "answered" ? `it answered /version in ${formatDuration(answer.tookMs)}` : "nor did it answer /version";
  const then = before?.kind === "written" ? `before the stall in ${formatDuration(before.tookMs)}` : "but before the stall neither";
  const said = write.kind === "written" ? `was done in ${formatDuration(write.tookMs)}` : write.kind === "refused" ? `was refused: ${write.reason}` : `got no answer within ${formatDuration(limitMs)}`;
  const syncs = last === undefined || first === undefined ? "unknown" : String(last.count - first.count);
  return [
    { source: "round trip", text: `a write through ${name} ${said}, ${then}; ${alive}`, holds: write.kind === "silent" && before?.kind === "written" && answer.kind === "answered" },
    { source: "fsync histogram", text: `${name} has done ${syncs} WAL syncs meanwhile`, holds: syncs === "0" },
  ];
}

/** The kernel refuses to thaw what is not frozen; that of another fault is left alone. */
async function proofOfThaw(member: Housed, own: readonly Hold[]): Promise<Proof> {
  const source = "file system";
  const other = excuse([member], ["stalled"], own);
  if (other !== undefined) return { source, text: other, holds: true };
  const refused = !(await member.volume().thaw());
  return { source, text: `${member.name}'s is ${refused ? "not frozen any more: the kernel refuses to thaw it once more" : "thawed only now"}`, holds: refused };
}

/** Waits until a write is done, and with it a sync; what another fault does to the member is not ours to prove. */
async function proofOfWrite(member: Housed, own: readonly Hold[], clock: Clock): Promise<Proof> {
  const source = "fsync histogram";
  const first = await readDurations(member, "wal");
  let proof: Proof = { source, text: "", holds: false };
  const written = async (): Promise<true | undefined> => {
    const other = excuse([member], ["stalled", "paused", "killed"], own);
    const [write, last] = other === undefined ? [await askToWrite(member, clock, { limitMs: writeLimitMs }), await readDurations(member, "wal")] : [undefined, undefined];
    // A process that was started meanwhile counts from zero.
    const syncs = last === undefined ? 0 : last.count - (first === undefined || last.count < first.count ? 0 : first.count);
    const said = write?.kind === "written" ? `took a write in ${formatDuration(write.tookMs)}` : write?.kind === "refused" ? `refuses a write: ${write.reason}` : "does not answer a write";
    const holds = other !== undefined || (write?.kind === "written" && syncs > 0);
    proof = { source, text: other ?? `${member.name} ${said} and has done ${syncs} WAL syncs since`, holds };
    return holds ? true : undefined;
  };
  await waitFor(clock, written, { limitMs: thawLimitMs });
  return proof;
}
