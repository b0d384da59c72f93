import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The Debian archive that this machine's apt is set up to use, from its sources in either
 * format; undefined where it has none, as on other distributions. Security archives hold
 * no whole suite and are passed over.
 */
export function debianMirror(aptFolder = "/etc/apt"): string | undefined {
  return sourceFiles(aptFolder).map(mirrorIn).find((url) => url !== undefined);
}

/** The first archive in the text of a `.list` or `.sources` file. */
export function mirrorIn(text: string): string | undefined {
  const lines = text.split("\n").filter((line) => !line.trimStart().startsWith("#"));
  const urls = lines.flatMap((line) => {
    const oneLine = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)/.exec(line)?.[1];
    const deb822 = /^\s*URIs:\s*(.+)$/i.exec(line)?.[1];
    return [...(oneLine === undefined ? [] : [oneLine]), ...(deb822?.trim().split(/\s+/) ?? [])];
  });
  return urls.map((url) => url.replace(/\/+$/, "")).find((url) => /^https?:\/\/.*\/debian$/.test(url));
}

function sourceFiles(aptFolder: string): string[] {
  const parts = join(aptFolder, "sources.list.d");
  return [join(aptFolder, "sources.list"), ...list(parts).map((name) => join(parts, name))].map(read);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(list|sources)$/.test(name)).sort();
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
