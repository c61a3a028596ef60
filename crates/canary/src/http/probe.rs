//! `/probe?target=NAME&module=NAME`, as `blackbox_exporter` has it: one visit now, and its numbers. A target is one of the
//! configuration by its name, never an address that somebody asks for: nobody makes this program knock elsewhere.
//!
//! The scraper's `X-Prometheus-Scrape-Timeout-Seconds`, less an offset, is the time of the visit; `debug=true` answers with
//! the conversation, and the numbers behind it.

use std::fmt::Write as _;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use mailprobe_probes::model::Report;
use serde::Deserialize;

use super::pages::{Pages, exposition, plain};
use crate::metrics;
use crate::source::NoProbe;
use mailprobe_report::{Format, Style, render};

/// The longest time that a scraper may ask for.
const LONGEST: Duration = Duration::from_mins(5);
/// The shortest in which a visit makes sense.
const SHORTEST: Duration = Duration::from_millis(500);

/// What is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    target: String,
    #[serde(default)]
    module: String,
    #[serde(default)]
    debug: Option<String>,
}

pub(super) async fn probe(
    State(pages): State<Pages>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let wrong = |text: &str| plain(StatusCode::BAD_REQUEST, format!("{text}\n"));
    if asked.target.is_empty() {
        return wrong("Which target? /probe?target=NAME&module=NAME");
    }
    let within = match time(&headers, &pages) {
        Ok(within) => within,
        Err(text) => return wrong(text),
    };
    let Ok(_place) = pages.probes.try_acquire() else {
        return plain(StatusCode::TOO_MANY_REQUESTS, "Too many visits at once; try again.\n".to_owned());
    };
    let visit = pages.source.probe(&asked.target, &asked.module, within);
    // The visit ends by itself in time; this is for the day on which it does not.
    let report = match tokio::time::timeout(within + Duration::from_secs(5), visit).await {
        Ok(Ok(report)) => report,
        Ok(Err(NoProbe::Target)) => return wrong("There is no such target in the configuration."),
        Ok(Err(NoProbe::Module)) => return wrong("There is no such module in the configuration."),
        Ok(Err(NoProbe::NotNow(why))) => {
            return plain(
                StatusCode::SERVICE_UNAVAILABLE,
                format!("{}\n", mailprobe_probes::model::harmless(why.as_bytes())),
            );
        }
        Err(_) => return plain(StatusCode::GATEWAY_TIMEOUT, "The visit did not end in time.\n".to_owned()),
    };
    let timeout = format!(
        "# HELP probe_timeout_seconds Time that the visit had.\n# TYPE probe_timeout_seconds gauge\n\
         probe_timeout_seconds {:.3}\n",
        within.as_secs_f64()
    );
    let numbers = metrics::of_probe(&report) + &timeout;
    match asked.debug.as_deref() {
        Some("true" | "1") => plain(StatusCode::OK, debug(&asked, report, &numbers)),
        _ => exposition(numbers),
    }
}

fn time(headers: &HeaderMap, pages: &Pages) -> Result<Duration, &'static str> {
    let Some(given) = headers.get("x-prometheus-scrape-timeout-seconds") else {
        return Ok(pages.settings.probe_timeout);
    };
    let seconds = given.to_str().ok().and_then(|given| given.trim().parse::<f64>().ok());
    let seconds = seconds.filter(|seconds| seconds.is_finite() && *seconds > 0.0);
    let seconds = seconds.ok_or("X-Prometheus-Scrape-Timeout-Seconds is no number of seconds.")?;
    let given = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST);
    Ok(given.saturating_sub(pages.settings.timeout_offset).max(SHORTEST))
}

fn debug(asked: &Asked, report: Report, numbers: &str) -> String {
    let mut text = String::new();
    for endpoint in &report.endpoints {
        let _ = writeln!(
            text,
            "Conversation with {}",
            mailprobe_probes::model::harmless(endpoint.url.as_bytes())
        );
        for line in &endpoint.transcript {
            let mark = if line.unexpected { "**" } else { line.direction.mark() };
            let said = mailprobe_probes::model::harmless(line.text.as_bytes());
            let _ = writeln!(text, "{:>7} ms  {mark} {said}", line.at_ms);
        }
        text.push('\n');
    }
    let _ = writeln!(text, "Target {} module {}\n", asked.target, asked.module);
    text.push_str(&render(Format::Text, &[report], &Style::PLAIN));
    let _ = write!(text, "\nMetrics that would have been returned:\n{numbers}");
    text
}
