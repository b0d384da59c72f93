import type { LoadNeed, Mention } from "../../assertions/assertion.ts";
import { knownMetrics, seriesWithMetric } from "../etcd/metric-names.ts";
import { parseEtcdRequest } from "../etcd/request.ts";
import { recordedPrefixes } from "../recorded-metrics.ts";
import { allAssertions, items, type Outline } from "./outline.ts";
import { spanWithin } from "./scalar-offsets.ts";
import type { Source, Span } from "./source.ts";
import { listed, suggestion } from "./suggest.ts";
import type { OutlineLoad } from "./workload-outline.ts";
import { holderOf } from "./yaml-tree.ts";

/** What a scenario is checked for beside its own text. */
export interface Circumstances {
  /** `--etcd`, which is run instead of the scenario's. */
  readonly etcd?: string | undefined;
  /** It has been run: what there was to measure is in the recording. */
  readonly isRecorded?: boolean;
}

/** Something that is measured, and can hardly be. */
export interface Unmeasurable {
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
  /** It may be there all the same. */
  readonly isWarning: boolean;
}

/** Metrics that etcd has not, and what no workload does: all that is about them would be inconclusive. */
export function unmeasurable(outline: Outline, source: Source, { etcd, isRecorded = false }: Circumstances): Unmeasurable[] {
  if (isRecorded) return [];
  const asked = etcd ?? outline.cluster?.etcd;
  const metrics = [...mentioned(outline, source, "metrics"), ...drawn(outline)].flatMap(({ name, span }) => metricTrouble(name, span, seriesOf(asked)) ?? []);
  const operations = mentioned(outline, source, "operations").flatMap(({ name, span }) => operationTrouble(name, span, outline) ?? []);
  return [...metrics, ...operations, ...lacking(outline)];
}

interface Found {
  readonly name: string;
  readonly span: Span;
}

/** Names in texts at their very words, those of kinds with options at the option that holds them. */
function mentioned(outline: Outline, source: Source, what: "metrics" | "operations"): Found[] {
  const inTexts = [...outline.texts].flatMap(([{ span, value }, read]) => {
    if ("problem" in read) return [];
    const within = ({ start, end }: Mention): Span => spanWithin(source.text.slice(span.start, span.end), span, String(value), { start, end });
    return read.mentions[what].map((mention) => ({ name: mention.name, span: within(mention) }));
  });
  const inOptions = allAssertions(outline).flatMap(({ thing, place }) => (outline.texts.has(place) ? [] : (thing[what] ?? []).map((name) => ({ name, span: (holderOf(place, name) ?? holderOf(place, withoutPart(name)) ?? place).span }))));
  return [...inTexts, ...inOptions];
}

/** What the report is to draw. */
function drawn({ root, metrics = [] }: Outline): Found[] {
  const report = root.children.get("report");
  const places = report === undefined ? [] : items(report, "metrics");
  return metrics.flatMap(({ name }, index) => places.slice(index, index + 1).map(({ span }) => ({ name, span })));
}

/** The series of etcd whose metrics are known; undefined of an image, a build of one's own, and newer series. */
function seriesOf(asked: string | undefined): string | undefined {
  if (asked === undefined) return undefined;
  const request = parseEtcdRequest(asked);
  const version = request.kind === "series" ? request.series : request.kind === "exact" ? request.version : "";
  return /^3\.[345](?=\.|$)/.exec(version)?.[0];
}

function metricTrouble(name: string, span: Span, series: string | undefined): Unmeasurable | undefined {
  const bare = withoutPart(name);
  if (!recordedPrefixes.some((prefix) => name.startsWith(prefix))) {
    return { span, message: `"${bare}" is not recorded`, hint: suggestion(bare, knownMetrics, `Recorded are metrics whose names begin with ${listed(recordedPrefixes)}.`), isWarning: false };
  }
  const having = seriesWithMetric(name);
  if (having !== undefined) return series === undefined || having.includes(series) ? undefined : { span, message: `etcd ${series} is not known to have "${bare}"`, hint: `It is known of etcd ${listed(having, "and")}.`, isWarning: true };
  if (seriesWithMetric(`${name}_bucket`) !== undefined) return { span, message: `"${name}" is a histogram, and has no value of its own`, hint: `Take a quantile, or its ${name}_count or ${name}_sum.`, isWarning: false };
  if (name !== bare && seriesWithMetric(bare) !== undefined) return { span, message: `"${bare}" is no histogram, so that it has no quantiles`, isWarning: false };
  return { span, message: series === undefined ? `no etcd from 3.3 to 3.5 is known to have a metric "${bare}"` : `etcd has no metric "${bare}"`, hint: suggestion(bare, knownMetrics), isWarning: series === undefined };
}

function withoutPart(name: string): string {
  return name.replace(/_bucket$/, "");
}

function operationTrouble(name: string, span: Span, { load }: Outline): Unmeasurable | undefined {
  const what = name === "any" ? "operation" : name;
  if (load === undefined) return { span, message: `there is no workload, and so no ${what} to judge`, hint: "Say under workload what clients do.", isWarning: false };
  const sent = load.kinds.map(({ workload }) => workload?.operations);
  if (name === "any" || sent.some((operations) => operations === undefined || operations.some((each) => each === name))) return undefined;
  const all = [...new Set(sent.flatMap((operations = []) => operations))];
  return { span, message: `no workload here sends ${what}`, hint: suggestion(name, all, `${listed(load.kinds.map(({ kind }) => kind), "and")}: ${listed(all, "and")}.`), isWarning: false };
}

/** Options about something that the load is without. Where there is no load at all, that is told of the operations. */
function lacking(outline: Outline): Unmeasurable[] {
  const { load } = outline;
  if (load === undefined) return [];
  return allAssertions(outline).flatMap(({ thing, place }) =>
    (thing.needs ?? []).flatMap(({ option, of }) => {
      const at = place.children.get(option) ?? place;
      return has(load, of) ? [] : [{ span: at.keySpan ?? at.span, message: `${option} is about ${of}, and this load has none`, hint: hintToHave[of], isWarning: false }];
    }),
  );
}

const hintToHave: Readonly<Record<LoadNeed["of"], string>> = {
  watchers: "Add `watch: {}` under workload.",
  "serializable reads": "Add `serializable: 0.2` to the options of kv or compaction.",
};

/** What cannot be told beforehand may be there. */
function has({ place, kinds }: OutlineLoad, what: LoadNeed["of"]): boolean {
  if (what === "watchers") return place.children.has("watch");
  return kinds.some(({ workload }) => workload?.operations === undefined || workload.serializableReads === true);
}
