import { z } from "zod";

import { durationOption } from "../src/units/duration-option.ts";
import { formatDuration } from "../src/units/duration.ts";
import { defineAssertion } from "./assertion.ts";
import { judgeMembersOrLeader, ofTitle, ofWithLeader } from "./members.ts";
import { judgeMetric } from "./metric.ts";
import { judgeWindow, windowPhases, windowShape, windowTitle } from "./window.ts";
import { percentile } from "./words.ts";

const options = z.strictObject({
  quantile: z.number().min(0).max(1).default(0.99).meta({ description: "Which quantile, from 0 to 1." }),
  below: durationOption("What it is to be below, such as 100ms.").refine((ms) => ms > 0, "must be longer than zero"),
  of: ofWithLeader,
  ...windowShape,
});

type Options = z.output<typeof options>;

/** The histogram that it is a quantile of. */
export const fsyncHistogram = "etcd_disk_wal_fsync_duration_seconds";
const fewestFsyncs = 10;

export const fsync = defineAssertion({
  kind: "fsync",
  summary: "How long the disk takes to make the write-ahead log durable: a quantile of the WAL fsync histogram.",
  options,
  title: (given) => `WAL fsync ${percentile(given.quantile)} ${windowTitle(given)}${ofTitle(given.of)}`,
  phases: windowPhases,
  isWindowed: true,
  isTimeBound: () => true,
  judge: (recording, given, shared) =>
    judgeWindow(recording, given, boundText(given), (window) =>
      judgeMembersOrLeader(recording, given.of, window, boundText(given), (members, who, stretch) =>
        judgeMetric(recording, members, who, stretch, {
          query: { name: fsyncHistogram, labels: [], measure: "quantile", quantile: given.quantile },
          bounds: { below: given.below / 1_000 / shared.unwaited(stretch, members) },
          format: (seconds) => formatDuration(seconds * 1_000),
          fewestValues: fewestFsyncs,
        }),
      ),
    ),
});

function boundText({ below }: Options): string {
  return `below ${formatDuration(below)}`;
}
