import type { z } from "zod";
import type { WatchSpec } from "../workloads/watch/spec.ts";
import type { Workload, WorkloadKind } from "../workloads/workload.ts";
import type { Workloads } from "../workloads/workloads.ts";
import { isMap } from "./document-schema.ts";
import { type SharedLoad, sharedClients, sharesOf } from "./shared-load.ts";
import { watchSpecOf, watchTitle } from "./watch-schema.ts";
import { workloadShape } from "./workload-schema.ts";
import type { Place } from "./yaml-tree.ts";

/** What stands under `workload`, as far as it is sound. */
export interface OutlineLoad {
  readonly place: Place;
  /** What the workloads share; undefined where each has its own. */
  readonly shared: SharedLoad | undefined;
  /** Every kind that is there, in the order of the file. */
  readonly kinds: readonly OutlineKind[];
  readonly watch: { readonly title: string; readonly spec: WatchSpec } | undefined;
}

/** One kind of workload and the place of its options. */
export interface OutlineKind {
  readonly kind: string;
  readonly place: Place;
  /** Whether its options fit, as they stand there. */
  readonly fits: boolean;
  /** The same with its share of what all have; undefined where one of the two does not fit. */
  readonly workload: Workload | undefined;
  /** What does not fit once it has its share. */
  readonly issues: readonly z.core.$ZodIssue[];
}

/** Takes apart what stands under `workload`. */
export function loadOf(place: Place, kinds: readonly WorkloadKind[]): OutlineLoad {
  const there = [...place.children].flatMap(([name, at]) => {
    const kind = kinds.find((each) => each.kind === name);
    return kind === undefined ? [] : [{ kind, at }];
  });
  const shared = sharedOf(place);
  const shares = shared === undefined ? [] : sharesOf(shared, there.map(({ at }) => weightOf(at)));
  const watch = place.children.has("watch") ? workloadShape.watch.safeParse(place.children.get("watch")?.value).data : undefined;
  return {
    place,
    shared,
    kinds: there.map(({ kind, at }, index) => outlineKind(kind, at, shares[index])),
    watch: watch && { title: watchTitle(watch), spec: watchSpecOf(watch) },
  };
}

/** The workloads that fit; undefined where none does. */
export function workloadsOf({ kinds, watch }: OutlineLoad): Workloads | undefined {
  const parts = kinds.flatMap(({ workload }) => workload ?? []);
  if (parts.length === 0) return undefined;
  const titles = [...parts.map(({ title }) => title), ...(watch === undefined ? [] : [watch.title])];
  return { titles, parts, ...(watch === undefined ? {} : { watch: watch.spec }) };
}

function outlineKind(kind: WorkloadKind, place: Place, share: SharedLoad | undefined): OutlineKind {
  const fits = kind.options.safeParse(place.value).success;
  const options = share === undefined || !isMap(place.value) ? place.value : { ...place.value, ...share };
  const checked = kind.options.safeParse(options);
  return { kind: kind.kind, place, fits, workload: fits && checked.success ? kind.bind(options) : undefined, issues: checked.success ? [] : checked.error.issues };
}

function sharedOf({ children }: Place): SharedLoad | undefined {
  const rate = workloadShape.rate.safeParse(children.get("rate")?.value).data;
  const clients = workloadShape.clients.safeParse(children.get("clients")?.value).data;
  if (rate === undefined && clients === undefined) return undefined;
  return { ...(rate === undefined ? {} : { rate }), clients: clients ?? sharedClients };
}

function weightOf({ children }: Place): number {
  const weight = children.get("weight")?.value;
  return typeof weight === "number" && weight > 0 ? weight : 1;
}
