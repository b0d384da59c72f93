import type { Clock } from "../clock.ts";
import type { TelemetryEntry } from "../recording/telemetry.ts";
import { Resources } from "../resources.ts";
import type { TelemetrySpec } from "../scenario/scenario.ts";
import { beforeRun, takeFile } from "./files.ts";
import { openGrpcReceiver } from "./grpc-receiver.ts";
import { openHttpReceiver } from "./http-receiver.ts";
import { Intake } from "./intake.ts";

export interface TelemetryOptions {
  readonly spec: TelemetrySpec;
  readonly clock: Clock;
  readonly record: (entry: TelemetryEntry) => void;
  /** Tells the reader of the report something. */
  readonly note: (level: "info" | "warning", text: string) => void;
}

/** Takes what others tell of a run, until it is disposed of. */
export interface RunningTelemetry extends AsyncDisposable {
  /** What members are told, so that they send spans; undefined where they are not to. */
  readonly etcd: { readonly address: string; readonly share: number } | undefined;
  /** Waits for what is still on its way at the end of a run, and reads the files. An abort shortens the wait. */
  collect(signal: AbortSignal): Promise<void>;
}

/**
 * Opens what a scenario asks for.
 * @throws HarnessError `environment` where a port is taken
 */
export async function startTelemetry({ spec: { receive, files }, clock, record, note }: TelemetryOptions): Promise<RunningTelemetry> {
  const intake = new Intake({ clock, record, warn: (text) => note("warning", text) });
  await using resources = new Resources();
  const watched = await beforeRun(files);
  const http = receive && resources.use(await openHttpReceiver(receive.httpPort, intake));
  const grpc = receive && resources.use(await openGrpcReceiver(receive.grpcPort, intake, receive.etcdShare));
  if (http && grpc) note("info", `telemetry is received at http://${http.address} (OTLP over HTTP) and ${grpc.address} (OTLP over gRPC)`);
  const owned = resources.move();
  return {
    etcd: grpc && receive?.etcdShare !== undefined ? { address: grpc.address, share: receive.etcdShare } : undefined,
    async collect(signal) {
      if (receive) await clock.sleep(receive.lingerMs, signal).catch(() => undefined);
      for (const file of watched) await takeFile(file, intake);
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
