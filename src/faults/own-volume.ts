import { capabilities, type Member, type Restartable, type VolumeOwner } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";

export type Housed = Member & VolumeOwner & Restartable;

/** A member with a file system of its own. @throws HarnessError `fault` */
export function housed(member: Member): Housed {
  if (capabilities.volume(member) && capabilities.restart(member)) return member;
  throw new HarnessError("fault", `${member.name} has no file system of its own in this runtime`);
}
