import type Docker from "dockerode";
import { runLabel } from "../../marks.ts";

/**
 * Removes every container, network and volume of a run, or of all runs. Idempotent; what
 * vanishes meanwhile is as good as removed.
 * @returns how many containers and networks there were
 */
export async function removeDockerRun(docker: Docker, runId?: string): Promise<{ containers: number; networks: number }> {
  const filters = { label: [runId === undefined ? runLabel : `${runLabel}=${runId}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true }).catch(ignoreGone)));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.map(({ Id }) => docker.getNetwork(Id).remove().catch(ignoreGone)));
  return { containers: containers.length, networks: networks.length };
}

/** 404: gone; 409: somebody else is removing it. */
function ignoreGone(error: unknown): void {
  if (error instanceof Error && "statusCode" in error && (error.statusCode === 404 || error.statusCode === 409)) return;
  throw error;
}

/** Ids of the runs that have containers or networks on this engine. */
export async function dockerRuns(docker: Docker): Promise<Set<string>> {
  const filters = { label: [runLabel] };
  const found = [...(await docker.listContainers({ all: true, filters })), ...(await docker.listNetworks({ filters }))];
  return new Set(found.map(({ Labels }) => Labels?.[runLabel]).filter((id) => id !== undefined));
}
