import { listed } from "./suggest.ts";
import type { Trouble } from "./window-checks.ts";
import type { OutlineKind, OutlineLoad } from "./workload-outline.ts";

const sharedKeys = ["rate", "clients"] as const;

/** What is wrong between the workloads of a scenario, each of which is sound by itself. */
export function workloadChecks(load: OutlineLoad): Trouble[] {
  return [...weights(load), ...ownBesideShared(load), ...unshareable(load), ...tooFewClients(load), ...sameKeys(load)];
}

function weights({ shared, kinds }: OutlineLoad): Trouble[] {
  if (shared !== undefined) return [];
  return kinds.flatMap(({ place }) => {
    const weight = place.children.get("weight");
    return weight === undefined ? [] : [{ place: weight, message: '"weight" divides what the workloads share, and they share nothing', hint: "Put rate, clients or both beside the kinds, directly below workload." }];
  });
}

function ownBesideShared({ shared, kinds }: OutlineLoad): Trouble[] {
  if (shared === undefined) return [];
  return kinds.flatMap(({ kind, place }) =>
    sharedKeys.flatMap((key) => {
      const own = place.children.get(key);
      return own === undefined ? [] : [{ place: own, message: `${kind} has "${key}" of its own, and shares what stands beside the kinds`, hint: "Either each workload has its own rate and clients, or all share them by weight." }];
    }),
  );
}

/** Options that do not go with what is shared: some workloads can have no rate, and none with a rate thinks. */
function unshareable({ shared, kinds }: OutlineLoad): Trouble[] {
  if (shared === undefined) return [];
  return kinds.filter(({ fits }) => fits).flatMap(({ kind, place, issues }) =>
    issues.map((issue): Trouble => {
      if (issue.code !== "unrecognized_keys") return { place: place.children.get(issue.path[0] ?? "") ?? place, message: `${kind} cannot share this load: ${issue.message}` };
      return { place, message: `${kind} has no ${listed(issue.keys)}, so that it cannot share one`, hint: "Give each workload its own clients and pace, or let them share clients alone." };
    }),
  );
}

function tooFewClients({ place, shared, kinds }: OutlineLoad): Trouble[] {
  if (shared === undefined || kinds.length <= shared.clients) return [];
  return [{ place: place.children.get("clients") ?? place, message: `${kinds.length} workloads cannot share ${shared.clients} ${shared.clients === 1 ? "client" : "clients"}: each needs one at least` }];
}

/** A checker takes what it finds under a workload's keys for that workload's own. */
function sameKeys({ kinds }: OutlineLoad): Trouble[] {
  return kinds.flatMap((each, index) => {
    const other = kinds.slice(0, index).find((before) => overlap(before, each));
    return other === undefined ? [] : [{ place: each.place, message: `${each.kind} and ${other.kind} have keys in common, and would be taken for each other's` }];
  });
}

function overlap({ workload: one }: OutlineKind, { workload: other }: OutlineKind): boolean {
  const [a, b] = [one?.finalRange, other?.finalRange];
  return a !== undefined && b !== undefined && a.key < b.end && b.key < a.end;
}
