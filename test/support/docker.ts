import { findEngine } from "../../src/cluster/docker/engine.ts";
import { describeLeftOut } from "./left-out.ts";

const engine = await findEngine();

/** Why the tests that need a Docker engine cannot run here; undefined when they can. */
export const whyNoDocker = engine.kind === "absent" ? engine.because : undefined;

/**
 * A suite that needs a Docker engine: pending with the reason where none answers, and failing
 * where `REQUIRE_DOCKER=1` says that one has to.
 */
export function describeWithDocker(title: string, suite: (this: Mocha.Suite) => void): void {
  if (whyNoDocker === undefined) describe(title, suite);
  else describeLeftOut(title, "Docker", whyNoDocker);
}
