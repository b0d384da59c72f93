import type { Recording } from "../../src/recording/recording.ts";
import type { SeenWindow } from "../window.ts";
import { ledStretches } from "../led.ts";
import { sizeQuantity, type Whom } from "./size.ts";
import type { Sized, Unsized } from "./sized.ts";
import type { Quantity } from "./syntax.ts";

/** The parts of a recording that quantities are about. */
export type Windows = ReadonlyMap<Quantity, SeenWindow>;

/** For what is not of the leader, its own members. Of several leaders in turn none is the one. */
export function sizeOfLeader(recording: Recording, quantity: Quantity, window: SeenWindow | undefined): Sized | Unsized {
  if (quantity.members?.name !== "leader") return sizeAt(recording, quantity, whomOf(recording, quantity, undefined, ""), window);
  const led = window === undefined ? [] : ledStretches(recording, window);
  const last = led.at(-1);
  if (window === undefined || last === undefined) return { reason: `no leader was seen in ${window?.name ?? "that time"}` };
  if (led.length > 1 && quantity.measure.name !== "value") return { reason: `${led.map(({ leader }) => leader).join(" and then ")} led in ${window.name}` };
  return sizeAt(recording, quantity, { members: [last.leader], who: last.leader }, window);
}

/** Measures a quantity where it has members and a window. */
export function sizeAt(recording: Recording, quantity: Quantity, whom: Whom | Unsized, window: SeenWindow | undefined): Sized | Unsized {
  if ("reason" in whom) return whom;
  return window === undefined ? { reason: "there is no such time in the recording" } : sizeQuantity(recording, quantity, whom, window);
}

/** The members that a quantity is about, given those for whom the comparison is made now. */
export function whomOf(recording: Recording, { members, summed, source }: Quantity, current: readonly string[] | undefined, who: string): Whom | Unsized {
  const all = recording.info.members.map(({ name }) => name);
  if (summed === true) return { members: all, who: "all members" };
  if (members === undefined) return source.of === "metric" || source.of === "log" ? { members: all, who: "all members" } : { members: undefined, who: "" };
  if (/^etcd-/.test(members.name)) {
    return all.includes(members.name) ? { members: [members.name], who: members.name } : { reason: `this cluster has no member ${members.name}, only ${all.join(", ")}` };
  }
  return { members: current, who };
}
