// Texts of rows as a reader can trust them: characters that hide or turn text are shown.

import { el } from "./dom.js";

const PIECE = 20000;
// Control characters without tab and line feed, marks of direction, zero-width and blank letters, tags, variation selectors but
// that of emoji, and halves of surrogate pairs.
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb]|[\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

/** Nodes of a text; hidden characters become marks with their code point. */
export function visible(text) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > done) nodes.push(text.slice(done, match.index));
    const code = match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    nodes.push(el("span", { class: "hidden-char", title: "hidden character" }, `U+${code}`));
    done = match.index + match[0].length;
  }
  nodes.push(text.slice(done));
  return nodes;
}

/** A block of text. A long one is shown in pieces, so that a row of any size opens at once. */
export function block(text, { className = "text", spans = [] } = {}) {
  const element = el("div", { class: className, dir: "auto" });
  const whole = text ?? "";
  let shown = 0;
  const more = el("button", { type: "button", class: "quiet more" });
  const next = () => {
    const end = Math.min(whole.length, cut(whole, shown + PIECE));
    more.remove();
    element.append(...marked(whole, shown, end, spans).map(node));
    shown = end;
    if (shown < whole.length) {
      more.textContent = `Show more (${(whole.length - shown).toLocaleString()} characters)`;
      element.append(more);
    }
  };
  more.addEventListener("click", next);
  next();
  return element;
}

function node(value) {
  return value instanceof Node ? value : document.createTextNode(value);
}

/** No surrogate pair is divided. */
function cut(text, at) {
  const code = text.charCodeAt(at - 1);
  return code >= 0xd800 && code <= 0xdbff ? at + 1 : at;
}

/** The part of a text with its spans `{start, end, element(nodes)}`, which do not overlap. */
function marked(text, from, to, spans) {
  const nodes = [];
  let at = from;
  for (const span of spans) {
    if (span.end <= at || span.start >= to) continue;
    const start = Math.max(at, span.start);
    const end = Math.min(to, span.end);
    nodes.push(...visible(text.slice(at, start)), span.element(visible(text.slice(start, end))));
    at = end;
  }
  nodes.push(...visible(text.slice(at, to)));
  return nodes;
}

/** One line of at most some characters. */
export function line(text, most = 160) {
  const one = (text ?? "").slice(0, most * 4).replace(/\s+/g, " ").trim();
  return visible(one.length > most ? one.slice(0, cut(one, most)) + " …" : one);
}

const NUMBER = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export function number(value) {
  return value === null || value === undefined ? "–" : NUMBER.format(value);
}

export function plural(count, one, many) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function usd(value) {
  if (value === null || value === undefined) return "–";
  return `$${value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: value < 0.1 ? 5 : 2 })}`;
}

/** An amount for calls that used some tokens: 0 is no price. */
export function cost(value, tokens) {
  return !value && tokens > 0 ? "not known" : usd(value);
}

export function percent(value, digits = 1) {
  return value === null || value === undefined ? "–" : `${(100 * value).toFixed(digits)} %`;
}

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** NEAR_DUPLICATE_PROMPT as "near duplicate prompt". */
export function words(name) {
  return (name ?? "").toLowerCase().replaceAll("_", " ");
}
