// One target: its matrix, what each cell was, how long visits took, what changed.
import { h, say, hidden, put } from "./dom.js";
import { STANDINGS, badge, count, full, moment, place, seen, short, state, status, took } from "./words.js";
import { ask, path } from "./api.js";
import { axis, latency, stretches } from "./plots.js";
import { changeList } from "./changes.js";

const DAY = 86400e6;
const SPANS = [["24 hours", DAY], ["7 days", 7 * DAY], ["30 days", 30 * DAY], ["90 days", 90 * DAY]];
let span = SPANS[1][1];

/** Methods that tell tokens from passwords; unknown ones come last, by name. */
const ORDER = ["-", "PLAIN", "LOGIN", "LOGIN-COMMAND", "USER-PASS", "APOP", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "Basic", "NTLM", "Negotiate", "XOAUTH2", "OAUTHBEARER", "Bearer"];

function byMethod(a, b) {
  const [one, other] = [a, b].map((name) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1));
  return one - other || a.localeCompare(b);
}

const methodName = (method) => (method === "-" ? "Endpoint" : method);

function details(view) {
  const { key, cell } = view;
  const unseen = cell.state === "not-known" && !view.turning;
  const rows = [
    ["Now", [badge(seen(view)), " ", h("span", { class: cell.standing === "not-met" ? "against-word" : "faint" }, STANDINGS[cell.standing] ?? "")]],
    ["Why", view.reason ?? null],
    ["Since", unseen ? null : h("span", {}, moment(view.since), h("span", { class: "faint" }, ` (${full(view.since)})`))],
    ["Offered", cell.state === "not-known" ? null : cell.advertised ? "yes" : "no"],
    ["Answer", cell.answer ? h("q", { class: "answer" }, h("bdi", {}, cell.answer)) : null],
    ["Cause", cell.causes.length ? cell.causes.join(", ") : null],
    ["What to do", cell.remedy || null],
    ["Last seen", unseen ? null : moment(view.seen)],
    ["Turning into", view.turning ? [badge(state(view.turning[0].state)), ` seen ${count(view.turning[1], "time")}, not yet confirmed`] : null],
  ].filter(([, value]) => value !== null);
  const what = key.method === "-" ? "The endpoint" : key.method;
  return [h("h3", {}, `${what} on ${key.endpoint}`), h("dl", {}, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]))];
}

function matrix(cells, pick) {
  const columns = [...new Set(cells.map((view) => `${view.key.module}\n${view.key.endpoint}`))];
  const methods = [...new Set(cells.map((view) => view.key.method))].sort(byMethod);
  const modules = new Set(cells.map((view) => view.key.module));
  const at = new Map(cells.map((view) => [`${view.key.module}\n${view.key.endpoint}\n${view.key.method}`, view]));
  const cell = (view) => {
    if (!view) return h("td", { class: "none" }, h("span", { "aria-hidden": "true" }, "–"), hidden("nothing"));
    const [sign, word, tone] = seen(view);
    const against = view.cell.standing === "not-met";
    return h("td", {}, h("button", {
      class: `cell ${tone}${against ? " against" : ""}`, onclick: (event) => pick(view, event.currentTarget), "aria-pressed": "false",
    }, h("span", { class: "sign", "aria-hidden": "true" }, sign), h("span", {}, word),
    view.key.method === "-" || view.cell.state === "not-known" ? null : h("span", { class: "offer", title: view.cell.advertised ? "offered" : "not offered" }, h("span", { "aria-hidden": "true" }, view.cell.advertised ? "●" : "○"), hidden(view.cell.advertised ? ", offered" : ", not offered")),
    view.reason ? h("span", { class: "flag" }, hidden(", "), view.reason) : null,
    against ? h("span", { class: "flag" }, hidden(", "), "against policy") : null,
    view.turning ? h("span", { class: "flag turning" }, hidden(", "), view.cell.state === "not-known" ? "not confirmed yet" : "turning") : null));
  };
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "matrix" },
    h("table", { class: "matrix" },
      h("caption", { class: "vh" }, "Methods by endpoint; each cell opens its story"),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Method"), columns.map((column) => {
        const [module, endpoint] = column.split("\n");
        const { host, how } = place(endpoint);
        return h("th", { scope: "col", title: endpoint }, h("span", { class: "how" }, how || endpoint), h("span", { class: "host" }, host), modules.size > 1 ? h("span", { class: "faint small" }, module) : null);
      }))),
      h("tbody", {}, methods.map((method) => h("tr", {}, h("th", { scope: "row" }, methodName(method)),
        columns.map((column) => cell(at.get(`${column}\n${method}`))))))));
}

function timelines({ since, until, rows }) {
  const modules = new Set(rows.map((row) => row.key.module));
  const endpoints = [...new Set(rows.map((row) => `${row.key.module}\n${row.key.endpoint}`))];
  return h("div", { class: "timelines" },
    endpoints.map((name) => {
      const own = rows.filter((row) => `${row.key.module}\n${row.key.endpoint}` === name).sort((a, b) => byMethod(a.key.method, b.key.method));
      const [module, endpoint] = name.split("\n");
      return h("section", { class: "group" }, h("h3", {}, endpoint, modules.size > 1 ? h("span", { class: "faint" }, ` ${module}`) : null),
        h("ul", { class: "plain" }, own.map((row) => {
          const { story, picture } = stretches(row, since, until);
          return h("li", { class: "timeline-row" }, h("span", { class: "label" }, methodName(row.key.method)), picture, h("span", { class: "small faint story", "aria-hidden": "true" }, story));
        })));
    }),
    axis(since, until));
}

