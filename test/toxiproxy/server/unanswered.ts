import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Listens with room for one connection, says where, and never runs again: nothing is accepted. */
const program = `
  const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    process.stdout.write(String(server.address().port));
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

/** An address on which a new connection is neither accepted nor refused. */
export async function listenUnanswered(): Promise<{ address: string } & AsyncDisposable> {
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(child.stdout, "data");
  // As many as fit into the backlog, and one more to be sure that it is full.
  const filling: Socket[] = Array.from({ length: 4 }, () => connect(Number(port), "127.0.0.1"));
  await Promise.race(filling.map((socket) => once(socket, "connect")));
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of filling) socket.destroy();
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}
