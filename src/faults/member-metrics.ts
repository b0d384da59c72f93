import type { Member } from "../cluster/member.ts";
import { metricsPage } from "./metrics-page.ts";

/** What a member counts of itself, read once. */
export interface MemberMetrics {
  /** The metric's value, summed over its labels; undefined where this etcd has none of that name. */
  value(name: string): number | undefined;
}

/** Undefined when the member does not answer within the limit. */
export async function readMetrics(member: Member, limitMs = 1_000): Promise<MemberMetrics | undefined> {
  const text = await metricsPage(member, { limitMs });
  return text === undefined ? undefined : parseMetrics(text);
}

/** Exported for its test. */
export function parseMetrics(text: string): MemberMetrics {
  return {
    value(name) {
      const values = text.split("\n").flatMap((line) => {
        if (!line.startsWith(name)) return [];
        const rest = /^(?:\{.*\})? (\S+)$/.exec(line.slice(name.length));
        return rest === null ? [] : [Number(rest[1])];
      });
      return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
    },
  };
}
