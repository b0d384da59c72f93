import { expect } from "chai";
import { MonotonicClock } from "../../src/clock.ts";
import { parsePeerCounters, readPeers } from "../../src/faults/peer-traffic.ts";
import { memberDouble, speaker } from "./doubles.ts";

/** As etcd 3.5 writes it; 3.4 has the same families. */
const recorded = `# HELP etcd_network_peer_received_bytes_total The total number of bytes received from peers.
# TYPE etcd_network_peer_received_bytes_total counter
etcd_network_peer_received_bytes_total{From="0"} 12
etcd_network_peer_received_bytes_total{From="6c2d4d2a6b5ba2ba"} 1.3454e+06
etcd_network_peer_received_bytes_total{From="a3"} 5417
# HELP etcd_network_peer_sent_bytes_total The total number of bytes sent to peers.
# TYPE etcd_network_peer_sent_bytes_total counter
etcd_network_peer_sent_bytes_total{To="6c2d4d2a6b5ba2ba"} 999
# HELP etcd_server_is_leader Whether or not this member is a leader. 1 if is, 0 otherwise.
# TYPE etcd_server_is_leader gauge
etcd_server_is_leader 1
`;

describe("peer counters", () => {
  it("are read from a member's metrics: what it received, by sender, and whether it leads", () => {
    expect(parsePeerCounters(recorded)).to.deep.equal({ received: new Map([["0", 12], ["6c2d4d2a6b5ba2ba", 1_345_400], ["a3", 5417]]), leads: true });
    expect(parsePeerCounters(recorded.replace("is_leader 1", "is_leader 0"))?.leads).to.equal(false);
  });

  it("are none in a text that is no etcd's metrics: missing counters must not pass for silence", () => {
    for (const text of ["", "404 page not found\n", "etcd_network_peer_received_bytes_total{From=\"a3\"} 1\n"]) expect(parsePeerCounters(text)).to.equal(undefined);
  });

  it("are zero for a peer that never sent anything", async () => {
    await using server = await speaker(() => ({ body: recorded }));
    const [one, three, five] = [memberDouble("etcd-1", {}, { directUrl: `http://${server.address}` }), memberDouble("etcd-3", {}), memberDouble("etcd-5", {})];
    const reading = await readPeers([one], new MonotonicClock());
    expect([reading.received(three, one), reading.received(five, one), reading.leads(one)]).to.deep.equal([5417, 0, true]);
  });

  it("are unknown, not zero, of a member that refuses, fails or does not answer within the limit", async () => {
    await using failing = await speaker(() => ({ status: 503, body: recorded }));
    await using mute = await speaker(() => undefined);
    const members = ["127.0.0.1:9", failing.address, mute.address].map((address, index) => memberDouble(`etcd-${index + 1}`, {}, { directUrl: `http://${address}` }));
    const clock = new MonotonicClock();
    const reading = await readPeers(members, clock, 100);
    for (const to of members) for (const from of members) expect(reading.received(from, to)).to.equal(undefined);
    expect(reading.toMs - reading.fromMs).to.be.at.least(95);
  });
});
