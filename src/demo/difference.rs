//! Two reports side by side: which cells changed, and what that means.

use std::fmt::Write as _;

use mailprobe_probes::model::{Attempt, EndpointReport, Method, Report, VerdictStatus};

use mailprobe_report::lang::Lang;
use mailprobe_report::pad;

/// Every cell that changed, and how many did not.
pub(super) fn lines(before: &Report, after: &Report, lang: Lang) -> String {
    let mut text = String::new();
    let mut same = 0;
    for (old, new) in before.endpoints.iter().zip(&after.endpoints) {
        for attempt in &old.attempts {
            let (was, is) = (cell(old, &attempt.method, lang), cell(new, &attempt.method, lang));
            if was == is {
                same += 1;
            } else {
                let _ = writeln!(
                    text,
                    "  {:<10} {:<6} {} -> {is}",
                    old.protocol.name(),
                    attempt.method.name(),
                    pad(&was, 24)
                );
            }
        }
    }
    if text.is_empty() {
        let _ = writeln!(text, "  {}", lang.say("nothing"));
    }
    let _ = writeln!(text, "  {}", lang.fill("{} cells are as they were", &[&same.to_string()]));
    text
}

/// A cell in words: offered or not, and what came of it.
fn cell(endpoint: &EndpointReport, method: &Method, lang: Lang) -> String {
    let Some(attempt) = endpoint.attempts.iter().find(|attempt| attempt.method == *method) else {
        return lang.say("not there").to_owned();
    };
    let offered = lang.say(if attempt.advertised { "offered" } else { "not offered" });
    lang.comma(offered, &word(attempt, lang))
}

fn word(attempt: &Attempt, lang: Lang) -> String {
    match attempt.outcome.usable() {
        Some(true) => lang.say("usable").to_owned(),
        Some(false) if attempt.outcome.word() == "accepted" => lang.say("accepted, mailbox shut").to_owned(),
        _ => {
            let cause = attempt.outcome.diagnosis().map(|diagnosis| format!(" ({})", diagnosis.first()));
            format!("{}{}", lang.say(attempt.outcome.word()), cause.unwrap_or_default())
        }
    }
}

/// The expectations of a cutover and whether they hold.
pub(super) fn verdict(report: &Report, lang: Lang) -> String {
    let rules = report.verdict.iter().flat_map(|verdict| &verdict.rules);
    let (mut met, mut all) = (0, 0);
    let mut text = String::new();
    for rule in rules {
        all += 1;
        if rule.status == VerdictStatus::Pass {
            met += 1;
        } else {
            let _ = writeln!(
                text,
                "  {}",
                lang.fill("not met: {}: {}", &[&rule.rule(), &rule.because.to_string()])
            );
        }
    }
    let end = if met == all && all > 0 {
        "the password is dead and the token opens the mailbox on every protocol"
    } else {
        "the cutover is not complete"
    };
    let (met, all) = (met.to_string(), all.to_string());
    let _ = writeln!(text, "  {}", lang.fill("{} of {} expectations met: {}.", &[&met, &all, end]));
    text
}
