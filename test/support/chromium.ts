import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { describeLeftOut } from "./left-out.ts";

const executables = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"] as const;
const executablePath = executables.find((path) => existsSync(path));

/** A page in Chromium, and everything that it should not have done. */
export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of its console, exceptions, dialogs, and requests for anything but the page itself. */
  readonly complaints: readonly string[];
}

/** Opens a page from a file, as people do who get one. */
export type OpenPage = (html: string, options?: BrowserContextOptions) => Promise<OpenedPage>;

/** For a machine that is busy with other tests. */
const timeoutMs = 180_000;

/**
 * A suite over pages in one real Chromium: pending with the reason where there is none, and failing where `REQUIRE_DOCKER=1`
 * says that nothing may be left out.
 */
export function describeInChromium(title: string, suite: (open: OpenPage) => void): void {
  if (executablePath !== undefined) {
    describe(title, function () {
      this.timeout(timeoutMs);
      suite(openerIn(executablePath));
    });
    return;
  }
  describeLeftOut(title, "Chromium", `none of ${executables.join(", ")} is there`);
}

/** Starts the browser before the suite's tests and ends it after them; each test's pages are closed at its end. */
function openerIn(path: string): OpenPage {
  let browser: Browser | undefined;
  let folder = "";
  let pages = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "etcd-chaos-pages-"));
    browser = await chromium.launch({ executablePath: path, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
  });
  after(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });
  return async (html, options = {}) => {
    if (browser === undefined) throw new Error("the browser was not started");
    const file = join(folder, `${(pages += 1)}.html`);
    await writeFile(file, html);
    const url = pathToFileURL(file).href;
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })).newPage();
    page.setDefaultTimeout(timeoutMs);
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
    page.on("request", (request) => {
      if (request.url().split("#")[0] !== url) complaints.push(`request: ${request.url()}`);
    });
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(url);
    return { page, complaints };
  };
}
