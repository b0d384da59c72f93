import { ask, integerOf, type Waiting } from "./gateway-request.ts";

export interface Lease {
  readonly id: string;
  /** As granted: no less than etcd's least, which grows with the election timeout. */
  readonly seconds: number;
}

/** Grants a lease for so many seconds; undefined where the member refuses. @throws HarnessError `cluster` when it does not answer */
export async function grantLease(clientUrl: string, seconds: number, waiting: Waiting = {}): Promise<Lease | undefined> {
  const reply = await ask(clientUrl, "/lease/grant", { TTL: String(seconds) }, waiting);
  return reply.ok ? { id: String(reply.body["ID"]), seconds: integerOf(reply.body["TTL"]) } : undefined;
}

/** How many whole seconds the leader leaves it, by the leader's own clock; 0 once there is no such lease any more, undefined where the member refuses. */
export async function leaseLeft(clientUrl: string, { id }: Lease, waiting: Waiting = {}): Promise<number | undefined> {
  const reply = await ask(clientUrl, "/lease/timetolive", { ID: id }, waiting);
  return reply.ok ? Math.max(0, integerOf(reply.body["TTL"])) : undefined;
}

/** Ends a lease. One that has ended is no longer known, and that is as good. */
export async function revokeLease(clientUrl: string, { id }: Lease, waiting: Waiting = {}): Promise<void> {
  await ask(clientUrl, "/lease/revoke", { ID: id }, waiting);
}
