import { describeUpgrades } from "../integration/upgrades.ts";
import { describeWithDocker } from "../support/docker.ts";

describeWithDocker("upgrades in the docker runtime", () => describeUpgrades("docker"));
