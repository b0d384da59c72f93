import type { Matrix } from "../../../src/nightly/matrix.ts";
import type { Attempt, EndedTurn } from "../../../src/nightly/nightly.ts";
import { attemptWith, nightlyOf, turnOf } from "../../nightly/turns.ts";

const columns: Matrix["columns"] = [{ asked: "3.4", version: "3.4.23" }, { asked: "3.5", version: "3.5.30" }];

/** Of scenarios on etcd 3.4 and 3.5. */
export function matrixOf(turns: readonly EndedTurn[], more: Partial<Matrix> = {}): Matrix {
  const { format: _, ...nightly } = nightlyOf(turns);
  return { ...nightly, columns, ...more };
}

/** A scenario's only run on one etcd. */
export const once = (scenario: string, etcd: string, attempt: Partial<Attempt> & Pick<Attempt, "outcome">): EndedTurn => ({ ...turnOf(scenario), etcd, end: { kind: "played", attempts: [attemptWith(attempt.outcome, attempt)] } });

/** A bug that is found where it should be, and a scenario that fails on one etcd and cannot be played on the other. */
export const matrix = matrixOf([
  once("bug", "3.4", { outcome: "pass", etcd: "3.4.23", folder: "bug/1-42", expectation: { affected: true, shown: true } }),
  once("bug", "3.5", { outcome: "pass", etcd: "3.5.30", folder: "bug/2-42", expectation: { affected: false, shown: false } }),
  once("partition", "3.4", { outcome: "fail", folder: "partition/1-42", replay: "npm run scenario -- partition --seed 42 --etcd 3.4" }),
  { ...turnOf("partition"), etcd: "3.5", end: { kind: "unplayable", because: "etcd 3.5.30 has no flag --gone" } },
]);
