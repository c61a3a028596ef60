//! What the matrix means, in sentences: attempts that ended alike are told together, with the server's own
//! words, the explanation and the remedy.

use mailprobe_probes::model::{Failure, Outcome, Reply, Report, Session, Skip};

use super::columns::Column;
use super::groups::{self, Group, clauses, distinct_methods, places};
use super::layout::{Page, clean, cut, width};
use super::style::Role;
use super::words;

/// Longest quotation; the JSON report has the rest.
const QUOTE: usize = 400;
/// Most different answers quoted for one group.
const QUOTES: usize = 3;

/// Writes everything below the matrix that explains it.
pub(super) fn explain(page: &mut Page<'_>, report: &Report, columns: &[Column<'_>]) {
    let groups = groups::of(columns);
    let told =
        groups.iter().any(is_told) || report.endpoints.iter().any(|endpoint| endpoint.failure.is_some());
    if !told {
        return;
    }
    page.gap();
    page.hang("", Role::Plain, "What it means", Role::Strong);
    for group in groups.iter().filter(|group| matches!(group.first.outcome.usable(), Some(true))) {
        tell(page, group, columns);
    }
    holes(page, columns);
    for column in columns {
        if let Some(failure) = &column.endpoint.failure {
            page.gap();
            let (what, remedy) = words::trouble(failure.cause);
            let sentence = format!("{} could not be checked. {what}", column.label);
            page.hang("  ✗ ", Role::Bad, &sentence, Role::Strong);
            said(page, failure);
            page.hang("    Do: ", Role::Strong, remedy, Role::Plain);
        }
    }
    let mut rest: Vec<&Group<'_>> =
        groups.iter().filter(|group| group.first.outcome.usable() != Some(true) && is_told(group)).collect();
    rest.sort_by_key(|group| order(&group.first.outcome));
    for group in rest {
        tell(page, group, columns);
    }
}

/// That nothing was asked is no news.
fn is_told(group: &Group<'_>) -> bool {
    !matches!(group.first.outcome, Outcome::NotTried { skip: Skip::NotAsked })
}

const fn order(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Accepted { .. } => 0,
        Outcome::Refused { .. } => 1,
        Outcome::Inconclusive { .. } => 2,
        Outcome::NotTried { .. } => 3,
    }
}

fn tell(page: &mut Page<'_>, group: &Group<'_>, columns: &[Column<'_>]) {
    page.gap();
    let (mark, _, role) = words::outcome(&group.first.outcome);
    let mark = format!("  {mark} ");
    match &group.first.outcome {
        Outcome::Accepted { session, .. } => match session {
            Session::Opened { .. } | Session::Sent { .. } => {
                let sentence = clauses(group, columns, ("opens the mailbox", "open the mailbox"));
                page.hang(&mark, role, &sentence, Role::Strong);
            }
            Session::Shut { .. } => {
                let sentence = clauses(group, columns, ("is accepted", "are accepted"));
                page.hang(&mark, role, &format!("{sentence} But the mailbox stays shut."), Role::Strong);
                quotes(page, group, shut_reply);
                diagnosis(page, &group.first.outcome);
            }
            Session::NotChecked { failure } => {
                let sentence = clauses(group, columns, ("is accepted", "are accepted"));
                let sentence = format!("{sentence} Whether the mailbox opens is not known.");
                page.hang(&mark, role, &sentence, Role::Strong);
                page.indented(4, words::trouble(failure.cause).0, Role::Plain);
                said(page, failure);
            }
        },
        Outcome::Refused { challenge, diagnosis: why, .. } => {
            page.hang(&mark, role, &clauses(group, columns, ("is refused", "are refused")), Role::Strong);
            quotes(page, group, Outcome::reply);
            if let Some(challenge) = challenge {
                page.hang("    Error report: ", Role::Plain, &cut(&clean(challenge), QUOTE), Role::Quote);
            }
            let (offered, others): (Vec<_>, Vec<_>) =
                group.members.iter().partition(|(_, attempt)| attempt.advertised);
            if !offered.is_empty() && words::is_policy(why.first()) {
                let all = if others.is_empty() {
                    if offered.len() == 1 { "It is".to_owned() } else { "They are".to_owned() }
                } else {
                    let verb = if distinct_methods(&offered) == 1 { "is" } else { "are" };
                    format!("{} {verb}", places(&offered, columns))
                };
                let sentence = format!("{all} offered all the same, so clients will go on trying.");
                page.indented(4, &sentence, Role::Doubt);
            }
            diagnosis(page, &group.first.outcome);
        }
        Outcome::Inconclusive { failure, .. } => {
            let verbs = ("got no reliable answer", "got no reliable answer");
            let (what, remedy) = words::trouble(failure.cause);
            let sentence = format!("{} {what}", clauses(group, columns, verbs));
            page.hang(&mark, role, &sentence, Role::Strong);
            quotes(page, group, Outcome::reply);
            said(page, failure);
            if group.first.outcome.diagnosis().is_some() {
                diagnosis(page, &group.first.outcome);
            } else {
                page.hang("    Do: ", Role::Strong, remedy, Role::Plain);
            }
        }
        Outcome::NotTried { skip } => {
            let sentence = clauses(group, columns, ("was not tried", "were not tried"));
            page.hang(&mark, role, &format!("{sentence} {}", words::skip(*skip)), Role::Plain);
        }
    }
}

/// Passwords that get in although the server says it takes none.
fn holes(page: &mut Page<'_>, columns: &[Column<'_>]) {
    let mut members = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let hidden = column
            .endpoint
            .attempts
            .iter()
            .filter(|attempt| words::is_hidden(attempt) && !words::is_token(&attempt.method));
        members.extend(hidden.map(|attempt| (at, attempt)));
    }
    if members.is_empty() {
        return;
    }
    page.gap();
    let verb = if distinct_methods(&members.iter().collect::<Vec<_>>()) == 1 { "is" } else { "are" };
    let places = places(&members.iter().collect::<Vec<_>>(), columns);
    page.hang(
        "  ! ",
        Role::Doubt,
        &format!("{places} {verb} not offered, yet accepted: a hole."),
        Role::Strong,
    );
    let meaning = "Whoever reads only the advertisement believes that the password is shut out. It is not.";
    page.indented(4, meaning, Role::Plain);
    let remedy =
        "Switch the method off where the server decides about logins, not only in what it advertises.";
    page.hang("    Do: ", Role::Strong, remedy, Role::Plain);
}

