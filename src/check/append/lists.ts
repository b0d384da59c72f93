import { fromTheLast, lengthOf } from "../../recording/list-value.ts";
import type { Transaction } from "./transaction.ts";

/** An element, and who appended it. */
export interface Append {
  readonly by: Transaction;
  /** The last that it appended to this list: what comes before was never there for others. */
  readonly isLast: boolean;
}

/** A content that a list had. */
export interface Version {
  readonly list: string;
  readonly length: number;
  /** Who left it so, or found it first. */
  readonly shownBy: Transaction;
  /** Who found it so first; undefined while only its writer knows. */
  readBy: Transaction | undefined;
}

/** What is known of one key: the contents that its list had, and whose its elements are. */
export class List {
  readonly key: string;
  readonly appends = new Map<string, Append>();
  readonly versions = new Map<string, Version>();

  constructor(key: string) {
    this.key = key;
  }

  /** The longest content, by which all others are in order. */
  get longest(): Version | undefined {
    let longest: Version | undefined;
    for (const version of this.versions.values()) if (version.length > (longest?.length ?? -1)) longest = version;
    return longest;
  }

  /** The last element of what was put is its transaction's own. */
  addLast(list: string, by: Transaction): void {
    const { value: last } = fromTheLast(list).next();
    if (last !== undefined) this.appends.set(last, { by, isLast: true });
  }

  /** So are those before it that are nobody else's: it appended several. */
  addOthers(list: string, by: Transaction): void {
    const elements = fromTheLast(list);
    elements.next();
    for (const element of elements) {
      if (this.appends.has(element)) return;
      this.appends.set(element, { by, isLast: false });
    }
  }

  /** Notes a content; undefined where it was known. */
  show(list: string, by: Transaction, isRead: boolean): Version | undefined {
    const known = this.versions.get(list);
    if (known !== undefined) {
      if (isRead) known.readBy ??= by;
      return undefined;
    }
    const version = { list, length: lengthOf(list), shownBy: by, readBy: isRead ? by : undefined };
    this.versions.set(list, version);
    return version;
  }
}
