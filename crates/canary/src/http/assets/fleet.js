// Every target: how many are how, those that need somebody first, filter and search.
import { h, say, hidden, put } from "./dom.js";
import { PROTOCOLS, STATUSES, badge, count, moment, status, took } from "./words.js";
import { changeList } from "./changes.js";
import { ask, path } from "./api.js";

/** Rows made at a time: two thousand are in memory, fifty on the page. */
const STEP = 50;
const URGENCY = Object.keys(STATUSES);

const wishes = { status: "", group: "", text: "", sort: "urgency", shown: STEP };

const SORTS = {
  urgency: ["what needs somebody first", (a, b) => URGENCY.indexOf(a.status) - URGENCY.indexOf(b.status) || b.not_met - a.not_met || a.name.localeCompare(b.name)],
  changed: ["what changed last", (a, b) => (b.changed ?? 0) - (a.changed ?? 0)],
  name: ["by name", (a, b) => a.name.localeCompare(b.name)],
  slow: ["slowest first", (a, b) => (b.elapsed_ms ?? 0) - (a.elapsed_ms ?? 0)],
};

function headline(all) {
  const failing = all.filter((target) => target.status === "fail").length;
  if (all.length === 0) return "No target is configured";
  if (failing) return `${count(failing, "target")} of ${all.length.toLocaleString("en")} not as ${failing === 1 ? "it" : "they"} should be`;
  const unclear = all.filter((target) => target.status === "unknown").length;
  if (unclear) return `${unclear.toLocaleString("en")} of ${count(all.length, "target")} cannot be checked`;
  const passing = all.filter((target) => target.status === "pass").length;
  return passing === all.length ? `All ${count(all.length, "target")} as they should be` : "Nothing fails";
}

function protocols(target) {
  return h("ul", { class: "chips", "aria-label": "Methods that log in, by protocol" }, target.protocols.map(([name, yes, no]) =>
    h("li", {}, h("span", { class: "proto" }, PROTOCOLS[name] ?? name),
      h("span", { class: "num yes" }, h("span", { "aria-hidden": "true" }, "✓"), String(yes), hidden(" accepted,")),
      h("span", { class: "num no" }, h("span", { "aria-hidden": "true" }, "✗"), String(no), hidden(" refused")))));
}

function row(target) {
  const told = [];
  if (target.not_met) told.push(`${target.not_met} against the policy`);
  if (target.undecided) told.push(`${target.undecided} undecided`);
  const { wrong } = target;
  const why = wrong && !wrong.against ? [`${wrong.method ? `${wrong.method}: ` : ""}${wrong.reason}, began `, moment(wrong.since)] : null;
  return h("li", { class: `row ${status(target.status)[2]}`, "data-name": target.name },
    h("div", { class: "who" },
      h("a", { href: `#/target/${encodeURIComponent(target.name)}` }, target.name),
      h("span", { class: "mail faint" }, target.mailbox)),
    h("div", { class: "how" }, badge(status(target.status)), told.length ? h("span", { class: "small faint" }, told.join(", ")) : null,
      why ? h("span", { class: "small faint why" }, why) : null),
    protocols(target),
    h("div", { class: "when small" },
      h("span", {}, h("span", { class: "faint" }, "seen "), moment(target.last_visit, "not yet"),
        target.elapsed_ms === null ? null : h("span", { class: "faint" }, ` in ${took(target.elapsed_ms)}`)),
      h("span", {}, h("span", { class: "faint" }, "changed "), moment(target.changed))));
}

