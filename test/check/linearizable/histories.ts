import fc from "fast-check";
import type { Call } from "../../../src/check/linearizable/call.ts";
import { illegal, type Model } from "../../../src/check/linearizable/model.ts";

/** An input with what may have come back, whether or not it is legal. */
export interface Operation<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

interface Drawn<Input, Output> extends Operation<Input, Output> {
  readonly begin: number;
  readonly length: number;
  readonly point: number;
  readonly outcome: "ok" | "info" | "fail";
  readonly trusted: boolean;
}

/**
 * Histories of a few calls that overlap in every way. Most outputs are those of an order that is legal, and
 * some are drawn freely, so that about as many histories are legal as are not.
 */
export function histories<State, Input, Output>(model: Model<State, Input, Output>, operation: fc.Arbitrary<Operation<Input, Output>>, answer: (state: State, input: Input) => Output): fc.Arbitrary<Call<Input, Output>[]> {
  const drawn: fc.Arbitrary<Drawn<Input, Output>> = fc
    .tuple(operation, fc.nat(14), fc.nat(7), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(19), fc.nat(9))
    .map(([each, begin, length, share, ending, trust]) => ({ ...each, begin, length, point: begin + share * length, outcome: ending < 4 ? "info" : ending < 5 ? "fail" : "ok", trusted: trust > 0 }));
  return fc.array(drawn, { minLength: 1, maxLength: 7 }).map((all) => answered(all, model, answer));
}

function answered<State, Input, Output>(all: readonly Drawn<Input, Output>[], model: Model<State, Input, Output>, answer: (state: State, input: Input) => Output): Call<Input, Output>[] {
  const answers = new Map<Drawn<Input, Output>, Output>();
  let state = model.initial;
  for (const each of [...all].sort((a, b) => a.point - b.point)) {
    if (each.outcome === "fail") continue;
    const output = answer(state, each.input);
    const next = model.step(state, each.input, output);
    answers.set(each, each.trusted && next !== illegal ? output : each.output);
    if (next !== illegal) state = next;
  }
  return [...all]
    .sort((a, b) => a.begin - b.begin)
    .map((each, process) => {
      const { input, output, begin, length, outcome } = each;
      return { process, invoke: begin, return: begin + length, input, output: outcome === "ok" ? (answers.get(each) ?? output) : undefined, outcome };
    });
}