/// Explanation with its causes, and the remedy.
fn diagnosis(page: &mut Page<'_>, outcome: &Outcome) {
    let Some(diagnosis) = outcome.diagnosis() else { return };
    let causes = diagnosis.causes.iter().map(|cause| cause.name()).collect::<Vec<_>>();
    let causes = match causes.as_slice() {
        [] => String::new(),
        [one] => format!(" [{one}]"),
        [first, rest @ ..] => format!(" [{first}; else {}]", rest.join(", ")),
    };
    page.indented(4, &format!("{}{causes}", clean(&diagnosis.explanation)), Role::Plain);
    if !diagnosis.remedy.is_empty() {
        page.hang("    Do: ", Role::Strong, &clean(&diagnosis.remedy), Role::Plain);
    }
    // With one cause there is nothing left to tell apart.
    if !diagnosis.next_check.is_empty() && diagnosis.causes.len() > 1 {
        page.hang("    Next check: ", Role::Strong, &clean(&diagnosis.next_check), Role::Plain);
    }
}

/// The facts of a failure, which may hold what the peer said.
fn said(page: &mut Page<'_>, failure: &Failure) {
    let detail = cut(&clean(&failure.detail), QUOTE);
    let text = if detail.is_empty() {
        format!("In {}.", failure.phase)
    } else {
        format!("In {}: {detail}", failure.phase)
    };
    page.indented(4, &text, Role::Quote);
}

fn shut_reply(outcome: &Outcome) -> Option<&Reply> {
    match outcome {
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => Some(reply),
        _ => None,
    }
}

/// The server's words, each answer once; with the methods in front where answers differ.
fn quotes(page: &mut Page<'_>, group: &Group<'_>, reply: fn(&Outcome) -> Option<&Reply>) {
    let mut answers: Vec<(&Reply, Vec<String>)> = Vec::new();
    for (_, attempt) in &group.members {
        let Some(reply) = reply(&attempt.outcome) else { continue };
        let name = clean(attempt.method.name());
        match answers.iter_mut().find(|(known, _)| *known == reply) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => answers.push((reply, vec![name])),
        }
    }
    let several = answers.len() > 1;
    for (reply, names) in answers.iter().take(QUOTES) {
        let mark = if several { format!("    {}: ", names.join(", ")) } else { "    ".to_owned() };
        let mark = if width(&mark) > page.style.width / 2 { "    ".to_owned() } else { mark };
        page.hang(&mark, Role::Plain, &quoted(reply), Role::Quote);
    }
    if let Some(more) = answers.len().checked_sub(QUOTES).filter(|more| *more > 0) {
        page.indented(4, &format!("and {} like it", words::count(more, "answer")), Role::Plain);
    }
}

/// An answer between quotation marks; its lines are joined, an overlong one is cut.
pub(super) fn quoted(reply: &Reply) -> String {
    let whole = reply.quoted();
    let lines: Vec<String> = whole.split('\n').map(clean).filter(|line| !line.is_empty()).collect();
    let text = lines.join(" / ");
    let shown = cut(&text, QUOTE);
    let rest = if shown == text { String::new() } else { format!(" ({} characters)", text.chars().count()) };
    format!("\u{201c}{shown}\u{201d}{rest}")
}
