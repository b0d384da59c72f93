import type Docker from "dockerode";
import type { SoftwareOrigin } from "../cluster.ts";
import { ensureImage, hasImage, importImage } from "./image.ts";

/** What the members' containers run. */
export interface EtcdImage {
  readonly image: string;
  readonly origin: SoftwareOrigin & { readonly sha256?: string };
}

/** Something with this path, found for a version or given by the user. */
export interface BinaryOrigin extends SoftwareOrigin {
  readonly path: string;
  readonly sha256: string;
  /** True for a binary of the user's own, which no published image stands for. */
  readonly own: boolean;
}

/**
 * The official image of the binary's version where the engine has it or can pull it, otherwise
 * a minimal one around the binary. Pulling is tried only until there is one of ours: on a
 * machine without the internet each try costs time.
 */
export async function imageForBinary(docker: Docker, etcd: BinaryOrigin): Promise<EtcdImage> {
  const official = `quay.io/coreos/etcd:v${etcd.version}`;
  const wantOfficial = !etcd.own && ((await hasImage(docker, official)) || (!(await hasImage(docker, tagOf(etcd))) && (await canPull(docker, official))));
  return wantOfficial ? namedImage(docker, official) : imageOfBinary(docker, etcd);
}

/** A minimal image around a binary of this machine: the program, the loader and the C library. */
export async function imageOfBinary(docker: Docker, etcd: Omit<BinaryOrigin, "own">): Promise<EtcdImage> {
  await importImage(docker, tagOf(etcd), [{ path: etcdPath, from: etcd.path }], [etcd.path]);
  const { version, source, sha256 } = etcd;
  return { image: tagOf(etcd), origin: { version, source, sha256 } };
}

function tagOf({ version, sha256 }: Pick<BinaryOrigin, "version" | "sha256">): string {
  return `etcd-chaos/etcd:${version}-${sha256.slice(0, 12)}`;
}

async function canPull(docker: Docker, image: string): Promise<boolean> {
  return ensureImage(docker, image).then(() => true, () => false);
}

/** An image by name; @throws HarnessError `etcd-not-found`. Its version is what a member reports once it runs. */
export async function namedImage(docker: Docker, image: string): Promise<EtcdImage> {
  await ensureImage(docker, image, "etcd-not-found");
  return { image, origin: { version: "", source: `image ${image}` } };
}

const etcdPath = "/usr/bin/etcd";
