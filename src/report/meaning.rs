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

/// One statement about the run, with what stands behind it. Every renderer tells the same ones.
pub(super) struct Passage {
    pub(super) mark: &'static str,
    pub(super) role: Role,
    pub(super) sentence: String,
    /// That something was not tried is said quietly.
    pub(super) quiet: bool,
    pub(super) parts: Vec<Part>,
}

/// What stands under a statement. Foreign text is harmless already.
pub(super) enum Part {
    /// Explanation.
    Plain(String),
    /// What may go wrong later.
    Doubt(String),
    /// The server's own words; with the methods that got them where answers differ.
    Quote(Vec<String>, String),
    /// A SASL error challenge, decoded.
    ErrorReport(String),
    /// Facts of a failure, which may hold what the peer said.
    Said(String),
    /// The remedy.
    Do(String),
    /// Which check tells several causes apart.
    Next(String),
}

/// Writes everything below the matrix that explains it.
pub(super) fn explain(page: &mut Page<'_>, report: &Report, columns: &[Column<'_>]) {
    let passages = passages(report, columns);
    if passages.is_empty() {
        return;
    }
    page.gap();
    page.hang("", Role::Plain, "What it means", Role::Strong);
    for passage in passages {
        page.gap();
        let strong = if passage.quiet { Role::Plain } else { Role::Strong };
        page.hang(&format!("  {} ", passage.mark), passage.role, &passage.sentence, strong);
        for part in passage.parts {
            draw(page, &part);
        }
    }
}

fn draw(page: &mut Page<'_>, part: &Part) {
    match part {
        Part::Plain(text) => page.indented(4, text, Role::Plain),
        Part::Doubt(text) => page.indented(4, text, Role::Doubt),
        Part::Said(text) => page.indented(4, text, Role::Quote),
        Part::ErrorReport(text) => page.hang("    Error report: ", Role::Plain, text, Role::Quote),
        Part::Do(text) => page.hang("    Do: ", Role::Strong, text, Role::Plain),
        Part::Next(text) => page.hang("    Next check: ", Role::Strong, text, Role::Plain),
        Part::Quote(names, text) => {
            let mark =
                if names.is_empty() { "    ".to_owned() } else { format!("    {}: ", names.join(", ")) };
            let mark = if width(&mark) > page.style.width / 2 { "    ".to_owned() } else { mark };
            page.hang(&mark, Role::Plain, text, Role::Quote);
        }
    }
}

/// Everything worth saying: what works, the holes, what could not be visited, then the rest.
pub(super) fn passages(report: &Report, columns: &[Column<'_>]) -> Vec<Passage> {
    let groups = groups::of(columns);
    let told =
        groups.iter().any(is_told) || report.endpoints.iter().any(|endpoint| endpoint.failure.is_some());
    if !told {
        return Vec::new();
    }
    let usable = |group: &&Group<'_>| group.first.outcome.usable() == Some(true);
    let mut passages: Vec<Passage> = groups.iter().filter(usable).map(|group| tell(group, columns)).collect();
    passages.extend(holes(columns));
    for column in columns {
        if let Some(failure) = &column.endpoint.failure {
            let (what, remedy) = words::trouble(failure.cause);
            passages.push(Passage {
                mark: "✗",
                role: Role::Bad,
                sentence: format!("{} could not be checked. {what}", column.label),
                quiet: false,
                parts: vec![said(failure), Part::Do(remedy.to_owned())],
            });
        }
    }
    let mut rest: Vec<&Group<'_>> = groups.iter().filter(|group| !usable(group) && is_told(group)).collect();
    rest.sort_by_key(|group| order(&group.first.outcome));
    passages.extend(rest.into_iter().map(|group| tell(group, columns)));
    passages
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

fn tell(group: &Group<'_>, columns: &[Column<'_>]) -> Passage {
    let (mark, _, role) = words::outcome(&group.first.outcome);
    let mut parts = Vec::new();
    let sentence = match &group.first.outcome {
        Outcome::Accepted { session, .. } => match session {
            Session::Opened { .. } | Session::Sent { .. } => {
                clauses(group, columns, ("opens the mailbox", "open the mailbox"))
            }
            Session::Shut { .. } => {
                parts.extend(quotes(group, shut_reply));
                parts.extend(diagnosis(&group.first.outcome));
                let sentence = clauses(group, columns, ("is accepted", "are accepted"));
                format!("{sentence} But the mailbox stays shut.")
            }
            Session::NotChecked { failure } => {
                parts.push(Part::Plain(words::trouble(failure.cause).0.to_owned()));
                parts.push(said(failure));
                let sentence = clauses(group, columns, ("is accepted", "are accepted"));
                format!("{sentence} Whether the mailbox opens is not known.")
            }
        },
        Outcome::Refused { challenge, diagnosis: why, .. } => {
            parts.extend(quotes(group, Outcome::reply));
            parts
                .extend(challenge.as_ref().map(|challenge| Part::ErrorReport(cut(&clean(challenge), QUOTE))));
            if words::is_policy(why.first()) {
                parts.extend(still_offered(group, columns));
            }
            parts.extend(diagnosis(&group.first.outcome));
            clauses(group, columns, ("is refused", "are refused"))
        }
        Outcome::Inconclusive { failure, .. } => {
            let verbs = ("got no reliable answer", "got no reliable answer");
            let (what, remedy) = words::trouble(failure.cause);
            parts.extend(quotes(group, Outcome::reply));
            parts.push(said(failure));
            if group.first.outcome.diagnosis().is_some() {
                parts.extend(diagnosis(&group.first.outcome));
            } else {
                parts.push(Part::Do(remedy.to_owned()));
            }
            format!("{} {what}", clauses(group, columns, verbs))
        }
        Outcome::NotTried { skip } => {
            let sentence = clauses(group, columns, ("was not tried", "were not tried"));
            format!("{sentence} {}", words::skip(*skip))
        }
    };
    let quiet = matches!(group.first.outcome, Outcome::NotTried { .. });
    Passage { mark, role, sentence, quiet, parts }
}

fn still_offered(group: &Group<'_>, columns: &[Column<'_>]) -> Option<Part> {
    let (offered, others): (Vec<_>, Vec<_>) =
        group.members.iter().partition(|(_, attempt)| attempt.advertised);
    if offered.is_empty() {
        return None;
    }
    let all = if others.is_empty() {
        if offered.len() == 1 { "It is".to_owned() } else { "They are".to_owned() }
    } else {
        let verb = if distinct_methods(&offered) == 1 { "is" } else { "are" };
        format!("{} {verb}", places(&offered, columns))
    };
    Some(Part::Doubt(format!("{all} offered all the same, so clients will go on trying.")))
}

