// Pictures of time: the states of a cell, and how long visits took. Each has its story in words as well.
import { h, s } from "./dom.js";
import { count, full, length, state, tick, took } from "./words.js";

const WIDTH = 1000;
/** The narrowest bar. */
const LEAST = 4;

/** Marks of an axis of time, in thousandths of its length. */
function ticks(from, until, number = 5) {
  return Array.from({ length: number }, (_, at) => [at / (number - 1) * WIDTH, from + (until - from) * at / (number - 1)]);
}

/** The axis under a timeline. */
export function axis(from, until) {
  const marks = ticks(from, until);
  return h("div", { class: "axis small faint", "aria-hidden": "true" },
    marks.map(([, at], index) => h("span", { class: index % 2 ? "odd" : "" }, index === marks.length - 1 ? "now" : tick(at, until - from))));
}

/** One cell's states from left to right. */
export function stretches(row, from, until) {
  const x = (at) => Math.max(0, Math.min(WIDTH, (at - from) / (until - from) * WIDTH));
  const bars = row.stretches.map((stretch) => {
    // However short, it can be seen, and what lasts until now ends at the edge.
    const right = Math.max(x(stretch.until), LEAST);
    const left = Math.min(x(stretch.from), right - LEAST);
    const tone = state(stretch.state)[2];
    return s("g", {}, s("title", {}, `${state(stretch.state)[1]} from ${full(stretch.from)} for ${length(stretch.until - stretch.from)}`),
      s("rect", { x: left, y: 3, width: right - left, height: 18, class: `bar ${tone}${stretch.standing === "not-met" ? " against" : ""}` }),
      // What is against the policy has an edge, so that its colour is not all there is.
      stretch.standing === "not-met" ? s("rect", { x: left, y: 21, width: right - left, height: 3, class: "edge" }) : null,
      left > 0 ? s("rect", { x: left, y: 0, width: 2, height: 24, class: "cut" }) : null);
  });
  const last = row.stretches.at(-1);
  const changes = Math.max(0, row.stretches.length - 1);
  const story = last ? `${state(last.state)[1]} for ${length(last.until - last.from)}${changes ? `, ${count(changes, "change")}` : ""}` : "not seen";
  return { story, picture: s("svg", { class: "timeline", viewBox: `0 0 ${WIDTH} 24`, preserveAspectRatio: "none", role: "img", "aria-label": story }, bars) };
}

/** How long visits took: shortest to longest as a band, the mean as a line, and below what did not pass. */
export function latency({ since, until, stretches }) {
  if (!stretches.length) return h("p", { class: "faint" }, "No visit in this time.");
  const HEIGHT = 220;
  const LOW = 196;
  const top = Math.max(...stretches.map((stretch) => stretch.max_ms), 1) * 1.08;
  const wide = stretches.length > 1 ? Math.min(...stretches.slice(1).map((stretch, at) => stretch.from - stretches[at].from)) : (until - since) / 24;
  const x = (at) => ((at - since + wide / 2) / (until - since + wide)) * WIDTH;
  const y = (ms) => LOW - ms / top * (LOW - 8);
  const point = (stretch, ms) => `${x(stretch.from).toFixed(1)},${y(ms).toFixed(1)}`;
  const band = [...stretches.map((stretch) => point(stretch, stretch.max_ms)), ...[...stretches].reverse().map((stretch) => point(stretch, stretch.min_ms))];
  const line = stretches.map((stretch) => point(stretch, stretch.mean_ms));
  const visits = stretches.reduce((sum, stretch) => sum + stretch.visits, 0);
  const failed = stretches.reduce((sum, stretch) => sum + stretch.not_passed, 0);
  const mean = Math.round(stretches.reduce((sum, stretch) => sum + stretch.mean_ms * stretch.visits, 0) / Math.max(1, visits));
  const longest = Math.max(...stretches.map((stretch) => stretch.max_ms));
  const story = `${count(visits, "visit")}: ${took(mean)} on average, ${took(longest)} at the longest; ${failed.toLocaleString("en")} did not pass`;
  const grid = [0, 0.5, 1].map((part) => s("line", { x1: 0, x2: WIDTH, y1: y(top * part / 1.08), y2: y(top * part / 1.08), class: "grid", "vector-effect": "non-scaling-stroke" }));
  return h("figure", { class: "plot" },
    h("figcaption", { class: "small" }, story),
    h("div", { class: "plotted" },
      h("div", { class: "scale small faint", "aria-hidden": "true" }, h("span", {}, took(Math.round(top / 1.08))), h("span", {}, took(Math.round(top / 2.16))), h("span", {}, "0")),
      s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": story }, grid,
        stretches.length > 1 ? s("polygon", { points: band.join(" "), class: "band" }) : null,
        stretches.length > 1 ? s("polyline", { points: line.join(" "), class: "mean", "vector-effect": "non-scaling-stroke" }) : s("circle", { cx: x(stretches[0].from), cy: y(stretches[0].mean_ms), r: 4, class: "point" }),
        stretches.filter((stretch) => stretch.not_passed).map((stretch) => s("rect", { x: x(stretch.from) - 2, y: HEIGHT - 14, width: 4, height: 12, class: "failed" },
          s("title", {}, `${stretch.not_passed} of ${count(stretch.visits, "visit")} did not pass`))))),
    axis(since, until),
    h("p", { class: "small faint legend" }, "Band: shortest to longest. Line: mean. Marks below: visits that did not pass."));
}
