/** An exact etcd version, without the leading "v": `3.5.30`, `3.6.0-rc.1`. */
export interface VersionParts {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** `["rc", "1"]` of 3.6.0-rc.1; empty for a final release. */
  readonly preRelease: readonly string[];
}

const exactVersion = /^(\d{1,4})\.(\d{1,4})\.(\d{1,6})(?:-([0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*))?$/;

/** The parts of an exact version; undefined when the text is none. */
export function parseVersion(text: string): VersionParts | undefined {
  const match = exactVersion.exec(text);
  if (!match) return undefined;
  const [, major, minor, patch, preRelease] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    preRelease: preRelease === undefined ? [] : preRelease.split("."),
  };
}

/** Negative when `left` is the older one. Pre-releases come before their release, as in semver; what is no version comes first. */
export function compareVersions(left: string, right: string): number {
  const a = parseVersion(left);
  const b = parseVersion(right);
  if (!a || !b) return Number(a !== undefined) - Number(b !== undefined);
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePreReleases(a.preRelease, b.preRelease);
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const left = a[i];
    const right = b[i];
    if (left === undefined || right === undefined) return a.length - b.length;
    if (left === right) continue;
    const leftIsNumber = /^\d+$/.test(left);
    const rightIsNumber = /^\d+$/.test(right);
    if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
    if (!leftIsNumber) return left < right ? -1 : 1;
    if (Number(left) !== Number(right)) return Number(left) - Number(right);
  }
  return 0;
}

/** Each version once, newest first. */
export function newestFirst(versions: Iterable<string>): string[] {
  return [...new Set(versions)].sort((a, b) => compareVersions(b, a));
}

/** `3.5` of 3.5.30. */
export function seriesOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** The newest final release of a series; a pre-release is only taken by those who name it exactly. */
export function newestOfSeries(versions: Iterable<string>, series: string): string | undefined {
  return newestFirst(versions).find((version) => seriesOf(version) === series && parseVersion(version)?.preRelease.length === 0);
}

/**
 * The etcd version inside a Debian package version: `3.4.23-4+b4` holds 3.4.23, `3.3.25+dfsg-6`
 * holds 3.3.25, `3.5.30~rc0-1` holds 3.5.30-rc.0. Undefined when there is none.
 *
 * Debian's form is [epoch:]upstream[-revision], the revision being what follows the last dash (Debian policy 5.6.12).
 */
export function upstreamVersion(packageVersion: string): string | undefined {
  const withoutEpoch = packageVersion.replace(/^\d+:/, "");
  const lastDash = withoutEpoch.lastIndexOf("-");
  const upstream = lastDash === -1 ? withoutEpoch : withoutEpoch.slice(0, lastDash);
  const version = upstream.replace(/\+.*$/, "").replace(/~([a-z]+)\.?(\d+)$/, "-$1.$2");
  return parseVersion(version) ? version : undefined;
}
