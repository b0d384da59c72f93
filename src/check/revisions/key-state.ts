import type { Found } from "./found.ts";
import type { Doubts, HiddenChange, HiddenChanges } from "./hidden-changes.ts";
import { named, type Problem } from "./problem.ts";
import type { Timed } from "./real-time.ts";
import { valueText } from "../../recording/value-text.ts";

/**
 * One key while the history is played in order of revisions. Changes are known from their answers, or from
 * reads that saw what an operation of unknown outcome wrote. Others may be hidden between them; what is seen
 * of creation and version tells whether they were, and `HiddenChanges` has to explain them.
 */
export class KeyState {
  readonly key: string;
  readonly #doubts: Doubts;
  readonly #hidden: HiddenChanges;
  /** null: there is no such key. */
  value: string | null = null;
  /** Revision of the last known change, and who made it, or showed that it had happened. */
  mod = 0;
  by: Timed | undefined;
  /** Certain at this revision: created then, and written so often. What follows of changes is in `#puts`. */
  #since = 0;
  #create = 0;
  #version: number | undefined = 0;
  #puts: number[] = [];
  /** Shows that the key was changed once more by somebody. */
  #hiddenBy: Timed | undefined;
  /** Nobody is known to have written it, and somebody found it there at this revision. */
  #thereAt: number | undefined;

  constructor(key: string, hidden: HiddenChanges) {
    this.key = key;
    this.#hidden = hidden;
    this.#doubts = hidden.doubts(key);
  }

