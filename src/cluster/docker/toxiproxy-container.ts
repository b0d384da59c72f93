import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { waitFor, type Clock } from "../../clock.ts";
import { HarnessError, messageOf } from "../../errors.ts";
import type { ToxiproxyChoice } from "../../toxiproxy/choice.ts";
import { fetchVersion } from "../../toxiproxy/toxiproxy-process.ts";
import { outputOf } from "./container.ts";
import { contentTag, ensureImage, fileHash, hasImage, importImage } from "./image.ts";

/** How to run a Toxiproxy server in a container: the API listens on `toxiproxyPort` of every address. */
export interface ToxiproxyImage {
  readonly image: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly source: string;
}

export const toxiproxyPort = 8474;
const officialImage = "ghcr.io/shopify/toxiproxy:2.12.0";

/** The image for the choice: a real server's where there is one, otherwise one made of node and the embedded server. */
export async function toxiproxyImage(docker: Docker, choice: ToxiproxyChoice): Promise<ToxiproxyImage> {
  switch (choice.kind) {
    case "image":
      await ensureImage(docker, choice.image);
      return real(choice.image);
    case "embedded":
      return embedded(docker);
    case "server":
      return fromBinary(docker, choice.path);
    case "auto":
      return (await hasImage(docker, officialImage)) ? real(officialImage) : (await pulled(docker)) ?? embedded(docker);
  }
}

function real(image: string): ToxiproxyImage {
  return { image, entrypoint: [], command: ["-host=0.0.0.0", `-port=${toxiproxyPort}`], source: `image ${image}` };
}

/** Tried only while there is no image of our own: on a machine without the internet each try costs time. */
async function pulled(docker: Docker): Promise<ToxiproxyImage | undefined> {
  if (await hasImage(docker, await embeddedTag())) return undefined;
  return ensureImage(docker, officialImage).then(
    () => real(officialImage),
    () => undefined,
  );
}

const program = "/toxiproxy.cjs";

async function embedded(docker: Docker): Promise<ToxiproxyImage> {
  const image = await embeddedTag();
  await importImage(docker, image, [{ path: program, content: await bundle() }, { path: "/usr/bin/node", from: process.execPath }], [process.execPath]);
  return { image, entrypoint: ["/usr/bin/node", program], command: ["--host", "0.0.0.0", "--port", String(toxiproxyPort)], source: "embedded" };
}

async function fromBinary(docker: Docker, path: string): Promise<ToxiproxyImage> {
  const image = `etcd-chaos/toxiproxy-server:${contentTag(await fileHash(path))}`;
  await importImage(docker, image, [{ path: "/toxiproxy-server", from: path }], [path]);
  return { ...real(image), entrypoint: ["/toxiproxy-server"], source: path };
}

const answerLimitMs = 30_000;

/**
 * Waits until the API of a started container answers. Asked by ourselves at the address that
 * its port is published on: the library guesses a host, and takes a machine that has
 * /.dockerenv for a container, whose engine it then looks for at the default bridge.
 * @returns the version it reports
 * @throws HarnessError `environment` with what the container printed
 */
export async function untilToxiproxyAnswers(container: Docker.Container, apiUrl: string, clock: Clock): Promise<string> {
  let exit: string | undefined;
  const answer = async (): Promise<string | undefined> => {
    const version = await fetchVersion(apiUrl);
    if (version !== undefined) return version;
    const { State } = await container.inspect();
    if (!State.Running) exit = `exit code ${State.ExitCode}`;
    return exit === undefined ? undefined : "";
  };
  const version = await waitFor(clock, answer, { limitMs: answerLimitMs });
  if (version) return version;
  throw await toxiproxyFailed(container, exit ?? `no answer at ${apiUrl} within ${answerLimitMs / 1000} s`);
}

/** The error for a container that does not serve; `how` says what became of it. */
export async function toxiproxyFailed(container: Docker.Container, how: string): Promise<HarnessError> {
  const printed = await outputOf(container).catch(messageOf);
  return new HarnessError("environment", `the Toxiproxy container did not come up (${how}): ${printed || "it printed nothing"}`, {
    hint: "Its ports are published on 127.0.0.1 of the engine's machine: a harness that runs in a container itself has to share the engine's network (--network host).",
  });
}

async function embeddedTag(): Promise<string> {
  return `etcd-chaos/toxiproxy:${contentTag(await bundle(), process.version, process.arch)}`;
}

let bundled: Promise<Buffer> | undefined;

/** The embedded server as one file that needs nothing but node. */
function bundle(): Promise<Buffer> {
  bundled ??= build({
    entryPoints: [fileURLToPath(new URL("../../toxiproxy/server/main.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    write: false,
    logLevel: "silent",
  }).then(
    ({ outputFiles: [file] }) => {
      if (file === undefined) throw new HarnessError("internal", "bundling the embedded Toxiproxy gave no file");
      return Buffer.from(file.contents);
    },
    (cause: unknown) => {
      throw new HarnessError("internal", `the embedded Toxiproxy cannot be bundled: ${messageOf(cause)}`, { cause });
    },
  );
  return bundled;
}
