import { z } from "zod";

const sharePattern = /^\d+(?:\.\d+)?%$/;

/** A share above nothing, as a number up to 1 or as an author writes it (`99.5%`); from 0 to 1 once parsed. */
export function shareOption(description: string) {
  const asText = z
    .string()
    .regex(sharePattern, "must be a share such as 0.995 or 99.5%")
    .refine((text) => inRange(shareIn(text)), "must be above 0% and at most 100%")
    .transform(shareIn);
  return z.union([z.number().gt(0).max(1), asText], { error: "must be a share above 0, such as 0.995 or 99.5%" }).meta({ description });
}

/** `99.5%` has no share of its own in binary: rounded so that it is the same as 0.995. */
function shareIn(text: string): number {
  return Number((Number(text.slice(0, -1)) / 100).toPrecision(12));
}

function inRange(share: number): boolean {
  return share > 0 && share <= 1;
}
