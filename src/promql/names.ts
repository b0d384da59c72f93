import { parser } from "@prometheus-io/lezer-promql";

/** The names of the metrics that a query selects; undefined where it selects by anything else than a plain name. */
export function metricNames(query: string): readonly string[] | undefined {
  const names = new Set<string>();
  let plain = true;
  parser.parse(query).iterate({
    enter: ({ node }) => {
      if (node.name !== "VectorSelector") return;
      const name = node.getChild("Identifier");
      if (name === null) plain = false;
      else names.add(query.slice(name.from, name.to));
    },
  });
  return plain ? [...names] : undefined;
}
