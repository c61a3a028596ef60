use mailprobe_probes::model::{
    Cause, EndpointReport, Failure, LineRange, Method, Outcome, Phase, Report, Session, Skip, Trouble,
    VerdictStatus,
};

use super::sample::{accepted, lines, refused, shut, skipped, tried};
use super::*;

fn opened() -> Outcome {
    accepted(Session::Opened { evidence: LineRange::new(5, 6) })
}

fn unchecked() -> Outcome {
    sample::unchecked(Trouble::Timeout)
}

fn failure(cause: Trouble) -> Failure {
    Failure::new(Phase::Auth, cause, "")
}

fn unclear(cause: Trouble) -> Outcome {
    Outcome::Inconclusive { failure: failure(cause), answer: None, evidence: Some(lines()) }
}

fn judged(endpoints: Vec<EndpointReport>, rules: &[&str]) -> Report {
    sample::judged(sample::report(endpoints), rules)
}

fn one(outcome: Outcome, rules: &[&str]) -> Report {
    judged(vec![tried("imaps://h", vec![("PLAIN", outcome)])], rules)
}

fn status(report: &Report) -> Option<VerdictStatus> {
    report.verdict.as_ref().map(|verdict| verdict.status)
}

#[test]
fn every_state_is_judged_against_every_outcome() {
    use VerdictStatus::{Fail, Pass, Unknown};
    let rules = ["PLAIN=usable", "PLAIN=accepted", "PLAIN=refused", "PLAIN=not-accepted"];
    for (name, outcome, expected) in [
        ("opened", opened(), [Pass, Pass, Fail, Fail]),
        ("shut", shut(Cause::NoMailboxPermission), [Fail, Pass, Fail, Fail]),
        ("unchecked", unchecked(), [Unknown, Pass, Fail, Fail]),
        ("policy", refused(Cause::BasicDisabled), [Fail, Fail, Pass, Pass]),
        ("wrong password", refused(Cause::BadCredentials), [Fail, Fail, Unknown, Pass]),
        ("unexplained", refused(Cause::Unexplained), [Fail, Fail, Unknown, Pass]),
        ("silence", unclear(Trouble::Timeout), [Unknown; 4]),
        ("budget", skipped(Skip::Budget), [Unknown; 4]),
    ] {
        for (rule, expected) in rules.iter().zip(expected) {
            assert_eq!(status(&one(outcome.clone(), &[rule])), Some(expected), "{name} {rule}");
        }
    }
}

#[test]
fn a_rule_is_decided_on_each_endpoint_of_its_protocol() {
    let endpoints = vec![
        tried("imaps://h", vec![("PLAIN", opened())]),
        tried("imap://h", vec![("PLAIN", refused(Cause::BasicDisabled))]),
        tried("pop3s://h", vec![("PLAIN", refused(Cause::BasicDisabled))]),
    ];
    let report = judged(endpoints, &["imap/PLAIN=usable"]);
    let verdict = report.verdict.as_ref().unwrap();
    assert_eq!(
        verdict.rules.iter().map(|rule| rule.status).collect::<Vec<_>>(),
        [VerdictStatus::Pass, VerdictStatus::Fail]
    );
    assert_eq!(verdict.rules[0].evidence, Some(LineRange::new(5, 6)));
    assert_eq!(verdict.rules[1].endpoint.as_deref(), Some("imap://h:143"));
    assert_eq!(verdict.policy(), "command line");
}

#[test]
fn an_advertisement_counts_inside_tls_where_there_is_tls() {
    use mailprobe_probes::model::{Advertisement, Offer, Stage};
    let list = |stage| Advertisement {
        stage,
        offers: vec![Offer { token: "AUTH=PLAIN".into(), method: Method::sasl("PLAIN") }],
        capabilities: Vec::new(),
        evidence: lines(),
    };
    let heard = |url: &str, stages: &[Stage], rule: &str| {
        let mut endpoint = tried(url, Vec::new());
        endpoint.advertised = stages.iter().map(|stage| list(*stage)).collect();
        status(&judged(vec![endpoint], &[rule])).unwrap()
    };
    assert_eq!(heard("imaps://h", &[Stage::AfterTls], "PLAIN=advertised"), VerdictStatus::Pass);
    assert_eq!(heard("imaps://h", &[Stage::AfterTls], "PLAIN=not-advertised"), VerdictStatus::Fail);
    assert_eq!(heard("imap://h", &[Stage::BeforeTls], "PLAIN=advertised"), VerdictStatus::Unknown);
    assert_eq!(heard("imap+plain://h", &[Stage::BeforeTls], "PLAIN=advertised"), VerdictStatus::Pass);
    assert_eq!(heard("imaps://h", &[Stage::AfterTls], "LOGIN=not-advertised"), VerdictStatus::Pass);
}

