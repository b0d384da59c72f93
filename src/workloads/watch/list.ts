import type { Clock } from "../../clock.ts";
import type { KeyValue, RangeRequest } from "../../recording/operations/key-value.ts";
import { etcdEndpoint } from "../endpoint.ts";
import { recordedValue } from "../recorded-value.ts";
import type { WatchRange } from "./spec.ts";

/** All keys of a range as they were at a revision. */
export interface Listed {
  readonly revision: number;
  readonly kvs: readonly KeyValue[];
}

/** Rejects with a gRPC status as text where a member does not answer, or a compaction came between two pages. */
export type ListKeys = (range: WatchRange) => Promise<Listed>;

const pageKeys = 500;
const pageTimeoutMs = 2_000;

/** Lists as an informer does: linearizably, in pages of the revision of the first. */
export function etcdLists(url: string, clock: Clock): ListKeys {
  return async ({ key, end = `${key}\0` }) => {
    const endpoint = etcdEndpoint({ url, timeoutMs: pageTimeoutMs, clock });
    try {
      const kvs: KeyValue[] = [];
      let request: RangeRequest = { op: "range", key, end, limit: pageKeys };
      for (;;) {
        const page = await endpoint.perform(request);
        if (page.op !== "range") throw new Error(`a range was answered as ${page.op}`);
        kvs.push(...page.kvs.map((each) => ({ ...each, value: recordedValue(each.value) })));
        const last = page.kvs.at(-1);
        const revision = page.atRevision ?? page.revision;
        if (last === undefined || page.count <= page.kvs.length) return { revision, kvs };
        request = { ...request, key: `${last.key}\0`, atRevision: revision };
      }
    } finally {
      endpoint.close();
    }
  };
}
