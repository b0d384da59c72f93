import { z } from "zod";
import { diskErrors, type DiskCall, type DiskError, type SyncedFile } from "../cluster/disk/rule.ts";
import type { Member } from "../cluster/member.ts";
import type { Proof } from "../recording/events.ts";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { DiskRules, fileNames, filesOf, settleMs, type filesOption } from "./disk-rules.ts";
import { toEach, undoAfter } from "./each.ts";
import type { ActiveFault, FaultContext } from "./fault.ts";
import { admit } from "./patient.ts";
import { provokeSyncs } from "./provoke-syncs.ts";

export const errorOption = z.enum(diskErrors).default("EIO").meta({ description: "What the call fails with: an input/output error, or no space left." });

export const hangOption = durationOption("How long each call hangs before it fails, as on a disk that is asked again and again; it fails at once where this is absent.").default(0);

/** What the system calls them, and with it etcd's log. */
const errorTexts: Readonly<Record<DiskError, string>> = { EIO: "input/output error", ENOSPC: "no space left on device" };

const provokeMs = 1_000;

export interface Failing {
  readonly call: DiskCall;
  readonly error: DiskError;
  readonly files: z.output<typeof filesOption>;
  /** How long a call hangs before it fails. */
  readonly afterMs: number;
}

/** `EIO on leader, write-ahead log only, after 300 ms`. */
export function failureTitle({ target, error, files, after }: { readonly target: string; readonly error: DiskError; readonly files: Failing["files"]; readonly after: number }): string {
  return `${error} on ${target}${files === "both" ? "" : `, ${fileNames[files]} only`}${after === 0 ? "" : `, after ${formatDuration(after)}`}`;
}

/**
 * Fails the targets' syncs or writes, on which etcd ends its process: it cannot know any more
 * what is durable. Healing clears the rule and starts again what ended.
 */
export async function failDisk({ targets, clock, signal }: FaultContext, { call, error, files, afterMs }: Failing): Promise<ActiveFault> {
  signal.throwIfAborted();
  const patients = await admit(targets, clock, errorTexts[error]);
  let rules: DiskRules;
  try {
    rules = await DiskRules.put(targets, filesOf(files), "killed", { call, delayMs: { from: afterMs, to: afterMs }, outcome: error, probability: 1 });
  } catch (thrown) {
    throw await undoAfter(thrown, () => toEach(patients, (patient) => patient.discharge(false)));
  }
  return {
    async effect() {
      const proofs = await Promise.all(patients.map(async (patient) => [await patient.proofOfEnd(() => provokeSyncs(patient.member, { limitMs: provokeMs + afterMs, signal }), signal), await proofOfFailure(patient.member, rules, call), await patient.proofInLog(signal)]));
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
}

interface FileFailures {
  readonly file: SyncedFile;
  readonly calls: number;
  readonly applied: number;
}

function failuresOf(member: Member, { files }: DiskRules): Promise<FileFailures[]> {
  return Promise.all(files.filter((each) => each.member === member).map(async ({ file, rule }) => ({ file, ...(await rule.counts()) })));
}

async function proofOfFailure(member: Member, rules: DiskRules, call: DiskCall): Promise<Proof> {
  const failures = await failuresOf(member, rules);
  const text = failures.map(({ file, calls, applied }) => `${applied} of ${calls} ${fileNames[file]} ${call}s`).join(" and ");
  return { source: "disk wrapper", text: `${member.name}: ${text} failed`, holds: failures.some(({ applied }) => applied > 0) };
}
