import { ExpressionError, type Advice } from "./error.ts";
import { scan, type Token } from "./scanner.ts";
import type { Named } from "./syntax.ts";

/** The tokens of an expression, one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #index = 0;

  constructor(text: string) {
    this.#tokens = scan(text);
    this.#end = this.#tokens.at(-1) ?? { kind: "end", text: "", start: 0, end: 0 };
  }

  /** The token that comes next; the end again and again. */
  get next(): Token {
    return this.#tokens[this.#index] ?? this.#end;
  }

  /** Where the token before the next one ends. */
  get lastEnd(): number {
    return this.last?.end ?? 0;
  }

  /** The token before the next one; undefined at the beginning. */
  get last(): Token | undefined {
    return this.#tokens[this.#index - 1];
  }

  /** The token that comes so many after the next one. */
  ahead(count: number): Token {
    return this.#tokens[this.#index + count] ?? this.#end;
  }

  /** The token behind the bracket that closes the one that comes next; undefined where none does. */
  behindBracket(): Token | undefined {
    let depth = 0;
    for (let count = 0; ; count += 1) {
      const { kind, text } = this.ahead(count);
      if (kind === "end") return undefined;
      if (kind === "sign") depth += text === "(" ? 1 : text === ")" ? -1 : 0;
      if (depth === 0) return this.ahead(count + 1);
    }
  }

  take(): Token {
    const token = this.next;
    this.#index += 1;
    return token;
  }

  atWord(word: string): boolean {
    return this.next.kind === "word" && this.next.text === word;
  }

  atSign(sign: string): boolean {
    return this.next.kind === "sign" && this.next.text === sign;
  }

  takeWord(word: string): boolean {
    const found = this.atWord(word);
    if (found) this.take();
    return found;
  }

  takeSign(sign: string): boolean {
    const found = this.atSign(sign);
    if (found) this.take();
    return found;
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.unexpected(`"${sign}"`);
  }

  expectWord(what: string): Named {
    if (this.next.kind !== "word") throw this.unexpected(what);
    const { text: name, start, end } = this.take();
    return { name, start, end };
  }

  /** Milliseconds; never 0, since no time is no stretch of it. */
  expectDuration(): number {
    const token = this.next;
    if (token.kind !== "duration") throw this.unexpected("a duration such as 5s", token.kind === "number" && token.value > 0 ? { hint: `Did you mean ${token.text}s or ${token.text}ms?` } : {});
    if (token.value <= 0) throw new ExpressionError(token, "this must be longer than zero");
    this.take();
    return token.value;
  }

  /** The next token, which is not what is expected. */
  unexpected(what: string, advice: Advice = {}): ExpressionError {
    const { kind, text } = this.next;
    const found = kind === "end" ? "the end" : kind === "pattern" ? `/${text}/` : `"${text}"`;
    return new ExpressionError(this.next, `${what} is expected here, not ${found}`, advice);
  }
}
