import { z } from "zod";
import { waitFor, type Clock } from "../clock.ts";
import { diskErrors, type DiskError, type SyncedFile } from "../cluster/disk/rule.ts";
import { memberStatus, type MemberStatus } from "../cluster/gateway.ts";
import { capabilities, type Member, type Restartable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import type { Proof } from "../recording/events.ts";
import { DiskRules, fileNames, filesOf, filesOption, settleMs } from "./disk-rules.ts";
import { toEach, undoAfter } from "./each.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { claim, type Hold } from "./holds.ts";
import { provokeSyncs } from "./provoke-syncs.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  error: z.enum(diskErrors).default("EIO").meta({ description: "What the sync fails with: an input/output error, or no space left." }),
  files: filesOption,
});

/** What the system calls them, and with it etcd's log. */
const errorTexts: Readonly<Record<DiskError, string>> = { EIO: "input/output error", ENOSPC: "no space left on device" };

const endLimitMs = 10_000;
const provokeMs = 1_000;
const logLimitMs = 2_000;
const catchUpLimitMs = 10_000;

/**
 * Fails the targets' syncs, on which etcd ends its process: it cannot know any more what is
 * durable. Healing clears the rule and starts again what ended.
 */
export const fsyncError = defineFault({
  kind: "fsync-error",
  summary: "The target's disk fails its syncs, on which etcd ends; healing starts it again with its data.",
  glyph: "⊗",
  options,
  needs: ["disk", "restart"],
  title: ({ target, error, files }) => `fsync error ${error} on ${target}${files === "both" ? "" : `, ${fileNames[files]} only`}`,
  async inject({ targets, clock, signal }, { error, files }): Promise<ActiveFault> {
    signal.throwIfAborted();
    const patients = await admit(targets, clock, errorTexts[error]);
    let rules: DiskRules;
    try {
      rules = await DiskRules.put(targets, filesOf(files), "killed", { delayMs: { from: 0, to: 0 }, outcome: error, probability: 1 });
    } catch (thrown) {
      throw await undoAfter(thrown, () => toEach(patients, (patient) => patient.discharge(false)));
    }
    return {
      async effect() {
        const proofs = await Promise.all(patients.map(async (patient) => [await patient.proofOfEnd(signal), await proofOfFailure(patient.member, rules), await patient.proofInLog(signal)]));
        return { sinceMs: clock.nowMs(), proofs: proofs.flat() };
      },
      async heal() {
        await toEach(patients, async (patient) => {
          await rules.liftFrom(patient.member);
          await clock.sleep(settleMs);
          await patient.discharge((await failuresOf(patient.member, rules)).some(({ applied }) => applied > 0));
        });
      },
      async healed() {
        const proofs = await Promise.all(patients.map((patient) => patient.proofOfReturn()));
        return { sinceMs: clock.nowMs(), proofs: [await rules.proofLifted(), ...proofs] };
      },
    };
  },
});

/** Takes hold of all members, which must be alive: one that is down has no syncs that could fail. */
async function admit(targets: readonly Member[], clock: Clock, errorText: string): Promise<Patient[]> {
  const admitted: Patient[] = [];
  try {
    await toEach(targets, async (member) => {
      if (!capabilities.restart(member)) throw new HarnessError("fault", `${member.name} cannot be started again in this runtime`);
      const { kind } = await member.state();
      if (kind === "down") throw new HarnessError("fault", `${member.name} is down already`);
      const before = await memberStatus(member.directUrl).catch(() => undefined);
      admitted.push(new Patient(member, claim(member, "killed"), before, clock, errorText));
    });
  } catch (error) {
    throw await undoAfter(error, () => toEach(admitted, (patient) => patient.discharge(false)));
  }
  return admitted;
}

interface FileFailures {
  readonly file: SyncedFile;
  readonly calls: number;
  readonly applied: number;
}

