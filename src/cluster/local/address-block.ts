import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { HarnessError } from "../../errors.ts";
import { failpointPort } from "../failpoints.ts";
import type { PeerPackets } from "../packet-filters.ts";

const peerPort = 2380;
const clientPort = 2379;
/** Below the ephemeral ports, on an address that nothing else of the block uses. */
const claimPort = 23790;

/**
 * The loopback addresses 127.B.0.0/16 of one run. Held by listening on one of them, so that
 * runs can go side by side and a run that died gives its block back by itself.
 */
export interface AddressBlock extends AsyncDisposable {
  /** Where member `number` itself listens for peers, for clients, and for what its failpoints are to do. */
  member(number: number): { readonly address: string; readonly peer: string; readonly client: string; readonly failpoints: string };
  /** Where the link stands that member `from` dials to reach member `to`. */
  peerLink(from: number, to: number): string;
  /** The address alone, for the dialling member's hosts file. */
  peerLinkAddress(from: number, to: number): string;
  clientLink(to: number): string;
  readonly toxiproxyApi: string;
  /** From where the harness's own connections come, in a network of the run's own. */
  readonly door: string;
  /** Those between the member and the proxies of its links: it dials those that lead away from it, and others dial its peer port. */
  peerPackets(number: number): PeerPackets;
}

/** Claims a free block, trying second octets from a random one on. */
export async function claimAddressBlock(): Promise<AddressBlock> {
  const [low, high] = [16, 254];
  const count = high - low + 1;
  // Not from the run's seed: two runs of one seed must not collide.
  const first = process.hrtime.bigint() % BigInt(count);
  for (let step = 0; step < count; step++) {
    const octet = low + ((Number(first) + step) % count);
    const claim = await listen(`127.${octet}.255.254`, claimPort);
    if (claim === undefined) continue;
    // Members of a run that was killed may live on until its watchdog has come round.
    const probe = await listen(`127.${octet}.0.1`, peerPort);
    if (probe === undefined) {
      claim.close();
      continue;
    }
    probe.close();
    await once(probe, "close");
    return addressBlock(octet, claim);
  }
  throw new HarnessError("environment", `no free block of loopback addresses: all of 127.${low}.x.x to 127.${high}.x.x are in use`, {
    hint: "The local runtime needs Linux, where all of 127.0.0.0/8 is loopback. `npm run clean` removes what killed runs left.",
  });
}

function addressBlock(octet: number, claim: Server): AddressBlock {
  const peerLinkAddress = (from: number, to: number): string => `127.${octet}.${from}.${to}`;
  const door = `127.${octet}.255.2`;
  return {
    member: (number) => {
      const address = `127.${octet}.0.${number}`;
      return { address, peer: `${address}:${peerPort}`, client: `${address}:${clientPort}`, failpoints: `${address}:${failpointPort}` };
    },
    peerLinkAddress,
    peerLink: (from, to) => `${peerLinkAddress(from, to)}:${peerPort}`,
    clientLink: (to) => `127.${octet}.200.${to}:${clientPort}`,
    toxiproxyApi: `127.${octet}.255.1:8474`,
    door,
    peerPackets: (number) => {
      // The harness dials links too, to probe them, and that is none of the member's packets.
      const links = (from: string, to: string, port: string): string => `${from} 127.${octet}.${number}.0/24 ! ${to} ${door}/32 -p tcp ${port} ${peerPort}`;
      const own = (end: string, port: string): string => `${end} 127.${octet}.0.${number}/32 -p tcp ${port} ${peerPort}`;
      return { in: [links("-s", "-d", "--sport"), own("-d", "--dport")], out: [links("-d", "-s", "--dport"), own("-s", "--sport")] };
    },
    async [Symbol.asyncDispose]() {
      claim.close();
      await once(claim, "close");
    },
  };
}

async function listen(host: string, port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.listen({ host, port, exclusive: true });
  try {
    await once(server, "listening");
    return server;
  } catch {
    return undefined;
  }
}
