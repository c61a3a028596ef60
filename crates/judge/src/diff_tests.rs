use mailprobe_probes::model::{Cause, Failure, Phase, Skip, Trouble};

use super::*;
use crate::sample;
use crate::sample::{opened, refused_with, shut, silent, skipped, tried};

fn refused(cause: Cause, text: &str) -> Outcome {
    refused_with(&[cause], "r", &format!("NO {text}"))
}

fn report(url: &str, cells: Vec<(&str, Outcome)>) -> Report {
    sample::report(vec![tried(url, cells)])
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
    assert_eq!(changed(opened(), no()), Some(Change::Broken));
    assert_eq!(
        changed(opened(), shut(Cause::ProtocolDisabled)),
        Some(Change::Broken),
        "accepted is not usable"
    );
    assert_eq!(changed(no(), opened()), Some(Change::Fixed));
    assert_eq!(changed(shut(Cause::ProtocolDisabled), opened()), Some(Change::Fixed));
}

#[test]
fn not_knowing_is_neither_broken_nor_fixed() {
    for (before, after) in [(silent(), opened()), (refused(Cause::BadCredentials, "no"), silent())] {
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
    let before = report("imaps://imap.example.com", vec![("PLAIN", opened())]);
    let after = report("pop3s://pop.example.com", vec![("PLAIN", opened())]);
    let diff = diff(&[before], &[after]);
    assert_eq!(diff.only_before, ["alice@example.com on imaps://imap.example.com:993"]);
    assert_eq!(diff.only_after, ["alice@example.com on pop3s://pop.example.com:995"]);
    let named: Vec<_> =
        diff.changes.iter().map(|change| (change.endpoint.as_str(), change.change.name())).collect();
    assert_eq!(
        named,
        [("imaps://imap.example.com:993", "not known")],
        "what opened there was not looked at again"
    );
}

#[test]
fn an_endpoint_that_does_not_answer_any_more_breaks_nothing_for_sure() {
    let before = report("imaps://imap.example.com", vec![("PLAIN", opened())]);
    let mut after = report("imaps://imap.example.com", vec![]);
    after.endpoints[0].failure = Some(Failure::new(Phase::Connect, Trouble::ConnectionRefused, "refused"));
    let diff = diff(&[before], &[after]);
    assert_eq!(diff.changes[0].change.name(), "not known");
    assert_eq!(diff.changes[0].after.as_ref().unwrap().answer.as_deref(), Some("connect: refused"));
}

#[test]
fn the_gravest_change_comes_first() {
    let url = "imaps://imap.example.com";
    let before = report(url, vec![("LOGIN", refused(Cause::BasicDisabled, "a")), ("PLAIN", opened())]);
    let after = report(url, vec![("LOGIN", opened()), ("PLAIN", refused(Cause::BasicDisabled, "a"))]);
    let found: Vec<Change> = diff(&[before], &[after]).changes.iter().map(|change| change.change).collect();
    assert_eq!(found, [Change::Broken, Change::Fixed]);
}

#[test]
fn what_opened_the_mailbox_and_was_not_shown_to_do_so_again_is_not_known() {
    let unchecked = || sample::unchecked(Trouble::Timeout);
    let gone = |why| skipped(why);
    for after in [silent(), gone(Skip::Budget), gone(Skip::NotAsked), gone(Skip::NoPassword), unchecked()] {
        let change = changed(opened(), after.clone()).unwrap();
        assert_eq!(change.name(), "not known", "{after:?}");
    }
    let url = "imaps://imap.example.com";
    let before = [report(url, vec![("PLAIN", opened()), ("LOGIN", silent())])];
    let diff = diff(&before, &[report(url, vec![])]);
    let names: Vec<_> =
        diff.changes.iter().map(|change| (change.method.name(), change.change.name())).collect();
    assert_eq!(names, [("PLAIN", "not known"), ("LOGIN", "drifted")]);
}