#[test]
fn without_rules_every_endpoint_must_open_the_mailbox() {
    use VerdictStatus::{Fail, Pass, Unknown};
    let of = |attempts| status(&judged(vec![tried("imaps://h", attempts)], &[]));
    assert_eq!(of(vec![("PLAIN", refused(Cause::BasicDisabled)), ("XOAUTH2", opened())]), Some(Pass));
    assert_eq!(
        of(vec![("PLAIN", refused(Cause::BadCredentials)), ("LOGIN", skipped(Skip::Budget))]),
        Some(Fail)
    );
    assert_eq!(of(vec![("PLAIN", shut(Cause::NoMailboxPermission))]), Some(Fail));
    assert_eq!(
        of(vec![("PLAIN", refused(Cause::BasicDisabled)), ("XOAUTH2", unclear(Trouble::Timeout))]),
        Some(Unknown)
    );
    assert_eq!(of(vec![("PLAIN", skipped(Skip::Budget))]), Some(Unknown));
    let login_only = sample::unchecked(Trouble::NotAsked);
    assert_eq!(of(vec![("PLAIN", login_only)]), Some(Pass));
    assert_eq!(of(vec![("PLAIN", unchecked())]), Some(Unknown));
    assert_eq!(of(vec![("PLAIN", skipped(Skip::NotAsked))]), None);
    assert_eq!(of(vec![("PLAIN", skipped(Skip::NoPassword))]), None);
    assert_eq!(of(Vec::new()), None);
}

#[test]
fn the_exit_status_tells_failure_silence_and_later_apart() {
    let mut dead = tried("imaps://h", Vec::new());
    dead.failure = Some(failure(Trouble::ConnectionRefused));
    let mut busy = tried("imaps://h", Vec::new());
    busy.failure = Some(failure(Trouble::Throttled));
    let fine = one(opened(), &[]);
    let wrong = one(refused(Cause::BadCredentials), &[]);
    let silent = one(unclear(Trouble::Timeout), &[]);
    let spent = one(skipped(Skip::Budget), &[]);
    let mut cut = one(opened(), &[]);
    cut.partial = true;
    for (name, reports, expected) in [
        ("nothing to judge", vec![one(skipped(Skip::NotAsked), &[])], 0),
        ("fine", vec![fine.clone()], 0),
        ("wrong", vec![wrong.clone()], 1),
        ("silent", vec![silent.clone()], 3),
        ("dead", vec![judged(vec![dead], &[])], 3),
        ("cut short", vec![cut], 3),
        ("spent", vec![spent.clone()], 4),
        ("throttled", vec![judged(vec![busy], &[])], 4),
        ("throttled attempt", vec![one(unclear(Trouble::Throttled), &["PLAIN=usable"])], 4),
        ("rule about a wrong password", vec![one(refused(Cause::BadCredentials), &["PLAIN=refused"])], 3),
        ("a rule nobody tried", vec![one(opened(), &["LOGIN=usable"])], 3),
        ("wrong before silent", vec![silent.clone(), wrong.clone()], 1),
        ("silent before later", vec![spent.clone(), silent, fine.clone()], 3),
        ("later before fine", vec![fine.clone(), spent], 4),
        (
            "a token that works beside a dead password",
            vec![judged(
                vec![tried("imaps://h", vec![("PLAIN", unclear(Trouble::Timeout)), ("XOAUTH2", opened())])],
                &["XOAUTH2=usable"],
            )],
            0,
        ),
    ] {
        assert_eq!(exit_code(&reports), expected, "{name}");
    }
    assert_eq!(exit_code(&[]), 0);
}
