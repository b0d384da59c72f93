import type { Outcome } from "../../assertions/verdict.ts";
import { HarnessError, type ErrorCode } from "../errors.ts";

/** What the exit code of a command means. 64 and 65 are those of BSD's sysexits. */
export const exitCodes = {
  pass: 0,
  fail: 1,
  inconclusive: 2,
  /** The harness or its environment failed. */
  environment: 3,
  usage: 64,
  scenario: 65,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of a run that was judged. */
export function exitCodeOf(outcome: Outcome): ExitCode {
  return exitCodes[outcome];
}

const byErrorCode: Readonly<Record<ErrorCode, ExitCode>> = {
  usage: exitCodes.usage,
  "scenario-invalid": exitCodes.scenario,
  "history-invalid": exitCodes.scenario,
  "etcd-not-found": exitCodes.scenario,
  environment: exitCodes.environment,
  cluster: exitCodes.environment,
  fault: exitCodes.environment,
  recording: exitCodes.environment,
  download: exitCodes.environment,
  internal: exitCodes.environment,
};

/** The exit code for a thrown error; anything but a HarnessError is trouble of the harness itself. */
export function exitCodeOfError(error: unknown): ExitCode {
  return error instanceof HarnessError ? byErrorCode[error.code] : exitCodes.environment;
}

/** Over several runs the worst counts: fail, then environment, then inconclusive, then pass; a signal before all. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [
    exitCodes.SIGINT,
    exitCodes.SIGTERM,
    exitCodes.fail,
    exitCodes.scenario,
    exitCodes.usage,
    exitCodes.environment,
    exitCodes.inconclusive,
  ];
  return order.find((code) => codes.includes(code)) ?? exitCodes.pass;
}
