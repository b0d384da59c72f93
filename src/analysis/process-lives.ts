import type { RunEvent } from "../recording/events.ts";

const turns: ReadonlySet<string> = new Set(["started", "killed", "stopped", "exited", "replaced"]);

/**
 * Tells in which life of its process a member is at a moment, as a number that is another one once the process has
 * ended, has begun, or has become another member. One that is paused and resumed lives on.
 */
export function processLives(events: readonly RunEvent[]): (member: string, atMs: number) => number {
  const turnsOf = new Map<string, number[]>();
  for (const event of events) {
    if (event.type !== "member" || !turns.has(event.state)) continue;
    turnsOf.set(event.member, [...(turnsOf.get(event.member) ?? []), event.atMs]);
  }
  return (member, atMs) => (turnsOf.get(member) ?? []).filter((turnMs) => turnMs <= atMs).length;
}
