import { items, type Outline } from "./outline.ts";
import { suggestion } from "./suggest.ts";
import type { Trouble } from "./window-checks.ts";

/** What is expected to be violated and cannot be: no assertion of the scenario is that one or of that kind, or nothing of it is called so. */
export function expectChecks({ root, expectation, assertions }: Outline): Trouble[] {
  const kinds = [...new Set(assertions.map(({ thing }) => thing.kind))];
  const titles = items(root, "assertions").map(({ children }) => children.get("title")?.value).filter((title) => typeof title === "string");
  const seen = new Set<string>();
  return (expectation?.violations ?? []).flatMap(({ expected, name, place, rules }) => {
    if (seen.has(name)) return [{ place, message: `${"title" in expected ? name : `"${name}"`} is expected already` }];
    seen.add(name);
    if ("title" in expected) return titleTrouble(expected.title, titles).map((trouble) => ({ place: place.children.get("title") ?? place, ...trouble }));
    return kindTrouble(expected, kinds, rules).map((trouble) => ({ place, ...trouble }));
  });
}

type Words = Omit<Trouble, "place">;

function titleTrouble(title: string, titles: readonly string[]): Words[] {
  const having = titles.filter((each) => each === title).length;
  if (having === 1) return [];
  if (having > 1) return [{ message: `${having} assertions here have the title "${title}"`, hint: "Give the one that is meant a title of its own." }];
  return [{ message: `no assertion here has the title "${title}"`, hint: titles.length === 0 ? "No assertion here has a title: it stands beside a kind." : suggestion(title, titles, `Titles here: ${titles.join("; ")}.`) }];
}

function kindTrouble({ kind, rule }: { readonly kind: string; readonly rule?: string }, kinds: readonly string[], rules: readonly string[]): Words[] {
  if (!kinds.includes(kind)) return [{ message: `no assertion here is of the kind "${kind}"`, hint: suggestion(kind, kinds, `Kinds of the assertions here: ${kinds.join(", ")}.`) }];
  if (rule === undefined || rules.includes(rule)) return [];
  if (rules.length === 0) return [{ message: `what is broken of "${kind}" cannot be told apart`, hint: `Write ${kind} alone.` }];
  return [{ message: `nothing of "${kind}" is called "${rule}"`, hint: suggestion(rule, rules, `Possible here: ${rules.join(", ")}.`) }];
}
