import { describeFaultConformance } from "./fault-conformance.ts";

describeFaultConformance("local");
