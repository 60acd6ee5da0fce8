// The run: where its slots are, what it costs, and how its model servers do.

import { follow, get, post } from "../api.js";
import { bars, columns, isNarrow, sankey, timeline } from "../charts.js";
import { announce, el, show } from "../dom.js";
import { empty, facts, failed, loading, section, table } from "../parts.js";
import { cost, duration, number, percent, words } from "../text.js";

const WINDOW = 600; // seconds of the rate's picture
const ASKED = 15_000; // milliseconds until a first click on Cancel is forgotten

export function runPage(main, { info }) {
  const rates = [];
  let last = null;
  let ended = false;
  let stop = () => {};
  const draw = (run) => {
    if (ended) return;
    last = run;
    if (run.slots_per_minute !== null) rates.push([Date.now() / 1000, run.slots_per_minute]);
    while (rates.length > 0 && rates.at(-1)[0] - rates[0][0] > WINDOW) rates.shift();
    const focused = document.activeElement?.dataset?.action;
    show(main, page(run, rates, info, act, kept));
    if (focused) main.querySelector(`[data-action="${focused}"]`)?.focus();
  };
  const act = async (action) => {
    say(kept.answer, "");
    try {
      const done = await post(`api/run/${action}`);
      announce(`${action} was requested`);
      say(kept.answer, done.note);
      draw(await get("api/run"));
    } catch (error) {
      say(kept.answer, error.message);
    }
  };
  // Each status draws the page anew; what a person has begun, and what a person was told, stays.
  const kept = { cancel: cancel(act), flowTable: foldedTable(), answer: notice(), stale: notice() };
  const start = () => {
    stop();
    show(main, loading("the run"));
    stop = follow("api/run/events", {
      run: (run) => {
        say(kept.stale, "");
        draw(run);
      },
      problem: (event) => {
        if (last) say(kept.stale, `These numbers are old. The status cannot be read: ${event.text}`);
        else show(main, failed({ title: "The status cannot be read", message: event.text }, start));
      },
      error: () => {
        if (last) say(kept.stale, "These numbers are old. The console does not answer; is `precept console` still running?");
        else show(main, failed({ title: "No connection", message: "The console does not answer. Is `precept console` still running?" }, start));
      },
    });
  };
  start();
  return () => {
    ended = true;
    stop();
  };
}

function notice() {
  return el("p", { class: "notice", role: "status", hidden: true });
}

function say(element, text) {
  element.textContent = text;
  element.hidden = !text;
}

function page(run, rates, info, act, kept) {
  const ended = run.accepted + total(run.rejected) + run.invalid;
  const used = Object.keys(run.tokens ?? {}).reduce((sum, role) => sum + tokensOf(run, role), 0);
  const top = [head(run, info, act, kept), kept.stale, kept.answer];
  if (run.slots === 0 && run.prompts_read === 0) {
    return [top, empty("No prompt has been read yet.", run.why || "The run has just started.")];
  }
  return [
    top,
    run.why && el("p", { class: "notice" }, run.why),
    section(
      "Progress",
      facts([
        ["Slots ended", `${number(ended)} of ${number(run.slots)}`, run.input_complete ? "" : "still reading prompts"],
        ["Accepted", number(run.accepted), percent(ended ? run.accepted / ended : null)],
        ["Rate", run.slots_per_minute === null ? "–" : `${number(run.slots_per_minute)} / min`],
        ["Time left", duration(run.eta_seconds)],
        ["Elapsed", duration(run.elapsed_seconds)],
        ["Spent", cost(total(run.usd), used), unpriced(run)],
        ["Projected", cost(run.usd_projected, used)],
        ["An accepted sample", run.accepted ? cost(run.usd_per_accepted, used) : "–"],
      ]),
    ),
    section("Where the slots are", isNarrow() ? stateBars(run) : [flow(run), flowTable(run, kept.flowTable)]),
    el(
      "div",
      { class: "grid" },
      section("Slots a minute", run.activity === "stopped" && rates.length < 2 ? empty("No process is running the run.") : timeline(rates, { label: "Slots that ended in the last minute, over ten minutes", unit: "a minute" })),
      section("Tokens and cost", tokens(run)),
      section("Why slots were rejected", reasons(run)),
      section("Model servers", endpoints(run.endpoints, run.activity === "stopped")),
    ),
  ];
}

function head(run, info, act, kept) {
  const now = run.cancelled ? "cancelled" : run.state === "open" ? run.activity : run.state;
  const kind = { running: "good", paused: "warn", waiting: "warn", out_of_budget: "bad", cancelled: "bad" }[now] ?? "muted";
  const button = (action, text, style) => el("button", { type: "button", class: style, "data-action": action, on: { click: () => act(action) } }, text);
  return el(
    "div",
    { class: "head" },
    el("h1", {}, "Run"),
    el("span", { class: `badge ${kind}` }, words(now)),
    el("span", { class: "hint" }, run.run_id, run.as_of && ` · as of ${new Date(run.as_of).toLocaleTimeString("en-GB")}`),
    !info.read_only &&
      el(
        "div",
        { class: "actions" },
        run.actions?.includes("pause") && button("pause", "Pause", "second"),
        run.actions?.includes("resume") && button("resume", "Resume", ""),
        run.actions?.includes("cancel") && kept.cancel,
      ),
  );
}

