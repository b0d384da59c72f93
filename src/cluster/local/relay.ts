import type { Socket } from "node:net";

/** Passes on between two sockets what comes, and how each direction ends: in order, or with a reset. Both must allow half-open connections. */
export function relay(one: Socket, other: Socket): void {
  passOn(one, other);
  passOn(other, one);
}

function passOn(from: Socket, to: Socket): void {
  // Ends the other in order when this one does.
  from.pipe(to);
  from.on("error", () => {
    if (to.connecting) to.destroy();
    else to.resetAndDestroy();
  });
}
