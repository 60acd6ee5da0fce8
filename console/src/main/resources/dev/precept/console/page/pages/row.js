// One row: the conversation, the reasoning with its citations, the answer, and what the judges said.

import { get, post } from "../api.js";
import { announce, el, show } from "../dom.js";
import { choice, empty, facts, failed, loading, outcome, score, section } from "../parts.js";
import { block, cost, line, number, visible, words } from "../text.js";

export function rowPage(main, { rest, info, reload }) {
  const id = rest[0] ?? "";
  show(main, loading("the row"));
  let ended = false;
  get(`api/rows/${encodeURIComponent(id)}`).then(
    (row) => !ended && draw(main, row, info),
    (error) => !ended && show(main, failed(error, reload)),
  );
  const keys = (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) history.back();
  };
  addEventListener("keydown", keys);
  return () => {
    ended = true;
    removeEventListener("keydown", keys);
  };
}

function draw(main, row, info) {
  const panel = el("div", { role: "tabpanel", "aria-live": "off" });
  const tabs = [
    { name: "Row", view: () => rowView(row, info) },
    ...row.attempts.map((attempt) => ({
      name: `${attempt.repair ? "Repair" : "Attempt"} ${attempt.number}`,
      view: () => attemptView(attempt),
    })),
    { name: "What was sent", view: () => sentView(row) },
    { name: "Where it is from", view: () => provenance(row) },
    ...(row.neighbours.length > 0 ? [{ name: `Neighbours (${row.neighbours.length})`, view: () => neighbours(row) }] : []),
  ];
  const bar = el("div", { class: "tabs", role: "tablist" });
  const open = (i) => {
    [...bar.children].forEach((button, n) => {
      button.setAttribute("aria-selected", n === i);
      button.tabIndex = n === i ? 0 : -1;
    });
    show(panel, tabs[i].view());
  };
  tabs.forEach((tab, i) => bar.append(el("button", { type: "button", role: "tab", on: { click: () => open(i) } }, tab.name)));
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = [...bar.children].indexOf(document.activeElement);
    const next = (at + step + tabs.length) % tabs.length;
    open(next);
    bar.children[next].focus();
  });
  show(
    main,
    el(
      "div",
      { class: "head" },
      el("h1", {}, "Row"),
      outcome(row.outcome),
      row.reason && el("span", { class: "tag bad" }, words(row.reason)),
      el("code", { class: "hint" }, row.id.slice(0, 16)),
      el("div", { class: "actions" }, el("a", { href: "#/rows" }, "All rows"), !info.read_only && row.can_be_corrected && correction(row)),
    ),
    row.detail && el("p", { class: "notice" }, visible(row.detail)),
    bar,
    panel,
  );
  open(0);
}

function rowView(row, info) {
  return el(
    "div",
    { class: "two" },
    el(
      "div",
      {},
      section("Conversation", turns(row.conversation)),
      section("Reasoning", row.reasoning ? reasoning(row.reasoning, row.citations, info) : empty("No reasoning.")),
      section("Answer", row.answer ? block(row.answer) : empty("No answer."), row.tool_calls && block(row.tool_calls, { className: "text code" })),
    ),
    el("div", {}, section("Votes", votes(row.votes)), section("Cited clauses", cited(row, info)), findings(row)),
  );
}

function turns(conversation) {
  return conversation.map((turn) => el("div", { class: "turn" }, el("p", { class: "role" }, turn.role), turn.reasoning && el("details", {}, el("summary", {}, "earlier reasoning"), block(turn.reasoning)), block(turn.content ?? "")));
}

/** A link to a clause; an exported page has no page of the specification. */
function clauseLink(info, version, clause, props, nodes) {
  return info.exported ? el("span", props, nodes) : el("a", { ...props, href: `#/spec/${encodeURIComponent(version)}/${encodeURIComponent(clause)}` }, nodes);
}

function reasoning(text, citations, info) {
  const spans = citations
    .map((citation) => ({
      start: citation.start,
      end: citation.end,
      element: (nodes) =>
        citation.clause
          ? clauseLink(info, citation.spec, citation.clause, { class: "cited", title: `${citation.form}: ${citation.clause}` }, nodes)
          : el("span", { class: "cited false", title: `${citation.form}: no clause of the specification` }, nodes, el("span", { class: "sr-only" }, " (no such clause)")),
    }))
    .sort((a, b) => a.start - b.start);
  const apart = spans.filter((span, i) => i === 0 || span.start >= spans[i - 1].end);
  return [
    block(text, { spans: apart }),
    citations.some((citation) => !citation.clause) && el("p", { class: "hint" }, "Dashed red: the specification has no such clause or words."),
  ];
}

function votes(list) {
  if (list.length === 0) return empty("No vote.", "The attempt ended before a judge was asked.");
  return list.map((vote) =>
    el(
      "div",
      { class: "vote" },
      el("p", {}, score(vote.score), " ", el("strong", {}, vote.model ?? "judge"), vote.style && el("span", { class: "hint" }, ` · ${words(vote.style)}`), vote.agree !== null && vote.agree !== undefined && el("span", { class: "hint" }, vote.agree ? " · agrees with the side information" : " · disagrees with the side information")),
      el("div", { class: "criteria" }, Object.entries(vote.criteria ?? {}).map(([name, value]) => el("span", { class: "tag" }, `${words(name)} ${number(value)}`))),
      vote.reason && el("div", { class: "text", dir: "auto" }, visible(vote.reason)),
    ),
  );
}

