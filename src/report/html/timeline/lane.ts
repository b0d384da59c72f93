import type { TimeAxis } from "./axis.ts";

/** Where a lane is drawn: top and height in units of the drawing. */
export interface LaneBox {
  readonly axis: TimeAxis;
  readonly top: number;
  readonly height: number;
}

export interface Stacked {
  /** The box of each lane by its name. */
  readonly boxes: ReadonlyMap<string, { readonly top: number; readonly height: number }>;
  readonly height: number;
}

/** Puts lanes below each other. */
export function stack(lanes: readonly { readonly name: string; readonly height: number; readonly gap: number }[]): Stacked {
  const boxes = new Map<string, { top: number; height: number }>();
  let top = 0;
  for (const { name, height, gap } of lanes) {
    top += gap;
    boxes.set(name, { top, height });
    top += height;
  }
  return { boxes, height: top };
}
