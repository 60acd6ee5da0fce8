// Elements. Text of rows is hostile: it becomes text nodes only, and no string is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Creates an element. `on` holds listeners; `class`, `text` and all other keys are set as attributes. */
export function el(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** Creates an SVG element. */
export function svg(tag, props = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (key === "text") {
      element.textContent = value;
    } else {
      element.setAttribute(key, value === true ? "" : String(value));
    }
  }
  append(element, children);
  return element;
}

/** Appends nodes, texts and lists of them; null is left out. */
export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Replaces what an element holds. */
export function show(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

/** Says a change to screen readers. */
export function announce(text) {
  document.getElementById("live").textContent = text;
}
