import type { Entry } from "../../../ledger/entry.ts";
import { outcomeWords } from "../../outcome-words.ts";
import { etcdText } from "./run-words.ts";

const choicesMax = 200;

/** Shown by the script, without which it could do nothing. */
export function Filters({ entries }: { entries: readonly Entry[] }) {
  const outcomes = (["pass", "fail", "inconclusive"] as const).filter((outcome) => entries.some((entry) => entry.outcome === outcome));
  return (
    <div id="filters" class="filters" role="group" aria-label="Filters" hidden>
      <Choice name="scenario" label="Scenario" values={distinct(entries.map(({ scenario }) => scenario))} />
      <Choice name="outcome" label="Outcome" values={outcomes} wordOf={(outcome) => `${outcomeWords[outcome].glyph} ${outcomeWords[outcome].word}`} />
      <Choice name="etcd" label="etcd" values={distinct(entries.map(({ etcd }) => etcd.version))} wordOf={etcdText} />
      <Choice name="runtime" label="Runtime" values={distinct(entries.map(({ runtime }) => runtime))} />
      <p id="filtered" aria-live="polite" class="quiet" />
    </div>
  );
}

function Choice<Value extends string>({ name, label, values, wordOf = (value) => value }: { name: string; label: string; values: readonly Value[]; wordOf?: (value: Value) => string }) {
  return (
    <label>
      {label}{" "}
      <select data-filter={name}>
        <option value="">all</option>
        {values.slice(0, choicesMax).map((value) => (
          <option value={value}>{wordOf(value)}</option>
        ))}
      </select>
    </label>
  );
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
