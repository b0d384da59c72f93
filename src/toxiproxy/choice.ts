import { HarnessError } from "../errors.ts";

/**
 * Which Toxiproxy drives the links: `auto` takes a real server where there is one and the
 * embedded one otherwise.
 */
export type ToxiproxyChoice =
  | { readonly kind: "auto" }
  | { readonly kind: "embedded" }
  | { readonly kind: "server"; readonly path: string }
  | { readonly kind: "image"; readonly image: string };

/**
 * Reads `--toxiproxy`, or `TOXIPROXY_IMAGE` where the option is absent.
 * @throws HarnessError `usage`
 */
export function parseToxiproxyChoice(text: string | undefined, env: NodeJS.ProcessEnv): ToxiproxyChoice {
  const image = env["TOXIPROXY_IMAGE"];
  if (text === undefined) return image ? { kind: "image", image } : { kind: "auto" };
  if (text === "auto" || text === "embedded") return { kind: text };
  if (text.startsWith("image:") && text.length > "image:".length) return { kind: "image", image: text.slice("image:".length) };
  if (text.includes("/")) return { kind: "server", path: text };
  throw new HarnessError("usage", `--toxiproxy ${text} is none of auto, embedded, image:NAME or a path`, {
    hint: "For example --toxiproxy embedded, or --toxiproxy /usr/local/bin/toxiproxy-server.",
  });
}
