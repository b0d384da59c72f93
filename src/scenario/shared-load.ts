/** What several workloads have together. */
export interface SharedLoad {
  readonly rate?: number;
  readonly clients: number;
}

/** Where a rate is shared and nothing is said of clients. */
export const sharedClients = 10;

/** Rates are told to a thousandth of an operation a second. */
const ratesPerUnit = 1_000;

/**
 * Divides a load by weights. Each workload gets one client, and each further client goes where the fewest are for the
 * weight (Webster's method), to the first of equals: so the same weights always give the same clients.
 */
export function sharesOf({ rate, clients }: SharedLoad, weights: readonly number[]): SharedLoad[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map(() => 1);
  for (let left = clients - weights.length; left > 0; left -= 1) {
    const claims = weights.map((weight, index) => weight / (2 * (shares[index] ?? 0) + 1));
    const next = claims.indexOf(Math.max(...claims));
    shares[next] = (shares[next] ?? 0) + 1;
  }
  return weights.map((weight, index) => ({ ...(rate === undefined ? {} : { rate: rateOf((rate * weight) / total) }), clients: shares[index] ?? 1 }));
}

function rateOf(exact: number): number {
  return Math.max(1, Math.round(exact * ratesPerUnit)) / ratesPerUnit;
}
