import { happenedBy, type Call } from "../../../src/check/linearizable/call.ts";
import { illegal, type Model } from "../../../src/check/linearizable/model.ts";

/**
 * Whether a history of a few calls has a legal order, by trying all of them: the definition itself,
 * without any shortcut. What may have happened may also not.
 */
export function hasLegalOrder<State, Input, Output>(calls: readonly Call<Input, Output>[], model: Model<State, Input, Output>): boolean {
  return place(calls.filter(({ outcome }) => outcome !== "fail"), model.initial, model);
}

function place<State, Input, Output>(left: readonly Call<Input, Output>[], state: State, model: Model<State, Input, Output>): boolean {
  if (left.every((call) => happenedBy(call) === Infinity)) return true;
  return left.some((call) => {
    if (left.some((other) => happenedBy(other) < call.invoke)) return false;
    const next = model.step(state, call.input, call.output);
    return next !== illegal && place(left.filter((other) => other !== call), next, model);
  });
}
