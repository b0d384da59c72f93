import { expect } from "chai";
import type { Page } from "playwright-core";
import { heatLevels } from "../../../src/report/html/timeline/heat.tsx";
import { describeInChromium } from "../../support/chromium.ts";
import { pages } from "./pages.ts";

/** Height of an A4 sheet on its side without its margins, in CSS pixels. */
const sheetHeight = ((210 - 2 * 12) / 25.4) * 96;

/** Relative luminance of the page and of every shade of the heatmap, from few to many. */
const shades = `(() => {
  const luminance = (colour) => {
    const [, space, rest] = /^(\\w+)\\((?:srgb )?([^)]+)\\)$/.exec(colour);
    const parts = rest.split(/[ ,]+/).slice(0, 3).map((part) => Number(part) / (space === "color" ? 1 : 255));
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const svg = document.querySelector("svg.timeline");
  const fills = Array.from({ length: ${heatLevels} }, (_, level) => {
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("class", "heat h" + level);
    svg.append(shape);
    return getComputedStyle(shape).fill;
  });
  return [getComputedStyle(document.body).backgroundColor, ...fills].map(luminance);
})()`;

async function contrasts(page: Page): Promise<number[]> {
  const all: number[] = await page.evaluate(shades);
  return all.slice(1).map((each, index) => {
    const before = all[index] ?? NaN;
    return (Math.max(each, before) + 0.05) / (Math.min(each, before) + 0.05);
  });
}

describeInChromium("report.html on a phone, on paper and in the dark", (open) => {
  it("has all of an assertion on a phone's screen: verdict, observed, bound and evidence", async () => {
    const { page } = await open(pages["a run that failed"](), { viewport: { width: 390, height: 800 } });
    const row = page.locator("#a1");
    for (const cell of await row.locator("> *").all()) {
      const box = await cell.boundingBox();
      expect((box?.x ?? NaN) + (box?.width ?? NaN)).to.be.at.most(390);
    }
    expect(await page.evaluate("getComputedStyle(document.querySelector('#a1 [data-head=Observed]'), '::before').content")).to.equal('"Observed"');
    for (const id of ["assertions", "story"]) {
      const beyond: number = await page.evaluate(`(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector("#${id} .scroll"))`);
      expect(beyond, id).to.equal(0);
    }
  });

  for (const name of ["a run that failed", "seven members, thirty phases and forty faults"] as const) {
    it(`prints the whole timeline of ${name} on one sheet, in the light and as on a wide screen`, async () => {
      const { page } = await open(pages[name](), { colorScheme: "dark", viewport: { width: 794, height: 1123 } });
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      const box = await page.locator("#drawing svg").boundingBox();
      expect(box?.height ?? Infinity).to.be.below(sheetHeight);
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).to.equal("rgb(255, 255, 255)");
      expect(await page.evaluate("getComputedStyle(document.querySelector('.glance')).gridTemplateColumns.split(' ').length")).to.equal(4);
      const beyond: number = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(beyond, "pixels beyond the sheet").to.be.at.most(0);
    });
  }

  it("tells the shades of the heatmap apart, from each other and from the page, light and dark", async () => {
    const { page } = await open(pages["a run that failed"]());
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      for (const ratio of await contrasts(page)) expect(ratio, colorScheme).to.be.above(1.15);
    }
  });
});
