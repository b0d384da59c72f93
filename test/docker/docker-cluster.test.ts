import { findEngine } from "../../src/cluster/docker/engine.ts";
import { runLabel } from "../../src/marks.ts";
import { describeClusterConformance } from "../integration/cluster-conformance.ts";
import { describeWithDocker } from "../support/docker.ts";

describeWithDocker("the docker runtime", () => {
  describeClusterConformance({
    runtime: "docker",
    async leftovers(runId) {
      const engine = await findEngine();
      if (engine.kind === "absent") return [engine.because];
      const filters = { label: [`${runLabel}=${runId}`] };
      const containers = await engine.docker.listContainers({ all: true, filters });
      const networks = await engine.docker.listNetworks({ filters });
      return [...containers.map(({ Names }) => `container ${Names.join()}`), ...networks.map(({ Name }) => `network ${Name}`)];
    },
  });
});
