import type { FaultCase } from "./fault-case.ts";

export const processCases: readonly FaultCase[] = [];