/** The page of the fleet. */
export async function fleet({ main, targets, signal }) {
  const tiles = h("div", { class: "tiles", role: "group", "aria-label": "Show targets that are" });
  const list = h("ul", { class: "rows", "aria-label": "Targets" });
  const title = h("h1", {});
  const told = h("p", { class: "small faint", id: "found" });
  const more = h("button", { class: "more", onclick: () => { wishes.shown += STEP; draw(); } });
  const recent = h("div", {});
  const groups = h("select", { id: "group", onchange: (event) => { wishes.group = event.target.value; begin(); } });
  const sort = h("select", { id: "sort", onchange: (event) => { wishes.sort = event.target.value; begin(); } },
    Object.entries(SORTS).map(([name, [word]]) => h("option", { value: name, selected: name === wishes.sort }, word)));
  const search = h("input", {
    type: "search", id: "search", autocomplete: "off", spellcheck: "false", placeholder: "name, mailbox or group",
    value: wishes.text, "aria-describedby": "found",
    oninput: (event) => { wishes.text = event.target.value; begin(true); },
  });

  function begin(quiet) {
    wishes.shown = STEP;
    draw();
    if (quiet !== true) say(told.textContent);
  }

  function wanted() {
    const words = wishes.text.toLowerCase().split(/\s+/).filter(Boolean);
    return [...targets.values()].filter((target) => {
      if (wishes.status && target.status !== wishes.status) return false;
      if (wishes.group && !target.groups.includes(wishes.group)) return false;
      const text = `${target.name} ${target.mailbox} ${target.groups.join(" ")}`.toLowerCase();
      return words.every((word) => text.includes(word));
    }).sort(SORTS[wishes.sort][1]);
  }

  function frame() {
    const all = [...targets.values()];
    title.textContent = headline(all);
    put(tiles, URGENCY.map((name) => {
      const number = all.filter((target) => target.status === name).length;
      if (!number && name !== "fail" && name !== "pass" && wishes.status !== name) return null;
      const [sign, word, tone] = status(name);
      return h("button", {
        class: `tile ${number ? tone : "plain"}`, "aria-pressed": String(wishes.status === name),
        onclick: () => { wishes.status = wishes.status === name ? "" : name; frame(); begin(); },
      }, h("span", { class: "number" }, number.toLocaleString("en")),
      h("span", { class: "word" }, h("span", { "aria-hidden": "true" }, `${sign} `), word));
    }));
    const names = [...new Set(all.flatMap((target) => target.groups))].sort();
    put(groups, h("option", { value: "" }, "all groups"),
      ...names.map((name) => h("option", { value: name, selected: name === wishes.group }, name)));
  }

  function draw() {
    const found = wanted();
    put(list, ...found.slice(0, wishes.shown).map(row));
    const filtered = found.length < targets.size;
    told.textContent = filtered ? `${count(found.length, "target")} of ${targets.size.toLocaleString("en")}` : count(found.length, "target");
    const left = found.length - wishes.shown;
    more.hidden = left <= 0;
    more.textContent = `Show ${Math.min(left, STEP)} more of ${left.toLocaleString("en")}`;
  }

  let late = 0;
  /** Many targets at once are drawn once. */
  function soon() {
    if (late || signal.aborted) return;
    late = setTimeout(() => {
      late = 0;
      if (signal.aborted) return;
      frame();
      // Where the keyboard is, nothing moves away under it.
      if (!list.contains(document.activeElement)) draw();
    }, 1000);
  }

  async function latest() {
    const { changes } = await ask(path(["changes"], { limit: 3 }), signal);
    if (!changes.length) return;
    put(recent, h("section", { class: "card", "aria-labelledby": "recent" },
      h("h2", { id: "recent" }, "Latest changes"), changeList(changes),
      h("p", { class: "small" }, h("a", { href: "#/changes" }, "All changes"))));
  }

  frame();
  draw();
  put(main, title, tiles, recent,
    h("section", { "aria-labelledby": "targets" }, h("h2", { id: "targets", class: "vh" }, "Targets"),
      h("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
        h("label", { for: "search" }, "Search", search),
        h("label", { for: "group" }, "Group", groups),
        h("label", { for: "sort" }, "Order", sort)),
      told, list, more));
  latest().catch(() => {});
  return {
    title: "Targets",
    told(kind, data) {
      if (kind === "target") {
        const shown = list.querySelector(`[data-name="${CSS.escape(data.name)}"]`);
        if (shown && !shown.contains(document.activeElement)) shown.replaceWith(row(data));
        soon();
      } else if (kind === "change") latest().catch(() => {});
      else soon();
    },
  };
}
