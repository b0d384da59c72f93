import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { clientsText, loadOptions, timeoutOption } from "./load-options.ts";
import type { Workload } from "./workload.ts";

/** Options of clients that keep leases: they pause between requests, since leases are counted in seconds. */
export const leaseClientShape = {
  clients: loadOptions.clients.unwrap().default(9).meta({ description: "Clients, each with a connection of its own and one operation at a time." }),
  ttl: durationOption("Time to live of the leases, in whole seconds from 2s to 1m. etcd grants no less than one and a half election timeouts.")
    .refine((ms) => ms % 1_000 === 0 && ms >= 2_000 && ms <= 60_000, { error: "must be whole seconds from 2s to 1m" })
    .prefault("2s"),
  timeout: timeoutOption,
  endpoints: loadOptions.endpoints,
  weight: loadOptions.weight,
  "think-time": durationOption("How long a client waits between an answer and its next request, from 10ms to 1s.")
    .refine((ms) => ms >= 10 && ms <= 1_000, { error: "must be from 10ms to 1s" })
    .prefault("100ms"),
};

interface LeaseClientOptions {
  readonly clients: number;
  readonly timeout: number;
  readonly endpoints: string;
  readonly "think-time": number;
}

/** What follows of these options for a workload, and its title: what is said of it comes last. */
export function leaseLoadOf(kind: string, { clients, timeout, endpoints, "think-time": thinkMs }: LeaseClientOptions, what: string): Pick<Workload, "title" | "clients" | "pacing" | "timeoutMs" | "endpoints"> {
  const title = `${kind}: ${clientsText(clients, endpoints)} with ${formatDuration(thinkMs)} between, ${what}`;
  return { title, clients, pacing: { kind: "closed", thinkMs }, timeoutMs: timeout, endpoints };
}

/** A workload has at most a thousand clients; beside it may be another one with leases. */
const firstClients = { lease: 1, lock: 1_001 } as const;

/** Numbers for a client's leases that no other client of any workload has, and that JSON can hold. */
export function leaseOf(kind: keyof typeof firstClients, client: number, count: number): number {
  return (firstClients[kind] + client) * 1e9 + count;
}
