/**
 * A function of something that does not change, such as a recording or its operations, which is worked out once for each
 * however many ask: over a million operations each time takes a twentieth of a second and more.
 */
export function remembered<Given extends object, Result>(workOut: (given: Given) => Result): (given: Given) => Result {
  const known = new WeakMap<Given, { readonly result: Result }>();
  return (given) => {
    const before = known.get(given);
    if (before !== undefined) return before.result;
    const result = workOut(given);
    known.set(given, { result });
    return result;
  };
}