  put(value: string, revision: number, by: Timed): void {
    this.value = value;
    this.mod = revision;
    this.by = by;
    this.#hiddenBy = undefined;
    this.#thereAt = undefined;
    // As long as nothing can be hidden, all is certain.
    if (this.#puts.length > 0 || revision > this.#doubts.after) return void this.#puts.push(revision);
    this.#since = revision;
    this.#version = this.#create === 0 ? 1 : this.#version === undefined ? undefined : this.#version + 1;
    if (this.#create === 0) this.#create = revision;
  }

  remove(revision: number, by: Timed): void {
    this.value = null;
    this.mod = revision;
    this.by = by;
    this.#hiddenBy = undefined;
    this.#settle(revision, 0, 0);
  }

  /** Somebody found that there is no such key. */
  foundAbsent(revision: number, by: Timed): Problem | undefined {
    if (this.#isThere) {
      if (this.#doubts.deletes.length === 0) return this.#lost(revision, by);
      this.#needs("delete", this.#lastKnown, revision, by);
      this.remove(revision, by);
    }
    this.#settle(revision, 0, 0);
    return undefined;
  }

  /** Somebody found the key with what it held. */
  found(found: Found, revision: number, by: Timed): Problem | undefined {
    if (this.value === null || this.mod !== found.modRevision) return this.#otherChange(found, revision, by);
    if (this.value !== found.value) return this.#otherValue(found, by);
    if (this.#hiddenBy !== undefined) return this.#notChanged(found, by, this.#hiddenBy);
    const problem = this.#counted(found, by);
    if (problem === undefined) this.#settle(revision, found.createRevision, found.version);
    return problem;
  }

  /** Somebody's answer takes it that the key was there, or that it was not. */
  wasThere(there: boolean, revision: number, by: Timed): Problem | undefined {
    if (this.#isThere === there) return undefined;
    if (!there) return this.foundAbsent(revision, by);
    if (this.#doubts.puts.length === 0) {
      return { rule: "wrong answer", sentence: `${named(by)} deleted ${this.key} at revision ${revision + 1}, which ${this.#stateText()}`, keys: [this.key], others: [this.by], expected: this.#stateText() };
    }
    this.#needs("there", this.#since, revision, by);
    this.#thereAt = revision;
    return undefined;
  }

  /** Whether somebody could have changed it in a way that is not known; if so, that is needed from now on. */
  mayHaveChanged(revision: number, by: Timed): boolean {
    if (!this.hasDoubts) return false;
    this.#needs("any", this.#lastKnown, revision, by);
    this.#hiddenBy = by;
    return true;
  }

  /** Whether it may be there at a revision, or not be there, by a change that nobody saw. */
  canHaveBecome(there: boolean, revision: number, by: Timed): boolean {
    if (this.#isThere === there) return true;
    const kind = there ? "there" : "delete";
    return this.#hidden.canBe({ key: this.key, kind, after: this.#lastKnown, upTo: revision, shownBy: by, follows: this.by });
  }

  get hasDoubts(): boolean {
    return this.#doubts.puts.length + this.#doubts.deletes.length > 0;
  }

  /** Undefined where changes of unknown outcome leave it open. */
  get create(): number | undefined {
    return this.#puts.length > 0 ? undefined : this.#create;
  }

  get version(): number | undefined {
    return this.#puts.length > 0 ? undefined : this.#version;
  }

  get #lastKnown(): number {
    return Math.max(this.#since, this.mod, this.#thereAt ?? 0);
  }

  get #isThere(): boolean {
    return this.value !== null || this.#thereAt !== undefined;
  }

  #settle(revision: number, create: number, version: number | undefined): void {
    this.#since = revision;
    this.#create = create;
    this.#version = version;
    this.#thereAt = undefined;
    if (this.#puts.length > 0) this.#puts = [];
  }

  #needs(kind: HiddenChange["kind"], after: number, upTo: number, shownBy: Timed): void {
    this.#hidden.need({ key: this.key, kind, after, upTo, shownBy, follows: this.by });
  }

  /** Whether creation and version can have come about: by the known changes, and by such as must be hidden between them. */
  #counted({ createRevision: create, version, modRevision }: Found, by: Timed): Problem | undefined {
    const puts = this.#puts;
    if (puts.length === 0 || create === this.#create) {
      if (create !== this.#create) return this.#miscounted(create, version, by);
      if (version === undefined || this.#version === undefined) return undefined;
      return this.#hiddenPuts(version - this.#version - puts.length, this.#since, modRevision, create, version, by);
    }
    if (create <= this.#since || create > modRevision) return this.#miscounted(create, version, by);
    const index = puts.findIndex((revision) => revision >= create);
    const before = puts[index - 1] ?? this.#since;
    const wasThere = index > 0 || this.#create > 0;
    if (wasThere && this.#doubts.deletes.length === 0) return this.#miscounted(create, version, by);
    if (wasThere) this.#needs("delete", before, create - 1, by);
    const isKnown = puts[index] === create;
    if (!isKnown) this.#needs("put", create - 1, create, by);
    const known = puts.length - index + (isKnown ? 0 : 1);
    return version === undefined ? undefined : this.#hiddenPuts(version - known, create, modRevision, create, version, by);
  }

  #hiddenPuts(many: number, after: number, before: number, create: number, version: number, by: Timed): Problem | undefined {
    if (many < 0 || many > this.#doubts.puts.length || (many > 0 && this.#puts.length === 0)) return this.#miscounted(create, version, by);
    for (let index = 0; index < many; index += 1) this.#needs("put", after, before - 1, by);
    return undefined;
  }

  #stateText(): string {
    if (this.value !== null) return `had ${valueText(this.value)} since revision ${this.mod}`;
    return this.mod === 0 ? "had never been written" : `was not there since revision ${this.mod}`;
  }

  #lost(revision: number, by: Timed): Problem {
    return {
      rule: "lost write",
      sentence: `${named(by)} finds no ${this.key} at revision ${revision}, and it was written at revision ${this.mod} and deleted by nobody`,
      keys: [this.key],
      others: [this.by],
      expected: `${this.key} = ${valueText(this.value)} of revision ${this.mod}`,
      seen: `no ${this.key}`,
    };
  }

  #otherChange(found: Found, revision: number, by: Timed): Problem {
    const expected = this.value === null ? `no ${this.key}` : `${this.key} = ${valueText(this.value)} of revision ${this.mod}`;
    const seen = `${this.key} = ${valueText(found.value)} of revision ${found.modRevision}`;
    const common = { keys: [this.key], others: [this.by], expected, seen };
    if (found.modRevision > revision) {
      return { ...common, rule: "read of the future", sentence: `${named(by)} reads at revision ${revision} what was written at revision ${found.modRevision}` };
    }
    if (found.modRevision < this.mod) {
      const since = this.value === null ? `deleted at revision ${this.mod}` : `written anew at revision ${this.mod}`;
      return { ...common, rule: "stale read", sentence: `${named(by)} reads at revision ${revision} the value of revision ${found.modRevision}, and ${this.key} was ${since}` };
    }
    return { ...common, rule: "revision of another change", sentence: `${named(by)} reads ${seen}, and that revision belongs to a change of something else` };
  }

  #otherValue(found: Found, by: Timed): Problem {
    return {
      rule: "two contents of one revision",
      sentence: `${named(by)} reads ${valueText(found.value)} as the value of ${this.key} of revision ${this.mod}, which is ${valueText(this.value)}`,
      keys: [this.key],
      others: [this.by],
      expected: `${this.key} = ${valueText(this.value)}`,
      seen: `${this.key} = ${valueText(found.value)}`,
    };
  }

  #notChanged(found: Found, by: Timed, shownBy: Timed): Problem {
    return { rule: "stale read", sentence: `${named(by)} reads ${this.key} as of revision ${found.modRevision}, and ${named(shownBy)} shows that it was changed since`, keys: [this.key], others: [shownBy, this.by] };
  }

  #miscounted(create: number, version: number | undefined, by: Timed): Problem {
    const written = this.#version === undefined ? "" : `, written ${this.#version + this.#puts.length} times since`;
    return {
      rule: "wrong creation or version",
      sentence: `${named(by)} reads ${this.key} as created at revision ${create}${version === undefined ? "" : ` and written ${version} times since`}, which cannot be`,
      keys: [this.key],
      others: [this.by],
      expected: `created at revision ${this.#create || this.#puts[0] || this.mod}${written}`,
      seen: `created at revision ${create}${version === undefined ? "" : `, version ${version}`}`,
    };
  }
}
