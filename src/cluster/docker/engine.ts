import type Docker from "dockerode";
import { messageOf } from "../../errors.ts";

export type Engine = { readonly kind: "answers"; readonly docker: Docker; readonly version: string } | { readonly kind: "absent"; readonly because: string };

/** Looks for a Docker engine where DOCKER_HOST says, or at the usual socket. Never throws. */
export async function findEngine(): Promise<Engine> {
  try {
    // Most commands never look for one, and the library takes a quarter of a second to load.
    const { default: Dockerode } = await import("dockerode");
    const docker = new Dockerode({ timeout: 0 });
    const version = await Promise.race([docker.version(), timeUp(3_000)]);
    return { kind: "answers", docker, version: version.Version };
  } catch (error) {
    return { kind: "absent", because: `no Docker engine answers (${messageOf(error) || "no socket"})` };
  }
}

function timeUp(limitMs: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs).unref();
  });
}
