//! Two reports side by side: which cells changed, and what that means.

use std::fmt::Write as _;

use mailprobe_probes::model::{Attempt, EndpointReport, Method, Report, VerdictStatus};

/// Every cell that changed, and how many did not.
pub(super) fn lines(before: &Report, after: &Report) -> String {
    let mut text = String::new();
    let mut same = 0;
    for (old, new) in before.endpoints.iter().zip(&after.endpoints) {
        for attempt in &old.attempts {
            let (was, is) = (cell(old, &attempt.method), cell(new, &attempt.method));
            if was == is {
                same += 1;
            } else {
                let _ = writeln!(
                    text,
                    "  {:<10} {:<6} {was:<24} -> {is}",
                    old.protocol.name(),
                    attempt.method.name()
                );
            }
        }
    }
    if text.is_empty() {
        text.push_str("  nothing\n");
    }
    let _ = writeln!(text, "  {same} cells are as they were");
    text
}

/// A cell in words: offered or not, and what came of it.
fn cell(endpoint: &EndpointReport, method: &Method) -> String {
    let Some(attempt) = endpoint.attempts.iter().find(|attempt| attempt.method == *method) else {
        return "not there".to_owned();
    };
    let offered = if attempt.advertised { "offered" } else { "not offered" };
    format!("{offered}, {}", word(attempt))
}

fn word(attempt: &Attempt) -> String {
    match attempt.outcome.usable() {
        Some(true) => "usable".to_owned(),
        Some(false) if attempt.outcome.word() == "accepted" => "accepted, mailbox shut".to_owned(),
        _ => {
            let cause = attempt.outcome.diagnosis().map(|diagnosis| format!(" ({})", diagnosis.first()));
            format!("{}{}", attempt.outcome.word(), cause.unwrap_or_default())
        }
    }
}

/// The expectations of a cutover and whether they hold.
pub(super) fn verdict(report: &Report) -> String {
    let rules = report.verdict.iter().flat_map(|verdict| &verdict.rules);
    let (mut met, mut all) = (0, 0);
    let mut text = String::new();
    for rule in rules {
        all += 1;
        if rule.status == VerdictStatus::Pass {
            met += 1;
        } else {
            let _ = writeln!(text, "  not met: {}: {}", rule.rule, rule.because);
        }
    }
    let end = if met == all && all > 0 {
        "the password is dead and the token opens the mailbox on every protocol"
    } else {
        "the cutover is not complete"
    };
    let _ = writeln!(text, "  {met} of {all} expectations met: {end}.");
    text
}
