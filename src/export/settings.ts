import { detectResources, envDetector, resourceFromAttributes, type Resource } from "@opentelemetry/resources";
import type { RunInfo } from "../recording/run-info.ts";

/** How an OTLP request is written. */
export type Protocol = "http/protobuf" | "http/json";
export type ExportedSignal = "traces" | "metrics" | "logs";

/** What the standard variables of OpenTelemetry ask for. */
export interface ExportSettings {
  /** Only those that have somewhere to go. */
  readonly signals: readonly { readonly signal: ExportedSignal; readonly protocol: Protocol }[];
  /** So long it may take in all. */
  readonly limitMs: number;
  /** What cannot be done, each a sentence. */
  readonly problems: readonly string[];
}

const all: readonly ExportedSignal[] = ["traces", "metrics", "logs"];
const limitStandardMs = 5_000;
const limitMaxMs = 30_000;

/** Reads the variables; undefined where nothing is to be exported. Where and with which headers the exporters read themselves. */
export function exportSettings(env: NodeJS.ProcessEnv): ExportSettings | undefined {
  const wanted = env.OTEL_SDK_DISABLED === "true" ? [] : all.filter((signal) => isWanted(signal, env));
  if (wanted.length === 0) return undefined;
  const asked = wanted.map((signal) => ({ signal, protocol: variable(signal, "PROTOCOL", env) ?? "http/protobuf", endpoint: variable(signal, "ENDPOINT", env) ?? "" }));
  const problems = asked.flatMap(({ signal, protocol, endpoint }) => [
    ...(isProtocol(protocol) ? [] : [`${signal}: the protocol ${protocol} is not spoken here, only http/protobuf and http/json`]),
    // The exporters would go on to a collector on this machine, which nobody has asked for.
    ...(URL.canParse(endpoint) ? [] : [`${signal}: the endpoint ${endpoint} is not a URL such as http://localhost:4318`]),
  ]);
  const signals = asked.flatMap(({ signal, protocol, endpoint }) => (isProtocol(protocol) && URL.canParse(endpoint) ? [{ signal, protocol }] : []));
  return { signals, problems, limitMs: limitOf(env.OTEL_EXPORTER_OTLP_TIMEOUT) };
}

function isWanted(signal: ExportedSignal, env: NodeJS.ProcessEnv): boolean {
  return variable(signal, "ENDPOINT", env) !== undefined && env[`OTEL_${signal.toUpperCase()}_EXPORTER`] !== "none";
}

/** The signal's own variable, or that of all; an empty one counts as absent. */
function variable(signal: ExportedSignal, name: string, env: NodeJS.ProcessEnv): string | undefined {
  return env[`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`] || env[`OTEL_EXPORTER_OTLP_${name}`] || undefined;
}

function isProtocol(text: string): text is Protocol {
  return text === "http/protobuf" || text === "http/json";
}

/** In milliseconds, as the variable is; a collector may not keep a run from its end for long, whatever it says. */
function limitOf(text: string | undefined): number {
  const asked = Number(text);
  return asked > 0 ? Math.min(asked, limitMaxMs) : limitStandardMs;
}

/** Who tells of the run; `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` add to it, and count before it. */
export function resourceOf({ id, harness }: RunInfo): Resource {
  const own = resourceFromAttributes({ "service.name": "etcd-chaos", "service.version": harness.version, "service.instance.id": id });
  return own.merge(detectResources({ detectors: [envDetector] }));
}
