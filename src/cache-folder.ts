import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/**
 * Where the harness keeps what may be fetched or built again: `$XDG_CACHE_HOME/etcd-chaos`,
 * or `~/.cache/etcd-chaos`. An absolute path; the folder need not exist yet.
 *
 * As the XDG base directory specification asks, a relative `XDG_CACHE_HOME` is ignored.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  const xdg = env.XDG_CACHE_HOME;
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, "etcd-chaos");
  const home = env.HOME;
  return join(home !== undefined && isAbsolute(home) ? home : homedir(), ".cache", "etcd-chaos");
}
