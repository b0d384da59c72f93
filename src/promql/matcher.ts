import { parser } from "@prometheus-io/lezer-promql";

/**
 * The query with each of its selectors narrowed to series that have this label with this value.
 * `sum(rate(x[2s]))` becomes `sum(rate(x{run="…"}[2s]))`.
 */
export function withLabel(query: string, label: string, value: string): string {
  const matcher = `${label}=${JSON.stringify(value)}`;
  const insertions: { readonly at: number; readonly text: string }[] = [];
  parser.parse(query).iterate({
    enter: ({ node }) => {
      if (node.name !== "VectorSelector") return;
      const matchers = node.getChild("LabelMatchers");
      if (matchers === null) insertions.push({ at: node.to, text: `{${matcher}}` });
      else insertions.push({ at: matchers.from + 1, text: matchers.firstChild === null ? matcher : `${matcher},` });
    },
  });
  return insertions.reduceRight((text, { at, text: inserted }) => text.slice(0, at) + inserted + text.slice(at), query);
}
