import { listText } from "../../../src/recording/list-value.ts";
import type { Operation } from "../../../src/recording/operation.ts";
import type { TxnPart, TxnPartAnswer } from "../../../src/recording/operations/txn.ts";

/** What a transaction did: the lists that it read and those that it left, elements apart by a space. */
export interface Written {
  readonly process?: number;
  /** From when to when; all at one time, unless it is said. */
  readonly at?: readonly [number, number];
  readonly reads?: Readonly<Record<string, string>>;
  readonly puts?: Readonly<Record<string, string>>;
  readonly outcome?: Operation["outcome"];
  readonly revision?: number;
  /** Its compares did not hold: what it would have put it did not. */
  readonly notDone?: true;
  readonly final?: true;
}

/** A history of transactions that read lists and append to them, as somebody wrote it down. */
export function written(...transactions: readonly Written[]): Operation[] {
  return transactions.map((each, index): Operation => {
    const { process = index, at: [invokeNs, returnNs] = [0, 100], reads = {}, puts = {}, outcome = "ok", revision = index + 2, notDone = false, final } = each;
    const gets = Object.keys(reads).map((key): TxnPart => ({ op: "get", key }));
    const success = Object.entries(puts).map(([key, list]): TxnPart => ({ op: "put", key, value: text(list) }));
    const got = Object.values(reads).map((list): TxnPartAnswer => ({ op: "get", value: list === "" ? null : text(list) }));
    const parts = notDone ? { success, failure: gets } : { success: [...gets, ...success], failure: [] };
    const answered = outcome === "ok" ? { succeeded: !notDone, responses: notDone ? got : [...got, ...success.map((): TxnPartAnswer => ({ op: "put" }))], revision } : { error: "no answer" };
    return { process, client: index, member: "etcd-1", op: "txn", compares: [], ...parts, ...answered, intendedNs: invokeNs, invokeNs, returnNs, outcome, ...(final === undefined ? {} : { final }) };
  });
}

function text(list: string): string {
  return listText(list.split(" ").filter((element) => element !== ""));
}
