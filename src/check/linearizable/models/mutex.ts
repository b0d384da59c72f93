import { illegal, type Model } from "../model.ts";

export interface MutexInput {
  readonly op: "acquire" | "release";
}

/** A lock that one holds at a time. It does not know holders: releasing what is free is illegal. */
export const mutex: Model<boolean, MutexInput, null> = {
  name: "mutex",
  initial: false,
  step: (held, { op }) => ((op === "acquire") === held ? illegal : !held),
  stateKey: Number,
  inputKey: ({ op }) => op,
  outputKey: () => "",
  observes: () => false,
  overwrites: () => false,
  describe: ({ op }) => op,
  describeState: (held) => (held ? "the lock is held" : "the lock is free"),
};
