import type { Flow } from "../flow.ts";
import type { ToxicType } from "./toxic.ts";

/** Passes everything on unchanged. Also what a toxic does to the connections its toxicity spares. */
export const noop: ToxicType = {
  type: "noop",
  defaults: {},
  attach: () => ({ pipe: passOn }),
};

async function passOn(flow: Flow): Promise<void> {
  while ((await flow.head()) !== "end") await flow.forward();
  flow.finish();
}
