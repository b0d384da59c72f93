import { describeFaultConformance } from "../integration/fault-conformance.ts";
import { describeFaultLifecycle } from "../integration/fault-lifecycle.ts";
import { describeWithDocker } from "../support/docker.ts";

describeWithDocker("faults in the docker runtime", () => {
  describeFaultConformance("docker");
  describeFaultLifecycle("docker");
});
