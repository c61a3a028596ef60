use mailprobe_probes::model::{
    Cause, Diagnosis, Endpoint, Failure, Phase, SCHEMA_VERSION, Skip, Tool, Trouble,
};

use super::*;

const LINES: LineRange = LineRange { first: 1, last: 2 };

fn reply(text: &str) -> Reply {
    Reply { status: "NO".into(), code: None, enhanced: None, text: text.into() }
}

fn diagnosis(cause: Cause) -> Diagnosis {
    let text = serde_json::json!({"causes": [cause], "rule": "r", "explanation": "", "remedy": ""});
    serde_json::from_value(text).unwrap()
}

fn opens() -> Outcome {
    Outcome::Accepted { reply: reply("in"), evidence: LINES, session: Session::Opened { evidence: LINES } }
}

fn shut() -> Outcome {
    let session = Session::Shut {
        reply: reply("not connected"),
        evidence: LINES,
        diagnosis: diagnosis(Cause::ProtocolDisabled),
    };
    Outcome::Accepted { reply: reply("in"), evidence: LINES, session }
}

fn refused(cause: Cause, text: &str) -> Outcome {
    Outcome::Refused { reply: reply(text), challenge: None, evidence: LINES, diagnosis: diagnosis(cause) }
}

fn unclear() -> Outcome {
    Outcome::Inconclusive {
        failure: Failure::new(Phase::Auth, Trouble::Timeout, "no answer"),
        answer: None,
        evidence: None,
    }
}

fn report(url: &str, cells: Vec<(&str, Outcome)>) -> Report {
    let mut endpoint = EndpointReport::new(&url.parse::<Endpoint>().unwrap());
    endpoint.attempts = cells
        .into_iter()
        .map(|(method, outcome)| Attempt {
            method: Method::from_name(method),
            advertised: true,
            initial_response: None,
            outcome,
            elapsed_ms: 1,
            connection: 1,
            quirks: Vec::new(),
        })
        .collect();
    Report {
        schema: SCHEMA_VERSION,
        tool: Tool { name: "mailprobe".into(), version: "0".into() },
        mailbox: "alice@example.com".into(),
        started_at: "2026-11-22T00:00:00Z".into(),
        elapsed_ms: 1,
        partial: false,
        given: None,
        endpoints: vec![endpoint],
        findings: Vec::new(),
        verdict: None,
    }
}

fn changed(before: Outcome, after: Outcome) -> Option<Change> {
    let url = "imaps://imap.example.com";
    let diff = diff(&[report(url, vec![("PLAIN", before)])], &[report(url, vec![("PLAIN", after)])]);
    assert_eq!(diff.changes.len() + diff.unchanged, 1);
    diff.changes.first().map(|change| change.change)
}

#[test]
fn what_opened_and_is_denied_is_broken_and_the_other_way_round_is_fixed() {
    let no = || refused(Cause::BasicDisabled, "off");
    assert_eq!(changed(opens(), no()), Some(Change::Broken));
    assert_eq!(changed(opens(), shut()), Some(Change::Broken), "accepted is not usable");
    assert_eq!(changed(no(), opens()), Some(Change::Fixed));
    assert_eq!(changed(shut(), opens()), Some(Change::Fixed));
}

#[test]
fn not_knowing_is_neither_broken_nor_fixed() {
    for (before, after) in [
        (opens(), unclear()),
        (unclear(), opens()),
        (opens(), Outcome::NotTried { skip: Skip::Budget }),
        (refused(Cause::BadCredentials, "no"), unclear()),
    ] {
        assert_eq!(changed(before, after), Some(Change::Drifted));
    }
}

#[test]
fn another_reason_is_drift_and_another_sentence_for_the_same_is_wording() {
    assert_eq!(
        changed(refused(Cause::BadCredentials, "no"), refused(Cause::BasicDisabled, "no")),
        Some(Change::Drifted)
    );
    assert_eq!(
        changed(
            refused(Cause::BasicDisabled, "LOGIN failed."),
            refused(Cause::BasicDisabled, "Sign-in failed.")
        ),
        Some(Change::Wording)
    );
}

#[test]
fn names_times_and_numbers_in_an_answer_are_no_change() {
    let said = |marks: &str| refused(Cause::BasicDisabled, &format!("Authentication unsuccessful {marks}"));
    let before = said("[FR3P281CA0157.DEUP281.PROD.OUTLOOK.COM 2026-11-21T09:00:01.000Z 08DE2A]");
    let after = said("[AM0PR01CA0001.eurprd01.prod.exchangelabs.com 2026-11-22T10:00:01.000Z 08DF00]");
    assert_eq!(changed(before, after), None);
}

#[test]
fn endpoints_that_only_one_side_has_are_named() {
    let before = report("imaps://imap.example.com", vec![("PLAIN", opens())]);
    let after = report("pop3s://pop.example.com", vec![("PLAIN", opens())]);
    let diff = diff(&[before], &[after]);
    assert_eq!(diff.only_before, ["alice@example.com on imaps://imap.example.com:993"]);
    assert_eq!(diff.only_after, ["alice@example.com on pop3s://pop.example.com:995"]);
    assert!(!diff.has_broken() && diff.changes.is_empty());
}

#[test]
fn an_endpoint_that_does_not_answer_any_more_breaks_nothing_for_sure() {
    let before = report("imaps://imap.example.com", vec![("PLAIN", opens())]);
    let mut after = report("imaps://imap.example.com", vec![]);
    after.endpoints[0].failure = Some(Failure::new(Phase::Connect, Trouble::ConnectionRefused, "refused"));
    let diff = diff(&[before], &[after]);
    assert_eq!(diff.changes[0].change, Change::Drifted);
    assert_eq!(diff.changes[0].after.as_ref().unwrap().answer.as_deref(), Some("connect: refused"));
}

#[test]
fn the_gravest_change_comes_first() {
    let url = "imaps://imap.example.com";
    let before = report(url, vec![("LOGIN", refused(Cause::BasicDisabled, "a")), ("PLAIN", opens())]);
    let after = report(url, vec![("LOGIN", opens()), ("PLAIN", refused(Cause::BasicDisabled, "a"))]);
    let found: Vec<Change> = diff(&[before], &[after]).changes.iter().map(|change| change.change).collect();
    assert_eq!(found, [Change::Broken, Change::Fixed]);
}
