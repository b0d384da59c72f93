import { isMap, isScalar, isSeq, parseDocument, type Document } from "yaml";
import { formatDuration, parseDurationMs } from "../../src/units/duration.ts";

/** A scenario in which something was changed so that its assertions must fail. */
export class Twin {
  readonly #document: Document;

  constructor(scenarioText: string) {
    this.#document = parseDocument(scenarioText);
  }

  /** The same timeline with no fault in it. */
  withoutFaults(): this {
    for (const index of this.#indexes("timeline")) this.#document.deleteIn(["timeline", index, "faults"]);
    return this;
  }

  /** Phases of half their length: a twin need not wait for a recovery. */
  halved(): this {
    for (const index of this.#indexes("timeline")) {
      const lengthMs = parseDurationMs(String(this.#document.getIn(["timeline", index, "duration"]))) ?? 0;
      this.#document.setIn(["timeline", index, "duration"], formatDuration(lengthMs / 2).replaceAll(" ", ""));
    }
    return this;
  }

  /** Sets an option of the workload. */
  withWorkloadOption(kind: string, option: string, value: string | number | boolean): this {
    if (!this.#document.hasIn(["workload", kind])) throw new Error(`the scenario has no workload ${kind}`);
    this.#document.setIn(["workload", kind, option], value);
    return this;
  }

  /** Sets an option of the first assertion of that kind which has it. */
  withBound(kind: string, path: readonly string[], value: string | number): this {
    const index = this.#indexes("assertions").find((each) => this.#document.hasIn(["assertions", each, kind, ...path]));
    if (index === undefined) throw new Error(`the scenario has no ${kind} with ${path.join(".")}`);
    this.#document.setIn(["assertions", index, kind, ...path], value);
    return this;
  }

  /** One more fault in a phase. */
  withFault(phase: string, fault: Readonly<Record<string, unknown>>): this {
    const index = this.#indexes("timeline").find((each) => this.#document.getIn(["timeline", each, "phase"]) === phase);
    if (index === undefined) throw new Error(`the scenario has no phase ${phase}`);
    const path = ["timeline", index, "faults"];
    if (this.#document.hasIn(path)) this.#document.addIn(path, fault);
    else this.#document.setIn(path, [fault]);
    return this;
  }

  /** Sets an option of every fault of that kind. */
  withFaultOption(kind: string, option: string, value: string | number): this {
    for (const index of this.#indexes("timeline")) {
      const faults = this.#document.getIn(["timeline", index, "faults"]);
      if (!isSeq(faults)) continue;
      faults.items.forEach((_, at) => {
        const path = ["timeline", index, "faults", at, kind];
        if (this.#document.hasIn(path)) this.#document.setIn([...path, option], value);
      });
    }
    return this;
  }

  toString(): string {
    return String(this.#document);
  }

  #indexes(key: string): number[] {
    const list = this.#document.get(key);
    if (!isSeq(list) || !list.items.every((item) => isMap(item) || isScalar(item))) throw new Error(`the scenario has no list ${key}`);
    return list.items.map((_, index) => index);
  }
}
