import { describeMainJob } from "../integration/main-job.ts";
import { describeWithDocker } from "../support/docker.ts";

describeWithDocker("the main job", () => describeMainJob("docker"));
