import type { Member } from "../cluster/member.ts";

const lengthMax = 300;
const fatal = /"level":"(fatal|panic)"|^panic: |^fatal error: |^unexpected fault address|^\[signal |SIGBUS/;

/** Of what a member writes from now on, the line in which it says why it ends: the first fatal error or panic, else the last line. */
export class FatalLine {
  #last: string | undefined;
  #fatal: string | undefined;

  constructor(member: Member) {
    member.onLog((line) => {
      this.#last = line;
      // The first is the cause; what follows is where it was noticed.
      if (this.#fatal === undefined && fatal.test(line)) this.#fatal = line;
    });
  }

  /** Undefined when nothing was written at all. */
  get text(): string | undefined {
    const line = this.#fatal ?? this.#last;
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
