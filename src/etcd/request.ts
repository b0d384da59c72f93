import { HarnessError } from "../errors.ts";
import { parseVersion } from "./version.ts";

/** Which etcd is asked for: with `--etcd`, or as `cluster.etcd` in a scenario. */
export type EtcdRequest = BinaryRequest | ImageRequest;

/** What can be had as a binary on this machine. */
export type BinaryRequest = VersionRequest | FileRequest;

export type VersionRequest =
  /** `3.5`: the newest release of a series. */
  | { readonly kind: "series"; readonly series: string }
  /** `3.5.30` or `v3.5.30`. */
  | { readonly kind: "exact"; readonly version: string };

/** `./bin/etcd`: a binary of the user's own; the path as it was written. */
export interface FileRequest {
  readonly kind: "file";
  readonly path: string;
}

/** `image:quay.io/coreos/etcd:v3.5.1`: only for the docker runtime. */
export interface ImageRequest {
  readonly kind: "image";
  readonly image: string;
}

/**
 * Reads what the user wrote.
 *
 * @throws HarnessError "usage", with examples, when the text is none of the forms.
 */
export function parseEtcdRequest(text: string): EtcdRequest {
  const wanted = text.trim();
  if (wanted.startsWith("image:")) return imageRequest(wanted.slice("image:".length));
  if (wanted.includes("/")) return { kind: "file", path: wanted };
  const version = wanted.replace(/^v/, "");
  if (/^\d{1,4}\.\d{1,4}$/.test(version)) return { kind: "series", series: version };
  if (parseVersion(version)) return { kind: "exact", version };
  throw unreadable(text);
}

/** The canonical text of a request: parsing it gives the same request again. */
export function describeRequest(request: EtcdRequest): string {
  switch (request.kind) {
    case "series": return request.series;
    case "exact": return request.version;
    case "file": return request.path;
    case "image": return `image:${request.image}`;
  }
}

function imageRequest(image: string): ImageRequest {
  // Whether the engine likes the reference is its own business; this only catches what cannot be one.
  if (/^[a-z0-9][A-Za-z0-9._\-/:@]*$/.test(image)) return { kind: "image", image };
  throw new HarnessError("usage", `"image:${image}" names no container image`, {
    hint: "For example image:quay.io/coreos/etcd:v3.5.1",
  });
}

function unreadable(text: string): HarnessError {
  return new HarnessError("usage", `"${text}" is no etcd version, image or path`, {
    hint: "Write 3.5 (the newest of a series), 3.5.30 (exactly that), image:quay.io/coreos/etcd:v3.5.1, or a path with a slash such as ./etcd",
  });
}
