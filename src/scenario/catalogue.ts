import type { AssertionKind, AssertionLanguage } from "../../assertions/assertion.ts";
import type { FaultKind } from "../faults/fault.ts";
import type { WorkloadKind } from "../workloads/workload.ts";

/** What a scenario can be made of. The real one is `src/catalogue.ts`; tests bring their own. */
export interface Catalogue {
  readonly faults: readonly FaultKind[];
  readonly workloads: readonly WorkloadKind[];
  readonly assertions: readonly AssertionKind[];
  /** How assertions are written as one line of text. */
  readonly expressions: AssertionLanguage;
}
