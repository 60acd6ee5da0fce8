// Try: a typed prompt goes the way of a run, and everything is shown while it arrives.

import { get, post, stream } from "../api.js";
import { announce, el, show } from "../dom.js";
import { choice, failed, loading, score, section } from "../parts.js";
import { block, number, usd, visible, words } from "../text.js";

export function tryPage(main, { reload }) {
  show(main, loading("the models"));
  const abort = { now: null };
  let ended = false;
  get("api/try").then(
    (setting) => !ended && draw(main, setting, abort),
    (error) => !ended && show(main, failed(error, reload)),
  );
  return () => {
    ended = true;
    abort.now?.abort();
  };
}

function draw(main, setting, abort) {
  const prompt = el("textarea", { rows: 5, required: true, maxlength: 20000, dir: "auto", "aria-label": "Prompt", placeholder: "What would a user write?" });
  const boxes = setting.categories.map((name) => el("input", { type: "checkbox", value: name }));
  let effort = setting.efforts[0] ?? "";
  const send = el("button", { type: "submit" }, "Send");
  const stop = el("button", { type: "button", class: "quiet", disabled: true }, "Stop");
  const result = el("div", {});
  const spent = el("span", { class: "hint" }, spending(setting));
  const form = el(
    "form",
    {},
    el("label", { class: "field wide" }, el("span", { class: "sr-only" }, "Prompt"), prompt),
    el("fieldset", {}, el("legend", {}, setting.categories_required ? "Categories (at least one)" : "Categories (none: as the recipe treats such prompts)"), boxes.map((box) => el("label", {}, box, ` ${box.value}`))),
    el(
      "div",
      { class: "bar" },
      setting.efforts.length > 1 && choice("Effort", effort, setting.efforts.map((name) => [name, name]), (value) => (effort = value)),
      send,
      stop,
      spent,
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!prompt.value.trim()) return;
    abort.now = new AbortController();
    send.disabled = true;
    stop.disabled = false;
    const request = { prompt: prompt.value, categories: boxes.filter((box) => box.checked).map((box) => box.value), effort };
    await attempt(result, request, abort.now.signal);
    send.disabled = false;
    stop.disabled = true;
    get("api/try").then(
      (now) => (spent.textContent = spending(now)),
      () => (spent.textContent = "The console does not answer."),
    );
  });
  stop.addEventListener("click", () => abort.now?.abort());
  show(main, el("div", { class: "head" }, el("h1", {}, "Try a prompt")), section("Prompt", form), result);
}

function spending(setting) {
  return `${setting.generator}, judged by ${setting.judge}. Calls are paid for: ${setting.spent_usd === null ? "the amount is not known, since no price is set" : `${usd(setting.spent_usd)} spent`}${setting.budget_usd === null ? "" : ` of ${usd(setting.budget_usd)}`}.`;
}

async function attempt(result, request, signal) {
  const state = el("p", { class: "bar", role: "status" }, el("span", { class: "spinner", "aria-hidden": "true" }), "Sending …");
  const excerpt = el("div", {});
  const reasoning = el("div", { class: "text", dir: "auto" });
  const answer = el("div", { class: "text", dir: "auto" });
  const votes = el("div", {});
  const cost = el("span", { class: "hint" });
  const keep = el("div", { class: "actions" });
  // A request that is refused has none of them.
  const parts = el(
    "div",
    { class: "two", hidden: true },
    el("div", {}, section("Reasoning", reasoning), section("Answer", answer)),
    el("div", {}, section("Votes", votes), section("Excerpt", excerpt), section("Spend", cost, keep)),
  );
  show(result, state, parts);
  let over = false;
  const say = (text, busy = true) => show(state, busy && el("span", { class: "spinner", "aria-hidden": "true" }), text);
  const end = (event) => {
    over = true;
    say(event.text, false);
    announce(event.text);
    if (event.id) show(keep, KEPT.map((kept) => keepButton(kept, event.id)));
  };
  try {
    await stream(
      "api/try",
      request,
      {
        state: (event) => say(event.text),
        excerpt: (event) => {
          parts.hidden = false;
          show(excerpt, el("p", { class: "hint" }, `${number(event.characters)} characters, ${number(event.clauses)} clauses`), el("details", {}, el("summary", {}, "Text"), block(event.text, { className: "text code" })));
        },
        piece: (event) => (event.part === "reasoning" ? reasoning : answer).append(...visible(event.text)),
        again: () => {
          show(reasoning);
          show(answer);
        },
        reasoning: (event) => show(reasoning, visible(event.text)),
        answer: (event) => show(answer, visible(event.text)),
        vote: (event) => votes.append(el("div", { class: "vote" }, el("p", {}, score(event.score), " ", el("strong", {}, event.model), event.style && el("span", { class: "hint" }, ` · ${words(event.style)}`)), event.reason && el("div", { class: "text" }, visible(event.reason)))),
        spend: (event) => show(cost, `${number(event.prompt)} tokens in (${number(event.cached)} cached), ${number(event.completion)} out, ${event.usd === null ? "at a cost that is not known" : usd(event.usd)}`),
        problem: end,
        done: end,
      },
      signal,
    );
    if (!over) say("The attempt ended early: the console does not answer. What had been sent is paid for.", false);
  } catch (error) {
    say(signal.aborted ? "Stopped. What had been sent is paid for." : error.message, false);
  }
}

const KEPT = [
  ["Keep as a prompt", { kind: "prompt" }],
  ["Keep as a canary: a good answer", { kind: "canary", expect: "keep" }],
  ["Keep as a canary: a bad answer", { kind: "canary", expect: "turn-away" }],
];

function keepButton([text, as], id) {
  const button = el("button", { type: "button", class: "second" }, text);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const kept = await post("api/try/keep", { id, ...as });
      button.textContent = `Stored in ${kept.file}`;
    } catch (error) {
      button.textContent = error.message;
    }
  });
  return button;
}
