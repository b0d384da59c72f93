import type Docker from "dockerode";
import { HarnessError } from "../../errors.ts";

/**
 * Puts a new container in the place of one that is down: the same name, network, ports and
 * labels, without what it wrote. @returns its id; it is not started
 */
export async function recreate(docker: Docker, container: Docker.Container, change: (command: readonly string[]) => string[] = (command) => [...command]): Promise<string> {
  const { Config, HostConfig, Name, State } = await container.inspect();
  if (State.Running) throw new HarnessError("fault", `the container ${Name} runs, and its data cannot be taken from it`);
  await container.remove();
  const { Env, Labels, Image, ExposedPorts, Entrypoint, Cmd } = Config;
  const created = await docker.createContainer({ name: Name.replace(/^\//, ""), Env, Labels, Image, ExposedPorts, ...(Entrypoint === undefined ? {} : { Entrypoint }), Cmd: change(Cmd), HostConfig });
  return created.id;
}