function failuresOf(member: Member, { files }: DiskRules): Promise<FileFailures[]> {
  return Promise.all(files.filter((each) => each.member === member).map(async ({ file, rule }) => ({ file, ...(await rule.counts()) })));
}

async function proofOfFailure(member: Member, rules: DiskRules): Promise<Proof> {
  const failures = await failuresOf(member, rules);
  const text = failures.map(({ file, calls, applied }) => `${applied} of ${calls} ${fileNames[file]} syncs`).join(" and ");
  return { source: "disk wrapper", text: `${member.name}: ${text} failed`, holds: failures.some(({ applied }) => applied > 0) };
}

/** A member on its way down and back. */
class Patient {
  readonly member: Member & Restartable;
  readonly #held: Hold;
  readonly #before: MemberStatus | undefined;
  readonly #clock: Clock;
  readonly #errorText: string;
  #listening = false;
  #logged: string | undefined;
  #discharged = false;

  constructor(member: Member & Restartable, held: Hold, before: MemberStatus | undefined, clock: Clock, errorText: string) {
    this.member = member;
    this.#held = held;
    this.#before = before;
    this.#clock = clock;
    this.#errorText = errorText;
    // Lines from before come at once, while nobody listens yet.
    member.onLog((line) => {
      if (this.#listening && line.includes(errorText)) this.#logged ??= line;
    });
    this.#listening = true;
  }

  async proofOfEnd(signal: AbortSignal): Promise<Proof> {
    const down = async (): Promise<true | undefined> => {
      if (await this.#isDown()) return true;
      await provokeSyncs(this.member, { limitMs: provokeMs, signal });
      return undefined;
    };
    await waitFor(this.#clock, down, { limitMs: endLimitMs, signal });
    const state = await this.member.state();
    const text = state.kind === "down" ? `down (${state.exit})` : state.kind;
    return { source: "process state", text: `${this.member.name} is ${text}`, holds: state.kind === "down" };
  }

  async proofInLog(signal: AbortSignal): Promise<Proof> {
    const limitMs = (await this.#isDown()) ? logLimitMs : 0;
    const line = await waitFor(this.#clock, () => this.#logged, { limitMs, signal });
    return { source: "log", text: line === undefined ? `${this.member.name} logged no "${this.#errorText}"` : `${this.member.name}: ${this.#quote(line)}`, holds: line !== undefined };
  }

  /** Lets it go, and starts it again if it ended, or is about to because a sync of its has failed. */
  async discharge(failed: boolean): Promise<void> {
    this.#listening = false;
    if (this.#discharged) return;
    if (failed) await waitFor(this.#clock, async () => ((await this.#isDown()) ? true : undefined), { limitMs: endLimitMs });
    if (failed) await this.member.restart();
    this.#held.release();
    this.#discharged = true;
  }

  /** The same member, with no revision behind what it had. */
  async proofOfReturn(): Promise<Proof> {
    const { id, name, directUrl } = this.member;
    const source = "status";
    let now: MemberStatus | undefined;
    const caughtUp = async (): Promise<true | undefined> => {
      now = await memberStatus(directUrl).catch(() => undefined);
      return now !== undefined && now.revision >= (this.#before?.revision ?? 0) ? true : undefined;
    };
    const back = await waitFor(this.#clock, caughtUp, { limitMs: catchUpLimitMs });
    if (now === undefined) return { source, text: `${name} does not answer a status request`, holds: false };
    return { source, text: `${name} answers with id ${now.id} at revision ${now.revision}, before the fault ${this.#before?.revision ?? "unknown"}`, holds: back === true && now.id === id };
  }

  async #isDown(): Promise<boolean> {
    return (await this.member.state()).kind === "down";
  }

  #quote(line: string): string {
    const [, message] = /"msg":"([^"]*)"/.exec(line) ?? [];
    return message === undefined ? line.slice(0, 200) : `"${message}", "${this.#errorText}"`;
  }
}
