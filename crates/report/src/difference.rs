//! What changed between two reports, for people and for programs.

use std::fmt::Write as _;

use super::layout::{Page, clean, cut, pad};
use super::style::{Role, Style};
use crate::lang::Lang;
use mailprobe_judge::{CellChange, CellState, Change, Diff};

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
    let (mut page, lang) = (Page::new(style), style.lang);
    for kind in Change::ALL {
        let of_kind: Vec<&CellChange> = diff.changes.iter().filter(|change| change.change == *kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        let (heading, role) = heading(*kind);
        page.gap();
        page.hang("", Role::Plain, lang.say(heading), role);
        for change in of_kind.iter().take(TOLD) {
            tell(&mut page, change, role);
        }
        if of_kind.len() > TOLD {
            page.indented(
                2,
                &lang.fill("and {} more; -o json has them all", &[&(of_kind.len() - TOLD).to_string()]),
                Role::Faint,
            );
        }
    }
    for (what, names) in [("Only before", &diff.only_before), ("Only after", &diff.only_after)] {
        if !names.is_empty() {
            page.gap();
            page.hang("", Role::Plain, lang.say(what), Role::Strong);
            for name in names.iter().take(TOLD) {
                let name = clean(name);
                let told = name.rsplit_once(" on ");
                let told = told.map(|(mailbox, url)| lang.fill("{} on {}", &[mailbox, url]));
                page.indented(2, &told.unwrap_or(name), Role::Plain);
            }
        }
    }
    page.gap();
    let counted = |kind: Change| diff.changes.iter().filter(|change| change.change == kind).count();
    let counts: Vec<String> = Change::ALL
        .iter()
        .map(|kind| lang.fill(&format!("{{}} {}", kind.name()), &[&counted(*kind).to_string()]))
        .collect();
    let unchanged = lang.fill("{} unchanged", &[&diff.unchanged.to_string()]);
    page.line(&format!("{} · {unchanged}", counts.join(" · ")));
    page.done()
}

const fn heading(change: Change) -> (&'static str, Role) {
    match change {
        Change::Broken => ("Broken: it opened the mailbox, and the server now says no", Role::Bad),
        Change::NotKnown => ("Not known: it opened the mailbox, and nobody saw that again", Role::Doubt),
        Change::Fixed => ("Fixed: the server said no, and it now opens the mailbox", Role::Good),
        Change::Drifted => ("Drifted: another reason, another offer, or nobody can say", Role::Doubt),
        Change::Wording => ("Wording: the same in other words", Role::Strong),
    }
}

fn tell(page: &mut Page<'_>, change: &CellChange, role: Role) {
    let on = page.style.lang.fill("{} on {}", &[change.method.name(), &clean(&change.endpoint)]);
    let place = page.style.lang.comma(&on, &clean(&change.mailbox));
    page.hang("  ", Role::Plain, &place, role);
    side(page, "before", change.before.as_ref());
    side(page, "after", change.after.as_ref());
}

fn side(page: &mut Page<'_>, name: &str, cell: Option<&CellState>) {
    let lang = page.style.lang;
    let text = cell.map_or_else(|| lang.say("not there").to_owned(), |cell| state(cell, lang));
    page.hang(&format!("    {}", pad(lang.say(name), 7)), Role::Faint, &text, Role::Plain);
}

/// A cell in one sentence: offered or not, what came of it, why, in whose words.
fn state(cell: &CellState, lang: Lang) -> String {
    let offered = lang.say(if cell.advertised { "offered" } else { "not offered" });
    let came_of_it = match (cell.outcome.as_deref(), cell.usable) {
        (_, Some(true)) => lang.say("opens the mailbox").to_owned(),
        (_, Some(false)) => lang.say("accepted, and the mailbox stays shut").to_owned(),
        (Some(word), None) => clean(&lang.tell(word)),
        (None, None) => lang.say("not tried").to_owned(),
    };
    let mut text = lang.comma(offered, &came_of_it);
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

1 broken · 0 not known · 0 fixed · 0 drifted · 0 wording · 3 unchanged
";
        assert_eq!(text.trim_start(), expected);
        assert!(json(&diff).ends_with("}\n"));
    }
}