function cited(row, info) {
  if (row.clauses.length === 0) return empty("None.", "The reasoning names no clause and quotes none.");
  return el(
    "ul",
    { class: "clauses" },
    row.clauses.map((clause) =>
      el(
        "li",
        {},
        el("div", { class: "name" }, clauseLink(info, row.spec_version, clause.id, {}, clause.heading ?? clause.id), el("span", { class: "hint" }, `${clause.forms.join(", ")} · ${words(clause.place)}${clause.count > 1 ? ` · ${number(clause.count)} times` : ""}`)),
      ),
    ),
  );
}

function findings(row) {
  const list = row.findings ?? [];
  if (list.length === 0) return null;
  return section("Findings of the screens", list.map((finding) => el("p", {}, el("span", { class: "tag bad" }, words(finding.kind)), ` in the ${finding.part}`, finding.count > 1 && `, ${finding.count} times`)));
}

function attemptView(attempt) {
  return el(
    "div",
    { class: "two" },
    el(
      "div",
      {},
      section("Reasoning", attempt.reasoning ? block(attempt.reasoning) : empty("No reasoning.")),
      section("Answer", attempt.answer ? block(attempt.answer) : empty("No answer.")),
    ),
    el(
      "div",
      {},
      section("Why it fell", el("p", {}, el("span", { class: "tag bad" }, words(attempt.reason))), attempt.detail && el("div", { class: "text" }, visible(attempt.detail))),
      section("Votes", votes(attempt.votes)),
    ),
  );
}

function sentView(row) {
  if (!row.sent.model) return section("Request", empty("Nothing was sent.", "The slot ended before a model was called."));
  return [
    section(
      "Request",
      facts([
        ["Template", row.sent.template],
        ["Model", row.sent.model],
        ["Endpoint", row.sent.endpoint ?? "–"],
        ["Seed", String(row.sent.seed)],
        ["Tokens", `${number(row.sent.prompt_tokens)} in, ${number(row.sent.completion_tokens)} out`],
        ["Cost", cost(row.sent.usd, row.sent.prompt_tokens + row.sent.completion_tokens)],
      ]),
    ),
    section("Parameters", block(row.sent.params ?? "{}", { className: "text code" })),
    row.sent.excerpt ? section("Excerpt of the specification", block(row.sent.excerpt, { className: "text code" })) : section("Excerpt of the specification", empty("Its text is not stored with this dataset.")),
  ];
}

function provenance(row) {
  return section("Where it is from", table(row.provenance));
}

function table(entries) {
  return el(
    "table",
    {},
    el(
      "tbody",
      {},
      Object.entries(entries)
        .filter(([, value]) => value !== null && value !== "")
        .map(([name, value]) => el("tr", {}, el("th", { scope: "row" }, words(name)), el("td", { class: "cell" }, visible(String(value))))),
    ),
  );
}

function neighbours(row) {
  return section(
    "Texts that resemble it",
    el("p", {}, el("a", { href: `#/rows?near=${encodeURIComponent(row.id)}` }, "The rows that resemble this one, as a list")),
    row.neighbours.map((near) =>
      el("div", { class: "vote" }, el("p", {}, el("a", { href: `#/row/${encodeURIComponent(near.id)}` }, near.id.slice(0, 16)), el("span", { class: "hint" }, ` · ${words(near.kind)} · similarity ${number(near.similarity)}`)), near.text && el("div", { class: "text", dir: "auto" }, line(near.text, 400))),
    ),
  );
}

/** By the reason of a row. What was rejected for another one, such as a near-duplicate, the judges had kept. */
const VERDICTS = { LOW_SCORE: "turned this answer away", UNJUDGEABLE: "came to no verdict on this answer" };

/** "The judge was wrong": a verdict of a person, stored with the dataset. */
function correction(row) {
  const button = el("button", { type: "button", class: "second" }, "The judge was wrong");
  button.addEventListener("click", () => {
    let verdict = row.reason === "LOW_SCORE" ? "keep" : "turn_away";
    const why = el("textarea", { rows: 4, required: true, maxlength: 2000, "aria-label": "Why" });
    const who = el("input", { required: true, maxlength: 100, autocomplete: "name", value: localStorage.getItem("who") ?? "" });
    const problem = el("p", { class: "hint", role: "alert" });
    const dialog = el("dialog", { "aria-labelledby": "correction-title" });
    const close = () => {
      dialog.close();
      dialog.remove();
    };
    const form = el(
      "form",
      { method: "dialog" },
      el("h2", { id: "correction-title" }, `The judges ${VERDICTS[row.reason] ?? "kept this answer"}`),
      el("p", { class: "hint" }, "The correction is stored in the dataset and cannot be changed. Judges are measured with it from now on; the row itself stays as it is."),
      choice("A correct judge", verdict, [["turn_away", "turns it away"], ["keep", "keeps it"]], (value) => (verdict = value)),
      el("label", { class: "field wide" }, el("span", {}, "Why"), why),
      el("label", { class: "field" }, el("span", {}, "Your name"), who),
      problem,
      el("div", { class: "actions" }, el("button", { type: "button", class: "quiet", on: { click: close } }, "Back"), el("button", { type: "submit" }, "Store the correction")),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      localStorage.setItem("who", who.value);
      try {
        const stored = await post("api/calibrations", { row: row.id, verdict, why: why.value, who: who.value });
        close();
        button.disabled = true;
        button.textContent = `Stored as ${stored.file}`;
        announce(`The correction was stored as ${stored.file}`);
      } catch (error) {
        problem.textContent = error.message;
      }
    });
    dialog.append(form);
    document.body.append(dialog);
    dialog.showModal();
  });
  return button;
}
