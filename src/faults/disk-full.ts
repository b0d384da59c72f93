import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Proof } from "../recording/events.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { growDatabase } from "./lease-writes.ts";
import { housed, type Housed } from "./own-volume.ts";
import { admit, type Patient } from "./patient.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({ target: targetSchema });

const errorText = "no space left on device";
/** Grants at once; some hundreds make the database of an idle member grow by a page. */
const leasesAtOnce = 20;
const growLimitMs = 1_000;
/** What etcd was writing when the room came back is known to have failed by then. */
const settleMs = 100;

/**
 * Takes all that is left on the targets' disks. etcd has allotted its log ahead, so that it lives
 * until its database has to grow, and then ends; started again on a full disk it ends again.
 */
export const diskFull = defineFault({
  kind: "disk-full",
  summary: "Fills the target's disk: etcd ends as soon as it needs room, and again when it is started; healing makes room and starts it.",
  glyph: "⬓",
  options,
  needs: ["volume", "restart"],
  title: ({ target }) => `disk full on ${target}`,
  async inject({ targets, clock, signal }): Promise<ActiveFault> {
    signal.throwIfAborted();
    const members = targets.map(housed);
    const disks = new Map<string, FullDisk>();
    const patients = await admit(members, clock, errorText);
    const heal = (): Promise<void> =>
      toEach(patients, async (patient) => {
        await disks.get(patient.member.name)?.clear();
        await clock.sleep(settleMs);
        await patient.discharge(disks.has(patient.member.name) && (await patient.isDown()));
      });
    try {
      await toEach(members, async (member) => {
        const disk = new FullDisk(member, await member.volume().freeBytes());
        disks.set(member.name, disk);
        await disk.fill();
      });
    } catch (error) {
      throw await undoAfter(error, heal);
    }
    const fullMs = clock.nowMs();
    return {
      async effect() {
        const proofs = await Promise.all(patients.map((patient) => proofsOfHarm(patient, disks.get(patient.member.name), clock, signal)));
        return { sinceMs: fullMs, proofs: proofs.flat() };
      },
      heal,
      async healed() {
        const returned = await Promise.all(patients.map((patient) => patient.proofOfReturn()));
        const room = await Promise.all([...disks.values()].map((disk) => disk.proofOfRoom()));
        return { sinceMs: clock.nowMs(), proofs: [...room, ...returned] };
      },
    };
  },
});

async function proofsOfHarm(patient: Patient, disk: FullDisk | undefined, clock: Clock, signal: AbortSignal): Promise<Proof[]> {
  if (disk === undefined) return [];
  const provoke = (): Promise<void> => growDatabase(patient.member, leasesAtOnce, clock, { limitMs: growLimitMs, signal });
  const ended = await patient.proofOfEnd(provoke, signal);
  const logged = await patient.proofInLog(signal);
  await disk.fill();
  const proofs = [await disk.proofOfFullness(), ended, logged];
  if (!ended.holds) return proofs;
  patient.listenAnew();
  // That it does not start is what is looked for, and it may last for a moment.
  await patient.member.restart().catch(() => undefined);
  signal.throwIfAborted();
  // A start gives back what the log was allotted ahead.
  await disk.fill();
  const endedAgain = await patient.proofOfEnd(provoke, signal);
  const loggedAgain = await patient.proofInLog(signal);
  return [...proofs, { source: "second start", text: `started again on the full disk, ${endedAgain.text}; ${loggedAgain.text}`, holds: endedAgain.holds && loggedAgain.holds }, await disk.proofOfFullness("after that")];
}

/** A member's file system, and what was left on it before. */
class FullDisk {
  readonly #member: Housed;
  readonly #freeBefore: number;

  constructor(member: Housed, freeBefore: number) {
    this.#member = member;
    this.#freeBefore = freeBefore;
  }

  fill(): Promise<void> {
    return this.#member.volume().fill();
  }

  clear(): Promise<void> {
    return this.#member.volume().clear();
  }

  async proofOfFullness(when = ""): Promise<Proof> {
    const free = await this.#member.volume().freeBytes();
    return { source: "file system", text: `${this.#member.name}'s disk has ${inWords(free)} left${when === "" ? "" : ` ${when}`}, before the fault ${inWords(this.#freeBefore)}`, holds: free === 0 };
  }

  /** A failed start gives back some by itself: only most of it shows that the filler is gone. */
  async proofOfRoom(): Promise<Proof> {
    const free = await this.#member.volume().freeBytes();
    return { source: "file system", text: `${this.#member.name}'s disk has ${inWords(free)} left, before the fault ${inWords(this.#freeBefore)}`, holds: free > this.#freeBefore / 2 };
  }
}

function inWords(bytes: number): string {
  return bytes < 1_048_576 ? `${bytes} bytes` : `${Math.round(bytes / 1_048_576)} MiB`;
}
