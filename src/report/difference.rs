//! What changed between two reports, for people and for programs.

use std::fmt::Write as _;

use super::layout::{Page, clean, cut};
use super::style::{Role, Style};
use crate::judge::{CellChange, CellState, Change, Diff};

/// Changes of one kind that are told one by one; the rest is counted.
const TOLD: usize = 200;
/// Columns of an answer that are shown.
const ANSWER: usize = 300;

/// The comparison as JSON, with its line end.
pub fn json(diff: &Diff) -> String {
    let mut text = serde_json::to_string_pretty(diff).unwrap_or_default();
    text.push('\n');
    text
}

/// The comparison as text.
pub fn text(diff: &Diff, style: &Style) -> String {
    let mut page = Page::new(style);
    for kind in Change::ALL {
        let of_kind: Vec<&CellChange> = diff.changes.iter().filter(|change| change.change == *kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let (heading, role) = heading(*kind);
        page.gap();
        page.hang("", Role::Plain, heading, role);
        for change in of_kind.iter().take(TOLD) {
            tell(&mut page, change, role);
        }
        if of_kind.len() > TOLD {
            page.indented(
                2,
                &format!("and {} more; -o json has them all", of_kind.len() - TOLD),
                Role::Faint,
            );
        }
    }
    for (what, names) in [("Only before", &diff.only_before), ("Only after", &diff.only_after)] {
        if !names.is_empty() {
            page.gap();
            page.hang("", Role::Plain, what, Role::Strong);
            for name in names.iter().take(TOLD) {
                page.indented(2, &clean(name), Role::Plain);
            }
        }
    }
    page.gap();
    let counted = |kind: Change| diff.changes.iter().filter(|change| change.change == kind).count();
    let counts: Vec<String> =
        Change::ALL.iter().map(|kind| format!("{} {}", counted(*kind), kind.name())).collect();
    page.line(&format!("{} · {} unchanged", counts.join(" · "), diff.unchanged));
    page.done()
}

const fn heading(change: Change) -> (&'static str, Role) {
    match change {
        Change::Broken => ("Broken: it opened the mailbox, and the server now says no", Role::Bad),
        Change::Fixed => ("Fixed: the server said no, and it now opens the mailbox", Role::Good),
        Change::Drifted => ("Drifted: another reason, another offer, or nobody can say", Role::Doubt),
        Change::Wording => ("Wording: the same in other words", Role::Strong),
    }
}

fn tell(page: &mut Page<'_>, change: &CellChange, role: Role) {
    let place = format!("{} on {}, {}", change.method, clean(&change.endpoint), clean(&change.mailbox));
    page.hang("  ", Role::Plain, &place, role);
    side(page, "before", change.before.as_ref());
    side(page, "after", change.after.as_ref());
}

fn side(page: &mut Page<'_>, name: &str, cell: Option<&CellState>) {
    let text = cell.map_or_else(|| "not there".to_owned(), state);
    page.hang(&format!("    {name:<7}"), Role::Faint, &text, Role::Plain);
}

/// A cell in one sentence: offered or not, what came of it, why, in whose words.
fn state(cell: &CellState) -> String {
    let offered = if cell.advertised { "offered" } else { "not offered" };
    let came_of_it = match (cell.outcome.as_deref(), cell.usable) {
        (_, Some(true)) => "opens the mailbox".to_owned(),
        (_, Some(false)) => "accepted, and the mailbox stays shut".to_owned(),
        (Some(word), None) => clean(word),
        (None, None) => "not tried".to_owned(),
    };
    let mut text = format!("{offered}, {came_of_it}");
    if !cell.causes.is_empty() {
        let _ = write!(text, " [{}]", clean(&cell.causes.join(", ")));
    }
    // What was said to a login that succeeded explains nothing.
    if let Some(answer) = cell.answer.as_deref().filter(|_| cell.usable != Some(true)) {
        let _ = write!(text, " \u{201c}{}\u{201d}", cut(&clean(answer), ANSWER));
    }
    text
}

#[cfg(test)]
mod tests {
    use mailprobe_probes::model::Method;

    use super::*;

    fn cell(outcome: &str, usable: Option<bool>, cause: &str, answer: &str) -> CellState {
        CellState {
            advertised: true,
            outcome: Some(outcome.into()),
            usable,
            causes: vec![cause.into()],
            answer: Some(answer.into()),
            evidence: None,
        }
    }

    #[test]
    fn a_broken_login_is_told_with_both_answers_and_hostile_bytes_do_nothing() {
        let diff = Diff {
            changes: vec![CellChange {
                mailbox: "alice@example.com".into(),
                endpoint: "imaps://imap.example.com:993".into(),
                method: Method::sasl("PLAIN"),
                change: Change::Broken,
                before: Some(CellState { causes: Vec::new(), ..cell("accepted", Some(true), "", "OK in") }),
                after: Some(cell("refused", None, "basic-disabled", "NO \u{1b}[31mLOGIN failed.")),
            }],
            unchanged: 3,
            ..Diff::default()
        };
        let text = text(&diff, &Style::PLAIN);
        let expected = "\
Broken: it opened the mailbox, and the server now says no
  PLAIN on imaps://imap.example.com:993, alice@example.com
    before offered, opens the mailbox
    after  offered, refused [basic-disabled] \u{201c}NO \\x1B[31mLOGIN failed.\u{201d}

1 broken · 0 fixed · 0 drifted · 0 wording · 3 unchanged
";
        assert_eq!(text.trim_start(), expected);
        assert!(json(&diff).ends_with("}\n"));
    }
}
