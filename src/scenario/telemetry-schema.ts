import { z } from "zod";
import { durationOption } from "../units/duration-option.ts";
import type { TelemetrySpec } from "./scenario.ts";

const lingerMaxMs = 600_000;

const port = (protocol: string) =>
  z.number().int().min(1).max(65_535).optional().meta({ description: `The port of 127.0.0.1 on which OTLP over ${protocol} is taken, such as ${protocol === "gRPC" ? 4317 : 4318}. Default: one that is free.` });

const receiveSchema = z
  .strictObject({
    "http-port": port("HTTP"),
    "grpc-port": port("gRPC"),
    "etcd-spans": z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .meta({ description: "The members send spans of this share of their requests, above 0 and up to 1. For etcd 3.5 in the local runtime. Default: of none." }),
    linger: durationOption("How long after the load's end to wait for what is still on its way, since senders collect for some seconds. Default 6s.")
      .refine((ms) => ms <= lingerMaxMs, { error: "cannot be longer than 10m" })
      .optional(),
  })
  .meta({ description: "Receivers of OTLP on this machine, over HTTP (protobuf and JSON) and over gRPC, which are open during the run." });

/** How others are listened to: what may stand under `telemetry`. */
export const telemetrySchema = z
  .strictObject({
    receive: receiveSchema.optional(),
    files: z
      .array(z.string().min(1))
      .min(1)
      .max(20)
      .optional()
      .meta({ description: "Files that somebody writes during the run, each line a request to export spans or log records in OTLP's JSON, as the collector's file exporter writes it. What was in them before is not read." }),
  })
  // A misspelt key is one problem, not two.
  .refine(({ receive, files }) => receive !== undefined || files !== undefined, { error: "must have receive, files or both", when: ({ issues }) => issues.length === 0 });

/** What was written there, with what goes without saying. */
export function telemetrySpecOf({ receive, files = [] }: z.output<typeof telemetrySchema>): TelemetrySpec {
  if (receive === undefined) return { files };
  const { "http-port": httpPort = 0, "grpc-port": grpcPort = 0, "etcd-spans": etcdShare, linger: lingerMs = 6_000 } = receive;
  return { receive: { httpPort, grpcPort, lingerMs, ...(etcdShare === undefined ? {} : { etcdShare }) }, files };
}
