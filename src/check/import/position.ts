import { HarnessError } from "../../errors.ts";

/** A place in a text file. Lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where and why a history cannot be read: `file:line:column: message`. */
export function invalidHistory(fileName: string, { line, column }: Place, message: string, hint?: string): HarnessError {
  return new HarnessError("history-invalid", `${fileName}:${line}:${column}: ${message}`, { hint });
}
