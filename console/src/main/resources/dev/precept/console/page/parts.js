// Parts that several pages use.

import { append, el } from "./dom.js";
import { number } from "./text.js";

/** What a page shows until its data has come. */
export function loading(what) {
  return el("div", { class: "state", role: "status" }, el("span", { class: "spinner", "aria-hidden": "true" }), `Loading ${what} …`);
}

/** What a page shows in place of data: a headline, and what to do. */
export function empty(headline, ...help) {
  return el("div", { class: "state" }, el("p", { class: "state-title" }, headline), help.map((line) => el("p", {}, line)));
}

export function failed(error, retry) {
  return el(
    "div",
    { class: "state error", role: "alert" },
    el("p", { class: "state-title" }, error.title ?? "It failed"),
    el("p", {}, error.message),
    retry && el("button", { type: "button", on: { click: retry } }, "Try again"),
  );
}

/** A headed section. */
export function section(title, ...children) {
  return el("section", { class: "card" }, el("h2", {}, title), children);
}

/** Names with values side by side: `[name, value, hint]`. */
export function facts(rows, kind = "") {
  return el(
    "dl",
    { class: `facts ${kind}` },
    rows
      .filter((row) => row)
      .map(([name, value, hint]) => el("div", {}, el("dt", {}, name), el("dd", {}, value, hint && el("span", { class: "hint" }, ` ${hint}`)))),
  );
}

/** A table; columns `{title, cell(row), number}`. */
export function table(caption, columns, rows) {
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el(
      "table",
      {},
      el("caption", { class: "sr-only" }, caption),
      el("thead", {}, el("tr", {}, columns.map((column) => el("th", { scope: "col", class: column.number && "number" }, column.title)))),
      el(
        "tbody",
        {},
        rows.map((row) => el("tr", {}, columns.map((column) => append(el("td", { class: column.number && "number" }), [column.cell(row)])))),
      ),
    ),
  );
}

const OUTCOMES = {
  accepted: ["✓", "good"],
  kept: ["✓", "good"],
  rejected: ["✕", "bad"],
  invalid: ["!", "warn"],
  removed: ["–", "muted"],
};

/** An outcome by colour, sign and word. */
export function outcome(name) {
  const [sign, kind] = OUTCOMES[name] ?? ["·", "muted"];
  return el("span", { class: `badge ${kind}` }, el("span", { "aria-hidden": "true" }, sign), ` ${name}`);
}

/** A vote of 0 to 10. */
export function score(value) {
  if (value === null || value === undefined) return el("span", { class: "hint" }, "no vote");
  const kind = value >= 8 ? "good" : value >= 5 ? "warn" : "bad";
  return el("span", { class: `badge ${kind}` }, number(value));
}

export function choice(label, value, options, change) {
  const select = el(
    "select",
    { on: { change: () => change(select.value) } },
    options.map(([key, text]) => el("option", { value: key, selected: key === value }, text)),
  );
  return el("label", { class: "field" }, el("span", {}, label), select);
}
