/** What a scenario expects to be violated, where the etcd that it runs has a bug that is known. */
export interface Expectation {
  /** All of these are to be violated, at least one. */
  readonly fail: readonly ExpectedViolation[];
  /** The versions that show it, as a range of semver: `<3.4.25 || >=3.5.0 <3.5.8`. On others nothing is to be violated. */
  readonly on: string;
  /** Where the bug is published: `etcd#15220`. */
  readonly issue?: string;
  /** All of it in a few words: `etcd#15220 breaks watch/bookmarkable on etcd <3.4.25 || >=3.5.0 <3.5.8`. */
  readonly title: string;
}

/** Of any assertion of a kind: `watch/bookmarkable`, or `lease` where it matters not what of it is broken; or of the one that has a title. */
export type ExpectedViolation = { readonly kind: string; readonly rule?: string } | { readonly title: string };

/** `watch/bookmarkable`, `lease`, `"Writes go on"`. */
export function violationName(expected: ExpectedViolation): string {
  if ("title" in expected) return `"${expected.title}"`;
  return expected.rule === undefined ? expected.kind : `${expected.kind}/${expected.rule}`;
}
