import type { Random } from "../random.ts";
import type { Operation, Request } from "../recording/operation.ts";
import type { Workload } from "./workload.ts";

/** What a client does from its beginning on: it yields a request, and is given what came of it. */
export type Course = Generator<Request, never, Operation>;

/** A part of a course that comes to an end. */
export type Steps = Generator<Request, void, Operation>;

/** A workload whose clients' requests follow from the answers; each keeps to a course of its own. */
export function following(course: (client: number, random: Random) => Course): Pick<Workload, "next" | "heard"> {
  const courses = new Map<number, Course>();
  const ended = new Map<number, Operation>();
  return {
    next(client, _sequence, random) {
      const present = courses.get(client);
      const last = ended.get(client);
      if (present !== undefined && last !== undefined) return present.next(last).value;
      const fresh = course(client, random);
      courses.set(client, fresh);
      return fresh.next().value;
    },
    heard: (client, operation) => void ended.set(client, operation),
  };
}
