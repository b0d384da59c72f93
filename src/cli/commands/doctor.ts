import { cacheFolder } from "../../cache-folder.ts";
import { MonotonicClock } from "../../clock.ts";
import { whyNoClockFaults } from "../../cluster/clock/clock-shim.ts";
import { whyNoDiskFaults } from "../../cluster/disk/disk-shim.ts";
import { findEngine } from "../../cluster/docker/engine.ts";
import { whyNoNamespaces } from "../../cluster/local/namespace.ts";
import { whyNoOwnNetwork } from "../../cluster/local/own-network.ts";
import { listAvailableEtcd } from "../../etcd/available.ts";
import { describeBinary } from "../../etcd/binary.ts";
import { etcdEnvironment } from "../../etcd/environment.ts";
import { messageOf } from "../../errors.ts";
import { describeOffer, lookForPrometheus } from "../../prometheus/program.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { shown } from "../paths.ts";
import { world } from "../world.ts";

interface Check {
  readonly name: string;
  readonly good: boolean;
  readonly says: string;
}

/** Looks at everything a run needs. Exit code 0 when at least one runtime can work, 3 otherwise. */
export async function doctorCommand(): Promise<ExitCode> {
  const [engine, missing, noDiskFaults, noClockFaults, noPacketFaults] = await Promise.all([findEngine(), whyNoNamespaces(), whyNoDiskFaults(), whyNoClockFaults(), whyNoOwnNetwork()]);
  const checks: Check[] = [
    { name: "node", good: true, says: process.version },
    { name: "runtime local", good: missing === undefined, says: missing ?? "namespaces can be made" },
    { name: "runtime docker", good: engine.kind === "answers", says: engine.kind === "answers" ? `Docker ${engine.version}` : engine.because },
    { name: "disk faults", good: noDiskFaults === undefined, says: noDiskFaults ?? "the wrapper is built" },
    { name: "clock faults", good: noClockFaults === undefined, says: noClockFaults ?? "the clock of a process can be changed" },
    { name: "packet faults", good: noPacketFaults === undefined, says: noPacketFaults ?? "packets of local members can be filtered" },
    ...(await etcdChecks()),
    await prometheusCheck(),
  ];
  process.stdout.write(`${checks.map(({ name, good, says }) => `${good ? "✓" : "✗"} ${name.padEnd(16)} ${says}`).join("\n")}\n`);
  return missing === undefined || engine.kind === "answers" ? exitCodes.pass : exitCodes.environment;
}

async function etcdChecks(): Promise<Check[]> {
  try {
    const { cached, damaged, sources } = await listAvailableEtcd(etcdEnvironment(world(new MonotonicClock())));
    return [
      { name: "cache", good: true, says: `${shown(cacheFolder(process.env))}: ${cached.map(describeBinary).join(", ") || "no etcd yet"}` },
      ...damaged.map((says) => ({ name: "cache", good: false, says })),
      ...sources.map(({ name, ...listing }) => ({ name: "etcd source", good: listing.available.length > 0, says: listing.available.length > 0 ? `${name}: ${listing.available.join(", ")}` : listing.remarks.join("; ") })),
    ];
  } catch (error) {
    return [{ name: "etcd", good: false, says: messageOf(error) }];
  }
}

async function prometheusCheck(): Promise<Check> {
  const name = "prometheus";
  try {
    const offer = await lookForPrometheus(world(new MonotonicClock()));
    return { name, good: offer.kind !== "none", says: describeOffer(offer) };
  } catch (error) {
    return { name, good: false, says: messageOf(error) };
  }
}
