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

/// What looks at a cell from the very first on came to: the states that were confirmed, with the look that did it and since
/// when it is told to be so.
fn first_looks(method: &str, looks: &[(State, Standing)]) -> Vec<(i64, State, Option<i64>)> {
    let mut cells = Cells::default();
    let mut confirmed = Vec::new();
    for (at, (state, standing)) in (0..).zip(looks) {
        let seen = Cell { standing: *standing, ..cell(*state) };
        let look = Look { cells: vec![(key(method), seen)], status: "unknown" };
        let outcome = cells.take(look, &[URL.to_owned()], at, Confirm::default());
        confirmed.extend(outcome.changed.iter().map(|change| {
            let since = change.before_since.filter(|_| change.before.is_none());
            (at, change.after.state, since)
        }));
    }
    confirmed
}

const NO_RULE: Standing = Standing::NoRule;
const OPEN: Standing = Standing::Undecided;
const NOT_MET: Standing = Standing::NotMet;

#[test]
fn the_first_look_is_how_it_is_where_nothing_is_wrong() {
    assert_eq!(looks(Confirm::default(), &[U]), []);
    assert_eq!(first_looks("PLAIN", &[(R, Standing::Met), (R, Standing::Met)]), []);
    assert_eq!(first_looks("PLAIN", &[(X, NO_RULE); 9]), [], "no rule is about it");
}

#[test]
fn what_is_broken_when_it_is_first_looked_at_is_a_change_from_not_known() {
    assert_eq!(first_looks("PLAIN", &[(U, NOT_MET); 3]), [(1, U, Some(0))], "a second look shows it too");
    for silent in [D, X] {
        assert_eq!(first_looks("-", &[(silent, NO_RULE); 9]), [(3, silent, Some(0))], "{silent}");
        assert_eq!(first_looks("PLAIN", &[(silent, OPEN); 9]), [(3, silent, Some(0))], "{silent}");
    }
    assert_eq!(
        first_looks("PLAIN", &[(State::Offered, OPEN); 9]),
        [(3, State::Offered, Some(0))],
        "no token"
    );
    let by_turns = [(D, NO_RULE), (X, NO_RULE), (D, NO_RULE), (X, NO_RULE)];
    assert_eq!(first_looks("-", &by_turns), [(3, X, Some(0))], "no answer is no answer");
    assert_eq!(first_looks("-", &[(T, NO_RULE); 9]), [], "a server that asks for patience is not broken");
    // Out of reach for long, and then against its rule: that is since it was seen.
    let late = [(State::NotKnown, OPEN), (State::NotKnown, OPEN), (U, NOT_MET), (U, NOT_MET)];
    assert_eq!(first_looks("PLAIN", &late), [(3, U, Some(2))]);
}

#[test]
fn a_password_refused_at_the_first_look_is_confirmed_by_that_it_may_not_be_sent_again() {
    let reached = State::Reached;
    assert_eq!(first_looks("PLAIN", &[(R, NOT_MET), (State::NotTried, OPEN)]), [(1, R, Some(0))]);
    assert_eq!(first_looks("-", &[(reached, NOT_MET), (State::NotTried, OPEN)]), [(1, reached, Some(0))]);
}

#[test]
fn the_first_answer_that_is_as_it_should_be_ends_what_was_broken_before_and_after_it_was_told() {
    let reached = (State::Reached, NO_RULE);
    assert_eq!(first_looks("-", &[(D, NO_RULE), reached, reached]), [], "before anybody was told");
    let told = [(D, NO_RULE), (D, NO_RULE), (D, NO_RULE), (D, NO_RULE), reached];
    assert_eq!(first_looks("-", &told), [(3, D, Some(0)), (4, State::Reached, None)]);
    assert_eq!(first_looks("PLAIN", &[(U, NOT_MET), (R, Standing::Met), (U, NOT_MET)]), [], "a flicker");
}

#[test]
fn a_restart_between_first_looks_forgets_none_of_them_and_tells_nothing_twice() {
    let mut cells = Cells::default();
    let mut told = Vec::new();
    for at in 0..12 {
        let look = Look { cells: vec![(key("-"), cell(D))], status: "unknown" };
        let outcome = cells.take(look, &[URL.to_owned()], at, Confirm::default());
        told.extend(outcome.changed.iter().map(|_| at));
        cells = Cells::restored(cells.views().collect::<Vec<_>>());
    }
    assert_eq!(told, [3]);
}

#[test]
fn an_endpoint_out_of_reach_takes_nothing_from_what_is_known_of_its_methods() {
    let mut cells = Cells::default();
    for (at, state, standing) in
        [(0, R, Standing::Met), (1, State::NotKnown, OPEN), (2, State::NotKnown, OPEN)]
    {
        let seen = Cell { standing, ..cell(state) };
        let look = Look { cells: vec![(key("PLAIN"), seen)], status: "unknown" };
        let outcome = cells.take(look, &[URL.to_owned()], at, Confirm::default());
        assert_eq!((outcome.changed.len(), outcome.turning), (0, false));
    }
    let view = cells.view(&key("PLAIN")).unwrap();
    assert_eq!((view.cell.state, view.seen), (R, 0), "and says when it was seen");
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
