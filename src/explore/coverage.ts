import { featureClasses, featureKey, type Feature, type FeatureClass } from "./feature.ts";

/** How often each feature was covered, and in which run first. */
export class Coverage {
  readonly #seen = new Map<string, { readonly feature: Feature; readonly firstRun: number; count: number }>();

  /** Takes what a run covered. @returns what no run before it did */
  take(run: number, features: readonly Feature[]): Feature[] {
    const fresh = features.filter((feature) => !this.#seen.has(featureKey(feature)));
    for (const feature of features) {
      const seen = this.#seen.get(featureKey(feature));
      if (seen === undefined) this.#seen.set(featureKey(feature), { feature, firstRun: run, count: 1 });
      else seen.count += 1;
    }
    return fresh;
  }

  /**
   * How much a run with these features would tell: 1 for each that was never covered, less the more often it was. More of them
   * tell more, but not in proportion: faults on top of faults hide each other.
   */
  novelty(features: readonly Feature[]): number {
    const sum = features.reduce((total, feature) => total + 1 / (1 + (this.#seen.get(featureKey(feature))?.count ?? 0)), 0);
    return features.length === 0 ? 0 : sum / Math.sqrt(features.length);
  }

  /** What was covered, class by class, the rarest first. */
  table(): { readonly of: FeatureClass; readonly covered: readonly { readonly name: string; readonly count: number; readonly firstRun: number }[] }[] {
    return featureClasses.map((of) => ({
      of,
      covered: [...this.#seen.values()]
        .filter(({ feature }) => feature.of === of)
        .map(({ feature: { name }, count, firstRun }) => ({ name, count, firstRun }))
        .sort((a, b) => a.count - b.count || a.firstRun - b.firstRun || (a.name < b.name ? -1 : 1)),
    }));
  }
}
