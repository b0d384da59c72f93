import type { Runtime } from "../../src/cluster/runtime.ts";

/** A runtime whose members can do everything. */
export const nothingLacking: Runtime["lacks"] = {
  pause: undefined,
  kill: undefined,
  stop: undefined,
  restart: undefined,
  throttle: undefined,
  limitMemory: undefined,
  replace: undefined,
  files: undefined,
  upgrade: undefined, restore: undefined,
  disk: undefined,
  clock: undefined,
  diskWrites: undefined,
  power: undefined,
  packets: undefined,
  failpoints: undefined,
  volume: undefined,
};
