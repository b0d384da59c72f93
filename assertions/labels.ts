import { z } from "zod";
import { patternError, wholePattern } from "./log-match.ts";

export const labelSigns = ["=", "!=", "=~", "!~"] as const;
export type LabelSign = (typeof labelSigns)[number];

/** What a label of a series is to be, in Prometheus's way: a regular expression matches the whole, and a label that is not there is empty. */
export interface LabelMatcher {
  readonly label: string;
  readonly sign: LabelSign;
  readonly value: string;
}

const pattern = z.string().check(({ value, issues }) => {
  const error = patternError(value);
  if (error !== undefined) issues.push({ code: "custom", message: error, input: value, continue: true });
});

const conditions = z
  .strictObject({
    equals: z.string().optional().meta({ description: "It is this." }),
    not: z.string().optional().meta({ description: "It is something else, or not there." }),
    matches: pattern.optional().meta({ description: "The whole of it matches this regular expression." }),
    "not-matches": pattern.optional().meta({ description: "The whole of it does not match this regular expression." }),
  })
  .refine((given) => Object.keys(given).length > 0, "needs at least one of equals, not, matches, not-matches");

/** Which series: labels with their values, or with conditions. */
export const labelsOption = z
  .record(z.string(), z.union([z.string(), conditions], { error: "must be text, or a map such as {matches: \"a|b\"}" }))
  .default({})
  .transform((given) => Object.entries(given).flatMap(([label, asked]) => matchersOf(label, typeof asked === "string" ? { equals: asked } : asked)))
  .meta({ description: 'Only series whose labels fit: {To: "8211f1d0f64f3269"}, or {To: {not: "…", matches: "8.*|9.*"}}. Series that match are added up.' });

/** The option's name for each sign. */
export const labelOptions = { "=": "equals", "!=": "not", "=~": "matches", "!~": "not-matches" } as const;

function matchersOf(label: string, asked: z.output<typeof conditions>): LabelMatcher[] {
  return labelSigns.flatMap((sign) => {
    const value = asked[labelOptions[sign]];
    return value === undefined ? [] : [{ label, sign, value }];
  });
}

/** Whether a series has labels that all matchers take. */
export function hasLabels(labels: Readonly<Record<string, string>>, matchers: readonly LabelMatcher[]): boolean {
  return matchers.every(({ label, sign, value }) => {
    const found = labels[label] ?? "";
    switch (sign) {
      case "=":
        return found === value;
      case "!=":
        return found !== value;
      case "=~":
        return wholePattern(value).test(found);
      case "!~":
        return !wholePattern(value).test(found);
    }
  });
}

/** `{To="x",le!="+Inf"}`, or nothing. */
export function labelsText(matchers: readonly LabelMatcher[]): string {
  return matchers.length === 0 ? "" : `{${matchers.map(({ label, sign, value }) => `${label}${sign}"${value}"`).join(",")}}`;
}
