import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { waitFor, type Clock } from "../clock.ts";
import type { Member } from "../cluster/member.ts";

/** A watch that the member ends by itself after a time by its own clock, as gRPC lets a client ask for. */
export interface TimedWatch {
  /** How long it was open when its time was up; undefined where that was not so within the limit. Closes it. */
  openForMs(limitMs: number, signal?: AbortSignal): Promise<number | undefined>;
  /** Idempotent. */
  close(): void;
}

const openLimitMs = 2_000;
/** How the gateway puts it when the time was up: for the client, or for the store behind it. */
const timeUp = /context deadline exceeded|error code: CANCEL/;

/** Opens one past all links; nothing happens to the key that it is for. Undefined when the member does not open it. */
export async function openTimedWatch({ directUrl }: Member, ownMs: number, clock: Clock, signal?: AbortSignal): Promise<TimedWatch | undefined> {
  // 3.4 and later; 3.3 has the same under /v3beta.
  for (const api of ["v3", "v3beta"]) {
    signal?.throwIfAborted();
    const openedMs = clock.nowMs();
    const asked = request(`${directUrl}/${api}/watch`, { method: "POST", agent: false, headers: { "grpc-timeout": `${Math.round(ownMs)}m` } });
    const answer = await firstOf(asked);
    if (answer?.statusCode === 200) return watchOver(asked, answer, openedMs, clock);
    asked.destroy();
    if (answer?.statusCode !== 404) return undefined;
  }
  return undefined;
}

/** The beginning of an answer: the member has opened it then. */
async function firstOf(asked: ClientRequest): Promise<IncomingMessage | undefined> {
  const limit = setTimeout(() => asked.destroy(), openLimitMs);
  try {
    return await new Promise((resolve) => {
      asked.once("response", resolve);
      asked.once("close", () => resolve(undefined));
      // Also when it breaks later on: that is told by its end.
      asked.on("error", () => resolve(undefined));
      asked.end(JSON.stringify({ create_request: { key: Buffer.from("\0").toString("base64") } }));
    });
  } finally {
    clearTimeout(limit);
  }
}

function watchOver(asked: ClientRequest, answer: IncomingMessage, openedMs: number, clock: Clock): TimedWatch {
  let endedMs: number | undefined;
  // One whose connection breaks has not ended for its time.
  text(answer).then((said) => void (endedMs = timeUp.test(said) ? clock.nowMs() : undefined), () => undefined);
  const close = (): void => void asked.destroy();
  return {
    close,
    async openForMs(limitMs, signal) {
      try {
        await waitFor(clock, () => endedMs, { limitMs, everyMs: 10, ...(signal === undefined ? {} : { signal }) });
      } finally {
        close();
      }
      return endedMs === undefined ? undefined : endedMs - openedMs;
    },
  };
}
