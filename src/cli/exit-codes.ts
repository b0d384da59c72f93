import type { Outcome } from "../../assertions/verdict.ts";
import { HarnessError, type ErrorCode } from "../errors.ts";
import type { Standing } from "../nightly/standing.ts";

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

const byStanding = {
  pass: exitCodes.pass,
  fail: exitCodes.fail,
  flake: exitCodes.fail,
  broken: exitCodes.environment,
  inconclusive: exitCodes.inconclusive,
  interrupted: exitCodes.inconclusive,
  "not-run": exitCodes.inconclusive,
} as const satisfies Partial<Record<Standing, ExitCode>>;

/**
 * The exit code of a nightly: that of a fail for flakes too, unless they are allowed; that of inconclusive for what was not
 * run, and where nothing could be played at all. What cannot be played here counts for nothing.
 */
export function nightlyExitCode(standings: readonly Standing[], { flakesOk, received }: { readonly flakesOk: boolean; readonly received?: "SIGINT" | "SIGTERM" | undefined }): ExitCode {
  const codes = standings.flatMap((standing) => (standing === "unplayable" ? [] : [standing === "flake" && flakesOk ? exitCodes.pass : byStanding[standing]]));
  const own = codes.length === 0 ? exitCodes.inconclusive : worstExitCode(codes);
  return received === undefined ? own : exitCodes[received];
}
