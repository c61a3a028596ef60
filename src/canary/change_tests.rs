use super::*;

const URL: &str = "imaps://a.test:993";

fn key(method: &str) -> CellKey {
    CellKey { target: "sales".into(), module: "default".into(), endpoint: URL.into(), method: method.into() }
}

fn cell(state: State) -> Cell {
    Cell {
        state,
        advertised: true,
        causes: Vec::new(),
        answer: "words".into(),
        remedy: String::new(),
        standing: Standing::NoRule,
    }
}

/// What a row of looks at one method came to: the states that were confirmed, with the look that did it.
fn looks(confirm: Confirm, states: &[State]) -> Vec<(usize, State)> {
    let mut cells = Cells::default();
    let mut confirmed = Vec::new();
    for (at, state) in (0..).zip(states) {
        let look = Look { cells: vec![(key("PLAIN"), cell(*state))], status: "pass" };
        let outcome = cells.take(look, &[URL.to_owned()], at, confirm);
        for change in outcome.changed {
            assert_eq!(cells.view(&key("PLAIN")).unwrap().since, at);
            confirmed.push((usize::try_from(at).unwrap(), change.after.state));
        }
    }
    confirmed
}

use State::{Refused as R, Throttled as T, Unclear as X, Unreachable as D, Usable as U};

#[test]
fn a_change_counts_when_a_second_look_shows_it_too() {
    let two_of_three = Confirm::default();
    assert_eq!(looks(two_of_three, &[U, R]), []);
    assert_eq!(looks(two_of_three, &[U, R, R]), [(2, R)]);
    assert_eq!(looks(two_of_three, &[U, R, U, R]), [(3, R)], "two of three");
    assert_eq!(looks(two_of_three, &[U, R, U, U, R, U, U]), [], "a flicker");
    assert_eq!(looks(two_of_three, &[U, R, R, U, U]), [(2, R), (4, U)], "and back");
}

#[test]
fn how_often_something_must_be_seen_can_be_chosen() {
    let at_once = Confirm { failures: 1, of: 1, silent: 1 };
    assert_eq!(looks(at_once, &[U, R, U]), [(1, R), (2, U)]);
    assert_eq!(looks(at_once, &[U, X]), [(1, X)]);
    let three_of_four = Confirm { failures: 3, of: 4, silent: 4 };
    assert_eq!(looks(three_of_four, &[U, R, R]), []);
    assert_eq!(looks(three_of_four, &[U, R, R, U, R]), [(4, R)]);
}

#[test]
fn no_answer_is_no_change_until_it_lasts() {
    for silent in [X, T, D] {
        assert_eq!(looks(Confirm::default(), &[U, silent, silent, silent, U, silent]), [], "{silent}");
        assert_eq!(
            looks(Confirm::default(), &[U, silent, silent, silent, silent]),
            [(4, silent)],
            "{silent}"
        );
    }
    assert_eq!(looks(Confirm::default(), &[U, R, X, T, R]), [(4, R)], "silence takes no answer back");
}

#[test]
fn a_refusal_that_may_not_be_asked_for_again_is_confirmed_by_that() {
    assert_eq!(looks(Confirm::default(), &[U, R, State::NotTried]), [(2, R)]);
    assert_eq!(looks(Confirm::default(), &[U, State::NotTried, State::NotTried]), []);
}

#[test]
fn the_first_look_is_how_it_is_and_tells_only_of_what_should_not_be() {
    assert_eq!(looks(Confirm::default(), &[U]), []);
    let mut cells = Cells::default();
    let broken = Cell { standing: Standing::NotMet, ..cell(U) };
    let look = Look { cells: vec![(key("PLAIN"), broken)], status: "fail" };
    let outcome = cells.take(look, &[URL.to_owned()], 7, Confirm::default());
    assert_eq!(outcome.changed.len(), 1);
    assert_eq!(outcome.changed[0].before, None);
    assert!(cells.any_not_met());
}

#[test]
fn a_rule_that_comes_into_force_changes_a_cell_whose_answer_is_the_same() {
    let mut cells = Cells::default();
    let mut standing = Vec::new();
    for (at, met) in [(0, true), (1, false), (2, false)] {
        let of = if met { Standing::Met } else { Standing::NotMet };
        let look = Look { cells: vec![(key("PLAIN"), Cell { standing: of, ..cell(U) })], status: "fail" };
        let outcome = cells.take(look, &[URL.to_owned()], at, Confirm::default());
        standing.extend(outcome.changed.iter().map(|change| (at, change.after.standing)));
    }
    assert_eq!(standing, [(2, Standing::NotMet)]);
}

#[test]
fn what_was_turning_before_a_restart_goes_on_turning_after_it() {
    let mut cells = Cells::default();
    let look = |state| Look { cells: vec![(key("PLAIN"), cell(state))], status: "pass" };
    let here = [URL.to_owned()];
    cells.take(look(U), &here, 0, Confirm::default());
    let outcome = cells.take(look(R), &here, 1, Confirm::default());
    assert!(outcome.turning && outcome.dirty == [key("PLAIN")]);
    let mut cells = Cells::restored(cells.views().collect::<Vec<_>>());
    assert_eq!(cells.take(look(R), &here, 2, Confirm::default()).changed.len(), 1);
}

#[test]
fn cells_of_an_endpoint_that_left_the_configuration_are_gone() {
    let mut cells = Cells::default();
    let look = Look { cells: vec![(key("PLAIN"), cell(U))], status: "pass" };
    cells.take(look, &[URL.to_owned()], 0, Confirm::default());
    let outcome = cells.take(Look::default(), &["pop3s://a.test:995".to_owned()], 1, Confirm::default());
    assert_eq!(outcome.gone, [key("PLAIN")]);
    assert_eq!(cells.views().count(), 0);
}
