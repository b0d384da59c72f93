import type { FaultCase } from "./fault-case.ts";

export const diskCases: readonly FaultCase[] = [];
