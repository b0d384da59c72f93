import type { Member } from "../cluster/member.ts";
import { askHttp } from "../http.ts";
import type { Waiting } from "./probe.ts";

/** What a member says of itself as metrics, past all links; undefined when it does not in time, or once the signal is aborted. */
export async function metricsPage({ directUrl }: Member, { limitMs, signal }: Waiting): Promise<string | undefined> {
  try {
    const { status, body } = await askHttp(`${directUrl}/metrics`, { limitMs, signal });
    return status === 200 ? body : undefined;
  } catch {
    return undefined;
  }
}
