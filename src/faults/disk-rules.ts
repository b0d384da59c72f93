import type { Clock } from "../clock.ts";
import type { DiskRule, DiskRuleInForce, SyncedFile } from "../cluster/disk/rule.ts";
import { capabilities, type DiskFaultable, type Member } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { z } from "zod";
import { toEach, undoAfter } from "./each.ts";
import type { Finding, Seen } from "./fault.ts";
import { hold, type Condition, type Hold } from "./holds.ts";
import { provokeSyncs } from "./provoke-syncs.ts";

export const filesOption = z
  .enum(["wal", "db", "both"])
  .default("both")
  .meta({ description: "On which file: the write-ahead log, the database, or both." });

/** What the option stands for. */
export function filesOf(option: z.output<typeof filesOption>): SyncedFile[] {
  return option === "both" ? ["wal", "db"] : [option];
}

export const fileNames: Readonly<Record<SyncedFile, string>> = { wal: "WAL", db: "database" };

/** A sync that was being answered when its rule was cleared is in the wrapper's account after so long. */
export const settleMs = 50;

type Faultable = Member & DiskFaultable;

/** A rule on the syncs of one file of one member. */
export interface RuledFile {
  readonly member: Faultable;
  readonly file: SyncedFile;
  readonly rule: DiskRuleInForce;
}

/** The same rule on files of several members, put on and lifted together. */
export class DiskRules {
  readonly files: RuledFile[] = [];
  readonly #holds = new Map<Member, Hold>();

  private constructor() {}

  /** Lifts what was put on and throws where one refuses. The members' numbers are the seeds: every run draws the same. */
  static async put(members: readonly Member[], files: readonly SyncedFile[], condition: Condition, rule: Omit<DiskRule, "file" | "seed">): Promise<DiskRules> {
    const rules = new DiskRules();
    try {
      await toEach(members.map(faultable), async (member) => {
        rules.#holds.set(member, hold(member, condition));
        for (const file of files) rules.files.push({ member, file, rule: await member.setDiskRule({ ...rule, file, seed: member.number }) });
      });
    } catch (error) {
      throw await undoAfter(error, () => rules.lift());
    }
    return rules;
  }

  get holds(): readonly Hold[] {
    return [...this.#holds.values()];
  }

  lift(): Promise<void> {
    return toEach(this.#holds.keys(), (member) => this.liftFrom(member));
  }

  async liftFrom(member: Member): Promise<void> {
    await toEach(this.files.filter((each) => each.member === member), ({ rule }) => rule.clear());
    this.#holds.get(member)?.release();
  }

  /** Reads back that the wrappers go by none of them any more. */
  async proofLifted(): Promise<Proof> {
    const left = await Promise.all(this.files.map(async ({ member, file, rule }) => ((await rule.inForce()) ? [`${member.name}'s ${fileNames[file]}`] : [])));
    const still = left.flat();
    return { source: "disk rules", text: still.length === 0 ? "read back: none is left" : `still in force on ${still.join(", ")}`, holds: still.length === 0 };
  }
}

/** A member whose syncs can be tampered with. @throws HarnessError `fault` */
export function faultable(member: Member): Faultable {
  if (capabilities.disk(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot have disk faults in this runtime`);
}

const lookEveryMs = 20;

interface Looking {
  readonly limitMs: number;
  /** How long one provocation may take: what it waits for may be what the fault holds up. */
  readonly provokeMs: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Provokes syncs and looks again until the proof holds or the time is up. */
export async function provokeUntil(member: Member, look: () => Promise<Proof>, { limitMs, provokeMs, clock, signal }: Looking): Promise<Seen> {
  const endMs = clock.nowMs() + limitMs;
  for (;;) {
    const sinceMs = clock.nowMs();
    await provokeSyncs(member, { limitMs: provokeMs, signal });
    const proof = await look();
    if (proof.holds || clock.nowMs() >= endMs) return { sinceMs, proof };
    await clock.sleep(lookEveryMs, signal);
  }
}

/** So since the last of them was. */
export function together(seen: readonly Seen[], proofs: readonly Proof[] = []): Finding {
  return { sinceMs: Math.max(0, ...seen.map(({ sinceMs }) => sinceMs)), proofs: [...proofs, ...seen.map(({ proof }) => proof)] };
}
