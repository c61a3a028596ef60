// Which page is shown, what all pages share, and what happens live.
import { ask, listen } from "./api.js";
import { h, say, put } from "./dom.js";
import { ago, status } from "./words.js";
import { fleet } from "./fleet.js";
import { target } from "./target.js";
import { changes, health } from "./changes.js";
import { visit } from "./visit.js";

const main = document.getElementById("main");
/** Targets by name, as `/targets` has them. */
const targets = new Map();
let page = null;
let leaving = new AbortController();

const ROUTES = [
  [/^\/target\/(.+)$/, "fleet", target],
  [/^\/visit\/(\d+)$/, "fleet", visit],
  [/^\/changes$/, "changes", changes],
  [/^\/health$/, "health", health],
  [/^\/?$/, "fleet", fleet],
];

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function show(byHand) {
  const path = location.hash.replace(/^#/, "").split("?")[0];
  // "Skip to the content" is a fragment too, and no page.
  if (path === "main") return;
  leaving.abort();
  leaving = new AbortController();
  const signal = leaving.signal;
  const [pattern, name, make] = ROUTES.find(([pattern]) => pattern.test(path)) ?? ROUTES.at(-1);
  const argument = decoded(pattern.exec(path)?.[1] ?? "");
  for (const link of document.querySelectorAll("nav a")) {
    if (link.dataset.page === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  page = null;
  try {
    const made = await make({ main, targets, signal }, argument);
    if (signal.aborted) return;
    page = made;
    document.title = `${made.title} · mailprobe canary`;
    if (byHand) {
      scrollTo(0, 0);
      // Whoever cannot see that the page is another one is put at its beginning.
      main.focus({ preventScroll: true });
    }
  } catch (error) {
    if (signal.aborted) return;
    document.title = "Not there · mailprobe canary";
    put(main, 
      h("h1", {}, "That cannot be shown"), h("p", {}, error.message),
      h("p", {}, h("a", { href: "#/" }, "All targets")));
  }
}

async function read() {
  const answer = await ask("targets");
  targets.clear();
  for (const target of answer.targets) targets.set(target.name, target);
}

async function trouble() {
  const place = document.getElementById("trouble");
  try {
    const { ready, problems, sinks, version } = await ask("health");
    document.getElementById("version").textContent = `mailprobe ${version}`;
    const ill = sinks.filter((sink) => sink.mood.trouble).map((sink) => `Alerts to ${sink.name} are not delivered.`);
    const all = [...problems, ...ill];
    const said = all.join("\n");
    if (place.dataset.said === said) return;
    place.dataset.said = said;
    put(place, ...(all.length || !ready
      ? [h("p", { class: "notice" }, h("span", { "aria-hidden": "true" }, "! "),
          ready ? "" : "The canary does not watch at this moment. ", all[0] ?? "",
          all.length > 1 ? ` And ${all.length - 1} more. ` : " ", h("a", { href: "#/health" }, "Health"))]
      : []));
  } catch {
    // The stream of events says that nobody answers.
  }
}

function live(connected) {
  const place = document.getElementById("live");
  place.classList.toggle("on", connected);
  place.querySelector(".word").textContent = connected ? "live" : "not connected";
}

function told(kind, data) {
  if (kind === "fleet") {
    read().then(() => page?.told?.("fleet", {}), () => {});
    return;
  }
  if (kind === "target") {
    const before = targets.get(data.name);
    targets.set(data.name, data);
    if (before && before.status !== data.status) say(`${data.name} is now ${status(data.status)[1]}`);
  }
  page?.told?.(kind, data);
}

addEventListener("hashchange", () => show(true));
setInterval(() => {
  for (const time of document.querySelectorAll("time[data-at]")) time.textContent = ago(Number(time.dataset.at));
}, 15000);
setInterval(trouble, 30000);

try {
  await read();
} catch (error) {
  put(main, h("h1", {}, "The targets cannot be read"), h("p", {}, error.message));
}
await show(false);
listen(told, live);
trouble();
