// Answers the requests of the page from the rows that an exported file carries. It has no server to ask.

import { answerFrom, ApiError } from "./api.js";

const PAGE = 50;

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
        const row = rows.find((one) => one.id === decodeURIComponent(name.slice("api/rows/".length)));
        if (row) return row;
      }
      throw new ApiError(404, "Not in this file", "The exported page holds some rows only.");
    },
    follow(path, handlers) {
      const { searchParams } = new URL(path, "file:///");
      const words = (searchParams.get("q") ?? "").toLowerCase();
      const found = matching(rows, searchParams).filter((row) => text(row).toLowerCase().includes(words));
      queueMicrotask(() => {
        found.forEach((row) => handlers.row(item(row)));
        handlers.done({ more: false });
      });
      return () => {};
    },
  });
}

function text(row) {
  return [...row.conversation.map((turn) => turn.content ?? ""), row.reasoning ?? "", row.answer ?? ""].join("\n");
}

const VALUES = {
  outcome: (row) => [row.outcome],
  reason: (row) => [row.reason],
  category: (row) => row.category,
  style: (row) => [row.style],
  clause: (row) => row.clauses.map((clause) => clause.id),
  source: (row) => [row.provenance.source],
  finding: (row) => (row.findings ?? []).map((finding) => finding.kind),
};

function matching(rows, query) {
  return rows.filter(
    (row) =>
      Object.entries(VALUES).every(([name, values]) => !query.get(name) || values(row).includes(query.get(name))) &&
      (query.get("judges") !== "disagree" || spread(row) >= 3),
  );
}

function spread(row) {
  const scores = row.votes.map((vote) => vote.score).filter((score) => score !== null);
  return scores.length < 2 ? 0 : Math.max(...scores) - Math.min(...scores);
}

function page(rows, query) {
  const found = matching(rows, query);
  const from = Number(query.get("cursor") ?? 0);
  const next = from + PAGE < found.length ? String(from + PAGE) : null;
  const facets = Object.fromEntries(Object.entries(VALUES).map(([name, values]) => [name, counts(rows, values)]));
  return { rows: found.slice(from, from + PAGE).map(item), total: found.length, next, complete: true, read: 1, of: 1, facets };
}

function counts(rows, values) {
  const all = new Map();
  rows.flatMap(values).forEach((value) => value && all.set(value, (all.get(value) ?? 0) + 1));
  return [...all].sort((a, b) => b[1] - a[1]);
}

/** The line of a list for a row. */
function item(row) {
  const lowest = row.votes.reduce((low, vote) => (vote.score !== null && (low === null || vote.score < low.score) ? vote : low), null);
  return {
    ...row,
    prompt: row.conversation.at(-1)?.content ?? "",
    lowest: lowest?.score ?? null,
    lowest_reason: lowest?.reason ?? null,
    findings: (row.findings ?? []).map((finding) => finding.kind),
  };
}
