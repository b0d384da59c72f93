import type { MonotonicClock } from "../clock.ts";
import { HarnessError } from "../errors.ts";
import { seededRandom } from "../random.ts";
import type { Operation } from "../recording/operation.ts";
import type { WatchResponse } from "../recording/watch.ts";
import { LoadClient } from "./client.ts";
import { etcdEndpoint, type Endpoint } from "./endpoint.ts";
import { readFinally } from "./final-read.ts";
import { failureOf } from "./outcome.ts";
import { scheduleOf } from "./schedule.ts";
import { Sleepers } from "./sleepers.ts";
import type { WorkloadStats, WorkloadSummary } from "./stats.ts";
import { Tally } from "./tally.ts";
import type { WatchSpec } from "./watch/spec.ts";
import { Watchers } from "./watch/watchers.ts";
import type { Workload } from "./workload.ts";
import { longestTimeoutMs, placesOf, type Place } from "./workloads.ts";

/** Where a member can be asked. */
export interface MemberEndpoint {
  readonly member: string;
  readonly url: string;
}

export interface LoadOptions {
  /** Side by side. */
  readonly workloads: readonly Workload[];
  readonly watch: WatchSpec | undefined;
  readonly seed: number;
  /** Those of all members; a workload takes all or one of them. */
  readonly endpoints: readonly MemberEndpoint[];
  readonly clock: MonotonicClock;
  /** Called with each operation when it has ended. */
  readonly record: (operation: Operation) => void;
  /** Called with each response to a watcher. */
  readonly recordWatch: (response: WatchResponse) => void;
}

const connectLimitMs = 5_000;
const finalReadLimitMs = 5_000;
const finalReadTimeoutMs = 2_000;
const watchedLimitMs = 5_000;
/** Deadlines end every operation; this is for the one that they do not. */
const graceMs = 1_000;

/** All clients of all workloads at work. */
export class Load {
  readonly #clients: readonly LoadClient[];
  readonly #endpoints: readonly Endpoint[];
  readonly #sleepers: Sleepers;
  readonly #tally: Tally;
  readonly #cpuAtStart = process.cpuUsage();
  readonly #done: Promise<unknown>;
  readonly #options: LoadOptions;
  readonly #watchers: Watchers;
  /** The highest that anybody was answered. */
  #revision = 0;

