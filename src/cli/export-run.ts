import { MonotonicClock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { ExportedRun } from "../export/exported-run.ts";
import type { Results } from "../judge/results.ts";
import type { Recording } from "../recording/recording.ts";

/**
 * Tells a judged run by OpenTelemetry where the environment asks for it. What cannot be told changes nothing but a line on
 * standard error.
 */
export async function exportRun(recording: Recording, results: Results, judging: ExportedRun["judging"]): Promise<void> {
  // Most runs are told to nobody, and need not wait for the libraries.
  if (!Object.keys(process.env).some((name) => /^OTEL_EXPORTER_OTLP_(?:\w+_)?ENDPOINT$/.test(name))) return;
  const unsent = await tell(recording, results, judging).catch((error: unknown) => [messageOf(error)]);
  if (unsent.length > 0) process.stderr.write(`the run was not told by OpenTelemetry as asked: ${unsent.join("; ")}\n`);
}

async function tell(recording: Recording, results: Results, judging: ExportedRun["judging"]): Promise<string[]> {
  const [{ exportSettings, resourceOf }, { sendRun }] = await Promise.all([import("../export/settings.ts"), import("../export/send.ts")]);
  const settings = exportSettings(process.env);
  if (settings === undefined) return [];
  return sendRun({ recording, results, resource: resourceOf(recording.info), judging }, settings, new MonotonicClock());
}