function visitTable(visits) {
  if (!visits.length) return h("p", { class: "faint" }, "It has not been visited yet.");
  return h("ul", { class: "plain visits" }, visits.map((visit) => h("li", {},
    badge(status(visit.status)),
    h("span", {}, visit.kept ? h("a", { href: `#/visit/${visit.id}` }, short(visit.started_at)) : short(visit.started_at)),
    h("span", { class: "faint small" }, `${took(visit.elapsed_ms)} · ${visit.module}${visit.kept ? "" : " · conversation no longer kept"}`))));
}

/** The page of a target. */
export async function target({ main, signal }, name) {
  let view = await ask(path(["targets", name]), signal);
  let picked = null;
  const head = h("div", { class: "head" });
  const table = h("div", {});
  const story = h("div", { class: "card story-of", "aria-live": "polite", hidden: true });
  const past = h("div", { "aria-busy": "true" }, h("p", { class: "faint" }, "Reading …"));
  const plot = h("div", { "aria-busy": "true" }, h("p", { class: "faint" }, "Reading …"));
  const changed = h("div", {});
  const visited = h("div", {});

  const same = (one, other) => one && other && one.method === other.method && one.endpoint === other.endpoint && one.module === other.module;

  function pick(cell, button) {
    const again = same(picked, cell.key);
    picked = again ? null : cell.key;
    for (const other of table.querySelectorAll("button.cell")) other.setAttribute("aria-pressed", "false");
    if (!again) button.setAttribute("aria-pressed", "true");
    story.hidden = again;
    put(story, ...(again ? [] : details(cell)));
  }

  function now() {
    const [, word] = status(view.status);
    put(head, 
      h("p", { class: "small crumbs" }, h("a", { href: "#/" }, "Targets"), " › "),
      h("h1", {}, view.name, " ", badge(status(view.status), "big")),
      h("p", { class: "facts" },
        h("span", {}, view.mailbox),
        view.groups.map((group) => h("span", { class: "tag" }, hidden("group "), group)),
        h("span", { class: "faint" }, "seen ", moment(view.last_visit, "not yet")),
        view.next_visit ? h("span", { class: "faint" }, "next ", moment(view.next_visit)) : null));
    if (table.contains(document.activeElement)) return word;
    put(table, view.cells.length ? matrix(view.cells, pick) : h("p", { class: "faint" }, "It has no cells before its first visit."));
    const cell = view.cells.find((cell) => same(picked, cell.key));
    if (cell) put(story, ...details(cell));
    return word;
  }

  async function times() {
    const since = Date.now() * 1000 - span;
    const query = { target: name, since: Math.round(since) };
    const [timeline, latencies] = await Promise.all([ask(path(["timeline"], query), signal), ask(path(["latency"], { ...query, stretches: 120 }), signal)]);
    put(past, timeline.rows.length ? timelines(timeline) : h("p", { class: "faint" }, "Nothing yet."));
    put(plot, latency(latencies));
    past.removeAttribute("aria-busy");
    plot.removeAttribute("aria-busy");
  }

  async function lists() {
    const [{ changes }, { visits }] = await Promise.all([
      ask(path(["changes"], { target: name, limit: 20 }), signal), ask(path(["targets", name, "visits"], { limit: 20 }), signal)]);
    put(changed, changes.length ? changeList(changes, true) : h("p", { class: "faint" }, "No cell has changed."));
    put(visited, visitTable(visits));
  }

  const spans = h("fieldset", { class: "spans" }, h("legend", { class: "vh" }, "Time shown"), SPANS.map(([word, length]) =>
    h("label", {}, h("input", { type: "radio", name: "span", value: length, checked: length === span,
      onchange: () => { span = length; times().then(() => say(`Showing ${word}`), failed(past)); } }), h("span", {}, word))));
  const failed = (place) => (error) => { if (!signal.aborted) put(place, h("p", { class: "notice" }, error.message)); };

  now();
  const section = (id, title, ...content) => h("section", { "aria-labelledby": id }, h("h2", { id }, title), ...content);
  put(main, head,
    section("matrix", "What logs in", table, story,
      h("p", { class: "small faint legend" }, "● offered  ○ not offered. Choose a cell for the server's answer, the cause and what to do.")),
    section("past", "What each was", spans, past),
    section("plot", "How long visits took", plot),
    h("div", { class: "two" }, section("changed", "Changes", changed), section("visited", "Visits", visited)));
  times().catch(failed(past));
  lists().catch(failed(changed));
  return {
    title: name,
    async told(kind, data) {
      if (!(kind === "fleet" || data.name === name || data.key?.target === name)) return;
      view = await ask(path(["targets", name]), signal);
      const word = now();
      if (kind === "change") {
        say(`${name} changed and is now ${word}`);
        await Promise.all([times(), lists()]);
      } else lists().catch(() => {});
    },
  };
}
