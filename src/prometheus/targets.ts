/** What is to be scraped together, as Prometheus' discovery over HTTP has it (`http_sd_configs`). */
export interface TargetGroup {
  /** `host:port`. */
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** Where a Prometheus looks up what it is to scrape. */
export interface TargetList {
  /** Its address; what stands there changes as runs begin and end. */
  readonly url: string;
  /** The harness's own metrics, `host:port`. */
  readonly own: string;
  announce(groups: readonly TargetGroup[]): void;
}

/** Which run a series is of, for a Prometheus that sees several. */
export const runLabelName = "run";

/** What there is to scrape of a run: each member past the links, so that no fault on a link hides it, and the harness. */
export function targetsOf(runId: string, members: readonly { readonly name: string; readonly directUrl: string }[], own: string): TargetGroup[] {
  const common = { [runLabelName]: runId };
  return [
    ...members.map(({ name, directUrl }) => ({ targets: [new URL(directUrl).host], labels: { ...common, job: "etcd", member: name, instance: name } })),
    { targets: [own], labels: { ...common, job: "etcd-chaos", instance: "harness" } },
  ];
}
