//! The verdict in words: in one sentence, and the names of what it is about.

use mailprobe_probes::model::{Expectation, Subject, Verdict, VerdictStatus};

use super::columns::Column;
use super::layout::clean;
use super::words;
use crate::lang::Lang;

/// The verdict in one sentence.
pub(super) fn sentence(verdict: &Verdict, columns: &[Column<'_>], lang: Lang) -> String {
    let at = |status| verdict.rules.iter().filter(move |rule| rule.status == status);
    let met = at(VerdictStatus::Pass).count();
    let all = verdict.rules.len();
    if verdict.is_implied() {
        let places =
            |status| lang.list(&at(status).map(|rule| place(rule, columns, lang)).collect::<Vec<_>>());
        let login = is_of_login(verdict);
        let [good, everywhere, bad, open] = if login { LOGIN } else { OPENS };
        return match verdict.status {
            VerdictStatus::Pass if all == 1 => lang.say(good).to_owned(),
            VerdictStatus::Pass => lang.say(everywhere).to_owned(),
            VerdictStatus::Fail => lang.fill(bad, &[&places(VerdictStatus::Fail)]),
            VerdictStatus::Unknown => lang.fill(open, &[&places(VerdictStatus::Unknown)]),
        };
    }
    if all == 0 {
        return lang.fill("{} says nothing about this report.", &[&policies(verdict, lang)]);
    }
    match verdict.status {
        VerdictStatus::Pass if met < all => {
            let all = words::count(lang, all, "expectation");
            lang.fill("{} of {} met; the others are advice.", &[&met.to_string(), &all])
        }
        VerdictStatus::Pass if all == 1 => lang.say("The expectation is met.").to_owned(),
        VerdictStatus::Pass => lang.fill("All {} expectations are met.", &[&all.to_string()]),
        VerdictStatus::Fail | VerdictStatus::Unknown => {
            let (failed, open) = (at(VerdictStatus::Fail).count(), at(VerdictStatus::Unknown).count());
            let all = words::count(lang, all, "expectation");
            let mut parts = vec![lang.fill("{} of {} met", &[&met.to_string(), &all])];
            if failed > 0 {
                parts.push(lang.fill("{} not met", &[&failed.to_string()]));
            }
            if open > 0 {
                parts.push(lang.fill("{} undecided", &[&open.to_string()]));
            }
            if lang == Lang::Ja {
                format!("{}。", parts.join("、"))
            } else {
                format!("{}.", parts.join(", "))
            }
        }
    }
}

/// The names of a verdict's policies, and of the command line where it gave rules.
pub(super) fn policies(verdict: &Verdict, lang: Lang) -> String {
    verdict.by.iter().map(|by| clean(&lang.tell(by.name()))).collect::<Vec<_>>().join(", ")
}

/// What the implied expectation comes to: met by the only endpoint, by all, not met, open.
const OPENS: [&str; 4] = [
    "The mailbox opens.",
    "The mailbox opens on every endpoint.",
    "The mailbox does not open on {}.",
    "Whether the mailbox opens on {} is not known.",
];
/// The same where nothing but a login was asked for.
const LOGIN: [&str; 4] = [
    "A login is accepted.",
    "A login is accepted on every endpoint.",
    "No login is accepted on {}.",
    "Whether a login is accepted on {} is not known.",
];

/// Whether a verdict says that the mailbox opens, or does not, and nothing else.
pub(super) fn opens(verdict: &Verdict) -> bool {
    verdict.is_implied() && !is_of_login(verdict)
}

/// Whether the run was to stop at the login.
fn is_of_login(verdict: &Verdict) -> bool {
    verdict.rules.iter().any(|rule| rule.subject == Subject::LoginAccepted)
}

fn place(rule: &Expectation, columns: &[Column<'_>], lang: Lang) -> String {
    let nowhere = || lang.say("the endpoint").to_owned();
    rule.endpoint.as_deref().map_or_else(nowhere, |url| label(url, columns))
}

/// The name of an endpoint in sentences. A URL that was visited at several addresses stays a URL.
pub(super) fn label(url: &str, columns: &[Column<'_>]) -> String {
    let mut with_url = columns.iter().filter(|column| column.endpoint.url == url);
    match (with_url.next(), with_url.next()) {
        (Some(column), None) => column.label.clone(),
        _ => clean(url),
    }
}
