import { beginsWith, elementsOf, fromTheLast } from "../../recording/list-value.ts";
import type { Violated } from "../finding.ts";
import { findLostAppend } from "./lost.ts";
import type { ListHistory } from "./history.ts";
import type { List, Version } from "./lists.ts";
import { named, violatedAt } from "./words.ts";

/** Whether the contents of all lists can have come about at all, by themselves: each by appending to the one before. */
export function checkContents(history: ListHistory): Violated | undefined {
  return firstOf(history, checkElements) ?? findLostAppend(history) ?? firstOf(history, checkOrder) ?? firstOf(history, checkIntermediate);
}

function firstOf(history: ListHistory, check: (list: List, history: ListHistory) => Violated | undefined): Violated | undefined {
  for (const list of history.lists.values()) {
    const violated = check(list, history);
    if (violated !== undefined) return violated;
  }
  return undefined;
}

/** Contents that are not a beginning of the longest: each is looked at, while of all others the longest tells. */
function besides(list: List, longest: Version): Version[] {
  return [...list.versions.values()].filter((version) => !beginsWith(longest.list, version.list));
}

/** Every element is somebody's, and there once. */
function checkElements(list: List, history: ListHistory): Violated | undefined {
  const { longest } = list;
  if (longest === undefined) return undefined;
  for (const version of [longest, ...besides(list, longest)]) {
    const seen = new Set<string>();
    for (const element of elementsOf(version.list)) {
      if (seen.has(element)) return twice(list, version, element, history);
      seen.add(element);
      if (!list.appends.has(element)) return nobodys(list, version, element, history);
    }
  }
  return undefined;
}

function twice(list: List, version: Version, element: string, history: ListHistory): Violated {
  const by = version.readBy ?? version.shownBy;
  const writer = list.appends.get(element)?.by;
  return violatedAt(by, writer === undefined ? [] : [writer], {
    rule: "duplicate element",
    sentence: `${named(by, history)} finds ${element} in ${list.key} twice, and it was appended once`,
    seen: `${list.key} = ${version.list}`,
  });
}

function nobodys(list: List, version: Version, element: string, history: ListHistory): Violated {
  const by = version.readBy ?? version.shownBy;
  const undone = history.undone.find((each) => each.undone.some((put) => put.key === list.key && elementsOf(put.list).includes(element)));
  const seen = `${list.key} = ${version.list}`;
  if (undone === undefined) return violatedAt(by, [], { rule: "value from nowhere", sentence: `${named(by, history)} finds ${element} in ${list.key}, which nobody appended`, seen });
  const why = undone.operation.outcome === "fail" ? "had failed" : "was not done, as its compares did not hold";
  const { process, member } = undone.operation;
  return violatedAt(by, [undone], { rule: "G1a aborted read", sentence: `${named(by, history)} finds ${element} in ${list.key}, and that append by process ${process} on ${member} ${why}`, seen });
}

/** Of two contents one is the beginning of the other. */
function checkOrder(list: List, history: ListHistory): Violated | undefined {
  const { longest } = list;
  const other = longest && besides(list, longest)[0];
  if (longest === undefined || other === undefined) return undefined;
  const [by, otherBy] = [longest.readBy ?? longest.shownBy, other.readBy ?? other.shownBy];
  return violatedAt(otherBy, [by], {
    rule: "incompatible orders",
    sentence: `${named(otherBy, history)} has ${list.key} as ${other.list}, which is no beginning of ${longest.list}, as ${named(by, history)} has it`,
    expected: `a beginning of ${longest.list}`,
    seen: `${list.key} = ${other.list}`,
  });
}

/** What a transaction appended before its last element is not to be seen without that. */
function checkIntermediate(list: List, history: ListHistory): Violated | undefined {
  for (const version of list.versions.values()) {
    const { value: last } = fromTheLast(version.list).next();
    const append = last === undefined ? undefined : list.appends.get(last);
    const by = version.readBy;
    if (append === undefined || append.isLast || by === undefined || by === append.by) continue;
    return violatedAt(by, [append.by], {
      rule: "G1b intermediate read",
      sentence: `${named(by, history)} finds ${list.key} as ${version.list}, in the middle of ${named(append.by, history)}`,
      seen: `${list.key} = ${version.list}`,
    });
  }
  return undefined;
}
