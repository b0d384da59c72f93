import { expect } from "chai";
import type { Page } from "playwright-core";
import { describeInChromium } from "../../support/chromium.ts";
import { hostile, pages } from "./pages.ts";

const names = ["assumptions", "assertions", "timeline", "story", "faults", "phases", "logs", "environment", "inputs", "files"] as const;

/** The readout's first part: the moment, and the phase. */
const readout = (page: Page) => page.locator("#readout");

describeInChromium("report.html in Chromium", (open) => {
  for (const [name, draw] of Object.entries(pages)) {
    it(`shows ${name} without an error, a request or anything beside the screen`, async () => {
      for (const width of [1280, 420]) {
        const { page, complaints } = await open(draw(), { viewport: { width, height: 800 } });
        expect(await page.locator("h1").innerText()).to.match(/Pass|Fail|Inconclusive/);
        expect(complaints).to.deep.equal([]);
        const beyond: number = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
        expect(beyond, `pixels beyond a width of ${width}`).to.be.at.most(0);
      }
    });
  }

  it("answers what broke, when, under which fault and what members said within two screens", async () => {
    const { page } = await open(pages["a run that failed"]());
    const card = page.locator("#broke");
    const text = await card.innerText();
    for (const part of [/availability of reads during isolated/, /83.1 % of 800/, /at least 99 %/, /5\.000–13\.000 s/, /partition leader \(blocking\) → etcd-2/, /etcd-2 leads at term 2; then etcd-3 at term 3/, /became leader at term 3/]) expect(text).to.match(part);
    const box = await card.boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? Infinity)).to.be.below(1_600);
    await card.getByText("See it in the timeline").click();
    expect(await page.evaluate("document.querySelector(':target').closest('section').id")).to.equal("timeline");
  });

  it("reads values off where the mouse points, and holds them on a click until Escape", async () => {
    const { page } = await open(pages["a run that failed"]());
    const svg = page.locator("#drawing svg");
    expect(await readout(page).innerText()).to.include("Point at the drawing");
    await svg.hover({ position: { x: 600, y: 150 } });
    const there = await readout(page).innerText();
    expect(there).to.match(/\d+\.\d\d s isolated/).and.include("partition leader (blocking) → etcd-2").and.match(/etcd-3 ★ leads \(term 3\)/).and.match(/p50 .*p99 .*max/);
    expect(await page.locator("#crosshair").getAttribute("visibility")).to.equal("visible");
    await svg.click({ position: { x: 600, y: 150 } });
    await svg.hover({ position: { x: 200, y: 150 } });
    expect(await readout(page).innerText()).to.equal(there);
    await page.locator("#drawing").press("Escape");
    await svg.hover({ position: { x: 201, y: 150 } });
    expect(await readout(page).innerText()).to.include("baseline").and.not.include("partition leader");
  });

  it("reads them by the arrow keys too, tenfold with Shift", async () => {
    const { page } = await open(pages["a run that failed"]());
    const drawing = page.locator("#drawing");
    const at = async (): Promise<number> => Number.parseFloat(await readout(page).innerText());
    await drawing.press("ArrowRight");
    const first = await at();
    await drawing.press("Shift+ArrowRight");
    expect((await at()) - first).to.be.closeTo(2, 0.01);
    await drawing.press("ArrowLeft");
    expect((await at()) - first).to.be.closeTo(1.8, 0.01);
  });

  it("shows only log lines of the members and levels that are asked for, by mouse and by keyboard", async () => {
    const { page } = await open(pages["a run that failed"]());
    const rows = page.locator("#logs tr.log:visible");
    const all = await rows.count();
    const membersShown = async (): Promise<string[]> => [...new Set(await rows.locator("td.member").allInnerTexts())].sort();
    expect(await membersShown()).to.deep.equal(["etcd-1", "etcd-2", "etcd-3"]);
    await page.getByRole("checkbox", { name: "etcd-1" }).click();
    expect(await membersShown()).to.deep.equal(["etcd-2", "etcd-3"]);
    await page.getByRole("checkbox", { name: "etcd-2" }).focus();
    await page.keyboard.press("Space");
    expect(await membersShown()).to.deep.equal(["etcd-3"]);
    expect(await page.locator("#log-filter-said").innerText()).to.equal(`${await rows.count()} of ${all} lines`);
    await page.getByRole("button", { name: "Show all" }).click();
    await rows.nth(all - 1).waitFor();
    await page.getByRole("combobox", { name: "Level" }).selectOption("warnings and errors");
    expect([...new Set(await rows.locator("td.level").allInnerTexts())]).to.deep.equal(["warn"]);
  });

  it("shows a line that is filtered out all the same when a link leads to it", async () => {
    const { page } = await open(pages["a run that failed"]());
    const link = page.locator('#assertions a[href^="#l"]').first();
    const target = (await link.getAttribute("href")) ?? "";
    const line = page.locator(target);
    await page.getByRole("checkbox", { name: (await line.getAttribute("data-member")) ?? "" }).click();
    await line.waitFor({ state: "hidden" });
    await link.click();
    await line.waitFor({ state: "visible" });
  });

  it("tells all without a script: verdict, table, drawing and log lines", async () => {
    const { page, complaints } = await open(pages["a run that failed"](), { javaScriptEnabled: false });
    expect(await page.locator("h1").innerText()).to.match(/Fail: 1 of 6 assertions fails/);
    expect(await page.locator("#assertions tbody tr:visible").count()).to.equal(6);
    expect(await page.locator("#drawing svg").isVisible()).to.equal(true);
    expect(await page.locator("#logs tr.log:visible").count()).to.be.greaterThan(10);
    for (const id of ["log-filter", "readout"]) expect(await page.locator(`#${id}`).isVisible(), id).to.equal(false);
    expect(complaints).to.deep.equal([]);
  });

  it("prints every section, what is folded too, and filtered log lines", async () => {
    const { page } = await open(pages["a run that failed"]());
    const all = await page.locator("#logs tr.log").count();
    await page.getByRole("checkbox", { name: "etcd-1" }).click();
    await page.emulateMedia({ media: "print" });
    for (const name of ["broke", ...names]) expect(await page.locator(`#${name}`).isVisible(), name).to.equal(true);
    expect(await page.getByText('"startMs": 13000').isVisible(), "the plan, which is folded on a screen").to.equal(true);
    expect(await page.locator("#logs tr.log:visible").count()).to.equal(all);
    for (const hidden of ["#log-filter", "#readout"]) expect(await page.locator(hidden).isVisible(), hidden).to.equal(false);
    expect((await page.pdf()).length).to.be.greaterThan(10_000);
  });

  it("runs nothing of hostile texts, and shows them as text", async () => {
    const { page, complaints } = await open(pages["hostile texts everywhere"]());
    await page.locator("#drawing svg").hover({ position: { x: 600, y: 150 } });
    await page.locator("#logs tr.log").last().hover();
    for (const select of ["#broke", "#assertions tr", "#log-filter"]) await page.locator(select).first().hover();
    expect(await page.evaluate("globalThis.hacked")).to.equal(undefined);
    expect(await page.locator("img, iframe, object, embed").count()).to.equal(0);
    expect(await page.locator("script").count()).to.equal(1);
    expect(await page.locator("h1").innerText()).to.include(hostile.slice(0, 40));
    expect(complaints).to.deep.equal([]);
  });

  it("begins for the keyboard with a link past the head", async () => {
    const { page } = await open(pages["a run that failed"]());
    await page.keyboard.press("Tab");
    const skip = page.getByText("Skip to the assertions");
    expect(await skip.isVisible()).to.equal(true);
    await page.keyboard.press("Enter");
    expect(page.url()).to.match(/#assertions$/);
  });
});
