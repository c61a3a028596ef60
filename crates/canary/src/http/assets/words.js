// How states, times and numbers are written. Every state has a sign and a word beside its colour.
import { h } from "./dom.js";

/** Sign, word, tone of each state of a cell. */
export const STATES = {
  usable: ["✓", "usable", "yes"],
  accepted: ["✓", "accepted", "yes"],
  shut: ["▲", "shut", "half"],
  refused: ["✗", "refused", "no"],
  offered: ["●", "offered", "plain"],
  "not-offered": ["○", "not offered", "plain"],
  reached: ["✓", "reached", "yes"],
  unreachable: ["✗", "unreachable", "no"],
  unclear: ["?", "unclear", "half"],
  throttled: ["≈", "throttled", "half"],
  "not-tried": ["–", "not tried", "plain"],
  "not-known": ["?", "not checked", "half"],
};

/** Sign, word, tone of each status of a target; the order is that of urgency. */
export const STATUSES = {
  fail: ["✗", "failing", "bad"],
  unknown: ["?", "unclear", "doubt"],
  throttled: ["≈", "throttled", "doubt"],
  waiting: ["…", "waiting", "plain"],
  maintenance: ["‖", "in maintenance", "plain"],
  pass: ["✓", "as it should be", "good"],
};

export const STANDINGS = {
  met: "as the policy wants it",
  "not-met": "against the policy",
  undecided: "a rule is about it, and nobody can say",
  "no-rule": "no rule is about it",
};

/** The names of protocols, by the words of the API. */
export const PROTOCOLS = {
  imap: "IMAP", pop3: "POP3", smtp: "SMTP", ews: "EWS", activesync: "ActiveSync", autodiscover: "Autodiscover", mapi: "MAPI",
  "outlook-anywhere": "Outlook Anywhere", oab: "Offline Address Book", powershell: "PowerShell", reporting: "Reporting",
  "outlook-service": "Outlook Service",
};

export const state = (name) => STATES[name] ?? ["?", String(name), "plain"];
export const status = (name) => STATUSES[name] ?? ["?", String(name), "plain"];

/** What is shown of a cell: of one that is not known, what was seen and is not confirmed yet, or why nothing was. */
export function seen({ cell, turning, reason }) {
  if (cell.state !== "not-known") return state(cell.state);
  if (turning) return state(turning[0].state);
  return reason ? state("not-known") : ["…", "not checked yet", "plain"];
}

/** A sign and a word. */
export function badge([sign, word, tone], extra) {
  return h("span", { class: `badge ${tone}${extra ? ` ${extra}` : ""}` },
    h("span", { class: "sign", "aria-hidden": "true" }, sign), h("span", {}, word));
}

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** "5 min. ago", "in 2 hr." */
export function ago(micros, now = Date.now()) {
  const seconds = micros / 1e6 - now / 1000;
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? STEPS[3];
  return RELATIVE.format(Math.round(seconds / size), unit);
}

const FULL = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const SHORT = new Intl.DateTimeFormat("en-GB", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { month: "short", day: "numeric" });
const HOUR = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export const full = (micros) => FULL.format(new Date(micros / 1000));
export const short = (micros) => SHORT.format(new Date(micros / 1000));
/** For an axis over so long a time. */
export const tick = (micros, span) => (span > 3 * 86400e6 ? DAY : HOUR).format(new Date(micros / 1000));

/** A moment: relative to look at, in full to point at. */
export function moment(micros, missing = "never") {
  if (micros === null || micros === undefined) return h("span", { class: "faint" }, missing);
  const date = new Date(micros / 1000);
  return h("time", { datetime: date.toISOString(), title: full(micros), "data-at": micros }, ago(micros));
}

export function took(ms) {
  if (ms === null || ms === undefined) return "";
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(ms < 10000 ? 1 : 0)} s`;
}

export function length(micros) {
  const seconds = micros / 1e6;
  const [unit, size] = STEPS.find(([, size]) => seconds >= size * 2) ?? STEPS[3];
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

export const count = (number, one, many = `${one}s`) =>
  `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** Scheme and port of an endpoint, and its host. */
export function place(endpoint) {
  const parts = /^([a-z0-9+]+):\/\/(\[[^\]]*\]|[^:/]*)(:\d+)?(.*)$/i.exec(endpoint);
  return parts ? { host: parts[2], how: `${parts[1]}${parts[3] ? ` ${parts[3]}` : ""}` } : { host: endpoint, how: "" };
}
