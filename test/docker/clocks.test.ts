import { describeMemberClocks } from "../integration/member-clocks.ts";
import { describeWithDocker } from "../support/docker.ts";

describeWithDocker("clocks in the docker runtime", () => {
  describeMemberClocks("docker");
});