/** A cancelled run cannot go on, so the first click only asks, and the question does not stand for long. */
function cancel(act) {
  const button = el("button", { type: "button", class: "danger", "data-action": "cancel" }, "Cancel");
  let asked = null;
  const ask = (text) => {
    clearTimeout(asked);
    asked = null;
    button.textContent = text;
  };
  button.addEventListener("click", () => {
    if (asked) {
      ask("Cancel");
      act("cancel");
    } else {
      ask("Cancel for good?");
      asked = setTimeout(() => ask("Cancel"), ASKED);
    }
  });
  return button;
}

function total(counts) {
  return Object.values(counts ?? {}).reduce((sum, value) => sum + value, 0);
}

function flow(run) {
  const nodes = [{ id: "slots", name: "Slots", column: 0, kind: "a" }];
  const links = [];
  const to = (id, name, value, kind, column = 1) => {
    if (!value) return;
    nodes.push({ id, name, column, kind });
    links.push({ from: "slots", to: id, value, kind });
  };
  to("accepted", "Accepted", run.accepted, "c");
  to("rejected", "Rejected", total(run.rejected), "f");
  to("invalid", "Invalid", run.invalid, "d");
  Object.entries(run.in_flight_by_state ?? {}).forEach(([state, value]) => to(state, words(state), value, "e"));
  const part = (from, counts, kind) =>
    Object.entries(counts ?? {})
      .sort((a, b) => b[1] - a[1])
      .forEach(([reason, value]) => {
        nodes.push({ id: `${from}:${reason}`, name: words(reason), column: 2, kind });
        links.push({ from, to: `${from}:${reason}`, value, kind });
      });
  part("rejected", run.rejected, "f");
  part("invalid", run.invalid_by_reason, "d");
  return sankey(nodes, links, { label: "Slots by state and reason; the table after it has the numbers" });
}

function states(run) {
  return [
    ["accepted", run.accepted, "c"],
    ...Object.entries(run.in_flight_by_state ?? {}).map(([state, value]) => [`in flight: ${words(state)}`, value, "e"]),
    ...Object.entries(run.rejected ?? {}).map(([reason, value]) => [`rejected: ${words(reason)}`, value, "f"]),
    ...Object.entries(run.invalid_by_reason ?? {}).map(([reason, value]) => [`invalid: ${words(reason)}`, value, "d"]),
  ];
}

/** For a narrow screen. */
function stateBars(run) {
  return bars(states(run).map(([name, value, kind]) => ({ name, value, kind })), { label: "Slots by state and reason" });
}

function foldedTable() {
  const holder = el("div", {});
  return { holder, box: el("details", {}, el("summary", { "data-action": "table" }, "The same as a table"), holder) };
}

function flowTable(run, folded) {
  const titles = [{ title: "State", cell: (row) => row[0] }, { title: "Slots", number: true, cell: (row) => number(row[1]) }];
  show(folded.holder, table("Slots by state and reason", titles, states(run)));
  return folded.box;
}

function tokensOf(run, role) {
  return run.tokens[role].prompt + run.tokens[role].completion;
}

/** The roles that a sum leaves out, since no price is set. */
function unpriced(run) {
  const roles = Object.keys(run.tokens ?? {}).filter((role) => tokensOf(run, role) > 0 && !run.usd?.[role]);
  return roles.length === 0 ? "" : `no price: ${roles.join(", ")}`;
}

function tokens(run) {
  const roles = Object.keys(run.tokens ?? {});
  if (roles.length === 0) return empty("No call has been made yet.");
  return table(
    "Tokens by role",
    [
      { title: "Role", cell: (role) => role },
      { title: "Calls", number: true, cell: (role) => number(run.calls?.[role]) },
      { title: "Prompt", number: true, cell: (role) => number(run.tokens[role].prompt) },
      { title: "Cached", number: true, cell: (role) => percent(run.tokens[role].prompt ? run.tokens[role].cached / run.tokens[role].prompt : null) },
      { title: "Completion", number: true, cell: (role) => number(run.tokens[role].completion) },
      { title: "Cost", number: true, cell: (role) => cost(run.usd?.[role], tokensOf(run, role)) },
    ],
    roles,
  );
}

function reasons(run) {
  const rows = Object.entries(run.rejected ?? {}).sort((a, b) => b[1] - a[1]);
  if (rows.length === 0) return empty("No slot has been rejected.");
  return [
    bars(rows.map(([name, value]) => ({ name: words(name), value, kind: "f" })), { label: "Rejected slots by reason" }),
    el("p", {}, el("a", { href: "#/rows?outcome=rejected" }, "See the rejected rows")),
  ];
}

/** A short duration, with its milliseconds. */
function seconds(value) {
  if (value === null || value >= 10) return duration(value);
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`;
}

function endpoints(list, over) {
  if (!list || list.length === 0) {
    return over ? empty("No calls are made.", "No process is running the run.") : empty("Unknown", "The metrics pages of the workers cannot be reached from here.");
  }
  return list.map((endpoint) =>
    el(
      "div",
      { class: "vote" },
      el("p", {}, el("strong", {}, endpoint.name), ` · ${endpoint.role} `, endpoint.open ? el("span", { class: "badge bad" }, "breaker open") : el("span", { class: "badge good" }, "answers")),
      facts([
        ["In flight", `${number(endpoint.in_flight)} of ${number(endpoint.limit)}`],
        ["Calls", number(endpoint.calls)],
        ["Median", seconds(endpoint.p50)],
        ["99 %", seconds(endpoint.p99)],
      ], "four"),
      endpoint.latency && columns(endpoint.latency.map(([name, value]) => ({ name, value })), { label: "Calls by their duration" }),
    ),
  );
}
