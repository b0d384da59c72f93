import type { Socket } from "node:net";

/**
 * Passes on between two sockets what comes, and that a direction ends; one that breaks is reset on
 * the other side too, which Node closes first. Both must allow half-open connections.
 */
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
