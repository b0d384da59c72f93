import { keyFigures, type FigureName } from "../analysis/key-figures.ts";
import { formatDuration } from "../units/duration.ts";
import { count } from "./text.ts";

/** A key figure for people: `1.24 s`, `99.2 %`, `3`, `197 /s`. */
export function figureText(name: FigureName, value: number | undefined): string {
  if (value === undefined) return "—";
  switch (keyFigures[name].unit) {
    case "ms":
      return formatDuration(value);
    case "share":
      return `${Number((value * 100).toFixed(2))} %`;
    case "per second":
      return `${value < 10 ? Number(value.toFixed(1)) : count(value)} /s`;
    case "count":
      return String(Number(value.toFixed(1)));
  }
}
