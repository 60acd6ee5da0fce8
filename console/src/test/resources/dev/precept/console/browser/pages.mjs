// Visits every page of a console in Chromium. Prints one JSON line: the screens, the problems that a user would see, and what the
// list of an exported page and of the console hold.
// Argument: JSON with the folder of screenshots, the path of Chromium, the addresses of consoles over a dataset, a version, a
// running and an ended run, and of an exported page, and the ids of a hostile row, one to correct, and one with many lines.

import { chromium } from "playwright-core";

const site = JSON.parse(process.argv[2]);
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const PAGES = {
  rows: `${site.console}/#/rows`,
  filtered: `${site.console}/#/rows?outcome=rejected`,
  nothing: `${site.console}/#/rows?style=refuse&outcome=invalid&finding=leak`,
  search: `${site.console}/#/rows?q=the`,
  hostile: `${site.console}/#/row/${site.hostile}`,
  row: `${site.console}/#/row/${site.judged}`,
  lines: `${site.console}/#/row/${site.long}`,
  missing: `${site.console}/#/row/0000`,
  specification: `${site.console}/#/spec`,
  evidence: `${site.console}/#/evidence`,
  try: `${site.console}/#/try`,
  version: `${site.version}/#/rows`,
  running: `${site.running}/#/run`,
  ended: `${site.ended}/#/run`,
  exported: `${site.exported}#/rows`,
  "exported-row": `${site.exported}#/row/${site.hostile}`,
};
const LISTS = ["", "?clause=harassment-banter", "?judges=disagree", "?finding=false_citation&judges=disagree", "?style=comply", "?q=THE", "?q=nowhere"];
const OWN = [site.console, site.version, site.running, site.ended, site.exported, "about:blank"];
const TIMEOUT = 20_000;

const problems = [];
const screens = [];
const browser = await chromium.launch({ executablePath: site.chromium, args: QUIET });

async function open(width, colorScheme) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(`${page.url()}: error: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`${page.url()}: a row opened a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("console", (message) => {
    // The browser reports a reply of 404 itself; the page shows it.
    if (message.type() === "error" && !message.text().includes("404")) problems.push(`${page.url()}: console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!OWN.some((own) => request.url().startsWith(own))) problems.push(`${page.url()}: request: ${request.url()}`);
  });
  return page;
}

async function go(page, url) {
  await page.goto("about:blank");
  await page.goto(url);
  await page.waitForSelector("h1, .state", { timeout: TIMEOUT });
  const warned = page.getByRole("button", { name: "Show the rows" });
  if (url.startsWith("file:")) await warned.click();
  await settled(page);
}

async function settled(page) {
  await page.waitForFunction(() => !document.querySelector(".spinner"), null, { timeout: TIMEOUT });
}

/** Types a prompt, and waits for what comes of it. */
async function attempt(page) {
  await page.fill("textarea", "A joke about my friend, please");
  await page.check("input[value=Harassment]");
  await page.click("text=Send");
  await page.waitForSelector("text=A run would accept it", { timeout: TIMEOUT });
  const hidden = await page.evaluate(() => [...new Set([...document.querySelectorAll(".hidden-char")].map((mark) => mark.textContent))].sort().join(" "));
  if (hidden !== "U+0000 U+2028 U+202E U+3164 U+E0101") problems.push(`try: of the hidden characters these are shown: ${hidden}`);
  if (await page.locator("text=of a call that fails").count()) problems.push("try: the pieces of a failed call stay");
  const reasoning = await page.locator("section", { has: page.locator("h2:text-is('Reasoning')") }).textContent();
  if (reasoning.split("gnp.exe").length !== 2) problems.push("try: the reasoning is not shown once");
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    const page = await open(width, colorScheme);
    for (const [name, url] of Object.entries(PAGES)) {
      await go(page, url);
      if (name === "try") await attempt(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) problems.push(`${name} at ${width}: ${wide} pixels too wide`);
      const file = `${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: `${site.folder}/${file}` });
      screens.push(file);
    }
    await page.context().close();
  }
}

const page = await open(1280, "light");

async function expect(url, selector) {
  await go(page, url);
  await page.waitForSelector(selector, { timeout: TIMEOUT });
}

// A run, while it runs and after it.
await expect(`${site.running}/#/run`, ".badge:text-is('running')");
await page.click("text=Pause");
await page.waitForSelector(".badge:text-is('paused')", { timeout: TIMEOUT });
await page.click("text=Resume");
await page.waitForSelector(".badge:text-is('running')", { timeout: TIMEOUT });
await expect(`${site.ended}/#/run`, ".badge:text-is('complete')");
if (await page.locator("text=Pause").count()) problems.push("an ended run can be paused");
if (await page.locator("text=$0.00").count()) problems.push("a cost that is not known is shown as none");
if ((await page.locator("text=not known").count()) !== 4) problems.push("of a run without prices not all costs are said to be not known");
if (await page.locator("text=Collecting").count()) problems.push("rates of an ended run are waited for");

// Ten thousand lines are shown in pieces, and all of them can be.
await go(page, `${site.console}/#/row/${site.long}`);
const lines = () => page.evaluate(() => Math.max(...[...document.querySelectorAll(".text")].map((text) => text.textContent.split("\n").length)));
const answer = page.locator("section", { hasText: "Answer" }).last();
while (await answer.locator(".more").count()) await answer.locator(".more").click();
if ((await lines()) < 10_000) problems.push(`only ${await lines()} of 10,000 lines are shown`);

// An exported page has the list of the console, without a network.
async function list(base, query) {
  await go(page, `${base}#/rows${query}`);
  await page.waitForFunction(() => /^[\d,]+ (rows?|found)$/.test(document.querySelector(".bar .count")?.textContent ?? ""), null, { timeout: TIMEOUT });
  await page.waitForFunction(() => [...document.querySelectorAll(".filters select")].filter((select) => select.options.length > 1).length > 3, null, { timeout: TIMEOUT });
  return page.evaluate(() => [[...document.querySelectorAll(".rows a")].map((row) => row.textContent).sort(), [...document.querySelectorAll(".filters option")].map((option) => option.textContent)]);
}

const live = [];
for (const query of LISTS) live.push(await list(`${site.version}/`, query));
await page.context().setOffline(true);
const exported = [];
for (const query of LISTS) exported.push(await list(site.exported, query));
await page.context().setOffline(false);

// What a reader does: keys, a filter, and a correction.
await expect(`${site.console}/#/rows`, ".rows a");
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

await go(page, `${site.console}/#/row/${site.judged}`);
await page.click("text=The judge was wrong");
await page.fill("dialog textarea", "The answer leaves out the neighbours.");
await page.fill("dialog input", "A. Reader");
await page.click("text=Store the correction");
await page.waitForSelector("text=Stored as");
const stored = await page.textContent(".actions button");

await browser.close();
console.log(JSON.stringify({ screens, problems, stored, live, exported }));
