import { expectedViolation } from "./expect-schema.ts";
import type { Outline } from "./outline.ts";
import { suggestion } from "./suggest.ts";
import type { Trouble } from "./window-checks.ts";

/** What is expected to be violated and cannot be: no assertion of the scenario is of that kind, or nothing of it is called so. */
export function expectChecks({ expectation, assertions }: Outline): Trouble[] {
  const kinds = [...new Set(assertions.map(({ thing }) => thing.kind))];
  const seen = new Set<string>();
  return (expectation?.violations ?? []).flatMap(({ name, place, rules }) => {
    if (seen.has(name)) return [{ place, message: `"${name}" is expected already` }];
    seen.add(name);
    const { kind, rule } = expectedViolation(name);
    if (!kinds.includes(kind)) return [{ place, message: `no assertion here is of the kind "${kind}"`, hint: suggestion(kind, kinds, `Kinds of the assertions here: ${kinds.join(", ")}.`) }];
    if (rule === undefined || rules.includes(rule)) return [];
    if (rules.length === 0) return [{ place, message: `what is broken of "${kind}" cannot be told apart`, hint: `Write ${kind} alone.` }];
    return [{ place, message: `nothing of "${kind}" is called "${rule}"`, hint: suggestion(rule, rules, `Possible here: ${rules.join(", ")}.`) }];
  });
}
