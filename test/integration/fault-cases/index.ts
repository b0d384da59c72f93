import { clockCases } from "./clock.ts";
import { diskCases } from "./disk.ts";
import type { FaultCase } from "./fault-case.ts";
import { networkCases } from "./network.ts";
import { operationsCases } from "./operations.ts";
import { packetsCases } from "./packets.ts";
import { processCases } from "./process.ts";

/** Every case of every family. */
export const faultCases: readonly FaultCase[] = [...networkCases, ...packetsCases, ...processCases, ...clockCases, ...operationsCases, ...diskCases];
