import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import type { Pacing, Workload } from "./workload.ts";

const timeoutMinMs = 10;
const timeoutMaxMs = 60_000;

/** How long a client waits; each workload has a default of its own. */
export const timeoutOption = durationOption("How long a client waits for an answer, from 10ms to 1m.").refine((ms) => ms >= timeoutMinMs && ms <= timeoutMaxMs, { error: "must be from 10ms to 1m" });

/** For workloads side by side that share their clients: how these are divided. */
export const weightOption = z
  .number()
  .positive()
  .max(1_000)
  .optional()
  .meta({ description: "Its share of the rate and the clients that stand beside the kinds of workload for all of them, in proportion to the weights of the others. 1 unless told otherwise." });

/** What all workloads can be told of their clients, and of when these ask. */
export const loadOptions = {
  rate: z
    .number()
    .positive()
    .max(20_000)
    .optional()
    .meta({ description: "Operations a second over all clients, whatever the answers (open loop). Without it each client asks again once it is answered (closed loop)." }),
  clients: z.number().int().min(1).max(1_000).default(10).meta({ description: "Clients, each with a connection of its own and one operation at a time." }),
  timeout: timeoutOption.prefault("1s"),
  endpoints: z
    .union([z.literal("all"), z.string().regex(/^etcd-[1-9]$/)])
    .default("all")
    .meta({ description: "Whom the clients ask: all members in turn, or one by its name." }),
  weight: weightOption,
  "think-time": durationOption("How long a client of a closed loop waits between an answer and its next request.").optional(),
};

interface LoadOptions {
  readonly rate?: number | undefined;
  readonly clients: number;
  readonly timeout: number;
  readonly endpoints: string;
  readonly "think-time"?: number | undefined;
}

/** Refuses options that contradict each other; for `refine`. */
export const thinksInClosedLoop: [(options: Pick<LoadOptions, "rate" | "think-time">) => boolean, { path: string[]; error: string }] = [
  ({ rate, "think-time": thinkMs }) => rate === undefined || thinkMs === undefined,
  { path: ["think-time"], error: "belongs to a closed loop; with a rate the time between requests follows from it" },
];

/** What follows of these options for a workload, and its title: what is said of it comes last. */
export function loadOf(kind: string, { rate, clients, timeout, endpoints, "think-time": thinkMs = 0 }: LoadOptions, what: string): Pick<Workload, "title" | "clients" | "pacing" | "timeoutMs" | "endpoints"> {
  const pacing: Pacing = rate === undefined ? { kind: "closed", thinkMs } : { kind: "open", ratePerSecond: rate };
  const pace = pacing.kind === "open" ? `${pacing.ratePerSecond} operations/s` : `closed loop${thinkMs > 0 ? ` with ${formatDuration(thinkMs)} between` : ""}`;
  return { title: `${kind}: ${pace}, ${clientsText(clients, endpoints)}, ${what}`, clients, pacing, timeoutMs: timeout, endpoints };
}

/** `12 clients of all members` */
export function clientsText(clients: number, endpoints: string): string {
  return `${clients} ${clients === 1 ? "client" : "clients"} of ${endpoints === "all" ? "all members" : endpoints}`;
}
