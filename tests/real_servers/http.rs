//! What the tests of all HTTP servers share: a cell in one word, curl's view, and the servers' logs. Then what holds
//! for several of them at a time.

use std::sync::Arc;

use mailprobe_probes::model::{EndpointReport, Outcome, Session};
use mailprobe_run::AttemptGate;

use crate::lab;
use crate::visits::{Visit, attempt, until};

/// A cell by its outcome and the answer's own codes: `usable`, `accepted`, `shut CODE`, `refused 401 2000002`,
/// `? 502`, `- unimplemented`.
pub(crate) fn said(report: &EndpointReport, method: &str) -> String {
    let code = |code: Option<&str>| code.map(|code| format!(" {code}")).unwrap_or_default();
    match &attempt(report, method).outcome {
        Outcome::Accepted { session: Session::Opened { .. }, .. } => "usable".into(),
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => {
            format!("shut{}", code(reply.code.as_deref()))
        }
        Outcome::Accepted { .. } => "accepted".into(),
        Outcome::Refused { reply, .. } => {
            format!("refused {}{}", reply.status, code(reply.code.as_deref()))
        }
        Outcome::Inconclusive { answer: Some(answer), .. } => format!("? {}", answer.0.status),
        Outcome::Inconclusive { failure, .. } => format!("? {}", failure.cause.name()),
        Outcome::NotTried { skip } => format!("- {}", skip.name()),
    }
}

/// What curl is answered in the end by `https://ADDRESS:PORT/PATH`, with these arguments and `GetFolder`'s content type.
pub(crate) fn curl(url: &str, arguments: &[&str]) -> u16 {
    curl_with(&[], url, arguments)
}

/// The same with an environment of `KEY=VALUE`.
pub(crate) fn curl_with(environment: &[&str], url: &str, arguments: &[&str]) -> u16 {
    let ca = lab::file("certs/ca.pem");
    let common = ["curl", "--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--cacert"];
    let all = [environment, &common, &[ca.to_str().unwrap()], arguments, &[url]].concat();
    let (status, said) = lab::program("env", &all, "");
    assert_eq!(status, Some(0), "curl {arguments:?} {url}: {said}");
    said.parse().unwrap_or_else(|_| panic!("{said}"))
}

/// `user:password` for curl.
pub(crate) fn both(user: &str, password: &str) -> String {
    format!("{user}:{password}")
}

/// Lines of a server's log about one source address that have all these pieces.
pub(crate) fn requests(server: &str, source: &str, pieces: &[&str]) -> usize {
    let source = format!("[{source}]");
    let log = lab::log(server);
    let about = log.lines().filter(|line| line.contains(&source));
    about.filter(|line| pieces.iter().all(|piece| line.contains(piece))).count()
}

/// Holds the log's lines since `earlier` against what is expected of one visit. Apache writes a line after the answer.
pub(crate) fn settles_at(server: &str, source: &str, pieces: &[&str], earlier: usize, more: usize) {
    until(&format!("{more} more of {pieces:?} in the log of {server}"), || {
        requests(server, source, pieces) >= earlier + more
    });
    assert_eq!(requests(server, source, pieces) - earlier, more, "{pieces:?} in the log of {server}");
}

/// The facts of this name, in order.
pub(crate) fn facts<'a>(report: &'a EndpointReport, name: &str) -> Vec<&'a str> {
    report.facts.iter().filter(|fact| fact.name == name).map(|fact| fact.value.as_str()).collect()
}

/// Visits over IMAP, EWS and `ActiveSync` at once, with one gate for all of them or none.
async fn three_protocols(source: &str, gated: bool) -> [EndpointReport; 4] {
    let gate = Arc::new(AttemptGate::new(1));
    let visit = |url: &str| {
        let mut visit = Visit::new(url).password("astray").from(source);
        visit.login.token = None;
        if gated {
            visit.gate = gate.clone();
        }
        visit.run()
    };
    let (imap, ews) = (lab::imaps("modern"), lab::web("ews", "exchange"));
    let (eas, sogo) = (lab::web("eas", "exchange"), lab::web("eas", "sogo"));
    tokio::join!(visit(&imap), visit(&ews), visit(&eas), visit(&sogo)).into()
}

/// Wrong passwords by the servers' own counts: modern's Dovecot, the scripted Exchange, `SOGo`.
fn bad_attempts(source: &str) -> [usize; 3] {
    let mark = format!(",{source},");
    let log = lab::log("modern");
    let dovecot = log.lines().filter(|line| line.contains(&mark));
    let dovecot = dovecot.filter(|line| line.to_lowercase().contains("password mismatch")).count();
    [dovecot, requests("exchange", source, &["Basic", " 401"]), requests("sogo", source, &["Basic", " 401"])]
}

#[tokio::test]
async fn one_wrong_password_costs_one_bad_attempt_over_imap_ews_and_activesync_together() {
    let source = "127.77.3.1";
    let before = bad_attempts(source);
    let reports = three_protocols(source, true).await;
    let tried = |reports: &[EndpointReport]| {
        let attempts = reports.iter().flat_map(|report| &report.attempts);
        attempts.filter(|attempt| matches!(attempt.outcome, Outcome::Refused { .. })).count()
    };
    assert_eq!(tried(&reports), 1, "one was refused, the others kept their password");
    let spent = |before: [usize; 3]| -> usize {
        bad_attempts(source).iter().zip(before).map(|(now, then)| now - then).sum()
    };
    until("the refusal is in a log", || spent(before) >= 1);
    assert_eq!(spent(before), 1);

    let before = bad_attempts(source);
    let reports = three_protocols(source, false).await;
    let refused = tried(&reports);
    assert!(refused >= 8, "six over IMAP, one each over EWS and ActiveSync: {refused}");
    until("every refusal is in a log", || spent(before) >= refused);
    assert_eq!(spent(before), refused, "without the gate the count sees each of them");
}
