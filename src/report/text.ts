/**
 * Text from a run is hostile: keys, values and log lines hold whatever a client or a
 * member wrote. What every renderer has to do to it is here; escaping for a format is
 * in the renderer of that format.
 */

// C0 and C1 controls but tab and newline; bidirectional controls, which make text read
// other than it is; line separators; and halves of surrogate pairs.
const unprintable =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text with every character that cannot be seen, or that moves others, made visible: `␛[31m`, `⟨U+202E⟩`. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "␡";
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

/** At most `lengthMax` characters; what was cut is said, so that nobody takes a part for the whole. */
export function clip(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  const end = isHighSurrogate(text.charCodeAt(lengthMax - 1)) ? lengthMax - 1 : lengthMax;
  return `${text.slice(0, end)}… (${count(text.length - end)} more characters)`;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** One printable line of at most `lengthMax` characters. */
export function oneLine(text: string, lengthMax: number): string {
  return clip(printable(text.replace(/\s+/g, " ").trim()), lengthMax);
}

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A number of things: `12,345`. */
export function count(things: number): string {
  return whole.format(things);
}

/** `1 line`, `2 lines`. */
export function counted(things: number, one: string, many = `${one}s`): string {
  return `${count(things)} ${things === 1 ? one : many}`;
}

/** A share as per cent with two decimals, rounded down: only all of them is `100 %`. */
export function percent(part: number, total: number): string {
  if (total === 0) return "—";
  return `${Math.floor((part / total) * 10_000) / 100} %`;
}

/** A point on the run's clock, in seconds: `5.003`. */
export function seconds(atMs: number): string {
  return (atMs / 1_000).toFixed(3);
}
