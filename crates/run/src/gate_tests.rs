//! Who may go, who waits and who is sent away.

use super::*;
use futures_util::FutureExt as _;
use std::future::Future;

const ALICE: &str = "alice@example.com";
const IMAP: &str = "imaps://mail.example.com:993";
const SMTP: &str = "submission://mail.example.com:587";
const POP3: &str = "pop3s://old.example.com:995";

/// The answer if there is one already; `None` while the session is parked.
fn now(asking: &mut (impl Future<Output = Admission> + Unpin)) -> Option<Admission> {
    asking.now_or_never()
}

fn go(admission: Option<Admission>) -> Box<dyn Pass> {
    match admission {
        Some(Admission::Go(pass)) => pass,
        Some(Admission::Denied) => panic!("denied"),
        None => panic!("parked"),
    }
}

fn is_denied(admission: Option<&Admission>) -> bool {
    matches!(admission, Some(Admission::Denied))
}

#[test]
fn a_wrong_password_is_presented_once_however_many_wait() {
    let (gate, secret) = (AttemptGate::new(1), Secret::new("typo"));
    let first = go(now(&mut gate.admit(ALICE, IMAP, &secret)));
    let mut waiting: Vec<_> = (0..5).map(|_| gate.admit("Alice@Example.com", IMAP, &secret)).collect();
    assert!(waiting.iter_mut().all(|asking| now(asking).is_none()), "all park behind the first");
    first.settle(PasswordVerdict::MayBeWrong);
    assert!(waiting.iter_mut().all(|asking| is_denied(now(asking).as_ref())));
    assert!(is_denied(now(&mut gate.admit(ALICE, IMAP, &secret)).as_ref()), "and so is everybody later");
}

#[test]
fn a_proven_password_opens_the_gate_of_its_endpoint_for_all_at_once() {
    let (gate, secret) = (AttemptGate::new(1), Secret::new("right"));
    let first = go(now(&mut gate.admit(ALICE, IMAP, &secret)));
    let mut waiting: Vec<_> = (0..3).map(|_| gate.admit(ALICE, IMAP, &secret)).collect();
    assert!(waiting.iter_mut().all(|asking| now(asking).is_none()));
    first.settle(PasswordVerdict::Proven);
    let passes: Vec<_> = waiting.iter_mut().map(|asking| go(now(asking))).collect();
    assert_eq!(passes.len(), 3);
}

#[test]
fn a_policy_refusal_costs_nothing_and_the_next_goes_alone() {
    let (gate, secret) = (AttemptGate::new(1), Secret::new("unknown"));
    let first = go(now(&mut gate.admit(ALICE, IMAP, &secret)));
    let (mut second, mut third) = (gate.admit(ALICE, IMAP, &secret), gate.admit(ALICE, IMAP, &secret));
    assert!(now(&mut second).is_none() && now(&mut third).is_none());
    first.settle(PasswordVerdict::NotLookedAt);
    let second = go(now(&mut second));
    assert!(now(&mut third).is_none(), "the next server may look at the password");
    second.settle(PasswordVerdict::MayBeWrong);
    assert!(is_denied(now(&mut third).as_ref()));
}

#[test]
fn a_session_that_dies_with_the_password_on_the_wire_counts_as_bad() {
    let (gate, secret) = (AttemptGate::new(1), Secret::new("unknown"));
    drop(go(now(&mut gate.admit(ALICE, IMAP, &secret))));
    assert!(is_denied(now(&mut gate.admit(ALICE, IMAP, &secret)).as_ref()));
}

#[test]
fn a_parked_session_that_goes_away_does_not_take_the_turn_with_it() {
    let (gate, secret) = (AttemptGate::new(1), Secret::new("unknown"));
    let first = go(now(&mut gate.admit(ALICE, IMAP, &secret)));
    let (mut second, mut third) = (gate.admit(ALICE, IMAP, &secret), gate.admit(ALICE, IMAP, &secret));
    assert!(now(&mut second).is_none() && now(&mut third).is_none());
    first.settle(PasswordVerdict::NotLookedAt);
    drop(second);
    drop(go(now(&mut third)));
}

#[test]
fn an_account_with_a_budget_of_its_own_presents_no_more_than_that() {
    let (gate, secret) = (AttemptGate::new(1), Secret::new("right"));
    gate.limit("Alice@example.com", 0);
    assert!(is_denied(now(&mut gate.admit(ALICE, IMAP, &secret)).as_ref()));
    drop(go(now(&mut gate.admit("bob@example.com", IMAP, &secret))));
}

#[test]
fn accounts_do_not_share_a_budget_and_none_of_zero_presents_anything() {
    let (gate, secret) = (AttemptGate::new(1), Secret::new("typo"));
    go(now(&mut gate.admit(ALICE, IMAP, &secret))).settle(PasswordVerdict::MayBeWrong);
    drop(go(now(&mut gate.admit("bob@example.com", IMAP, &secret))));
    assert!(is_denied(now(&mut AttemptGate::new(0).admit(ALICE, IMAP, &secret)).as_ref()));
}