/// Passwords that get in although the server says it takes none.
fn holes(columns: &[Column<'_>]) -> Option<Passage> {
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
        return None;
    }
    let members: Vec<_> = members.iter().collect();
    let verb = if distinct_methods(&members) == 1 { "is" } else { "are" };
    let meaning = "Whoever reads only the advertisement believes that the password is shut out. It is not.";
    let remedy =
        "Switch the method off where the server decides about logins, not only in what it advertises.";
    Some(Passage {
        mark: "!",
        role: Role::Doubt,
        sentence: format!("{} {verb} not offered, yet accepted: a hole.", places(&members, columns)),
        quiet: false,
        parts: vec![Part::Plain(meaning.to_owned()), Part::Do(remedy.to_owned())],
    })
}

/// Explanation with its causes, and the remedy.
fn diagnosis(outcome: &Outcome) -> Vec<Part> {
    let Some(diagnosis) = outcome.diagnosis() else { return Vec::new() };
    let causes = diagnosis.causes.iter().map(|cause| cause.name()).collect::<Vec<_>>();
    let causes = match causes.as_slice() {
        [] => String::new(),
        [one] => format!(" [{one}]"),
        [first, rest @ ..] => format!(" [{first}; else {}]", rest.join(", ")),
    };
    let mut parts = vec![Part::Plain(format!("{}{causes}", clean(&diagnosis.explanation)))];
    if !diagnosis.remedy.is_empty() {
        parts.push(Part::Do(clean(&diagnosis.remedy)));
    }
    // With one cause there is nothing left to tell apart.
    if !diagnosis.next_check.is_empty() && diagnosis.causes.len() > 1 {
        parts.push(Part::Next(clean(&diagnosis.next_check)));
    }
    parts
}

fn said(failure: &Failure) -> Part {
    let detail = cut(&clean(&failure.detail), QUOTE);
    Part::Said(if detail.is_empty() {
        format!("In {}.", failure.phase)
    } else {
        format!("In {}: {detail}", failure.phase)
    })
}

fn shut_reply(outcome: &Outcome) -> Option<&Reply> {
    match outcome {
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => Some(reply),
        _ => None,
    }
}

/// The server's words, each answer once; with the methods in front where answers differ.
fn quotes(group: &Group<'_>, reply: fn(&Outcome) -> Option<&Reply>) -> Vec<Part> {
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
    let (several, more) = (answers.len() > 1, answers.len().saturating_sub(QUOTES));
    let mut parts: Vec<Part> = answers
        .into_iter()
        .take(QUOTES)
        .map(|(reply, names)| Part::Quote(if several { names } else { Vec::new() }, quoted(reply)))
        .collect();
    if more > 0 {
        parts.push(Part::Plain(format!("and {} like it", words::count(more, "answer"))));
    }
    parts
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
