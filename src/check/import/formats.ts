import { HarnessError } from "../../errors.ts";
import { readEtcdChaos } from "./etcd-chaos.ts";
import type { HistoryEvent } from "./event.ts";
import { readJepsenEdn } from "./jepsen-edn.ts";
import { readJepsenLog } from "./jepsen-log.ts";
import { readPorcupine } from "./porcupine.ts";

/** Readers of histories, by the name of their format. */
export const formats = {
  "jepsen-edn": readJepsenEdn,
  "jepsen-log": readJepsenLog,
  porcupine: readPorcupine,
  "etcd-chaos": readEtcdChaos,
} as const satisfies Readonly<Record<string, (text: string, fileName: string) => Iterable<HistoryEvent>>>;

export type Format = keyof typeof formats;

/** What a file begins with is enough to tell its format. */
export const sniffedCharacters = 100_000;

/** The format that a text looks like. @throws HarnessError `history-invalid` when it looks like none */
export function formatOf(text: string, fileName: string): Format {
  const start = text.slice(0, sniffedCharacters);
  if (/\bjepsen\.util\b/.test(start)) return "jepsen-log";
  if (/^\s*\{"/.test(start)) return "etcd-chaos";
  if (/^[\s,[(]*(?:;[^\n]*\n[\s,[(]*)*(?:#[\w.]+\s*)?\{/.test(start)) return /^[^\n]*:key\b/.test(start.trimStart()) ? "porcupine" : "jepsen-edn";
  throw new HarnessError("history-invalid", `${fileName}:1:1: this looks like no format of a history that is known`, { hint: `Name one with --format: ${Object.keys(formats).join(", ")}.` });
}
