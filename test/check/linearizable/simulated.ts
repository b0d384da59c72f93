import { seededRandom } from "../../../src/random.ts";
import type { Call } from "../../../src/check/linearizable/call.ts";
import { stepCell, type CellInput, type CellOutput, type Value } from "../../../src/check/linearizable/cell.ts";
import { illegal } from "../../../src/check/linearizable/model.ts";

export interface Simulation {
  readonly seed: number;
  readonly clients: number;
  readonly calls: number;
  /** Values are drawn from so many; unique without. */
  readonly values?: number;
  /** Of calls, in [0, 1]: their outcome stays unknown, and their process ends. */
  readonly neverReturning?: number;
  /** Of calls, in [0, 1]: compare-and-swaps. */
  readonly swaps?: number;
  /** A late read returns a value that was overwritten long before. */
  readonly staleRead?: boolean;
}

type CellCall = Call<CellInput, CellOutput>;

/** What clients of one register saw, each with one call open at a time; legal but for a stale read that was asked for. */
export function simulate({ seed, clients, calls, values, neverReturning = 0, swaps = 0, staleRead = false }: Simulation): CellCall[] {
  const random = seededRandom(seed, "simulation");
  const history: CellCall[] = [];
  const free = Array.from({ length: clients }, (_, process) => ({ process, atTime: random.float() }));
  let state: Value = null;
  let written = 0;
  let processes = clients;
  const value = (): Value => (values === undefined ? ++written : random.int(1, values));
  const open: { call: Omit<CellCall, "output">; point: number }[] = [];
  for (let index = 0; index < calls; index++) {
    const next = free.reduce((first, each) => (each.atTime < first.atTime ? each : first));
    const kind = random.float();
    const input: CellInput = kind < swaps ? { op: "cas", from: values === undefined ? random.int(Math.max(0, written - 2), written) : random.int(1, values), to: value() } : kind < swaps + (1 - swaps) / 2 ? { op: "read" } : { op: "write", value: value() };
    const lost = random.float() < neverReturning;
    const length = 0.2 + random.float();
    open.push({ call: { process: next.process, invoke: next.atTime, return: lost ? Infinity : next.atTime + length, input, outcome: lost ? "info" : "ok" }, point: next.atTime + length * random.float() });
    next.atTime += length + 0.05 * random.float();
    if (lost) next.process = processes++;
  }
  const outputs = new Map<number, CellOutput>();
  for (const index of [...open.keys()].sort((a, b) => (open[a]?.point ?? 0) - (open[b]?.point ?? 0))) {
    const call = open[index]?.call;
    if (call === undefined || (call.outcome === "info" && random.float() < 0.5)) continue;
    outputs.set(index, call.input.op === "read" ? state : call.input.op === "cas" ? state === call.input.from : null);
    const after: Value | typeof illegal = stepCell(state, call.input, undefined);
    if (after !== illegal) state = after;
  }
  for (const [index, { call }] of open.entries()) history.push({ ...call, output: call.outcome === "ok" ? (outputs.get(index) ?? null) : undefined });
  return staleRead ? withStaleRead(history) : history;
}

/** The last read returns what the first read of a value found. */
function withStaleRead(history: readonly CellCall[]): CellCall[] {
  const early = history.find(({ input, output }) => input.op === "read" && output !== undefined && output !== null)?.output ?? null;
  const last = history.findLastIndex(({ input, outcome }) => input.op === "read" && outcome === "ok");
  return history.map((call, index) => (index === last ? { ...call, output: early } : call));
}
