const telling = /not defined|invalid|cannot|error|fatal|panic|denied|no space/i;
const lengthMax = 300;

/** What a member wrote that may tell why it ended: its first line that sounds like trouble, else its last. */
export class TroubleLine {
  #first: string | undefined;
  #last: string | undefined;

  add(line: string): void {
    if (line.trim() === "") return;
    this.#last = line;
    if (this.#first === undefined && telling.test(line)) this.#first = line;
  }

  /** A start of the process begins anew. */
  forget(): void {
    this.#first = undefined;
    this.#last = undefined;
  }

  get text(): string | undefined {
    return (this.#first ?? this.#last)?.trim().slice(0, lengthMax);
  }
}
