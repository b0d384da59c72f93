import type { Random } from "../random.ts";
import type { Answered, Operation, OperationCommon, Outcome, Request } from "../recording/operation.ts";
import type { Endpoint } from "./endpoint.ts";
import { Memory } from "./memory.ts";
import { failureOf } from "./outcome.ts";
import { recorded } from "./recorded-value.ts";
import type { Schedule, Slot } from "./schedule.ts";
import type { GivenUp } from "./tally.ts";
import type { Workload } from "./workload.ts";

export interface ClientParts {
  readonly workload: Workload;
  /** From 0 on among the clients of its workload. */
  readonly client: number;
  /** From 0 on among all clients; it is also the number of the client's first process. */
  readonly number: number;
  /** How many clients there are of all workloads. */
  readonly clients: number;
  readonly member: string;
  readonly endpoint: Pick<Endpoint, "perform">;
  readonly schedule: Schedule;
  readonly random: Random;
  /** Nanoseconds on the run's clock. */
  readonly nowNs: () => number;
  /** Waits for a moment; false when there is to be no further request. */
  readonly until: (atNs: number) => Promise<boolean>;
  readonly onOperation: (operation: Operation) => void;
  readonly onMissed: (givenUp: GivenUp) => void;
}

/** A request that is under way, with everything about it that is known before its end. */
interface Flight extends Pick<OperationCommon, "process" | "client" | "member" | "intendedNs" | "invokeNs"> {
  readonly request: Request;
}

/**
 * A client: one operation at a time, each told when it has ended. After an `info` the operation may still
 * take effect, so the client goes on as a new process (its old number plus the number of all clients, as
 * Jepsen counts): the history then never shows a process with two operations at once.
 */
export class LoadClient {
  readonly #parts: ClientParts;
  #process: number;
  readonly #memory = new Memory();
  #sequence = 0;
  #last: Outcome | undefined;
  #flight: Flight | undefined;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.#process = parts.number;
  }

  /** The number of its present process, the highest that it has had. */
  get process(): number {
    return this.#process;
  }

  get inFlight(): boolean {
    return this.#flight !== undefined;
  }

  /** How long the next request has been due: it waits for the one in flight. */
  get behindNs(): number {
    return Math.max(0, this.#parts.nowNs() - this.#parts.schedule.dueNs);
  }

  /** Resolves when `until` said that there is to be no further request, and the last has ended. */
  async run(): Promise<void> {
    const { schedule, nowNs, until, workload } = this.#parts;
    for (;;) {
      const dueNs = schedule.dueNs;
      const slot = schedule.next(nowNs(), this.#last);
      this.#miss(slot.missed, dueNs, slot.atNs);
      if (!(await until(slot.atNs))) {
        // As all along: whoever has not waited for a time-out yet has not given up, only the load has ended.
        return this.#miss(schedule.giveUp(nowNs() - workload.timeoutMs * 1e6), slot.atNs, schedule.dueNs);
      }
      schedule.take();
      await this.#operate(slot);
    }
  }

  /** Records the operation in flight as `info`; its answer, should one come, is not recorded. */
  abandon(): void {
    if (this.#flight !== undefined) this.#end(this.#flight, this.#flight.request, { outcome: "info", error: "no answer until the end of the run" });
  }

  #miss(count: number, fromNs: number, toNs: number): void {
    if (count > 0) this.#parts.onMissed({ member: this.#parts.member, count, fromNs, toNs });
  }

  async #operate(slot: Slot): Promise<void> {
    const { workload, client, number, random, endpoint, member, nowNs } = this.#parts;
    const request = workload.next(client, this.#sequence, random, this.#memory);
    this.#sequence += 1;
    const flight: Flight = { request, process: this.#process, client: number, member, intendedNs: slot.atNs, invokeNs: nowNs() };
    this.#flight = flight;
    let answered: Answered;
    try {
      answered = await endpoint.perform(request);
    } catch (error) {
      return this.#end(flight, request, failureOf(error, request.op));
    }
    // What goes wrong from here on is ours, and no outcome: an operation that is not recorded has to end the load.
    this.#memory.note(answered);
    this.#end(flight, answered, { outcome: "ok" });
  }

  #end(flight: Flight, said: Request | Answered, end: Pick<OperationCommon, "outcome" | "error">): void {
    if (this.#flight !== flight) return;
    this.#flight = undefined;
    this.#last = end.outcome;
    if (end.outcome === "info") this.#process += this.#parts.clients;
    const { process, client, member, intendedNs, invokeNs } = flight;
    const operation: Operation = { process, client, member, ...said, intendedNs, invokeNs, returnNs: this.#parts.nowNs(), ...end };
    this.#parts.workload.heard?.(this.#parts.client, operation);
    this.#parts.onOperation(recorded(operation));
  }
}
