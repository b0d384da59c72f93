import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import type { Pacing } from "./workload.ts";

const timeoutMinMs = 10;
const timeoutMaxMs = 60_000;

/** Options of clients that keep leases: they pause between requests, since leases are counted in seconds. */
export const leaseClientShape = {
  clients: z.number().int().min(1).max(1_000).default(9).meta({ description: "Clients, each with a connection of its own and one operation at a time." }),
  ttl: durationOption("Time to live of the leases, in whole seconds from 2s to 1m. etcd grants no less than one and a half election timeouts.")
    .refine((ms) => ms % 1_000 === 0 && ms >= 2_000 && ms <= 60_000, { error: "must be whole seconds from 2s to 1m" })
    .prefault("2s"),
  timeout: durationOption("How long a client waits for an answer, from 10ms to 1m.").refine((ms) => ms >= timeoutMinMs && ms <= timeoutMaxMs, { error: "must be from 10ms to 1m" }),
  endpoints: z
    .union([z.literal("all"), z.string().regex(/^etcd-[1-9]$/)])
    .default("all")
    .meta({ description: "Whom the clients ask: all members in turn, or one by its name." }),
  "think-time": durationOption("How long a client waits between an answer and its next request, from 10ms to 1s.")
    .refine((ms) => ms >= 10 && ms <= 1_000, { error: "must be from 10ms to 1s" })
    .prefault("100ms"),
};

export interface LeaseClientOptions {
  readonly clients: number;
  readonly endpoints: string;
  readonly "think-time": number;
}

/** The pacing of such clients, and the words for a title. */
export function paceOf({ clients, endpoints, "think-time": thinkMs }: LeaseClientOptions): { readonly pacing: Pacing; readonly words: string } {
  const who = `${clients} ${clients === 1 ? "client" : "clients"} of ${endpoints === "all" ? "all members" : endpoints}`;
  return { pacing: { kind: "closed", thinkMs }, words: `${who} with ${formatDuration(thinkMs)} between` };
}

/** Numbers for a client's leases that no other client has, and that JSON can hold. */
export function leaseOf(client: number, count: number): number {
  return (client + 1) * 1e9 + count;
}
