import { z } from "zod";
import { watchSchema } from "./watch-schema.ts";

/** What stands beside the kinds of workload; the limits are those of a workload's own options of these names. */
export const workloadShape = {
  rate: z.number().positive().max(20_000).optional().meta({ description: "Operations a second that the workloads have together, divided by their weights (open loop). They have no rate of their own then." }),
  clients: z.number().int().min(1).max(1_000).optional().meta({ description: "Clients that the workloads have together, divided by their weights; each gets one at least. They have no clients of their own then. 10 where there is only a rate." }),
  watch: watchSchema.optional().meta({ description: "Watchers beside the clients: what they are told is recorded, for the assertion `watch`." }),
};
