import { invalidHistory, type Place } from "./position.ts";

/** A keyword such as `:invoke`, by its name without the colon. */
export class Keyword {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/**
 * A value of EDN, the notation of Clojure's data. Vectors, lists and sets are arrays; the keys of maps are
 * text as it was written (`:type`); tags are left out and what they stand before is taken; symbols,
 * characters and ratios are text.
 */
export type Edn = null | boolean | number | string | Keyword | readonly Edn[] | ReadonlyMap<string, Edn>;

export interface Form {
  readonly value: Edn;
  readonly at: Place;
}

const space = /[\s,]*/y;
const atom = /[^\s,()[\]{}"; ]+/y;
const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };
const depthMax = 200;

/** Reads the forms of a text one after another, and knows where it is. */
export class EdnReader {
  readonly #text: string;
  readonly #fileName: string;
  #at = 0;
  #line: number;
  #lineStart = 0;
  #depth = 0;

  constructor(text: string, fileName: string, first: Place = { line: 1, column: 1 }) {
    this.#text = text;
    this.#fileName = fileName;
    this.#line = first.line;
    this.#lineStart = 1 - first.column;
  }

  get place(): Place {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  /** The next form; undefined at the end. @throws HarnessError `history-invalid` with the place where the text is no EDN */
  next(): Form | undefined {
    this.#skip();
    if (this.#at >= this.#text.length) return undefined;
    const at = this.place;
    return { value: this.#value(), at };
  }

  /** The forms of a text, or those of the one vector or list that it is. */
  *forms(): Generator<Form> {
    this.#skip();
    const open = this.#text[this.#at];
    if (open !== "[" && open !== "(") {
      for (let form = this.next(); form !== undefined; form = this.next()) yield form;
      return;
    }
    const start = this.place;
    this.#at += 1;
    while (!this.#closes(closing[open] ?? "", start)) {
      const at = this.place;
      yield { value: this.#value(), at };
    }
    const rest = this.next();
    if (rest !== undefined) throw this.#error("something follows after the end of the list", rest.at);
  }

  #error(message: string, place: Place): Error {
    return invalidHistory(this.#fileName, place, message);
  }

  #skip(): void {
    for (;;) {
      space.lastIndex = this.#at;
      this.#pass(this.#at + (space.exec(this.#text)?.[0].length ?? 0));
      if (this.#text[this.#at] === ";") {
        const end = this.#text.indexOf("\n", this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else if (this.#text.startsWith("#_", this.#at)) {
        this.#at += 2;
        this.#value();
      } else return;
    }
  }

  /** Goes on to a place, counting the lines between. */
  #pass(to: number): void {
    for (let end = this.#text.indexOf("\n", this.#at); end >= 0 && end < to; end = this.#text.indexOf("\n", end + 1)) {
      this.#line += 1;
      this.#lineStart = end + 1;
    }
    this.#at = to;
  }

  #value(): Edn {
    this.#skip();
    const start = this.place;
    const open = this.#text[this.#at] ?? "";
    if (open === "") throw this.#error("the text ends where a value should follow", start);
    if (open in closing) return this.#nested(() => this.#collection(open, start));
    if (open === '"') return this.#string(start);
    if (open === "#") return this.#tagged();
    if (open === "\\") return this.#character(start);
    if (open in { ")": 0, "]": 0, "}": 0 }) throw this.#error(`"${open}" closes nothing`, start);
    return this.#atom(start);
  }

  #nested(read: () => Edn): Edn {
    if (++this.#depth > depthMax) throw this.#error(`more than ${depthMax} collections within one another`, this.place);
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #collection(open: string, start: Place): Edn {
    this.#at += 1;
    const items: Edn[] = [];
    const map = new Map<string, Edn>();
    const close = closing[open] ?? "";
    while (!this.#closes(close, start)) {
      if (open !== "{") {
        items.push(this.#value());
        continue;
      }
      const keyAt = this.#at;
      this.#value();
      const key = this.#text.slice(keyAt, this.#at);
      if (this.#closes(close, start)) throw this.#error(`the key ${key} has no value`, start);
      map.set(key, this.#value());
    }
    return open === "{" ? map : items;
  }

  /** Takes the closing bracket if it comes next. */
  #closes(bracket: string, start: Place): boolean {
    this.#skip();
    if (this.#at >= this.#text.length) throw this.#error(`what begins here is not closed: there is no "${bracket}"`, start);
    if (this.#text[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  #string(start: Place): string {
    let text = "";
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const character = this.#text[at] ?? "";
      if (character === '"') {
        this.#pass(at + 1);
        return text;
      }
      if (character !== "\\") text += character;
      else {
        const escaped = this.#text[++at] ?? "";
        text += escapes[escaped] ?? escaped;
      }
    }
    throw this.#error("the text that begins here is not closed", start);
  }

  /** `#{…}` is a set; any other tag is left out. */
  #tagged(): Edn {
    this.#at += 1;
    if (this.#text[this.#at] === "{") {
      const start = this.place;
      return this.#nested(() => {
        this.#at += 1;
        const items: Edn[] = [];
        while (!this.#closes("}", start)) items.push(this.#value());
        return items;
      });
    }
    atom.lastIndex = this.#at;
    this.#at += atom.exec(this.#text)?.[0].length ?? 0;
    return this.#nested(() => this.#value());
  }

  #character(start: Place): string {
    atom.lastIndex = this.#at + 2;
    const name = (this.#text[this.#at + 1] ?? "") + (atom.exec(this.#text)?.[0] ?? "");
    if (name === "") throw this.#error("a character should follow", start);
    this.#at += 1 + name.length;
    return name;
  }

  #atom(start: Place): Edn {
    atom.lastIndex = this.#at;
    const text = atom.exec(this.#text)?.[0];
    if (text === undefined) throw this.#error(`${JSON.stringify(this.#text[this.#at])} is no value`, start);
    this.#at += text.length;
    if (text.startsWith(":")) {
      if (text.length === 1) throw this.#error("a keyword without a name", start);
      return new Keyword(text.slice(1));
    }
    if (text === "nil") return null;
    if (text === "true" || text === "false") return text === "true";
    if (!/^[+-]?\d/.test(text)) return text;
    const number = /^([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)[NM]?$/.exec(text)?.[1];
    if (number === undefined && !/^[+-]?\d+\/\d+$/.test(text)) throw this.#error(`${text} is no number`, start);
    return number === undefined || !Number.isSafeInteger(Number(number)) && !/[.eE]/.test(number) ? text : Number(number);
  }
}
