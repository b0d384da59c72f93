import { HarnessError, messageOf } from "../errors.ts";

/** Open as long as it is not disposed of. */
export interface Receiver extends AsyncDisposable {
  /** Host and port. */
  readonly address: string;
}

/** A larger request is refused, packed or unpacked, so that no sender can fill the memory. */
export const requestBytesMax = 16 * 1024 * 1024;

/** Nobody outside of this machine is to tell us anything. */
export const loopback = "127.0.0.1";

/** For a port that was asked for and cannot be had. */
export function cannotListen(protocol: string, port: number, cause: unknown): HarnessError {
  return new HarnessError("environment", `telemetry cannot be received over ${protocol} on port ${port} of ${loopback}: ${messageOf(cause)}`, {
    hint: "Is a collector running there? Choose another port under telemetry in the scenario, or none for one that is free.",
    cause,
  });
}
