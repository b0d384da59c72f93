import axe, { type AxeResults } from "axe-core";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { describeInChromium } from "../../support/chromium.ts";
import { pages } from "./pages.ts";
import { pagesOfManyRuns } from "./pages-of-many-runs.ts";

/** What axe holds to be serious or critical, as one line each. */
async function barriers(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = { resultTypes: ["violations"], ...(rules === undefined ? {} : { runOnly: rules }) };
  const { violations }: AxeResults = await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`);
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 3).map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary ?? ""}`).join(" | ")}`);
}

/** Shapes that no style sheet gives a colour to, which a browser then fills with black. */
const unpainted = `[...document.querySelectorAll("svg :is(rect, path, circle, polygon)")]
  .filter((shape) => shape.closest("defs, clipPath") === null && getComputedStyle(shape).fill === "rgb(0, 0, 0)")
  .map((shape) => shape.getAttribute("class") ?? shape.outerHTML.slice(0, 80))`;

describeInChromium("every page in Chromium", (open) => {
  for (const [name, draw] of Object.entries({ ...pages, ...pagesOfManyRuns })) {
    it(`has no serious barrier to anybody in ${name}, light and dark, and no shape without a colour`, async () => {
      const { page } = await open(draw());
      expect(await page.evaluate(unpainted)).to.deep.equal([]);
      expect(await barriers(page)).to.deep.equal([]);
      await page.emulateMedia({ colorScheme: "dark" });
      // Nothing else depends on it.
      expect(await barriers(page, ["color-contrast"]), "dark").to.deep.equal([]);
    });
  }

  for (const [name, draw] of Object.entries(pagesOfManyRuns)) {
    it(`shows ${name} without an error, a request or anything beside the screen`, async () => {
      for (const width of [1280, 390]) {
        const { page, complaints } = await open(draw(), { viewport: { width, height: 800 } });
        expect(complaints).to.deep.equal([]);
        const beyond: number = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(beyond, `pixels beyond a width of ${width}`).to.be.at.most(0);
      }
    });
  }
});
