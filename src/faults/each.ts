import { HarnessError, messageOf } from "../errors.ts";

/**
 * Does something to every item at once and waits for all, even where one fails; then throws
 * what failed. Healing must reach every member, whatever happens at one of them.
 */
export async function toEach<T>(items: Iterable<T>, action: (item: T) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled([...items].map(action));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new HarnessError("fault", failures.map(messageOf).join("; "), { cause: new AggregateError(failures) });
}

const undoAttempts = 3;

/**
 * Undoes the part of an injection that was done before `error`: whoever injects gets no fault
 * to heal then. @returns what to throw, which says so when something could not be undone
 */
export async function undoAfter(error: unknown, undo: () => Promise<void>): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    try {
      await undo();
      return error;
    } catch (failure) {
      if (attempt < undoAttempts) continue;
      return new HarnessError("fault", `${messageOf(error)}; and undoing what was done failed: ${messageOf(failure)}`, { cause: error });
    }
  }
}
