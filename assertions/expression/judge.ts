import type { Recording } from "../../src/recording/recording.ts";
import { judgeMembers, verdictOf, type Part } from "../members.ts";
import type { Verdict } from "../verdict.ts";
import type { SeenWindow } from "../window.ts";
import { evaluate, verdictOfOne } from "./evaluate.ts";
import { ledStretches } from "../led.ts";
import { judgeMoments } from "./moments.ts";
import { quantitiesOf } from "./quantities.ts";
import type { Settled } from "./settle.ts";
import type { Quantity } from "./syntax.ts";
import { sizeAt, sizeOfLeader, whomOf, type Windows } from "./whom.ts";
import { hullOf, resolveWindow, unlessCutShort } from "./windows.ts";

/** Judges an expression. `bound` is what its right side asks for, in words. */
export function judgeExpression(recording: Recording, expression: Settled, bound: string): Verdict {
  const nowhere = (reason: string): Verdict => ({ outcome: "inconclusive", observed: "no such time in the recording", bound, reason, evidence: [] });
  const windows = new Map<Quantity, SeenWindow>();
  for (const quantity of [...quantitiesOf(expression.left), ...quantitiesOf(expression.right)]) {
    if (quantity.window === undefined) continue;
    const window = resolveWindow(recording, quantity.window);
    if ("reason" in window) return nowhere(window.reason);
    windows.set(quantity, window);
  }
  if (expression.temporal === undefined) return unlessCutShort(recording, [...windows.values()], judgeOnce(recording, expression, windows, bound));
  const window = resolveWindow(recording, expression.window);
  if ("reason" in window) return nowhere(window.reason);
  return unlessCutShort(recording, [window, ...windows.values()], judgeMoments(recording, expression, window, windows, bound));
}

function judgeOnce(recording: Recording, expression: Settled, windows: Windows, bound: string): Verdict {
  if (expression.over === "leader") return judgeLeaders(recording, expression, windows, bound);
  const judge = (members: readonly string[] | undefined, who: string): Part =>
    evaluate(expression, who, bound, (quantity) => sizeAt(recording, quantity, whomOf(recording, quantity, members, who), windows.get(quantity)));
  if (expression.over === undefined) return verdictOfOne(judge(undefined, ""), bound);
  return judgeMembers(recording, expression.over, hullOf([...windows.values()]), bound, judge);
}

/** Where several led in turn it has to hold for each while it led; the value at a moment is that of who led then. */
function judgeLeaders(recording: Recording, expression: Settled, windows: Windows, bound: string): Verdict {
  const moving = [...windows].filter(([quantity]) => quantity.members?.name === "leader" && quantity.measure.name !== "value");
  const [first] = moving;
  const isShared = ([, window]: (typeof moving)[number]): boolean => window.startMs === first?.[1].startMs && window.endMs === first[1].endMs;
  const stretches = first === undefined ? [] : ledStretches(recording, first[1]);
  if (first === undefined || stretches.length < 2 || !moving.every(isShared)) {
    return verdictOfOne(evaluate(expression, "the leader", bound, (quantity) => sizeOfLeader(recording, quantity, windows.get(quantity))), bound);
  }
  const parts = stretches.map(({ leader, window }) =>
    evaluate(expression, `${leader} while it led`, bound, (quantity) => {
      const isMoving = moving.some(([each]) => each === quantity);
      return isMoving ? sizeAt(recording, quantity, { members: [leader], who: leader }, window) : sizeOfLeader(recording, quantity, windows.get(quantity));
    }),
  );
  return verdictOf(parts, "each", bound);
}
