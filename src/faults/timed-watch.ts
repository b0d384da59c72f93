import { timeLimit, waitFor, type Clock } from "../clock.ts";
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
  signal?.throwIfAborted();
  // 3.4 and later; 3.3 has the same under /v3beta.
  for (const api of ["v3", "v3beta"]) {
    const closing = new AbortController();
    const limit = timeLimit(openLimitMs);
    const tooLate = (): void => closing.abort();
    limit.addEventListener("abort", tooLate);
    const openedMs = clock.nowMs();
    const response = await fetch(`${directUrl}/${api}/watch`, {
      method: "POST",
      headers: { "grpc-timeout": `${Math.round(ownMs)}m` },
      body: JSON.stringify({ create_request: { key: Buffer.from("\0").toString("base64") } }),
      signal: closing.signal,
    }).catch(() => undefined);
    limit.removeEventListener("abort", tooLate);
    if (response?.status === 404) continue;
    if (response?.ok !== true) return undefined;
    let endedMs: number | undefined;
    // One whose connection breaks has not ended for its time.
    response.text().then((text) => void (endedMs = timeUp.test(text) ? clock.nowMs() : undefined), () => undefined);
    const close = (): void => closing.abort();
    return {
      close,
      async openForMs(limitMs, ended) {
        try {
          await waitFor(clock, () => endedMs, { limitMs, everyMs: 10, ...(ended === undefined ? {} : { signal: ended }) });
        } finally {
          close();
        }
        return endedMs === undefined ? undefined : endedMs - openedMs;
      },
    };
  }
  return undefined;
}
