import { startChild, type Child } from "../../src/child.ts";
import { nodeArguments } from "../../src/entry.ts";

/** One of the programs of this folder as a process of its own, and the port that it says it listens on. */
export async function startProgram(file: string, ...args: readonly string[]): Promise<{ readonly port: number; readonly pid: number } & AsyncDisposable> {
  let child: Child | undefined;
  const port = await new Promise<number>((resolve, reject) => {
    const onLine = (line: string): void => (/^\d+$/.test(line) ? resolve(Number(line)) : reject(new Error(`${file}: ${line}`)));
    startChild(process.execPath, nodeArguments(`../test/bench/${file}`, ...args), { onLine }).then((started) => {
      child = started;
      void started.ended.then((exit) => reject(new Error(`${file} ended: ${exit}`)));
    }, reject);
  });
  return { port, pid: child?.pid ?? 0, [Symbol.asyncDispose]: async () => child?.[Symbol.asyncDispose]() };
}

/** Ends the process when the one that started it is gone. */
export function exitWithStdin(): void {
  process.stdin.once("close", () => process.exit());
  process.stdin.resume();
}
