import { z } from "zod";
import { capabilities, type Member } from "../cluster/member.ts";
import { HarnessError } from "../errors.ts";
import { statusesOf } from "./downed.ts";
import { toEach, undoAfter } from "./each.ts";
import { FailpointSite, type Target } from "./failpoint-site.ts";
import { actionOption } from "./failpoint-terms.ts";
import { defineFault, type ActiveFault } from "./fault.ts";
import { targetSchema } from "./target.ts";

const options = z.strictObject({
  target: targetSchema,
  name: z.string().regex(/^\w+$/, "must be the name of a failpoint, such as raftBeforeSave").meta({ description: "Which failpoint; `npm run list -- failpoints --etcd <path>` tells which an etcd has." }),
  action: actionOption,
});

/**
 * Makes a place in etcd's own code sleep, return or panic. It needs an etcd that is built with
 * failpoints. What shows it is what the process writes: that it came by a second time, or its panic.
 */
export const failpoint = defineFault({
  kind: "failpoint",
  summary: "Makes a failpoint in etcd's code sleep, return or panic; needs an etcd that is built with failpoints.",
  glyph: "⚑",
  options,
  needs: ["failpoints", "restart"],
  title: ({ target, name, action }) => `failpoint ${name} on ${target}, ${action.text}`,
  async inject({ targets, clock, signal }, { name, action }): Promise<ActiveFault> {
    signal.throwIfAborted();
    const members = targets.map(failpointed);
    const before = await statusesOf(members);
    signal.throwIfAborted();
    const sites: FailpointSite[] = [];
    try {
      for (const member of members) sites.push(new FailpointSite(member, name, action, before.get(member.name), clock));
      await toEach(sites, (site) => site.tell(signal));
    } catch (error) {
      throw await undoAfter(error, () => toEach(sites, (site) => site.heal()));
    }
    const toldMs = clock.nowMs();
    return {
      async effect() {
        const proofs = await Promise.all(sites.map((site) => site.proofs(signal)));
        // A panic comes when the failpoint is come by.
        return { sinceMs: action.verb === "panic" ? clock.nowMs() : toldMs, proofs: proofs.flat() };
      },
      heal: () => toEach(sites, (site) => site.heal()),
      async healed() {
        const proofs = await Promise.all(sites.map((site) => site.proofsOfEnd()));
        return { sinceMs: clock.nowMs(), proofs: proofs.flat() };
      },
    };
  },
});

function failpointed(member: Member): Target {
  if (capabilities.failpoints(member) && capabilities.restart(member)) return member;
  throw new HarnessError("fault", `${member.name} cannot be told what to do at failpoints in this runtime`);
}
