import type { ToxicEffect } from "../cluster/links.ts";

/** A toxic's type and attributes as the Toxiproxy API names them, in whole numbers of its units. */
export type WireToxic =
  | { readonly type: "latency"; readonly attributes: { latency: number; jitter: number } }
  | { readonly type: "bandwidth"; readonly attributes: { rate: number } }
  | { readonly type: "slow_close"; readonly attributes: { delay: number } }
  | { readonly type: "timeout" | "reset_peer"; readonly attributes: { timeout: number } }
  | { readonly type: "slicer"; readonly attributes: { average_size: number; size_variation: number; delay: number } }
  | { readonly type: "limit_data"; readonly attributes: { bytes: number } };

export function wireOf(toxic: ToxicEffect): WireToxic {
  switch (toxic.type) {
    case "latency":
      return { type: toxic.type, attributes: { latency: Math.round(toxic.latencyMs), jitter: Math.round(toxic.jitterMs) } };
    case "bandwidth":
      return { type: toxic.type, attributes: { rate: toxic.rateKbps } };
    case "slow_close":
      return { type: toxic.type, attributes: { delay: Math.round(toxic.delayMs) } };
    case "timeout":
    case "reset_peer":
      return { type: toxic.type, attributes: { timeout: Math.round(toxic.timeoutMs) } };
    case "slicer":
      return { type: toxic.type, attributes: { average_size: toxic.sizeBytes, size_variation: toxic.variationBytes, delay: Math.round(toxic.delayMs * 1_000) } };
    case "limit_data":
      return { type: toxic.type, attributes: { bytes: toxic.bytes } };
  }
}
