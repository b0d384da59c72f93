import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describeToxiproxyContract } from "../contract.ts";
import { eventually } from "./api.ts";
import { listenTcp } from "./tcp.ts";

const name = "toxiproxy-server";
const binary = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name)).find(isExecutable);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The suite that the embedded server passes is right only if the original passes it too. */
if (binary) {
  describeToxiproxyContract(`the original Toxiproxy server (${binary})`, async () => {
    const port = await freePort();
    const child = spawn(binary, ["-host", "127.0.0.1", "-port", String(port), "-proxy-metrics"], { stdio: "ignore" });
    const url = `http://127.0.0.1:${port}`;
    await eventually(() => fetch(`${url}/version`).then(({ ok }) => ok, () => false));
    return {
      url,
      async dispose() {
        child.kill();
        await once(child, "exit");
      },
    };
  });
} else {
  it(`the original Toxiproxy server passes the contract (pending: no ${name} on PATH)`);
}

async function freePort(): Promise<number> {
  await using server = await listenTcp();
  return server.port;
}
