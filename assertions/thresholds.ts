import { z } from "zod";

import { durationPattern, parseDurationMs } from "../src/units/duration.ts";
import { boundNames, type Bounds } from "./bounds.ts";

const duration = z
  .string()
  .regex(durationPattern, "must be a number, or a duration such as 5s")
  .transform((text) => ({ seconds: (parseDurationMs(text) ?? 0) / 1_000 }));

const threshold = (what: string) =>
  z
    .union([z.number(), duration], { error: "must be a number, or a duration such as 5s" })
    .optional()
    .meta({ description: `${what}: a number, or for what is in seconds a duration such as 100ms.` });

/** Options that bound a value, which may be a time; to be spread into a schema. */
export const thresholds = {
  above: threshold("The value is to be larger"),
  "at-least": threshold("The value is not to be smaller"),
  below: threshold("The value is to be smaller"),
  "at-most": threshold("The value is not to be larger"),
  equals: threshold("The value is to be the same"),
};

type Given = Readonly<Partial<Record<(typeof boundNames)[number], number | { readonly seconds: number } | undefined>>>;

/** The bounds that such options are, of times in seconds. */
export function boundsOf(given: Given): Bounds {
  const entries = boundNames.map((name) => {
    const value = given[name];
    return [name, typeof value === "object" ? value.seconds : value] as const;
  });
  return Object.fromEntries(entries);
}
