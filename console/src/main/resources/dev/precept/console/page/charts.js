// Charts as SVG. Each has a table or text beside it that says the same, so the picture is for the eye alone.

import { svg } from "./dom.js";
import { number } from "./text.js";

const NARROW = 820;
const BORDERS = 66; // of the page and of a card

/** The width in pixels of a chart in a card: texts keep their size on every screen. */
function room(half) {
  const page = document.getElementById("main").clientWidth || 600;
  return Math.round(half && page > NARROW ? (page - 48 - 16) / 2 - 34 : page - (page > NARROW ? 82 : BORDERS));
}

/** Whether a screen is too narrow for pictures with columns of text. */
export function isNarrow() {
  return document.getElementById("main").clientWidth <= NARROW;
}

function title(text) {
  return svg("title", {}, text);
}

/** Horizontal bars: `{name, value, text, kind}`. */
export function bars(rows, { label, half = true }) {
  const wide = room(half);
  const names = Math.min(170, wide * 0.42);
  const longest = wide - names - 70;
  const most = Math.max(1e-9, ...rows.map((row) => row.value ?? 0));
  const height = 26;
  const chart = svg("svg", { class: "chart bars", viewBox: `0 0 ${wide} ${rows.length * height}`, role: "img", "aria-label": label });
  rows.forEach((row, i) => {
    const y = i * height;
    const width = Math.max(row.value > 0 ? 2 : 0, (longest * (row.value ?? 0)) / most);
    chart.append(
      svg(
        "g",
        {},
        title(`${row.name}: ${row.text ?? number(row.value)}`),
        svg("text", { x: names, y: y + 17, "text-anchor": "end", class: "axis" }, short(row.name, Math.floor(names / 6.5))),
        svg("rect", { x: names + 8, y: y + 4, width, height: height - 9, rx: 2, class: `fill-${row.kind ?? "a"}` }),
        svg("text", { x: names + 14 + width, y: y + 17, class: "value" }, row.text ?? number(row.value)),
      ),
    );
  });
  return chart;
}

/** Columns over numbers: a histogram. `{name, value}` */
export function columns(rows, { label }) {
  const wide = room(true);
  const most = Math.max(1, ...rows.map((row) => row.value));
  const width = wide / Math.max(1, rows.length);
  const chart = svg("svg", { class: "chart columns", viewBox: `0 0 ${wide} 170`, role: "img", "aria-label": label });
  rows.forEach((row, i) => {
    const height = (120 * row.value) / most;
    const x = i * width;
    chart.append(
      svg(
        "g",
        {},
        title(`${row.name}: ${number(row.value)}`),
        svg("rect", { x: x + 2, y: 140 - height, width: Math.max(1, width - 4), height, rx: 2, class: "fill-a" }),
        svg("text", { x: x + width / 2, y: 158, "text-anchor": "middle", class: "axis" }, row.name),
        row.value > 0 && svg("text", { x: x + width / 2, y: 134 - height, "text-anchor": "middle", class: "value" }, number(row.value)),
      ),
    );
  });
  chart.append(svg("line", { x1: 0, y1: 140, x2: wide, y2: 140, class: "rule" }));
  return chart;
}

/** Values over time: `points` of `[seconds, value]`. */
export function timeline(points, { label, unit, half = true }) {
  const wide = room(half);
  const chart = svg("svg", { class: "chart timeline", viewBox: `0 0 ${wide} 130`, role: "img", "aria-label": label });
  if (points.length < 2) {
    chart.append(svg("text", { x: wide / 2, y: 65, "text-anchor": "middle", class: "axis" }, "Collecting …"));
    return chart;
  }
  const first = points[0][0];
  const span = Math.max(1, points.at(-1)[0] - first);
  const most = Math.max(1e-9, ...points.map((point) => point[1]));
  const place = ([time, value]) => `${(4 + ((wide - 8) * (time - first)) / span).toFixed(1)},${(110 - (90 * value) / most).toFixed(1)}`;
  chart.append(
    svg("line", { x1: 0, y1: 110, x2: wide, y2: 110, class: "rule" }),
    svg("polyline", { points: points.map(place).join(" "), class: "stroke-a" }),
    svg("text", { x: 4, y: 14, class: "axis" }, `${number(most)} ${unit}`),
    svg("text", { x: wide - 4, y: 126, "text-anchor": "end", class: "axis" }, "now"),
  );
  return chart;
}

/**
 * A flow from left to right. Nodes `{id, name, column}`, links `{from, to, value, kind}`; the height of a node is what flows
 * in or out of it, whichever is more.
 */
export function sankey(nodes, links, { label }) {
  const width = room(false);
  const height = 360;
  const thick = 14;
  const gap = 14;
  const columnsOf = [...new Set(nodes.map((node) => node.column))].sort((a, b) => a - b);
  const sum = (list) => list.reduce((total, link) => total + link.value, 0);
  const size = new Map(
    nodes.map((node) => [node.id, Math.max(sum(links.filter((l) => l.to === node.id)), sum(links.filter((l) => l.from === node.id)))]),
  );
  const shown = nodes.filter((node) => size.get(node.id) > 0);
  const scale = Math.min(
    ...columnsOf.map((column) => {
      const here = shown.filter((node) => node.column === column);
      const total = here.reduce((all, node) => all + size.get(node.id), 0);
      return total > 0 ? (height - gap * (here.length - 1) - 30) / total : Infinity;
    }),
  );
  const chart = svg("svg", { class: "chart sankey", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  if (!Number.isFinite(scale)) return chart;
  const boxes = new Map();
  for (const column of columnsOf) {
    let y = 10;
    const x = columnsOf.length === 1 ? 0 : ((width - thick - 210) * columnsOf.indexOf(column)) / (columnsOf.length - 1);
    for (const node of shown.filter((one) => one.column === column)) {
      const tall = Math.max(2, size.get(node.id) * scale);
      boxes.set(node.id, { x, y, tall, out: y, in: y });
      y += tall + gap;
    }
  }
  for (const link of links) {
    const from = boxes.get(link.from);
    const to = boxes.get(link.to);
    if (!from || !to || link.value <= 0) continue;
    const tall = Math.max(1, link.value * scale);
    const x1 = from.x + thick;
    const x2 = to.x;
    const middle = (x1 + x2) / 2;
    const path = `M${x1},${from.out} C${middle},${from.out} ${middle},${to.in} ${x2},${to.in} L${x2},${to.in + tall} C${middle},${to.in + tall} ${middle},${from.out + tall} ${x1},${from.out + tall} Z`;
    chart.append(svg("path", { d: path, class: `flow flow-${link.kind ?? "a"}` }, title(`${nameOf(nodes, link.from)} → ${nameOf(nodes, link.to)}: ${number(link.value)}`)));
    from.out += tall;
    to.in += tall;
  }
  for (const node of shown) {
    const box = boxes.get(node.id);
    chart.append(
      svg("rect", { x: box.x, y: box.y, width: thick, height: box.tall, rx: 2, class: `fill-${node.kind ?? "a"}` }, title(`${node.name}: ${number(size.get(node.id))}`)),
      svg("text", { x: box.x + thick + 6, y: box.y + Math.min(box.tall / 2 + 4, box.tall + 4), class: "axis" }, `${short(node.name, 26)} `, svg("tspan", { class: "value" }, number(size.get(node.id)))),
    );
  }
  return chart;
}

function nameOf(nodes, id) {
  return nodes.find((node) => node.id === id)?.name ?? id;
}

function short(name, most) {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
