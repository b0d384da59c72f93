import type { Member } from "../cluster/member.ts";

const lengthMax = 300;
const final = /"level":"(fatal|panic)"|^panic: |^fatal error: |^unexpected fault address|^\[signal |SIGBUS/;

/** What a member writes from now on, down to the line in which it says why it ends. */
export class LastWords {
  #any: string | undefined;
  #telling: string | undefined;

  constructor(member: Member) {
    member.onLog((line) => {
      this.#any = line;
      // The first is the cause; what follows is where it was noticed.
      if (this.#telling === undefined && final.test(line)) this.#telling = line;
    });
  }

  /** Undefined when nothing was written at all. */
  last(): string | undefined {
    const line = this.#telling ?? this.#any;
    return line === undefined ? undefined : brief(line);
  }
}

/** The message and the error of a line in zap's JSON; any other line as it is. */
function brief(line: string): string {
  const msg = field(line, "msg");
  if (msg === undefined) return line.slice(0, lengthMax);
  const error = field(line, "error");
  return `${msg}${error === undefined ? "" : `: ${error}`}`.slice(0, lengthMax);
}

function field(line: string, name: string): string | undefined {
  const found = new RegExp(`"${name}":"((?:[^"\\\\]|\\\\.)*)"`).exec(line)?.[1];
  return found?.replaceAll('\\"', '"');
}
