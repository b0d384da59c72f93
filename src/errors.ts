/**
 * What went wrong, by kind. The command line maps each code to an exit code
 * (`src/cli/exit-codes.ts`); nothing else depends on the text of a message.
 */
export type ErrorCode =
  | "usage" // the command line makes no sense
  | "scenario-invalid" // a scenario file is wrong
  | "history-invalid" // a history of another tool cannot be read
  | "etcd-not-found" // no etcd of that version can be had
  | "environment" // this machine lacks something: a package, a permission, an engine
  | "cluster" // the cluster did not do what it should
  | "fault" // a fault could not be injected, proven or healed
  | "recording" // a run's folder cannot be written or read
  | "download" // a file could not be fetched whole
  | "internal"; // a defect of the harness

export interface ErrorDetails {
  /** What the reader can do about it, as a sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error type of the harness: `message` says what happened and where,
 * `hint` says what to do, `cause` keeps what led to it.
 */
export class HarnessError extends Error {
  override readonly name = "HarnessError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
