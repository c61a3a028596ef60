//! How a target stands, read from its cells: one rule for the dashboard, the API, the metrics and `mailprobe history`.

use super::cell::{CellKey, State, Wrong};
use super::view::{CellView, Micros, TargetView};

/// `fail` where a rule is broken, `unknown` where nobody can say of an endpoint or of what a rule is about, `throttled` where
/// servers ask for patience, `waiting` where nothing was looked at; `pass` otherwise.
pub fn of_cells<'c>(cells: impl IntoIterator<Item = &'c CellView>) -> &'static str {
    let (mut not_met, mut not_checked, mut throttled, mut looked_at) = (false, false, false, false);
    for view in cells {
        let wrong = view.cell.wrong(&view.key.method);
        not_met |= wrong == Some(Wrong::NotMet);
        not_checked |= wrong == Some(Wrong::NotChecked);
        throttled |= view.key.method == CellKey::ENDPOINT && view.cell.state == State::Throttled;
        looked_at |= view.cell.state != State::NotKnown || view.turning.is_some();
    }
    match () {
        () if not_met => "fail",
        () if !looked_at => "waiting",
        () if not_checked => "unknown",
        () if throttled => "throttled",
        () => "pass",
    }
}

/// Whether everything that is watched was seen, and seen as it should be. What a server puts off, and what happens while
/// nobody is to be told, changes nothing of what is known.
pub fn is_good(target: &TargetView) -> bool {
    match target.status.as_str() {
        "pass" => true,
        "throttled" | "maintenance" => of_cells(&target.cells) == "pass",
        _ => false,
    }
}

/// The cell that a person has to hear of first, where something is wrong; of two the one that has been so for longer.
pub fn worst(target: &TargetView) -> Option<(&CellView, Wrong)> {
    let wrong = target.cells.iter().filter_map(|view| Some((view, view.cell.wrong(&view.key.method)?)));
    // An endpoint out of reach tells why its methods are not known.
    let order = |(view, wrong): &(&CellView, Wrong)| -> (Wrong, bool, Micros) {
        (*wrong, view.key.method != CellKey::ENDPOINT, view.since)
    };
    wrong.min_by_key(order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::{Cell, Standing};

    fn view(method: &str, state: State, standing: Standing) -> CellView {
        CellView {
            key: CellKey {
                target: "t".into(),
                module: "m".into(),
                endpoint: "imaps://a.test:993".into(),
                method: method.into(),
            },
            cell: Cell { state, ..Cell::not_known(standing, Vec::new(), String::new()) },
            since: 1,
            seen: 1,
            turning: None,
        }
    }

    fn target(status: &str, cells: Vec<CellView>) -> TargetView {
        TargetView {
            name: "t".into(),
            mailbox: "a@b".into(),
            groups: Vec::new(),
            status: status.into(),
            last_visit: None,
            next_visit: None,
            elapsed_ms: None,
            cells,
        }
    }

    type Seen = (&'static str, State, Standing);

    #[test]
    fn a_target_is_as_its_cells_are_and_nothing_is_green_that_was_not_seen() {
        use Standing::{Met, NoRule, NotMet, Undecided};
        use State::{NotKnown, NotTried, Reached, Refused, Throttled, Unclear, Unreachable, Usable};
        let cases: [(&[Seen], &str); 10] = [
            (&[], "waiting"),
            (&[("-", NotKnown, NoRule), ("PLAIN", NotKnown, Undecided)], "waiting"),
            (&[("-", Reached, NoRule), ("PLAIN", Refused, Met)], "pass"),
            (&[("-", Reached, NoRule), ("PLAIN", Usable, NotMet)], "fail"),
            (&[("-", Unreachable, NoRule), ("PLAIN", Refused, Met)], "unknown"),
            (&[("-", Unclear, NoRule)], "unknown"),
            (&[("-", Reached, NoRule), ("PLAIN", NotKnown, Undecided)], "unknown"),
            (&[("-", Reached, NoRule), ("PLAIN", NotTried, Undecided)], "unknown"),
            (&[("-", Reached, NoRule), ("PLAIN", Unclear, NoRule)], "pass"),
            (&[("-", Throttled, NoRule)], "throttled"),
        ];
        for (cells, wanted) in cases {
            let cells: Vec<CellView> =
                cells.iter().map(|(method, state, standing)| view(method, *state, *standing)).collect();
            assert_eq!(of_cells(&cells), wanted, "{cells:?}");
        }
    }

    #[test]
    fn throttling_and_maintenance_take_nothing_from_what_was_seen_and_add_nothing_to_it() {
        let seen = || vec![view("-", State::Reached, Standing::NoRule)];
        let unseen = || vec![view("-", State::NotKnown, Standing::NoRule)];
        for (status, cells, wanted) in [
            ("pass", seen(), true),
            ("throttled", seen(), true),
            ("maintenance", seen(), true),
            ("throttled", unseen(), false),
            ("maintenance", unseen(), false),
            ("unknown", seen(), false),
            ("waiting", seen(), false),
        ] {
            assert_eq!(is_good(&target(status, cells)), wanted, "{status}");
        }
    }

    #[test]
    fn of_several_things_that_are_wrong_the_gravest_is_named_and_an_endpoint_before_its_methods() {
        let plain = view("PLAIN", State::NotKnown, Standing::Undecided);
        let endpoint = CellView { since: 9, ..view("-", State::Unreachable, Standing::NoRule) };
        let named = |cells: Vec<CellView>| {
            let target = target("unknown", cells);
            worst(&target).map(|(view, wrong)| (view.key.method.clone(), wrong))
        };
        assert_eq!(named(vec![plain.clone(), endpoint.clone()]), Some(("-".into(), Wrong::NotChecked)));
        let broken = view("LOGIN", State::Usable, Standing::NotMet);
        assert_eq!(named(vec![plain, endpoint, broken]), Some(("LOGIN".into(), Wrong::NotMet)));
        assert_eq!(named(vec![view("-", State::Reached, Standing::Met)]), None);
    }
}
