import picocolors from "picocolors";

/** How to write to a stream: its width (some terminals say 0, which means that they don't know), and whether it shows colours. */
export function terminal(stream: NodeJS.WriteStream): { columns: number; colour: boolean } {
  return { columns: stream.columns || 100, colour: picocolors.isColorSupported && stream.isTTY === true };
}
