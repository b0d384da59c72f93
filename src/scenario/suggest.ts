import { distance } from "fastest-levenshtein";

const wordLengthMax = 64;

/** The candidate that somebody who wrote `word` most likely meant; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word === "" || word.length > wordLengthMax) return undefined;
  const typed = plain(word);
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    const meant = plain(candidate);
    const edits = meant.startsWith(typed) && typed.length >= 3 ? 1 : distance(typed, meant);
    if (edits <= Math.ceil(typed.length / 3) && (best === undefined || edits < best.edits)) best = { candidate, edits };
  }
  return best?.candidate;
}

/** `Did you mean "leader"?`, or what there is to choose from. */
export function suggestion(word: string, candidates: readonly string[], otherwise?: string): string | undefined {
  const near = nearest(word, candidates);
  return near === undefined ? otherwise : `Did you mean "${near}"?`;
}

/** `a, b or c`. */
export function listed(items: readonly string[], conjunction = "or"): string {
  const last = items.at(-1);
  if (last === undefined) return "nothing";
  return items.length === 1 ? last : `${items.slice(0, -1).join(", ")} ${conjunction} ${last}`;
}

/** Capitals, underscores and spaces are not what a slip is about. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[_\s]/g, "-");
}
