//! How long a server asks to be left alone, as it says so: `Retry-After` (RFC 9110 section 10.2.3), Exchange's
//! `BackOffMilliseconds`, and the "Suggested Backoff Time" that Exchange Online puts into IMAP and POP3 answers. Pure.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use mailprobe_probes::model::{EndpointReport, Failure, Outcome, Report, Session};

/// The longest wait that anything in the report asks for.
pub fn wait(report: &Report) -> Option<Duration> {
    let began = report.started_at.parse().ok();
    report.endpoints.iter().filter_map(|endpoint| of_endpoint(endpoint, began)).max()
}

fn of_endpoint(endpoint: &EndpointReport, began: Option<Timestamp>) -> Option<Duration> {
    let facts = endpoint.facts.iter().filter_map(|fact| match fact.name.as_str() {
        "retry-after" => retry_after(&fact.value, began),
        "back-off-ms" => fact.value.trim().parse().ok().map(Duration::from_millis),
        _ => None,
    });
    let failure = endpoint.failure.iter().filter_map(of_failure);
    let attempts = endpoint.attempts.iter().filter_map(|attempt| match &attempt.outcome {
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => suggested(&reply.text),
        Outcome::Accepted { session: Session::NotChecked { failure, .. }, .. } => of_failure(failure),
        Outcome::Inconclusive { failure, answer, .. } => {
            answer.as_ref().and_then(|answer| suggested(&answer.0.text)).or_else(|| of_failure(failure))
        }
        outcome => outcome.reply().and_then(|reply| suggested(&reply.text)),
    });
    facts.chain(failure).chain(attempts).max()
}

fn of_failure(failure: &Failure) -> Option<Duration> {
    suggested(&failure.detail)
}

/// Seconds, or the moment itself.
fn retry_after(value: &str, began: Option<Timestamp>) -> Option<Duration> {
    // Several values of one field are joined by a comma; a date has one, too.
    if let Some(seconds) = value.split(',').filter_map(|part| part.trim().parse().ok()).max() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value.trim()).ok()?;
    moment.duration_since(began?).try_into().ok()
}

/// `Suggested Backoff Time: 299995 milliseconds`, wherever it stands in a sentence.
fn suggested(text: &str) -> Option<Duration> {
    let lower = text.to_ascii_lowercase();
    let (_, after) = lower.split_once("backoff time")?;
    let after = after.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
    let (number, unit) = after.split_at(end);
    let number: u64 = number.parse().ok()?;
    let unit = unit.trim_start();
    Some(if unit.starts_with('s') { Duration::from_secs(number) } else { Duration::from_millis(number) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggested_time_is_found_in_the_words_of_exchange() {
        let said =
            "Server Unavailable. 15; Request is throttled. Suggested Backoff Time: 299995 milliseconds";
        assert_eq!(suggested(said), Some(Duration::from_millis(299_995)));
        assert_eq!(suggested("suggested backoff time is 30 seconds"), Some(Duration::from_secs(30)));
        for nothing in
            ["", "Backoff Time", "backoff time: soon", "Suggested Backoff Time: 99999999999999999999999 ms"]
        {
            assert_eq!(suggested(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn retry_after_is_a_number_of_seconds_or_a_moment() {
        let began = "2026-11-27T12:00:00Z".parse().ok();
        assert_eq!(retry_after("120", began), Some(Duration::from_secs(120)));
        assert_eq!(retry_after("5, 30", began), Some(Duration::from_secs(30)));
        assert_eq!(retry_after("Fri, 27 Nov 2026 12:10:00 GMT", began), Some(Duration::from_secs(600)));
        assert_eq!(retry_after("Mon, 27 Nov 2026 12:10:00 GMT", began), Some(Duration::from_secs(600)));
        assert_eq!(retry_after("Fri, 27 Nov 2026 11:00:00 GMT", began), None, "it is over");
        assert_eq!(retry_after("later", began), None);
    }
}
