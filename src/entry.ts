import { fileURLToPath } from "node:url";

/**
 * The arguments after `node` that run one of our TypeScript files as a process of its own.
 * `entry` is relative to `src/`: `watchdog/main.ts`.
 */
export function nodeArguments(entry: string, ...args: readonly string[]): string[] {
  return ["--import", import.meta.resolve("tsx"), fileURLToPath(new URL(entry, import.meta.url)), ...args];
}
