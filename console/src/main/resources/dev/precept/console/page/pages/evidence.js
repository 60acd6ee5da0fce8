// The evidence of a version: the numbers of its card as pictures, and two versions side by side.

import { get } from "../api.js";
import { bars, columns } from "../charts.js";
import { el, show } from "../dom.js";
import { choice, empty, facts, failed, loading, section, table } from "../parts.js";
import { number, percent, usd, words } from "../text.js";

export function evidencePage(main, { query }) {
  show(main, loading("the evidence"));
  let ended = false;
  const load = async () => {
    try {
      const { versions } = await get("api/versions");
      if (ended) return;
      if (versions.length === 0) {
        show(main, el("h1", {}, "Evidence"), empty("No version has been released yet.", "precept release makes one."));
        return;
      }
      const names = [query.get("v") || versions[0].name, query.get("with")].filter(Boolean);
      const all = await Promise.all(names.map((name) => get(`api/versions/${encodeURIComponent(name)}`)));
      if (ended) return;
      show(main, head(versions, names), all.length === 1 ? one(all[0]) : side(all));
    } catch (error) {
      if (!ended) show(main, failed(error, load));
    }
  };
  load();
  return () => (ended = true);
}

function head(versions, [chosen, other]) {
  const go = (v, w) => (location.hash = `#/evidence?v=${encodeURIComponent(v)}${w ? `&with=${encodeURIComponent(w)}` : ""}`);
  const options = versions.map((version) => [version.name, `${version.name} (${number(version.rows)} rows)`]);
  return el(
    "div",
    { class: "head" },
    el("h1", {}, "Evidence"),
    el(
      "div",
      { class: "actions" },
      choice("Version", chosen, options, (value) => go(value, other)),
      versions.length > 1 && choice("Beside", other ?? "", [["", "nothing"], ...options], (value) => go(chosen, value)),
    ),
  );
}

function numbers(version) {
  const evidence = version.evidence ?? {};
  const citations = evidence.citations ?? {};
  const judge = evidence.judge ?? {};
  return [
    ["Rows", number(version.rows)],
    ["Reasonings that cite", percent(ratio(citations.cited, citations.samples))],
    ["Citations in category", percent(ratio(citations.in_category, citations.cited))],
    ["False citations", number(citations.false)],
    ["Leaks in reasonings", number(evidence.leaks?.reasoning)],
    ["Leaks in answers", number(evidence.leaks?.answer)],
    ["Judges agree (α)", judge.alpha?.toFixed(2) ?? (judge.ac2 === null || judge.ac2 === undefined ? "too few" : "all alike")],
    ["Agreement (AC2)", judge.ac2 === null || judge.ac2 === undefined ? "too few" : judge.ac2.toFixed(2)],
    ["Bad among kept", judge.bad_among_kept === null || judge.bad_among_kept === undefined ? "too few" : percent(judge.bad_among_kept)],
    ["Cost of a sample", version.usd_per_sample === null ? "not known" : usd(version.usd_per_sample)],
    ["Tokens saved a sample", number(evidence.saved_tokens_per_sample)],
  ];
}

function ratio(part, whole) {
  return whole ? part / whole : null;
}

function one(version) {
  const clauses = Object.entries(version.evidence?.clauses ?? {});
  return [
    section("Numbers", facts(numbers(version))),
    el(
      "div",
      { class: "grid" },
      section("Lowest vote of a row", histogram(version.lowest_votes, "Rows by their lowest vote")),
      section("All votes", histogram(version.votes, "Votes by score")),
      section("Style", barsOf(version.evidence?.styles, "Rows by style")),
      section("Category", barsOf(version.categories, "Rows by category", String)),
      el(
        "div",
        { class: "card wide" },
        el("h2", {}, "Coverage of the specification"),
        clauses.length === 0
          ? empty("No clause is counted.")
          : table(
              "Clauses",
              [
                { title: "Clause", cell: ([id]) => el("a", { href: `#/rows?clause=${encodeURIComponent(id)}` }, id) },
                { title: "Cited", number: true, cell: ([, clause]) => number(clause.cited) },
                { title: "Kept", number: true, cell: ([, clause]) => number(clause.kept) },
                { title: "Turned down", number: true, cell: ([, clause]) => number(clause.rejected) },
              ],
              clauses.sort((a, b) => b[1].cited - a[1].cited),
            ),
      ),
    ),
  ];
}

function histogram(counts, label) {
  if (!counts || Object.values(counts).every((value) => value === 0)) return empty("No votes are stored.");
  return columns(Array.from({ length: 11 }, (_, i) => ({ name: String(i), value: counts[i] ?? 0 })), { label });
}

function barsOf(counts, label, nameOf = words) {
  const rows = Object.entries(counts ?? {}).map(([name, value]) => ({ name: nameOf(name), value: typeof value === "object" ? value.samples : value }));
  return rows.length === 0 ? empty("Nothing is counted.") : bars(rows.sort((a, b) => b.value - a.value).slice(0, 20), { label });
}

function side([left, right]) {
  const other = numbers(right);
  return [
    section(
      `${left.name} beside ${right.name}`,
      table(
        "Numbers of both versions",
        [
          { title: "", cell: (row) => row.name },
          { title: left.name, number: true, cell: (row) => row.left },
          { title: right.name, number: true, cell: (row) => row.right },
        ],
        numbers(left).map(([name, value], i) => ({ name, left: value, right: other[i][1] })),
      ),
    ),
    el(
      "div",
      { class: "grid" },
      [left, right].map((version) => section(`Lowest vote, ${version.name}`, histogram(version.lowest_votes, `Rows of ${version.name} by their lowest vote`))),
      [left, right].map((version) => section(`Style, ${version.name}`, barsOf(version.evidence?.styles, `Rows of ${version.name} by style`))),
    ),
  ];
}
