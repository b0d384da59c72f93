import type { Recording } from "../../src/recording/recording.ts";
import { worst, type Evidence, type Outcome, type Verdict } from "../verdict.ts";
import { interleaved } from "./evaluate.ts";
import { opposite } from "./interval.ts";
import type { Branch, Tree } from "./tree.ts";

/** What a part came to, and the statements that decided it. */
interface Came {
  readonly outcome: Outcome;
  readonly deciding: readonly Told[];
}

/** A statement with its own verdict, whatever is joined with it or denied of it. */
interface Told {
  readonly text: string;
  readonly verdict: Verdict;
}

const toldMax = 3;
const evidenceMax = 10;

/**
 * Judges what is joined by `and`, `or` and `not`, in Kleene's way: what cannot be told makes the whole
 * inconclusive only where it could decide it. The evidence is that of the statements that decided.
 */
export function judgeTree(recording: Recording, tree: Tree): Verdict {
  const { outcome, deciding } = cameTo(recording, tree);
  const shown = deciding.slice(0, toldMax);
  const more = deciding.length > toldMax ? `; and ${deciding.length - toldMax} more` : "";
  const observed = `${shown.map(({ text, verdict }) => `${text}: ${verdict.observed}`).join("; ")}${more}`;
  const reason = `${shown.map(reasonOf).join("; ")}${more}`;
  const evidence: Evidence[] = interleaved(deciding.map(({ verdict }) => verdict)).slice(0, evidenceMax);
  return { outcome, observed, bound: boundOf(tree), ...(outcome === "pass" ? {} : { reason }), evidence };
}

function cameTo(recording: Recording, tree: Tree): Came {
  switch (tree.type) {
    case "leaf": {
      const verdict = tree.judge(recording);
      return { outcome: verdict.outcome, deciding: [{ text: tree.text, verdict }] };
    }
    case "not": {
      const { outcome, deciding } = cameTo(recording, tree.part);
      return { outcome: opposite(outcome), deciding };
    }
    default:
      return joined(recording, tree);
  }
}

function joined(recording: Recording, { type, parts }: Branch): Came {
  const each = parts.map((part) => cameTo(recording, part));
  const outcomes = each.map(({ outcome }) => outcome);
  // That one of several is so is denied where all are denied.
  const outcome = type === "and" ? worst(outcomes) : opposite(worst(outcomes.map(opposite)));
  return { outcome, deciding: each.filter((part) => part.outcome === outcome).flatMap(({ deciding }) => deciding) };
}

function reasonOf({ text, verdict: { outcome, reason, observed } }: Told): string {
  if (outcome === "pass") return `"${text}" is so: ${observed}`;
  return `"${text}" ${outcome === "fail" ? "is not so" : "cannot be told"}: ${reason ?? observed}`;
}

function boundOf(tree: Tree): string {
  switch (tree.type) {
    case "leaf":
      return tree.bound;
    case "not":
      return `not (${boundOf(tree.part)})`;
    default:
      return tree.parts.map((part) => (part.type === "and" || part.type === "or" ? `(${boundOf(part)})` : boundOf(part))).join(` ${tree.type} `);
  }
}
