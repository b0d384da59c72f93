import { z } from "zod";

import { severities, type Severity, type TelemetryLog } from "../src/recording/telemetry.ts";
import { defineAssertion } from "./assertion.ts";
import { pattern as textPattern } from "./log-match.ts";
import { aboutTelemetry, attributesText, chosenTitle, countText, evidenceOf, judgeCount, telemetryShape, unknownAttribute, type Question } from "./telemetry.ts";
import { windowTitle } from "./window.ts";
import { counted, excerpt } from "./words.ts";

const levels = ["trace", "debug", "info", "warn", "error", "fatal"] as const satisfies readonly Severity[];

const options = z
  .strictObject({
    body: textPattern.optional().meta({ description: "A regular expression for the record's body." }),
    severity: z.enum(levels).optional().meta({ description: "Only records of this severity and those above." }),
    ...telemetryShape,
  })
  .refine((given) => (given["at-least"] === undefined) !== (given.none === undefined), { error: "needs either at-least or none" });

type Options = z.output<typeof options>;

const noun = "log record";

export const otelLogs = defineAssertion({
  kind: "otel-logs",
  summary: "Whether an application told something by OpenTelemetry's log records, or did not; needs telemetry in the scenario.",
  options,
  title: (given) => `log records${bodyTitle(given)}${chosenTitle(given)} ${windowTitle(given)}`,
  ...aboutTelemetry({
    bound: (given: Options) => countText(given, noun),
    question: questionOf,
    verdict(recording, found, given, window) {
      const question = questionOf(given);
      const doubt = found.doubt ?? (given.none ? unknownAttribute(recording, question) : undefined);
      return { ...judgeCount(found, given, window, doubt), observed: counted(found.matching.length, noun), bound: countText(given, noun), evidence: evidenceOf(found, question, window) };
    },
  }),
});

function questionOf({ body, severity, service, attributes }: Options): Question<TelemetryLog> {
  return {
    noun,
    service,
    attributes,
    items: ({ logs }) => logs,
    texts: [{ of: (record) => record.body, source: body }],
    fits: (record) => severity === undefined || record.severity >= severities[severity],
    show: ({ atMs, service: whose, severityText, body: said, attributes: own }) => ({ kind: "event", atMs, text: `${whose || "a service without a name"}: ${severityText} ${excerpt(said, 200)}${attributesText(own)}` }),
  };
}

function bodyTitle({ body, severity }: Options): string {
  return [...(severity === undefined ? [] : [` of severity ${severity} or above`]), ...(body === undefined ? [] : [` with /${body}/`])].join("");
}