#[test]
fn a_password_that_is_proven_at_one_endpoint_goes_alone_first_at_every_other() {
    let (gate, secret) = (AttemptGate::new(1), Secret::new("right at one"));
    let first = go(now(&mut gate.admit(ALICE, IMAP, &secret)));
    let mut at_smtp: Vec<_> = (0..2).map(|_| gate.admit(ALICE, SMTP, &secret)).collect();
    let mut at_pop3: Vec<_> = (0..2).map(|_| gate.admit(ALICE, POP3, &secret)).collect();
    assert!(at_smtp.iter_mut().chain(&mut at_pop3).all(|asking| now(asking).is_none()));
    first.settle(PasswordVerdict::Proven);
    let alone = go(now(&mut at_smtp[0]));
    assert!(now(&mut at_smtp[1]).is_none() && now(&mut at_pop3[0]).is_none());
    alone.settle(PasswordVerdict::Proven);
    go(now(&mut at_smtp[1])).settle(PasswordVerdict::MayBeWrong);
    // There the method was the reason. Here it may be the password.
    go(now(&mut at_pop3[0])).settle(PasswordVerdict::MayBeWrong);
    assert!(is_denied(now(&mut at_pop3[1]).as_ref()));
    drop((go(now(&mut gate.admit(ALICE, IMAP, &secret))), go(now(&mut gate.admit(ALICE, SMTP, &secret)))));
    let elsewhere = "ews://mail.example.com:443/EWS/Exchange.asmx";
    assert!(is_denied(now(&mut gate.admit(ALICE, elsewhere, &secret)).as_ref()));
}

#[test]
fn endpoints_are_tried_side_by_side_as_far_as_the_budget_could_pay_for_it() {
    let (gate, secret) = (AttemptGate::new(2), Secret::new("right at one"));
    go(now(&mut gate.admit(ALICE, IMAP, &secret))).settle(PasswordVerdict::Proven);
    let [smtp, pop3] = [SMTP, POP3].map(|endpoint| go(now(&mut gate.admit(ALICE, endpoint, &secret))));
    let mut third = gate.admit(ALICE, "eas://mail.example.com:443", &secret);
    assert!(now(&mut third).is_none(), "three refusals would cost more than two");
    smtp.settle(PasswordVerdict::MayBeWrong);
    assert!(now(&mut third).is_none());
    pop3.settle(PasswordVerdict::NotLookedAt);
    drop(go(now(&mut third)));
    assert!(is_denied(now(&mut gate.admit(ALICE, SMTP, &secret)).as_ref()));
}

#[test]
fn what_was_said_of_an_account_counts_however_many_others_come_in_between() {
    let (gate, typo, right) = (AttemptGate::new(1), Secret::new("typo"), Secret::new("right"));
    gate.limit("carol@example.com", 0);
    go(now(&mut gate.admit(ALICE, IMAP, &typo))).settle(PasswordVerdict::MayBeWrong);
    go(now(&mut gate.admit("bob@example.com", IMAP, &right))).settle(PasswordVerdict::Proven);
    for number in 0..10_000 {
        let name = format!("u{number}@example.com");
        go(now(&mut gate.admit(&name, IMAP, &typo))).settle(PasswordVerdict::MayBeWrong);
    }
    assert!(is_denied(now(&mut gate.admit("ALICE@example.com", SMTP, &right)).as_ref()));
    assert!(is_denied(now(&mut gate.admit("Carol@example.com", SMTP, &right)).as_ref()));
    let side_by_side: Vec<_> =
        (0..3).map(|_| go(now(&mut gate.admit("bob@example.com", IMAP, &right)))).collect();
    assert_eq!(side_by_side.len(), 3, "proven there");
}

#[test]
fn nothing_is_held_of_an_account_but_what_was_said_of_it() {
    let (gate, secret) = (AttemptGate::new(1), Secret::new("typo"));
    for (number, verdict) in
        [PasswordVerdict::MayBeWrong, PasswordVerdict::Proven, PasswordVerdict::NotLookedAt]
            .iter()
            .enumerate()
    {
        let name = format!("u{number}@example.com");
        let first = go(now(&mut gate.admit(&name, IMAP, &secret)));
        let mut second = gate.admit(&name, IMAP, &secret);
        assert!(now(&mut second).is_none());
        assert_eq!(gate.accounts.state().busy.len(), 1);
        first.settle(*verdict);
        if let Some(Admission::Go(pass)) = now(&mut second) {
            pass.settle(*verdict);
        }
        assert!(gate.accounts.state().busy.is_empty(), "{verdict:?}");
    }
    let state = gate.accounts.state();
    assert_eq!((state.bad.len(), state.proven.len()), (1, 2));
}
