import semver from "semver";
import { z } from "zod";
import type { ExpectedViolation } from "../../assertions/expectation.ts";

/** The key under which a scenario says what is to be violated. */
export const expectKey = "expect";

const ofKind = z
  .string()
  .regex(/^[a-z][a-z-]*(?:\/[a-z][a-z-]*)?$/, { error: "must be a kind of assertion, such as lease, with what is broken of it, such as watch/bookmarkable, or { title: … } of an assertion that has one" })
  .meta({ description: "A kind among the scenario's assertions, alone or with a slash and what of it is broken, such as watch/bookmarkable." });
const titled = z.strictObject({ title: z.string().min(1).meta({ description: "The title that one of the scenario's assertions has." }) }).meta({ description: "The one assertion that has this title." });
const violation = z.union([ofKind, titled]);

/** What a scenario expects of an etcd with a bug that is known. */
export const expectSchema = z.strictObject({
  fail: z.array(violation).min(1).max(20).meta({ description: "What must be violated, all of it; everything else must hold." }),
  on: z
    .string()
    .refine((range) => range.trim() !== "" && semver.validRange(range) !== null, { error: 'must be a range of versions, such as "<3.4.25 || >=3.5.0 <3.5.8"' })
    .meta({ description: "The versions of etcd that show it, as a range of semver; on others nothing must be violated." }),
  issue: z
    .string()
    .regex(/^[a-z][a-z0-9-]*#[1-9][0-9]*$/, { error: "must be a project and a number, such as etcd#15220" })
    .optional()
    .meta({ description: "Where the bug is published, such as etcd#15220." }),
});

/** `watch/bookmarkable` taken apart; a title is taken as it is. */
export function expectedViolation(given: z.output<typeof violation>): ExpectedViolation {
  if (typeof given !== "string") return given;
  const [kind = "", rule] = given.split("/");
  return rule === undefined ? { kind } : { kind, rule };
}
