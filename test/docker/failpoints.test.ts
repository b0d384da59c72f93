import { describeFailpoints } from "../integration/failpoints.ts";
import { describeWithDocker } from "../support/docker.ts";

describeWithDocker("failpoints in the docker runtime", () => describeFailpoints("docker"));
