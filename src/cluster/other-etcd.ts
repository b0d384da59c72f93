import { HarnessError } from "../errors.ts";

/** What a member can be started by: the cluster's own etcd, and others by what was asked for. */
export interface EtcdChoice<Etcd> {
  readonly etcd: Etcd;
  readonly others: ReadonlyMap<string, Etcd>;
}

/** @throws HarnessError `fault` for one that was not prepared before the cluster was started */
export function otherEtcd<Etcd>(member: string, { etcd, others }: EtcdChoice<Etcd>, asked: string | undefined): Etcd {
  const found = asked === undefined ? etcd : others.get(asked);
  if (found === undefined) throw new HarnessError("fault", `${member} cannot be started by etcd ${asked}: it was not asked for before the cluster was started`);
  return found;
}
