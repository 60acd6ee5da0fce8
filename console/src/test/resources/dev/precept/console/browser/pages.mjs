// Visits every page of a console in Chromium. Prints one JSON line: the screens, and the problems that a user would see.
// Arguments: URL, folder of screenshots, path of Chromium, id of a hostile row, id of a row to correct.

import { chromium } from "playwright-core";

const [base, folder, executablePath, hostile, judged] = process.argv.slice(2);
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PAGES = {
  rows: "#/rows",
  filtered: "#/rows?outcome=rejected",
  nothing: "#/rows?style=refuse&outcome=invalid&finding=leak",
  search: "#/rows?q=the",
  hostile: `#/row/${hostile}`,
  row: `#/row/${judged}`,
  missing: "#/row/0000",
  specification: "#/spec",
  evidence: "#/evidence",
};

const problems = [];
const screens = [];
const browser = await chromium.launch({ executablePath, args: QUIET });

async function open(width, colorScheme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`a row opened a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("console", (message) => {
    // The browser reports a reply of 404 itself; the page shows it.
    if (message.type() === "error" && !message.text().includes("404")) problems.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && request.url() !== "about:blank") problems.push(`request: ${request.url()}`);
  });
  return page;
}

async function settled(page) {
  await page.waitForFunction(() => !document.querySelector(".spinner"), null, { timeout: 20000 });
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    const page = await open(width, colorScheme);
    for (const [name, hash] of Object.entries(PAGES)) {
      await page.goto("about:blank");
      await page.goto(`${base}/${hash}`);
      await page.waitForSelector("h1, .state", { timeout: 20000 });
      await settled(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) problems.push(`${name} at ${width}: ${wide} pixels too wide`);
      const file = `${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: `${folder}/${file}` });
      screens.push(file);
    }
    await page.context().close();
  }
}

// What a reader does: keys, a filter, and a correction.
const page = await open(1280, "light");
await page.goto(`${base}/#/rows`);
await page.waitForSelector(".rows a");
await page.keyboard.press("j");
await page.keyboard.press("j");
await page.keyboard.press("k");
const focused = await page.evaluate(() => [...document.querySelectorAll(".rows a")].indexOf(document.activeElement));
if (focused !== 0) problems.push(`j, j, k: row ${focused} has the focus`);
await page.keyboard.press("Enter");
await page.waitForSelector(".tabs");
await page.keyboard.press("Escape");
await page.waitForSelector(".rows a");
await page.keyboard.press("/");
if (!(await page.evaluate(() => document.activeElement.matches("[data-search]")))) problems.push("/ does not focus the search");

await page.goto(`${base}/#/row/${judged}`);
await page.waitForSelector("text=The judge was wrong");
await page.click("text=The judge was wrong");
await page.fill("dialog textarea", "The answer leaves out the neighbours.");
await page.fill("dialog input", "A. Reader");
await page.click("text=Store the correction");
await page.waitForSelector("text=Stored as");
const stored = await page.textContent(".actions button");

await browser.close();
console.log(JSON.stringify({ screens, problems, stored }));
