// The console: finds the page of the address, and keeps it in step with the keyboard.

import { get } from "./api.js";
import { el, show } from "./dom.js";
import { answerFromFile } from "./exported.js";
import { failed } from "./parts.js";
import { evidencePage } from "./pages/evidence.js";
import { rowPage } from "./pages/row.js";
import { rowsPage } from "./pages/rows.js";
import { runPage } from "./pages/run.js";
import { specPage } from "./pages/spec.js";
import { tryPage } from "./pages/try.js";

const PAGES = [
  { path: "run", title: "Run", page: runPage, needs: "run" },
  { path: "rows", title: "Rows", page: rowsPage, needs: "dataset" },
  { path: "row", page: rowPage, needs: "dataset" },
  { path: "spec", title: "Specification", page: specPage, needs: "dataset", server: true },
  { path: "evidence", title: "Evidence", page: evidencePage, needs: "dataset", server: true },
  { path: "try", title: "Try", page: tryPage, needs: "try" },
];

let leave = () => {};
let info = null;

/** `#/rows?reason=LOW_SCORE` as the name of a page, the parts after it, and parameters. */
function address() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?", 2);
  const [name, ...rest] = path.split("/");
  return { name, rest: rest.map(decoded), query: new URLSearchParams(query ?? "") };
}

/** As it is, if a person has broken its escapes. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function open() {
  leave();
  leave = () => {};
  const main = document.getElementById("main");
  const { name, rest, query } = address();
  const allowed = PAGES.filter((page) => info[page.needs] && !(page.server && info.exported));
  const page = allowed.find((one) => one.path === name) ?? allowed[0];
  navigation(allowed, page);
  if (!page) {
    show(main, failed({ title: "Nothing to show", message: "Start the console with --work DIR or --dataset D." }));
    return;
  }
  document.title = `${page.title ?? "Row"} · Precept`;
  main.className = `page-${page.path}`;
  leave = page.page(main, { rest, query, info, reload: open }) ?? (() => {});
}

function navigation(allowed, current) {
  show(
    document.getElementById("nav"),
    allowed
      .filter((page) => page.title)
      .map((page) => {
        const here = page === current || (page.path === "rows" && current?.path === "row");
        return el("a", { href: `#/${page.path}`, "aria-current": here ? "page" : null }, page.title);
      }),
  );
}

function scheme() {
  const button = document.getElementById("scheme");
  const root = document.documentElement;
  const stored = sessionStorage.getItem("scheme");
  if (stored) root.dataset.scheme = stored;
  button.addEventListener("click", () => {
    const dark = root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.scheme = dark ? "light" : "dark";
    sessionStorage.setItem("scheme", root.dataset.scheme);
  });
}

/** Rows of safety data can hurt a reader who does not expect them. */
function accepted(warning) {
  return new Promise((resolve) => {
    const button = el("button", { type: "button", on: { click: () => resolve(true) } }, "Show the rows");
    show(document.getElementById("main"), el("div", { class: "state" }, el("p", { class: "state-title" }, "Before you read on"), el("p", {}, warning), button));
    button.focus();
  });
}

async function start() {
  scheme();
  if (document.getElementById("rows")) answerFromFile();
  try {
    info = await get("api/info");
  } catch (error) {
    show(document.getElementById("main"), failed(error, () => location.reload()));
    return;
  }
  show(document.getElementById("place"), info.place, info.read_only && el("span", { class: "badge muted" }, "read-only"));
  addEventListener("hashchange", open);
  if (info.warning && !(await accepted(info.warning))) return;
  await open();
}

start();
