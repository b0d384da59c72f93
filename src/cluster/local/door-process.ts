import { connect, createServer, Server } from "node:net";
import { relay } from "./relay.ts";

/**
 * The inside of a door, a process of its own in a run's network: takes sockets that listen
 * outside, each with the address it stands for, and relays what comes to that address in here.
 * The argument is the address from which it dials, by which its packets are known.
 */
const [localAddress = ""] = process.argv.slice(2);

process.on("message", (address: unknown, listener: unknown) => {
  if (typeof address !== "string" || !(listener instanceof Server)) throw new Error("not a listening socket with an address");
  const [host = "", port] = address.split(":");
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (outside) => {
    relay(outside, connect({ host, port: Number(port), localAddress, allowHalfOpen: true, noDelay: true }));
  });
  server.listen(listener, () => process.send?.(address));
});
// The harness is gone, or done.
process.on("disconnect", () => process.exit());
process.send?.("ready");
