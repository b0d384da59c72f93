import { z } from "zod";
import { durationPattern, parseDurationMs } from "./duration.ts";

/** A duration as an author writes it (`5s`), in milliseconds once parsed. */
export function durationOption(description: string) {
  return z
    .string()
    .regex(durationPattern, "must be a duration such as 250ms, 5s or 1m30s")
    .transform((text) => parseDurationMs(text) ?? 0)
    .meta({ description });
}
