// Answers the requests of the page from the rows that an exported file carries, as the console answers them: each as `item`, the
// line of the list, and `row`, everything that is known of it. It has no server to ask.

import { answerFrom, ApiError } from "./api.js";

const PAGE = 50;
const DISAGREEMENT = 3;
const KEY = 16; // digits of an id that the console compares

export function answerFromFile() {
  const rows = JSON.parse(document.getElementById("rows").textContent);
  const info = JSON.parse(document.getElementById("info").textContent);
  answerFrom({
    async get(path) {
      const { pathname, searchParams } = new URL(path, "file:///");
      const name = pathname.slice(1);
      if (name === "api/info") return info;
      if (name === "api/rows") return page(rows, searchParams);
      if (name.startsWith("api/rows/")) {
        const id = decodeURIComponent(name.slice("api/rows/".length));
        const found = rows.find((one) => one.row.id === id);
        if (found) return found.row;
      }
      throw new ApiError(404, "Not in this file", "The exported page holds some rows only.");
    },
    follow(path, handlers) {
      const { searchParams } = new URL(path, "file:///");
      const words = (searchParams.get("q") ?? "").toLowerCase();
      const found = rows.filter((one) => unmet(one, searchParams).length === 0 && text(one.row).toLowerCase().includes(words));
      queueMicrotask(() => {
        found.forEach((one) => handlers.row(one.item));
        handlers.done({ more: false });
      });
      return () => {};
    },
  });
}

function text(row) {
  return [...row.conversation.map((turn) => turn.content), row.reasoning, row.answer, row.detail].filter(Boolean).join("\n");
}

/** What a row has in each column that can be filtered by. */
const FACETS = {
  outcome: ({ item }) => [item.outcome],
  reason: ({ item }) => (item.reason ? [item.reason] : []),
  category: ({ item }) => item.category,
  style: ({ item }) => (item.style ? [item.style] : []),
  clause: ({ item }) => item.clauses,
  source: ({ item }) => [item.source],
  finding: ({ item }) => (item.repaired ? [...item.findings, "repaired"] : item.findings),
};

/** The conditions that a row does not meet, by name. */
function unmet(one, query) {
  const names = Object.keys(FACETS).filter((name) => query.get(name) && !FACETS[name](one).includes(query.get(name)));
  if (query.get("judges") === "disagree" && spread(one.row) < DISAGREEMENT) names.push("judges");
  if (query.get("near") && !resembles(one.row, query.get("near"))) names.push("near");
  return names;
}

function resembles(row, id) {
  return row.neighbours.some((near) => near.kind !== "resembles this row" && near.id.slice(0, KEY) === id.slice(0, KEY));
}

function spread(row) {
  const scores = row.votes.map((vote) => vote.score);
  return scores.length < 2 ? 0 : Math.max(...scores) - Math.min(...scores);
}

function page(rows, query) {
  const found = rows.filter((one) => unmet(one, query).length === 0);
  const from = Number(query.get("cursor") ?? 0);
  const next = from + PAGE < found.length ? String(from + PAGE) : null;
  const facets = Object.fromEntries(Object.keys(FACETS).map((name) => [name, counts(rows, name, query)]));
  return { rows: found.slice(from, from + PAGE).map((one) => one.item), total: found.length, next, complete: true, read: 1, of: 1, facets };
}

/** How many rows have each value of a column, if its own condition is left out. */
function counts(rows, name, query) {
  const all = new Map();
  for (const one of rows) {
    if (unmet(one, query).some((other) => other !== name)) continue;
    for (const value of FACETS[name](one)) all.set(value, (all.get(value) ?? 0) + 1);
  }
  return [...all].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
