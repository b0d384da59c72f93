import { describeFaultConformance } from "../integration/fault-conformance.ts";
import { describeWithDocker } from "../support/docker.ts";

describeWithDocker("faults in the docker runtime", () => describeFaultConformance("docker"));
