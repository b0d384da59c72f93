import picocolors from "picocolors";
import { HarnessError, messageOf } from "../errors.ts";
import { exitCodeOfError, type ExitCode } from "./exit-codes.ts";

/**
 * Tells a person what went wrong and what to do, on stderr. A defect of ours shows its stack;
 * anything foreseen does not need one. @returns the exit code that stands for it
 */
export function reportError(error: unknown): ExitCode {
  const { red, dim } = picocolors.createColors(picocolors.isColorSupported && process.stderr.isTTY === true);
  const lines = [`${red("error")} ${messageOf(error)}`];
  if (error instanceof HarnessError && error.hint !== undefined) lines.push(`      ${error.hint}`);
  if (error instanceof HarnessError && addsToIt(error)) lines.push(dim(`      because: ${messageOf(error.cause)}`));
  if (!(error instanceof HarnessError) && error instanceof Error && error.stack !== undefined) lines.push(dim(error.stack));
  process.stderr.write(`${lines.join("\n")}\n`);
  return exitCodeOfError(error);
}

/** Most messages say already what they were caused by. */
function addsToIt({ message, cause }: HarnessError): boolean {
  return cause !== undefined && messageOf(cause) !== "" && !message.includes(messageOf(cause));
}
