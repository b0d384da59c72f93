import type { Mention, MentionedStretch, Mentions } from "../assertion.ts";
import { quantitiesOf } from "./quantities.ts";
import type { Comparison, Expression, Named, Span, Window } from "./syntax.ts";

/** What an expression names of a scenario, and of what there is to measure, with the places in its text. */
export function mentionsOf(expression: Expression): Mentions {
  switch (expression.type) {
    case "and":
    case "or":
      return together([...expression.parts.map(mentionsOf), placesOf(expression.window === undefined ? [] : [expression.window], [])]);
    case "not":
      return mentionsOf(expression.part);
    case "comparison":
      return ofComparison(expression);
    default:
      return placesOf(expression.window === undefined ? [] : [expression.window], expression.members === undefined ? [] : [expression.members]);
  }
}

function ofComparison({ left, right, window, members, forMs, start, end }: Comparison): Mentions {
  const quantities = [...quantitiesOf(left), ...quantitiesOf(right)];
  const windows = [...quantities.flatMap((quantity) => quantity.window ?? []), ...(window === undefined ? [] : [window])];
  const named = [...quantities.flatMap((quantity) => quantity.members ?? []), ...(members === undefined ? [] : [members])];
  const lasting = forMs === undefined ? [] : [{ ...stretchOf(window ?? windows[0] ?? { type: "after", afterMs: 0, start, end }), forMs }];
  return together([
    placesOf(windows, named),
    {
      ...nothing,
      stretches: lasting,
      metrics: quantities.flatMap(({ source, measure }) => (source.of === "metric" ? [{ name: measure.name === "quantile" ? `${source.name.replace(/_bucket$/, "")}_bucket` : source.name, start: source.start, end: source.end }] : [])),
      operations: quantities.flatMap(({ source }) => (source.of === "operations" ? [{ name: source.op, start: source.start, end: source.end }] : [])),
    },
  ]);
}

const nothing: Mentions = { phases: [], members: [], stretches: [], metrics: [], operations: [] };

function together(all: readonly Mentions[]): Mentions {
  return {
    phases: all.flatMap(({ phases }) => phases),
    members: all.flatMap(({ members }) => members),
    stretches: all.flatMap(({ stretches }) => stretches),
    metrics: all.flatMap(({ metrics }) => metrics),
    operations: all.flatMap(({ operations }) => operations),
  };
}

function placesOf(windows: readonly Window[], members: readonly Named[]): Mentions {
  return { ...nothing, phases: windows.flatMap(phasesIn).map(mention), members: members.filter(({ name }) => name.startsWith("etcd-")).map(mention), stretches: windows.map(stretchOf) };
}

function phasesIn(window: Window): Named[] {
  if (window.type === "before") return [window.phase];
  if (window.type === "after" || window.phases === undefined) return [];
  const { first, last } = window.phases;
  return first === last ? [first] : [first, last];
}

function mention({ name, start, end }: Named): Mention {
  return { name, start, end };
}

function stretchOf(window: Window & Span): MentionedStretch {
  const { start, end } = window;
  if (window.type === "before") return { first: "run", last: "run", before: window.phase.name, start, end };
  const phases = window.type === "after" ? undefined : window.phases;
  return {
    first: phases?.first.name ?? "run",
    last: phases?.last.name ?? "run",
    ...("afterMs" in window && window.afterMs !== undefined ? { afterMs: window.afterMs } : {}),
    ...(window.type === "within" ? { withinMs: window.withinMs } : {}),
    start,
    end,
  };
}
