// Elements from data. Text is always a text node: whatever a server said cannot become markup here. What would act on
// a reader (control characters, marks of direction, what has no width) is made visible, and nothing is endless.

const SVG = "http://www.w3.org/2000/svg";

const ACTS = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;
const LONGEST = 4000;

/** The text as it may be shown. */
export function harmless(text) {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return short.replace(ACTS, (c) => {
    if (c === "\n") return "\\n";
    if (c === "\r") return "\\r";
    if (c === "\t") return " ";
    const code = c.codePointAt(0);
    return code < 0xa0 ? `\\x${code.toString(16).toUpperCase().padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : harmless(String(child)))));
  return element;
}

/** Puts children in place of those that are there; what is nothing is left out. */
export function put(element, ...children) {
  element.replaceChildren();
  return fill(element, {}, children);
}

/** An HTML element. */
export function h(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function s(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

/** Says something to those who listen rather than look. */
export function say(text) {
  document.getElementById("said").textContent = text;
}

/** Text for a screen reader alone. */
export function hidden(text) {
  return h("span", { class: "vh" }, text);
}
