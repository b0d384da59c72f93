import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import { formatDuration } from "../units/duration.ts";
import { defineWorkload, type Pacing } from "./workload.ts";

/** Long enough for every `<client>-<sequence>` that a run can have: 4 digits, a dash, 11 digits. */
const valueBytesMin = 16;
/** gRPC refuses an answer of more than 4 MB; a key and its revisions take some 40 bytes. */
const pageMaxBytes = 1_048_576;
const keyValueMaxBytes = 64;
const timeoutMinMs = 10;
const timeoutMaxMs = 60_000;

const options = z
  .strictObject({
    rate: z
      .number()
      .positive()
      .max(20_000)
      .optional()
      .meta({ description: "Operations a second over all clients, whatever the answers (open loop). Without it each client asks again once it is answered (closed loop)." }),
    clients: z.number().int().min(1).max(1_000).default(10).meta({ description: "Clients, each with a connection of its own and one operation at a time." }),
    keys: z.number().int().min(1).max(100_000).default(50).meta({ description: "Keys that are written and read, all equally often." }),
    reads: z.number().min(0).max(1).default(0.5).meta({ description: "The share of gets among the operations, from 0 to 1; the others are puts." }),
    timeout: durationOption("How long a client waits for an answer, from 10ms to 1m.")
      .refine((ms) => ms >= timeoutMinMs && ms <= timeoutMaxMs, { error: "must be from 10ms to 1m" })
      .prefault("1s"),
    endpoints: z
      .union([z.literal("all"), z.string().regex(/^etcd-[1-9]$/)])
      .default("all")
      .meta({ description: "Whom the clients ask: all members in turn, or one by its name." }),
    "value-bytes": z.number().int().min(valueBytesMin).max(65_536).default(valueBytesMin).meta({ description: "Size of the values. Each value is written once in a run." }),
    "think-time": durationOption("How long a client of a closed loop waits between an answer and its next request.").optional(),
  })
  .refine(({ rate, "think-time": thinkMs }) => rate === undefined || thinkMs === undefined, {
    path: ["think-time"],
    error: "belongs to a closed loop; with a rate the time between requests follows from it",
  });

/** Puts of unique values and linearizable gets on a set of keys. */
export const kv = defineWorkload({
  kind: "kv",
  summary: "Puts and linearizable gets on a set of keys.",
  options,
  bind({ rate, clients, keys, reads, timeout, endpoints, "value-bytes": valueBytes, "think-time": thinkMs = 0 }) {
    const pacing: Pacing = rate === undefined ? { kind: "closed", thinkMs } : { kind: "open", ratePerSecond: rate };
    const pace = pacing.kind === "open" ? `${pacing.ratePerSecond} operations/s` : `closed loop${thinkMs > 0 ? ` with ${formatDuration(thinkMs)} between` : ""}`;
    const who = `${clients} ${clients === 1 ? "client" : "clients"} of ${endpoints === "all" ? "all members" : endpoints}`;
    return {
      title: `kv: ${pace}, ${who}, ${keys} ${keys === 1 ? "key" : "keys"}, ${Math.round(reads * 100)} % gets`,
      clients,
      pacing,
      timeoutMs: timeout,
      endpoints,
      // All keys begin with a k.
      finalRange: { key: "k", end: "l", limit: Math.floor(pageMaxBytes / (valueBytes + keyValueMaxBytes)) },
      next(client, sequence, random) {
        const key = `k${random.int(0, keys - 1)}`;
        if (random.float() < reads) return { op: "get", key };
        return { op: "put", key, value: `${client}-${sequence}`.padEnd(valueBytes, ".") };
      },
    };
  },
});
