import type { Member } from "../cluster/member.ts";
import { askHttp, type HttpAnswer } from "../http.ts";

const leaseSeconds = 10;

/**
 * Makes a member sync its log and its database, which an idle one does not: a lease is granted
 * and revoked through it. No key and no revision changes by that, so that histories stay what
 * the load made them; a lease that cannot be revoked any more ends by itself.
 * Never throws but when aborted: a member that cannot sync is what the caller finds out.
 */
export async function provokeSyncs({ directUrl }: Member, { limitMs, signal }: { readonly limitMs: number; readonly signal?: AbortSignal | undefined }): Promise<void> {
  signal?.throwIfAborted();
  // 3.4 and later; 3.3 has the same under /v3beta.
  for (const api of ["v3", "v3beta"]) {
    const ask = (verb: string, body: object): Promise<HttpAnswer> => askHttp(`${directUrl}/${api}/lease/${verb}`, { method: "POST", body: JSON.stringify(body), limitMs: Math.ceil(limitMs), signal });
    try {
      const granted = await ask("grant", { TTL: String(leaseSeconds) });
      if (granted.status === 404) continue;
      const [, id] = /"ID":"(\d+)"/.exec(granted.body) ?? [];
      if (id !== undefined) await ask("revoke", { ID: id });
      return;
    } catch {
      signal?.throwIfAborted();
      return;
    }
  }
}
