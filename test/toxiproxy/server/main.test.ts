import { expect } from "chai";
import { build } from "esbuild";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dial, listenTcp } from "./tcp.ts";

const entryPoint = fileURLToPath(new URL("../../../src/toxiproxy/server/main.ts", import.meta.url));

describe("the process of the embedded Toxiproxy server", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "toxiproxy-"));
    for (const format of ["cjs", "esm"] as const)
      await build({ entryPoints: [entryPoint], outfile: join(folder, format === "cjs" ? "main.cjs" : "main.mjs"), bundle: true, platform: "node", format, target: "node20", logLevel: "error" });
  });
  after(() => rm(folder, { recursive: true }));

  const run = (args: readonly string[], bundle = "main.cjs") => new Run(spawn(process.execPath, [join(folder, bundle), ...args], { env: {} }));

  for (const bundle of ["main.cjs", "main.mjs"]) {
    it(`bundled as ${bundle} runs on node alone: says where it listens, answers, and ends with 0 on SIGTERM`, async () => {
      const process = run(["--port", "0"], bundle);
      const url = await process.listening();
      expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect((await fetch(`${url}/version`)).status).to.equal(200);
      expect(await process.end("SIGTERM")).to.equal(0);
      expect(process.out.split("\n")).to.have.length(2);
      expect(process.err).to.equal("");
    });
  }

  it("ends with 0 on SIGINT, with connections open", async () => {
    const process = run(["--port", "0"]);
    const url = await process.listening();
    await using server = await listenTcp();
    const response = await fetch(`${url}/proxies`, { method: "POST", body: JSON.stringify({ name: "a", listen: "127.0.0.1:0", upstream: server.address }) });
    const proxy: unknown = await response.json();
    if (typeof proxy !== "object" || proxy === null || !("listen" in proxy)) throw new Error("a proxy has an address");
    using client = await dial(String(proxy.listen));
    await server.next();
    expect(await process.end("SIGINT")).to.equal(0);
    await client.over();
  });

  it("with --exit-with-stdin ends when its standard input does", async () => {
    const process = run(["--port", "0", "--exit-with-stdin"]);
    await process.listening();
    process.child.stdin?.end();
    expect(await process.exit).to.equal(0);
  });

  it("with --config starts with the proxies of a file", async () => {
    const config = join(folder, "proxies.json");
    await writeFile(config, JSON.stringify([{ name: "a", listen: "127.0.0.1:0", upstream: "127.0.0.1:1", enabled: false }]));
    const process = run(["--port", "0", "--config", config]);
    const proxies: unknown = await (await fetch(`${await process.listening()}/proxies`)).json();
    expect(proxies).to.have.nested.property("a.enabled", false);
    await process.end("SIGTERM");
  });

  it("refuses arguments that make no sense with 64", async () => {
    for (const [args, message] of [
      [["--port", "x"], '--port must be 0 to 65535, not "x"'],
      [["--port", "65536"], "--port must be 0 to 65535"],
      [["--what"], "--what"],
      [["extra"], "extra"],
    ] as const) {
      const process = run(args);
      expect(await process.exit, args.join(" ")).to.equal(64);
      expect(process.err).to.contain(message).and.to.contain("usage: ");
      expect(process.out).to.equal("");
    }
  });

  it("says which port is taken and ends with 1", async () => {
    await using taken = await listenTcp();
    const process = run(["--port", String(taken.port)]);
    expect(await process.exit).to.equal(1);
    expect(process.err).to.contain(taken.address).and.to.contain("EADDRINUSE");
  });

  it("says which file it cannot use and ends with 1", async () => {
    const broken = join(folder, "broken.json");
    await writeFile(broken, "[{}]");
    for (const [file, message] of [[broken, "missing required field: name at proxy 1"], [join(folder, "none.json"), "ENOENT"]] as const) {
      const process = run(["--port", "0", "--config", file]);
      expect(await process.exit).to.equal(1);
      expect(process.err).to.contain(file).and.to.contain(message);
      expect(process.out).to.equal("");
    }
  });
});

class Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  out = "";
  err = "";

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on("data", (data) => { this.out += String(data); });
    child.stderr?.on("data", (data) => { this.err += String(data); });
    this.exit = once(child, "close").then(([code]) => (typeof code === "number" ? code : null));
  }

  /** The URL in the one line on standard output. */
  async listening(): Promise<string> {
    while (!this.out.includes("\n") && this.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    const line: unknown = JSON.parse(this.out);
    if (typeof line !== "object" || line === null || !("listening" in line)) throw new Error(`unexpected output: ${this.out}${this.err}`);
    return String(line.listening);
  }

  end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.exit;
  }
}
