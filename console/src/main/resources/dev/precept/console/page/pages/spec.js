// The specification: its clauses with what cites them, and what changed between two versions.

import { get } from "../api.js";
import { el, show } from "../dom.js";
import { choice, empty, failed, loading, section } from "../parts.js";
import { block, number, plural } from "../text.js";

const AGAIN = 2_000; // milliseconds until counts are asked for again while rows are being read

export function specPage(main, { rest, query }) {
  const [version, clause] = rest;
  show(main, loading("the specification"));
  let ended = false;
  let drawn = false;
  let counting = null;
  const load = async () => {
    try {
      const { versions } = await get("api/specs");
      if (ended) return;
      if (versions.length === 0) {
        show(main, el("h1", {}, "Specification"), empty("No specification is stored yet.", "A run stores it before its first prompt."));
        return;
      }
      const chosen = version || versions[0].version;
      const from = query.get("from");
      const spec = await get(`api/specs/${encodeURIComponent(chosen)}`);
      const difference = from ? await get("api/specs-diff", { from, to: chosen }) : null;
      if (ended) return;
      const isCounting = (difference ? difference.samples : spec.false_citations) === null;
      if (!drawn || !isCounting) show(main, head(versions, chosen, from), difference ? changes(difference) : clauses(spec));
      if (!drawn && clause) open(clause);
      drawn = true;
      if (isCounting) counting = setTimeout(load, AGAIN);
    } catch (error) {
      if (!ended) show(main, failed(error, load));
    }
  };
  load();
  return () => {
    ended = true;
    clearTimeout(counting);
  };
}

/** A citation leads here: what it cites is to be read. */
function open(clause) {
  const element = document.getElementById(`clause-${clause}`);
  if (!element) return;
  element.querySelector("details").open = true;
  element.scrollIntoView({ block: "start" });
  element.focus();
}

function head(versions, chosen, from) {
  const go = (to, other) => (location.hash = `#/spec/${encodeURIComponent(to)}${other ? `?from=${encodeURIComponent(other)}` : ""}`);
  const options = versions.map((one) => [one.version, `${one.name} ${one.version.slice(0, 10)}`]);
  return el(
    "div",
    { class: "head" },
    el("h1", {}, "Specification"),
    el(
      "div",
      { class: "actions" },
      choice("Version", chosen, options, (value) => go(value, from)),
      versions.length > 1 && choice("Compare with", from ?? "", [["", "nothing"], ...options.filter(([value]) => value !== chosen)], (value) => go(chosen, value)),
    ),
  );
}

function counts(clause) {
  return el(
    "span",
    { class: "hint" },
    clause.cited === null ? "counting …" : `cited by ${number(clause.cited)} · kept ${number(clause.kept)} · turned down ${number(clause.rejected)}`,
  );
}

function clauses(spec) {
  const never = spec.clauses.filter((clause) => clause.cited === 0);
  return [
    spec.false_citations > 0 && el("p", { class: "notice" }, `${plural(spec.false_citations, "reasoning cites", "reasonings cite")} clauses or words that this specification does not have. `, el("a", { href: "#/rows?finding=false_citation" }, "See them")),
    never.length > 0 && el("p", { class: "hint" }, `${number(never.length)} of ${number(spec.clauses.length)} clauses are cited by no reasoning.`),
    section(
      `${number(spec.clauses.length)} clauses`,
      el(
        "ul",
        { class: "clauses" },
        spec.clauses.map((clause) =>
          el(
            "li",
            { id: `clause-${clause.id}`, tabindex: -1 },
            el(
              "details",
              {},
              el("summary", {}, el("strong", {}, clause.heading), " ", el("code", { class: "hint" }, clause.id), " ", clause.action && el("span", { class: "tag" }, clause.action)),
              block(clause.text),
            ),
            el("div", { class: "name" }, counts(clause), clause.cited > 0 && el("a", { class: "hint", href: `#/rows?clause=${encodeURIComponent(clause.id)}` }, "show them")),
          ),
        ),
      ),
    ),
  ];
}

function changes(difference) {
  const kinds = [
    ["added", "Added"],
    ["changed", "Changed"],
    ["removed", "Removed"],
  ];
  const none = kinds.every(([kind]) => difference[kind].length === 0);
  if (none) return section("What changed", empty("Nothing.", "Both versions have the same clauses with the same text."));
  return [
    el("p", { class: "notice" }, difference.samples === null ? "Counting the samples that cite what changed …" : `${plural(difference.samples, "kept sample cites", "kept samples cite")} a clause that changed or was removed.`),
    kinds
      .filter(([kind]) => difference[kind].length > 0)
      .map(([kind, title]) =>
        section(
          `${title}: ${number(difference[kind].length)}`,
          el(
            "ul",
            { class: "clauses" },
            difference[kind].map((clause) =>
              el(
                "li",
                { class: kind },
                el("div", { class: "name" }, el("strong", {}, clause.heading), el("code", { class: "hint" }, clause.id), kind !== "added" && el("a", { href: `#/rows?clause=${encodeURIComponent(clause.id)}` }, plural(clause.samples, "sample", "samples"))),
                clause.parts ? el("div", { class: "text" }, clause.parts.map((part) => (part.kind === "same" ? part.text : el(part.kind === "added" ? "ins" : "del", {}, part.text)))) : block(clause.text),
              ),
            ),
          ),
        ),
      ),
  ];
}
