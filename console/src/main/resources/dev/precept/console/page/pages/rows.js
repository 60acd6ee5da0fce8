// The rows: a list that is read page by page, filters that stand in the address, and a search through the texts.

import { follow, get } from "../api.js";
import { isNarrow } from "../charts.js";
import { announce, el, show } from "../dom.js";
import { choice, empty, failed, loading, outcome, score } from "../parts.js";
import { line, number, visible, words } from "../text.js";

const PAGE = 50;
const CITED = 3; // clauses of a row that the list names
const AGAIN = 1_000; // milliseconds until rows that were read since are asked for
const WORDS = new Set(["outcome", "reason", "style", "finding"]);
const FILTERS = ["outcome", "reason", "category", "style", "clause", "source", "judges", "near", "finding", "q"];

export function rowsPage(main, { query }) {
  const filters = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""]));
  const list = el("ul", { class: "rows", "aria-label": "Rows" });
  const bar = el("div", { class: "bar", role: "status" });
  const form = el("div", { class: "filters" });
  const box = el("details", { class: "filter-box", open: !isNarrow() || FILTERS.some((name) => filters[name]) }, el("summary", {}, "Filters"), form);
  const foot = el("div", { class: "bar" });
  const state = { next: null, shown: 0, ended: false, stop: () => {} };
  show(
    main,
    el("div", { class: "head" }, el("h1", {}, "Rows")),
    box,
    bar,
    list,
    foot,
    el("p", { class: "keys" }, el("kbd", {}, "j"), " ", el("kbd", {}, "k"), " next and previous · ", el("kbd", {}, "Enter"), " open · ", el("kbd", {}, "/"), " search"),
  );
  show(form, inputs(filters, {}));
  if (filters.q) {
    search(state, filters, { list, bar, foot });
    choices(state, filters, form);
  } else {
    load(state, filters, { list, bar, foot, form });
  }
  const keys = (event) => keyboard(event, list, form);
  addEventListener("keydown", keys);
  return () => {
    state.ended = true;
    state.stop();
    removeEventListener("keydown", keys);
  };
}

/** What a search can be narrowed down by: the rows that it reads, and not those that it finds. */
async function choices(state, filters, form) {
  try {
    const { facets } = await get("api/rows", { ...filters, q: null, limit: 1 });
    if (!state.ended && !form.contains(document.activeElement)) show(form, inputs(filters, facets, false));
  } catch {
    return; // the search says what is wrong
  }
}

function go(filters, change) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...filters, ...change })) if (value) query.set(key, value);
  const text = query.toString();
  location.hash = text ? `#/rows?${text}` : "#/rows";
}

function inputs(filters, facets, counted = true) {
  const select = (name, label) => {
    const known = facets[name] ?? [];
    const options = known.map(([value, count]) => [value, `${WORDS.has(name) ? words(value) : value}${counted ? ` (${number(count)})` : ""}`]);
    if (filters[name] && !known.some(([value]) => value === filters[name])) options.push([filters[name], filters[name]]);
    return choice(label, filters[name], [["", "all"], ...options], (value) => go(filters, { [name]: value }));
  };
  const field = el("input", { type: "search", value: filters.q, placeholder: "words of a prompt, reasoning or answer", maxlength: 500, "data-search": true });
  field.addEventListener("change", () => go(filters, { q: field.value.trim() }));
  return [
    el("label", { class: "field search" }, el("span", {}, "Search texts"), field),
    select("outcome", "Outcome"),
    select("reason", "Reason"),
    select("category", "Category"),
    select("style", "Style"),
    select("clause", "Cites clause"),
    select("source", "Source"),
    choice("Judges", filters.judges, [["", "all"], ["disagree", "disagree by 3 or more"]], (value) => go(filters, { judges: value })),
    select("finding", "Finding"),
    FILTERS.some((name) => filters[name]) && el("button", { type: "button", class: "quiet", on: { click: () => (location.hash = "#/rows") } }, "Clear"),
  ];
}

async function load(state, filters, parts) {
  const { list, bar, foot, form } = parts;
  show(foot, loading("rows"));
  let page;
  try {
    page = await get("api/rows", { ...filters, limit: PAGE, cursor: state.next });
  } catch (error) {
    show(foot, failed(error, () => load(state, filters, parts)));
    return;
  }
  if (state.ended) return;
  list.append(...page.rows.map(item));
  state.shown += page.rows.length;
  state.next = page.next;
  describe(page, filters, parts);
  if (page.next) {
    show(foot, el("button", { type: "button", class: "second", on: { click: () => load(state, filters, parts) } }, "More rows"));
  } else if (state.shown > 0) {
    show(foot, el("span", { class: "count" }, "These are all."));
  } else if (page.complete) {
    const any = FILTERS.some((name) => filters[name]);
    show(foot, any ? empty("No row matches.", "Remove a filter, or search for other words.") : empty("No rows yet.", "A run commits rows about once a minute."));
  }
  if (!page.complete) later(state, () => (state.shown < PAGE ? refresh(state, filters, parts) : recount(state, filters, parts)));
}

