// What changed, and how the canary itself is.
import { h, put } from "./dom.js";
import { badge, count, moment, place, state, STANDINGS } from "./words.js";
import { ask, path } from "./api.js";

const PAGE = 50;

function became(cell) {
  return badge(state(cell.state), cell.standing === "not-met" ? "against" : "");
}

function item(change, own) {
  const { key, before, after } = change;
  const what = key.method === "-" ? "the endpoint" : key.method;
  const { host, how } = place(key.endpoint);
  return h("li", { class: "change" },
    h("div", { class: "what" },
      own ? null : h("a", { class: "name", href: `#/target/${encodeURIComponent(key.target)}` }, key.target),
      h("span", {}, h("strong", {}, what), " on ", h("span", {}, host), " ", h("span", { class: "faint" }, how))),
    h("div", { class: "step" },
      before ? became(before) : h("span", { class: "faint" }, "not known"),
      h("span", { class: "arrow", "aria-hidden": "true" }, "→"), h("span", { class: "vh" }, " became "),
      became(after),
      after.standing === "not-met" ? h("span", { class: "small against-word" }, STANDINGS["not-met"]) : null),
    h("div", { class: "small when" }, moment(change.at),
      change.visit === null ? null : [" · ", h("a", { href: `#/visit/${change.visit}`, "aria-label": `Conversation of this change of ${what}` }, "conversation")]),
    after.answer ? h("q", { class: "answer" }, h("bdi", {}, after.answer)) : null);
}

/** A list of changes; `own` leaves out whose they are. */
export function changeList(changes, own = false) {
  return h("ol", { class: "changes" }, changes.map((change) => item(change, own)));
}

/** The page of changes. */
export async function changes({ main, signal }) {
  const list = h("ol", { class: "changes card" });
  const told = h("p", { class: "small faint" });
  let oldest;
  const more = h("button", { class: "more", onclick: read }, "Show older changes");
  async function read() {
    const { changes } = await ask(path(["changes"], { limit: PAGE, before_id: oldest }), signal);
    list.append(...changes.map((change) => item(change, false)));
    oldest = changes.at(-1)?.id ?? oldest;
    more.hidden = changes.length < PAGE;
    told.textContent = list.childElementCount ? `The latest ${count(list.childElementCount, "change")}` : "No cell has changed yet.";
    list.hidden = !list.childElementCount;
  }
  await read();
  put(main, h("h1", {}, "Changes"), told, list, more);
  return {
    title: "Changes",
    told(kind, data) {
      if (kind !== "change") return;
      list.hidden = false;
      list.prepend(item(data, false));
    },
  };
}

/** The page of the canary's own health. */
export async function health({ main, signal }) {
  async function draw() {
    const { ready, problems, sinks, started, version } = await ask("health", signal);
    put(main, 
      h("h1", {}, ready ? "The canary watches" : "The canary does not watch"),
      h("section", { class: "card", "aria-labelledby": "problems" }, h("h2", { id: "problems" }, "Problems"),
        problems.length ? h("ul", { class: "plain" }, problems.map((problem) => h("li", {}, badge(["!", problem, "doubt"])))) : h("p", {}, badge(["✓", "none", "good"]))),
      h("section", { class: "card", "aria-labelledby": "sinks" }, h("h2", { id: "sinks" }, "Where alerts go"),
        sinks.length ? h("ul", { class: "plain sinks" }, sinks.map(({ name, mood }) => h("li", {},
          h("strong", {}, name), " ",
          mood.trouble ? badge(["✗", "not delivered", "bad"]) : badge(["✓", "well", "good"]), " ",
          h("span", { class: "small faint" }, `${count(mood.taken, "message")} taken, ${mood.waiting} waiting`),
          mood.trouble ? h("q", { class: "answer" }, h("bdi", {}, mood.trouble)) : null))) : h("p", { class: "faint" }, "No sink is configured: nobody is told of changes.")),
      h("p", { class: "small faint" }, `mailprobe ${version}, running since `, moment(started)));
  }
  await draw();
  const again = setInterval(() => draw().catch(() => {}), 15000);
  signal.addEventListener("abort", () => clearInterval(again));
  return { title: "Health" };
}
