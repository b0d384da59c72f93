import type { Mention, MentionedStretch, Mentions } from "../assertion.ts";
import { quantitiesOf } from "./quantities.ts";
import type { Expression, Named, Span, Window } from "./syntax.ts";

/** What an expression names of a scenario, with the places in its text. */
export function mentionsOf({ left, right, window, members, forMs, start, end }: Expression): Mentions {
  const quantities = [...quantitiesOf(left), ...quantitiesOf(right)];
  const windows = [...quantities.flatMap((quantity) => quantity.window ?? []), ...(window === undefined ? [] : [window])];
  const named = [...quantities.flatMap((quantity) => quantity.members ?? []), ...(members === undefined ? [] : [members])];
  const lasting = forMs === undefined ? [] : [{ ...stretchOf(window ?? windows[0] ?? { type: "after", afterMs: 0, start, end }), forMs }];
  return {
    phases: windows.flatMap(phasesIn).map(mention),
    members: named.filter(({ name }) => name.startsWith("etcd-")).map(mention),
    stretches: [...windows.map(stretchOf), ...lasting],
  };
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
