/**
 * The Prometheus text exposition format 0.0.4, as far as servers use it: samples with
 * optional labels and timestamps (which are ignored), comments, empty lines.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */

const sampleLine = /^([a-zA-Z_:][\w:]*)[ \t]*(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]*(?<=[ \t}])([^ \t{}]+)(?:[ \t]+-?\d+)?$/;
const canonicalLabels = /^[a-zA-Z_]\w*="(?:[^"\\]|\\.)*"(?:,[a-zA-Z_]\w*="(?:[^"\\]|\\.)*")*$/;
const looseLabels = /^(?:[ \t]*[a-zA-Z_]\w*[ \t]*=[ \t]*"(?:[^"\\]|\\.)*"[ \t]*(?:,|$))*[ \t]*$/;
const looseLabel = /([a-zA-Z_]\w*)[ \t]*=[ \t]*("(?:[^"\\]|\\.)*")/g;

/** One sample: `name` or `name{label="value",…}`, labels in the text's order and their values still escaped. */
export interface ExpositionSample {
  readonly key: string;
  /** May be NaN and ±Infinity. */
  readonly value: number;
}

/**
 * Reads one server's pages, one after the other. Most lines of a page are those of the page before:
 * they are not parsed again, and give the same objects, so that changes are found by identity.
 */
export class ExpositionParser {
  readonly #wanted: (name: string) => boolean;
  #lines: readonly string[] = [];
  #samples: readonly (ExpositionSample | undefined)[] = [];

  constructor(wanted: (name: string) => boolean = () => true) {
    this.#wanted = wanted;
  }

  /**
   * All samples whose name is wanted, in order.
   *
   * @throws Error naming the first line that is not in the format.
   */
  parse(text: string): ExpositionSample[] {
    const lines = text.split("\n");
    const samples = lines.map((line, index) =>
      line === this.#lines[index] ? this.#samples[index] : parseLine(line.trim(), index + 1, this.#wanted),
    );
    this.#lines = lines;
    this.#samples = samples;
    return samples.filter((sample) => sample !== undefined);
  }
}

/** Undefined for what is no sample, or none that is wanted. */
function parseLine(line: string, number: number, wanted: (name: string) => boolean): ExpositionSample | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  const [, name, labels, valueText] = sampleLine.exec(line) ?? [];
  const value = valueText === undefined ? undefined : parseValue(valueText);
  const key = name === undefined ? undefined : seriesKey(name, labels);
  if (name === undefined || value === undefined || key === undefined) {
    throw new Error(`line ${number} is not a sample: ${line.slice(0, 120)}`);
  }
  return wanted(name) ? { key, value } : undefined;
}

/** Undefined when the text between the braces is not a list of labels. */
function seriesKey(name: string, labels: string | undefined): string | undefined {
  if (labels === undefined) return name;
  if (canonicalLabels.test(labels)) return `${name}{${labels}}`;
  if (!looseLabels.test(labels)) return undefined;
  const tidy = Array.from(labels.matchAll(looseLabel), ([, label, value]) => `${label}=${value}`);
  return tidy.length === 0 ? name : `${name}{${tidy.join(",")}}`;
}

/** As Go's ParseFloat reads it, without its hexadecimal and underscored forms. */
function parseValue(text: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
  if (/^nan$/i.test(text)) return NaN;
  const infinity = /^([+-]?)inf(?:inity)?$/i.exec(text);
  return infinity ? (infinity[1] === "-" ? -Infinity : Infinity) : undefined;
}
