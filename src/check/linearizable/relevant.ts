import type { Call } from "./call.ts";
import type { Model } from "./model.ts";

/** The calls that can tell something: what failed never was, and a read of unknown result excludes nothing. */
export function relevantCalls<Input, Output>(calls: readonly Call<Input, Output>[], model: Pick<Model<never, Input, Output>, "observes">): Call<Input, Output>[] {
  return calls.filter(({ outcome, input, output }) => outcome !== "fail" && !((outcome === "info" || output === undefined) && model.observes(input, undefined)));
}
