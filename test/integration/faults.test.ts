import { describeFaultConformance } from "./fault-conformance.ts";
import { describeFaultLifecycle } from "./fault-lifecycle.ts";

describeFaultConformance("local");
describeFaultLifecycle("local");