/** The counts, and the choices of the filters. */
function describe(page, filters, { bar, form }, ...more) {
  if (!form.contains(document.activeElement)) show(form, inputs(filters, page.facets ?? {}));
  show(
    bar,
    el("span", { class: "count" }, `${number(page.total)} ${page.total === 1 ? "row" : "rows"}${page.complete ? "" : " so far"}`),
    filters.near && el("span", { class: "tag" }, "near-duplicates of ", filters.near.slice(0, 12)),
    !page.complete && el("span", { class: "hint" }, `reading ${number(page.read)} of ${number(page.of)} files`),
    !page.complete && el("div", { class: "progress" }, width(el("i"), page.read / page.of)),
    more,
  );
}

function later(state, next) {
  const wait = setTimeout(next, AGAIN);
  state.stop = () => clearTimeout(wait);
}

/** A reader looks at the list, so it stays; the rows that were read since are newer, and come first once they are wanted. */
async function recount(state, filters, parts) {
  let page;
  try {
    page = await get("api/rows", { ...filters, limit: 1 });
  } catch (error) {
    if (!state.ended) show(parts.bar, el("span", { class: "count" }, error.message));
    return;
  }
  if (state.ended) return;
  const again = el("button", { type: "button", class: "second", on: { click: () => refresh(state, filters, parts) } }, "Show from the newest");
  describe(page, filters, parts, page.complete && again);
  if (!page.complete) later(state, () => recount(state, filters, parts));
}

/** Rows that were read since: from the start, so that the order holds. */
function refresh(state, filters, parts) {
  if (state.ended) return;
  state.stop();
  state.next = null;
  state.shown = 0;
  parts.list.replaceChildren();
  load(state, filters, parts);
}

function width(element, share) {
  element.style.width = `${Math.round(100 * Math.min(1, share || 0))}%`;
  return element;
}

function search(state, filters, { list, bar, foot }) {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value));
  let found = 0;
  const stopped = (text) => show(foot, el("span", { class: "count" }, text));
  show(bar, el("span", { class: "count" }, "Searching …"));
  state.stop = follow(`api/search?${query}`, {
    row: (row) => {
      found++;
      list.append(item(row));
    },
    progress: (at) =>
      show(
        bar,
        el("span", { class: "count" }, `${number(found)} found · ${number(at.read)} of ${number(at.of)} rows searched`),
        el("div", { class: "progress" }, width(el("i"), at.read / at.of)),
      ),
    done: (end) => {
      state.stop();
      show(bar, el("span", { class: "count" }, `${number(found)} found`));
      announce(`${found} rows found`);
      if (found === 0) show(foot, empty("No row has these words.", "The search looks for them as they stand, in any letter case."));
      else stopped(end.more ? "Only the first are shown. Use more words." : "These are all.");
    },
    problem: (event) => {
      state.stop();
      stopped(`The search ended early: ${event.text}`);
    },
    error: () => {
      state.stop(); // a connection made again would search again
      stopped("The search ended early: the console does not answer.");
    },
  });
}

/** A row of the list. */
export function item(row) {
  return el(
    "li",
    {},
    el(
      "a",
      { href: `#/row/${encodeURIComponent(row.id)}` },
      el("div", {}, outcome(row.outcome)),
      el("div", {}, score(row.lowest)),
      el("div", { class: "cell prompt", dir: "auto" }, el("span", {}, line(row.prompt, 170)), row.reason && el("div", { class: "why" }, words(row.reason))),
      el("div", { class: "cell answer", dir: "auto" }, el("span", {}, line(row.answer || "no answer", 170)), row.lowest_reason && el("div", { class: "why", dir: "auto" }, line(row.lowest_reason, 140)), cites(row.clauses ?? [])),
      el(
        "div",
        { class: "tags" },
        (row.category ?? []).map((name) => el("span", { class: "tag" }, name)),
        row.style && el("span", { class: "tag" }, words(row.style)),
        row.repaired && el("span", { class: "tag" }, "repaired"),
        (row.findings ?? []).map((name) => el("span", { class: "tag bad" }, words(name))),
      ),
    ),
  );
}

function cites(clauses) {
  const more = clauses.length > CITED ? ` and ${number(clauses.length - CITED)} more` : "";
  return clauses.length > 0 && el("div", { class: "why" }, "cites ", visible(clauses.slice(0, CITED).join(", ")), more);
}

function keyboard(event, list, form) {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const links = [...list.querySelectorAll("a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "j") links[Math.min(links.length - 1, at + 1)]?.focus();
  else if (event.key === "k") links[Math.max(0, at - 1)]?.focus();
  else if (event.key === "/") form.querySelector("[data-search]").focus();
  else return;
  event.preventDefault();
}
