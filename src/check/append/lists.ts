import { beginsWith, elementsOf, emptyList } from "../../recording/list-value.ts";
import type { Put, Transaction } from "./transaction.ts";

/** An element, and who appended it. */
export interface Append {
  readonly by: Transaction;
  /** The last that it appended to this list: what comes before was never there for others. */
  readonly isLast: boolean;
}

/** A content that a list had. */
export interface Version {
  readonly list: string;
  readonly elements: readonly string[];
  /** Who left it so, or found it first. */
  readonly shownBy: Transaction;
  /** Who found it so first; undefined while only its writer knows. */
  readBy: Transaction | undefined;
}

/** What is known of one key: the contents that its list had, and whose its elements are. */
export class List {
  readonly key: string;
  readonly appends = new Map<string, Append>();
  /** Elements that would have been appended, and were certainly not. */
  readonly undone = new Map<string, Transaction>();
  readonly versions = new Map<string, Version>();
  readonly #atRevision = new Map<number, string>([[0, emptyList]]);

  constructor(key: string) {
    this.key = key;
  }

  /** The longest content, by which all others are in order. */
  get longest(): Version | undefined {
    let longest: Version | undefined;
    for (const version of this.versions.values()) if (version.elements.length > (longest?.elements.length ?? -1)) longest = version;
    return longest;
  }

  wasAt(revision: number, list: string): void {
    this.#atRevision.set(revision, list);
  }

  /** What a put adds to the list that its guard names; its last element where that is not known. */
  addedBy({ list, guard }: Put): readonly string[] {
    const elements = elementsOf(list);
    const base = guard === undefined ? undefined : this.#atRevision.get(guard);
    return base !== undefined && beginsWith(list, base) ? elements.slice(elementsOf(base).length) : elements.slice(-1);
  }

  /** Notes a content; undefined where it was known. */
  show(list: string, by: Transaction, isRead: boolean): Version | undefined {
    const known = this.versions.get(list);
    if (known !== undefined) {
      if (isRead) known.readBy ??= by;
      return undefined;
    }
    const version = { list, elements: elementsOf(list), shownBy: by, readBy: isRead ? by : undefined };
    this.versions.set(list, version);
    return version;
  }
}
