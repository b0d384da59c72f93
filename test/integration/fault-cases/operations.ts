import type { FaultCase } from "./fault-case.ts";

export const operationsCases: readonly FaultCase[] = [];
