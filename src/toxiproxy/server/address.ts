import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import { messageOf } from "../../errors.ts";
import { ApiError } from "./api-error.ts";

export interface Address {
  /** A name, an IP address without brackets, or empty for every interface. */
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `host:port`, `:port`, `[::1]:port`; an empty text means any port of every interface.
 * Throws an ApiError with status 500, as Toxiproxy does, when the text is none of these.
 */
export function parseAddress(text: string): Address {
  if (text === "") return { host: "", port: 0 };
  const match = /^(?:\[(?<bracketed>[^\]]*)\]|(?<plain>[^:[\]]*)):(?<port>\d*)$/.exec(text);
  if (!match?.groups) throw new ApiError(500, `address ${text}: ${whatIsWrong(text)}`);
  const port = Number(match.groups["port"]);
  if (port > 65535) throw new ApiError(500, `address ${text}: invalid port`);
  return { host: match.groups["bracketed"] ?? match.groups["plain"] ?? "", port };
}

function whatIsWrong(text: string): string {
  if (!/:[^\]]*$/.test(text)) return "missing port in address";
  if (!text.startsWith("[") && text.indexOf(":") !== text.lastIndexOf(":")) return "too many colons in address";
  return "invalid port";
}

/** The IP address that a host stands for, IPv4 before IPv6; an empty host stays empty. */
export async function resolveHost({ host, port }: Address): Promise<Address> {
  if (host === "" || isIP(host)) return { host, port };
  try {
    const addresses = await lookup(host, { all: true });
    const best = addresses.find(({ family }) => family === 4) ?? addresses[0];
    if (best) return { host: best.address, port };
  } catch (error) {
    throw new ApiError(500, `listen tcp: lookup ${host}: ${messageOf(error)}`);
  }
  throw new ApiError(500, `listen tcp: lookup ${host}: no such host`);
}

export function formatAddress({ host, port }: Address): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether `requested` asks for what a proxy that reports `listen` has already. */
export async function listensOn(listen: string, requested: string): Promise<boolean> {
  const { host, port } = await resolveHost(parseAddress(requested));
  if (listen === formatAddress({ host, port })) return true;
  return host === "" && [`[::]:${port}`, `0.0.0.0:${port}`].includes(listen);
}
