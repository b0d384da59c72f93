/** What a run can cover, in the order in which reports tell of it. */
export const featureClasses = ["fault", "pair of faults", "role of the target", "fault under load", "way of watching", "flag", "transition", "log message", "metric"] as const;
export type FeatureClass = (typeof featureClasses)[number];

/** Something that a run covered, or is to cover: `pair of faults: kill + latency`. */
export interface Feature {
  readonly of: FeatureClass;
  readonly name: string;
}

export function featureKey({ of, name }: Feature): string {
  return `${of}: ${name}`;
}

/** Each once. */
export function distinct(features: readonly Feature[]): Feature[] {
  return [...new Map(features.map((feature) => [featureKey(feature), feature])).values()];
}
