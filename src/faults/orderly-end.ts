import { capabilities, type Member, type Restartable, type Stoppable } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";

/**
 * How etcd ends on SIGTERM: it closes its store, and then dies of the same signal; as the first
 * process of a container, which no signal kills that it does not handle, with 0. 143 is that
 * signal told by a parent in between.
 */
export const orderlyExits = ["SIGTERM", "exit code 0", "exit code 143"] as const;

/** @throws HarnessError `fault` for a member that cannot be asked to end */
export function stoppable(member: Member): Member & Stoppable & Restartable {
  if (capabilities.stop(member) && capabilities.restart(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot be stopped and started again in this runtime`);
}

/** Asks a member to end. @throws HarnessError `fault` for one that is frozen: it would hear of it only when it is thawed */
export async function stopInOrder(member: Member & Stoppable): Promise<void> {
  if ((await member.state()).kind === "paused") throw new HarnessError("fault", `${member.name} is paused and would not hear SIGTERM`);
  await member.stop();
}