  private constructor(options: LoadOptions, connections: readonly Connection[]) {
    const { workloads, seed, watch, endpoints, clock, recordWatch } = options;
    const nowNs = (): number => this.#nowNs();
    this.#options = options;
    this.#tally = new Tally(workloads.map(({ kind }) => kind));
    const startNs = nowNs();
    this.#sleepers = new Sleepers(nowNs);
    this.#endpoints = connections.map(({ endpoint }) => endpoint);
    this.#clients = connections.map((connection) => {
      const { workload, client, number, member, endpoint } = connection;
      const whose = workloads.length > 1 ? { clients: clientsBeside(connection) } : {};
      return new LoadClient({
        workload,
        client,
        number,
        clients: connections.length,
        member,
        endpoint,
        schedule: scheduleOf(workload, client, startNs),
        // So that what one workload asks does not depend on those beside it.
        random: seededRandom(seed, `${workload.kind}/client/${client}`),
        nowNs,
        until: (atNs) => this.#sleepers.until(atNs),
        onOperation: (operation) => {
          this.#tally.operation(operation, workload.kind);
          this.#record(operation);
        },
        onMissed: (givenUp) => this.#tally.missed({ ...givenUp, ...whose }),
      });
    });
    this.#watchers = new Watchers({ spec: watch, endpoints, nowNs, clock, record: recordWatch });
    this.#done = Promise.all(this.#clients.map((client) => client.run()));
  }

  /**
   * Connects every client, then lets all begin.
   * @throws HarnessError `cluster` when a client finds no connection, `internal` when a workload's member is not there
   */
  static async begin(options: LoadOptions): Promise<Load> {
    const { workloads, clock } = options;
    const connections = placesOf(workloads).map((place) => {
      const { member, url } = endpointOf(place, options.endpoints);
      return { ...place, member, url, endpoint: etcdEndpoint({ url, timeoutMs: place.workload.timeoutMs, clock }) };
    });
    await Promise.all(connections.map(connect));
    return new Load(options, connections);
  }

  stats(): WorkloadStats {
    return {
      ...this.#tally.takeRecent(),
      opsInFlight: this.#clients.filter(({ inFlight }) => inFlight).length,
      behindMs: Math.max(...this.#clients.map(({ behindNs }) => behindNs)) / 1e6,
    };
  }

  /**
   * Lets the operations in flight end, at the latest at their time-outs; what has no answer then is recorded as
   * `info`. Then all keys are read through each member, and watchers go on until they have seen what was read.
   */
  async stop(): Promise<WorkloadSummary> {
    const { clock, workloads } = this.#options;
    this.#sleepers.stop();
    await Promise.race([this.#done, clock.sleep(longestTimeoutMs(workloads) + graceMs)]);
    for (const client of this.#clients) client.abandon();
    for (const endpoint of this.#endpoints) endpoint.close();
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    const unread = await this.#readFinally();
    const unwatched = await this.#watchers.finish(this.#revision, watchedLimitMs);
    return { ...this.#tally.total(), timerLateMaxMs: this.#sleepers.lateMaxNs / 1e6, unread, unwatched, cpuMs: (user + system) / 1e3 };
  }

  /** Names the members through which not all could be read: the keys of each workload, by readers of their own. */
  async #readFinally(): Promise<string[]> {
    const { clock, endpoints, workloads } = this.#options;
    const ranges = workloads.flatMap(({ finalRange }) => finalRange ?? []);
    const readers = ranges.flatMap((range) => endpoints.map((each) => ({ range, ...each })));
    let processes = Math.max(...this.#clients.map((client) => client.process)) + 1;
    const unread = readers.map(async ({ range, member, url }, index) => {
      const endpoint = etcdEndpoint({ url, timeoutMs: finalReadTimeoutMs, clock });
      const client = this.#clients.length + index;
      const record = (operation: Operation): void => this.#record(operation);
      const parts = { member, endpoint, client, nextProcess: () => processes++, nowNs: () => this.#nowNs(), record };
      const whole = await readFinally({ ...parts, range, sleep: (ms) => clock.sleep(ms), limitMs: finalReadLimitMs });
      endpoint.close();
      return whole ? [] : [member];
    });
    return [...new Set((await Promise.all(unread)).flat())];
  }

  #record(operation: Operation): void {
    this.#revision = Math.max(this.#revision, operation.revision ?? 0);
    this.#options.record(operation);
  }

  #nowNs(): number {
    return Number(process.hrtime.bigint() - this.#options.clock.originNs);
  }
}

interface Connection extends MemberEndpoint, Place {
  readonly endpoint: Endpoint;
}

/** The first and the last client of the same workload, among all: they are numbered in a row. */
function clientsBeside({ workload, client, number }: Place): [number, number] {
  const first = number - client;
  return [first, first + workload.clients - 1];
}

async function connect({ member, url, endpoint, number }: Connection): Promise<void> {
  try {
    await endpoint.connect(connectLimitMs);
  } catch (cause) {
    throw new HarnessError("cluster", `client ${number} found no connection to ${member} at ${url} within ${connectLimitMs / 1000} s: ${failureOf(cause).error}`, { cause });
  }
}

/** A workload's client i takes endpoint i modulo their number. */
function endpointOf({ workload: { endpoints }, client }: Place, all: readonly MemberEndpoint[]): MemberEndpoint {
  const usable = endpoints === "all" ? all : all.filter(({ member }) => member === endpoints);
  const endpoint = usable[client % usable.length];
  if (endpoint !== undefined) return endpoint;
  throw new HarnessError("internal", `the workload asks for ${endpoints}, and there is only ${all.map(({ member }) => member).join(", ") || "no member"}`);
}
