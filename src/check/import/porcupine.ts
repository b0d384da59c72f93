import type { Edn } from "./edn.ts";
import type { HistoryEvent } from "./event.ts";
import { readJepsenEdn } from "./jepsen-edn.ts";

/**
 * Porcupine's text formats: Jepsen's maps, with a `:key` where there are several. Its key-value stores read `""` of a
 * key that was never written, and its registers 0: both are nothing here.
 * @throws HarnessError `history-invalid` with file, line and column
 */
export function* readPorcupine(text: string, fileName: string): Generator<HistoryEvent> {
  for (const event of readJepsenEdn(text, fileName)) yield { ...event, value: withoutFirst(event) };
}

function withoutFirst({ key, value }: HistoryEvent): Edn {
  const first = key === undefined ? 0 : "";
  return value === first ? null : value;
}
