import { expressions } from "../assertions/expression/language.ts";
import { assertionKinds } from "../assertions/index.ts";
import { faultKinds } from "./faults/index.ts";
import type { Catalogue } from "./scenario/catalogue.ts";
import { workloadKinds } from "./workloads/index.ts";

/** Every fault, workload and assertion of the harness. */
export const catalogue: Catalogue = { faults: faultKinds, workloads: workloadKinds, assertions: assertionKinds, expressions };

/** What assertions that are one line of text are called where kinds are listed and explained. */
export const expressionName = "expression";
