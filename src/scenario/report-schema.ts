import { z } from "zod";

/** A metric that the report draws: its values, or for a counter by how much a second it grew. */
export interface DrawnMetric {
  readonly name: string;
  readonly measure: "value" | "rate";
}

const metricsMax = 8;
const drawn = /^(?:rate\(([a-zA-Z_:][\w:]*)\)|([a-zA-Z_:][\w:]*))$/;

/** What a scenario may hold under `report`. */
export const reportSchema = z.strictObject({
  metrics: z
    .array(z.string().regex(drawn, { error: "must be the name of a metric, or rate(name) for a counter" }))
    .min(1)
    .max(metricsMax)
    .optional()
    .meta({ description: "Metrics of the members that the report's timeline draws, each in a lane of its own with a line for each member: a name, or rate(name) for by how much a second a counter grew. Series of one member with that name are added up. Default: etcd_server_proposals_pending and rate(etcd_network_peer_sent_bytes_total)." }),
});

/** The metrics asked for; undefined where none are, or where they do not fit. */
export function drawnMetrics(given: unknown): readonly DrawnMetric[] | undefined {
  return reportSchema.safeParse(given).data?.metrics?.map((text) => {
    const [, ofRate, name] = drawn.exec(text) ?? [];
    return ofRate === undefined ? { name: name ?? text, measure: "value" } : { name: ofRate, measure: "rate" };
  });
}
