import { timeLimit } from "../clock.ts";
import type { Member } from "../cluster/member.ts";
import type { Waiting } from "./probe.ts";

/** What a member says of itself as metrics, past all links; undefined when it does not in time, or once the signal is aborted. */
export async function metricsPage({ directUrl }: Member, { limitMs, signal }: Waiting): Promise<string | undefined> {
  try {
    const limit = timeLimit(limitMs);
    const response = await fetch(`${directUrl}/metrics`, { signal: signal === undefined ? limit : AbortSignal.any([limit, signal]) });
    const text = await response.text();
    return response.ok ? text : undefined;
  } catch {
    return undefined;
  }
}
