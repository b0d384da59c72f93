import type { FaultCase } from "./fault-case.ts";

export const networkCases: readonly FaultCase[] = [];
