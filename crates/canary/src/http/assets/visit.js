// One visit: what was said, line by line, and how every login ended.
import { h, hidden, put } from "./dom.js";
import { badge, count, full, status, took } from "./words.js";
import { ask, path } from "./api.js";

const OUTCOMES = {
  accepted: ["✓", "accepted", "yes"],
  refused: ["✗", "refused", "no"],
  inconclusive: ["?", "unclear", "half"],
  "not-tried": ["–", "not tried", "plain"],
};
const WAYS = {
  "->": ["→", "we said in the clear", "us"],
  "~>": ["⇢", "we said inside TLS", "us"],
  "<-": ["←", "the server said in the clear", "them"],
  "<~": ["⇠", "the server said inside TLS", "them"],
  "--": ["·", "note", "note"],
};
/** Lines shown of a conversation; longer ones are told so. */
const LINES = 2000;

function outcome(attempt) {
  if (attempt.outcome === "accepted" && attempt.usable === true) return ["✓", "usable", "yes"];
  if (attempt.outcome === "accepted" && attempt.usable === false) return ["▲", "shut", "half"];
  return OUTCOMES[attempt.outcome] ?? ["?", String(attempt.outcome), "plain"];
}

function reply(attempt) {
  const said = attempt.reply;
  if (!said) return attempt.failure?.detail ?? "";
  return [said.status, said.code ? `[${said.code}]` : null, said.enhanced, said.text].filter(Boolean).join(" ");
}

function login(attempt) {
  const words = reply(attempt);
  return h("li", {}, h("div", {}, h("strong", {}, attempt.method), " ", badge(outcome(attempt)), " ",
    h("span", { class: "faint small" }, attempt.advertised ? "offered" : "not offered", attempt.elapsed_ms ? `, ${took(attempt.elapsed_ms)}` : "")),
  words ? h("q", { class: "answer" }, h("bdi", {}, words)) : null,
  attempt.explanation ? h("p", { class: "small" }, attempt.explanation) : null,
  attempt.remedy ? h("p", { class: "small" }, h("strong", {}, "Do: "), attempt.remedy) : null);
}

function line(said) {
  const [sign, word, side] = WAYS[said.direction] ?? ["?", "somebody said", "note"];
  return h("li", { class: `${side}${said.unexpected ? " odd" : ""}` },
    h("span", { class: "at faint" }, `${said.at_ms} ms`),
    h("span", { class: "way" }, h("span", { "aria-hidden": "true" }, said.unexpected ? "**" : sign), hidden(`${word}${said.unexpected ? ", unexpected" : ""}: `)),
    h("bdi", { class: "said" }, said.text));
}

function endpoint(one, open) {
  const lines = one.transcript ?? [];
  const tls = one.tls;
  return h("section", { class: "card" },
    h("h2", {}, one.url),
    one.failure ? h("p", {}, badge(["✗", `stopped in ${one.failure.phase}`, "no"]), " ", one.failure.detail ?? one.failure.cause) : null,
    h("p", { class: "small faint facts" }, h("span", {}, one.peer ?? "no address"),
      tls ? h("span", {}, `${tls.version} ${tls.cipher}`) : null,
      tls && !tls.trusted ? h("span", { class: "against-word" }, `certificate not trusted: ${(tls.problems ?? []).join("; ")}`) : null,
      Object.entries(one.phases_ms ?? {}).map(([phase, ms]) => h("span", {}, `${phase} ${took(ms)}`))),
    (one.attempts ?? []).length ? h("ul", { class: "plain logins" }, one.attempts.map(login)) : null,
    h("details", { open }, h("summary", {}, `Conversation, ${count(lines.length, "line")}`),
      h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": `Conversation with ${one.url}` },
        h("ol", { class: "transcript" }, lines.slice(0, LINES).map(line))),
      lines.length > LINES ? h("p", { class: "small faint" }, `The first ${LINES} lines are shown.`) : null));
}

/** The page of a visit. */
export async function visit({ main, signal }, id) {
  const { visit, report } = await ask(path(["visits", id]), signal);
  const endpoints = report?.endpoints ?? [];
  const rules = report?.verdict?.rules ?? [];
  const [word, rest] = [status(visit.status), `${took(visit.elapsed_ms)}, module ${visit.module}`];
  // A failure is what one comes for.
  const wrong = (one) => one.failure || (one.attempts ?? []).some((attempt) => attempt.outcome !== "accepted");
  put(main, 
    h("p", { class: "small crumbs" }, h("a", { href: "#/" }, "Targets"), " › ", h("a", { href: `#/target/${encodeURIComponent(visit.target)}` }, visit.target), " › "),
    h("h1", {}, "Visit ", h("span", { class: "faint" }, full(visit.started_at)), " ", badge(word, "big")),
    h("p", { class: "faint" }, rest),
    rules.length ? h("section", { class: "card", "aria-labelledby": "rules" }, h("h2", { id: "rules" }, `Policy ${report.verdict.policy}`),
      h("ul", { class: "plain" }, rules.map((rule) => h("li", {}, badge(status(rule.status)), " ", h("strong", {}, rule.rule), " ", h("span", { class: "faint" }, rule.because))))) : null,
    report ? endpoints.map((one) => endpoint(one, endpoints.length === 1 || Boolean(wrong(one)))) : h("p", { class: "notice" }, "The conversation of this visit is no longer kept."));
  return { title: `Visit to ${visit.target}` };
}
