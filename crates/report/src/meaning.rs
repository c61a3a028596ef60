//! What the matrix means, in sentences: attempts that ended alike are told together, with the server's own
//! words, the explanation and the remedy.

use mailprobe_probes::diagnose::read_more;
use mailprobe_probes::model::{Failure, Outcome, Reply, Report, Session, Skip};

use super::columns::Column;
use super::groups::{self, Group, clauses, distinct_methods, places};
use super::layout::{Page, clean, cut, width};
use super::style::Role;
use super::words;
use crate::lang::Lang;

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
    /// The address of a page to read more on: one of our own rules', never one out of a report.
    More(String),
}

/// Writes everything below the matrix that explains it.
pub(super) fn explain(page: &mut Page<'_>, report: &Report, columns: &[Column<'_>]) {
    let lang = page.style.lang;
    let passages = passages(report, columns, lang);
    if passages.is_empty() {
        return;
    }
    page.gap();
    page.hang("", Role::Plain, lang.say("What it means"), Role::Strong);
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
    let label = |label: &str| format!("    {}: ", page.style.lang.say(label));
    match part {
        Part::Plain(text) => page.indented(4, text, Role::Plain),
        Part::Doubt(text) => page.indented(4, text, Role::Doubt),
        Part::Said(text) => page.indented(4, text, Role::Quote),
        Part::ErrorReport(text) => page.hang(&label("Error report"), Role::Plain, text, Role::Quote),
        Part::Do(text) => page.hang(&label("Do"), Role::Strong, text, Role::Plain),
        Part::Next(text) => page.hang(&label("Next check"), Role::Strong, text, Role::Plain),
        Part::More(address) => page.hang(&label("Read more"), Role::Strong, address, Role::Plain),
        Part::Quote(names, text) => {
            let mark =
                if names.is_empty() { "    ".to_owned() } else { format!("    {}: ", names.join(", ")) };
            let mark = if width(&mark) > page.style.width / 2 { "    ".to_owned() } else { mark };
            page.hang(&mark, Role::Plain, text, Role::Quote);
        }
    }
}

/// Everything worth saying: what works, the holes, what could not be visited, then the rest.
pub(super) fn passages(report: &Report, columns: &[Column<'_>], lang: Lang) -> Vec<Passage> {
    let groups = groups::of(columns);
    let told =
        groups.iter().any(is_told) || report.endpoints.iter().any(|endpoint| endpoint.failure.is_some());
    if !told {
        return Vec::new();
    }
    let usable = |group: &&Group<'_>| group.first.outcome.usable() == Some(true);
    let mut passages: Vec<Passage> =
        groups.iter().filter(usable).map(|group| tell(group, columns, lang)).collect();
    passages.extend(holes(columns, lang));
    for column in columns {
        if let Some(failure) = &column.endpoint.failure {
            let (what, remedy) = words::trouble(failure.cause);
            passages.push(Passage {
                mark: "✗",
                role: Role::Bad,
                sentence: lang.fill("{} could not be checked. {}", &[&column.label, lang.say(what)]),
                quiet: false,
                parts: vec![said(failure, lang), Part::Do(lang.say(remedy).to_owned())],
            });
        }
    }
    let mut rest: Vec<&Group<'_>> = groups.iter().filter(|group| !usable(group) && is_told(group)).collect();
    rest.sort_by_key(|group| order(&group.first.outcome));
    passages.extend(rest.into_iter().map(|group| tell(group, columns, lang)));
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

fn tell(group: &Group<'_>, columns: &[Column<'_>], lang: Lang) -> Passage {
    let (mark, _, role) = words::outcome(&group.first.outcome);
    let mut parts = Vec::new();
    let sentence = match &group.first.outcome {
        Outcome::Accepted { session, .. } => match session {
            Session::Opened { .. } | Session::Sent { .. } => {
                if words::contradicts_itself(group.first) {
                    let told =
                        "The server's answer contradicts itself. It counts because the mailbox opened:";
                    parts.push(Part::Doubt(lang.say(told).to_owned()));
                    parts.extend(quotes(group, Outcome::reply, lang));
                }
                clauses(lang, group, columns, ("{} opens the mailbox on {}", "{} open the mailbox on {}"))
            }
            Session::Shut { .. } => {
                parts.extend(quotes(group, shut_reply, lang));
                parts.extend(diagnosis(&group.first.outcome, lang));
                let sentence = clauses(lang, group, columns, ACCEPTED);
                format!("{sentence}{}{}", lang.gap(), lang.say("But the mailbox stays shut."))
            }
            Session::NotChecked { failure, .. } => {
                parts.push(Part::Plain(lang.say(words::trouble_in_session(failure.cause)).to_owned()));
                parts.push(said(failure, lang));
                parts.extend(diagnosis(&group.first.outcome, lang));
                let sentence = clauses(lang, group, columns, ACCEPTED);
                format!("{sentence}{}{}", lang.gap(), lang.say("Whether the mailbox opens is not known."))
            }
        },
        Outcome::Refused { challenge, diagnosis: why, .. } => {
            parts.extend(quotes(group, Outcome::reply, lang));
            parts
                .extend(challenge.as_ref().map(|challenge| Part::ErrorReport(cut(&clean(challenge), QUOTE))));
            if words::is_policy(why.first()) {
                parts.extend(still_offered(group, columns, lang));
            }
            parts.extend(diagnosis(&group.first.outcome, lang));
            clauses(lang, group, columns, ("{} is refused on {}", "{} are refused on {}"))
        }
        Outcome::Inconclusive { failure, .. } => {
            let verbs = ("{} got no reliable answer on {}", "{} got no reliable answer on {}");
            let (what, remedy) = words::trouble(failure.cause);
            parts.extend(quotes(group, Outcome::reply, lang));
            parts.push(said(failure, lang));
            if group.first.outcome.diagnosis().is_some() {
                parts.extend(diagnosis(&group.first.outcome, lang));
            } else {
                parts.push(Part::Do(lang.say(remedy).to_owned()));
            }
            format!("{}{}{}", clauses(lang, group, columns, verbs), lang.gap(), lang.say(what))
        }
        Outcome::NotTried { skip } => {
            let verbs = ("{} was not tried on {}", "{} were not tried on {}");
            format!("{}{}{}", clauses(lang, group, columns, verbs), lang.gap(), lang.say(words::skip(*skip)))
        }
    };
    let quiet = matches!(group.first.outcome, Outcome::NotTried { .. });
    Passage { mark, role, sentence, quiet, parts }
}

/// Verbs of an accepted login.
const ACCEPTED: (&str, &str) = ("{} is accepted on {}", "{} are accepted on {}");

fn still_offered(group: &Group<'_>, columns: &[Column<'_>], lang: Lang) -> Option<Part> {
    let (offered, others): (Vec<_>, Vec<_>) =
        group.members.iter().partition(|(_, attempt)| attempt.advertised);
    if offered.is_empty() {
        return None;
    }
    Some(Part::Doubt(if others.is_empty() {
        let they = if offered.len() == 1 {
            "It is offered all the same, so clients will go on trying."
        } else {
            "They are offered all the same, so clients will go on trying."
        };
        lang.say(they).to_owned()
    } else {
        let these = if distinct_methods(&offered) == 1 {
            "{} is offered all the same, so clients will go on trying."
        } else {
            "{} are offered all the same, so clients will go on trying."
        };
        lang.fill(these, &[&places(lang, &offered, columns)])
    }))
}

/// Passwords that get in although the server says it takes none.
fn holes(columns: &[Column<'_>], lang: Lang) -> Option<Passage> {
    let mut members = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let hidden =
            column.endpoint.attempts.iter().filter(|attempt| words::is_hole(column.endpoint, attempt));
        members.extend(hidden.map(|attempt| (at, attempt)));
    }
    if members.is_empty() {
        return None;
    }
    let members: Vec<_> = members.iter().collect();
    let these = if distinct_methods(&members) == 1 {
        "{} is not offered, yet accepted: a hole."
    } else {
        "{} are not offered, yet accepted: a hole."
    };
    let meaning = "Whoever reads only the advertisement believes that the password is shut out. It is not.";
    let remedy =
        "Switch the method off where the server decides about logins, not only in what it advertises.";
    Some(Passage {
        mark: "!",
        role: Role::Doubt,
        sentence: lang.fill(these, &[&places(lang, &members, columns)]),
        quiet: false,
        parts: vec![Part::Plain(lang.say(meaning).to_owned()), Part::Do(lang.say(remedy).to_owned())],
    })
}

/// Explanation with its causes, and the remedy.
fn diagnosis(outcome: &Outcome, lang: Lang) -> Vec<Part> {
    let Some(diagnosis) = outcome.diagnosis() else { return Vec::new() };
    let causes = diagnosis.causes.iter().map(|cause| cause.name()).collect::<Vec<_>>();
    let causes = match causes.as_slice() {
        [] => String::new(),
        [one] => format!(" [{one}]"),
        [first, rest @ ..] => format!(" [{}]", lang.fill("{}; else {}", &[first, &rest.join(", ")])),
    };
    let mut parts = vec![Part::Plain(format!("{}{causes}", clean(&lang.tell(&diagnosis.explanation))))];
    if !diagnosis.remedy.is_empty() {
        parts.push(Part::Do(clean(&lang.tell(&diagnosis.remedy))));
    }
    // With one cause there is nothing left to tell apart.
    if !diagnosis.next_check.is_empty() && diagnosis.causes.len() > 1 {
        parts.push(Part::Next(clean(&lang.tell(&diagnosis.next_check))));
    }
    parts.extend(read_more(&diagnosis.rule).map(Part::More));
    parts
}

fn said(failure: &Failure, lang: Lang) -> Part {
    let detail = cut(&clean(&lang.tell(&failure.detail)), QUOTE);
    let phase = lang.say(failure.phase.name());
    Part::Said(if detail.is_empty() {
        lang.fill("In {}.", &[phase])
    } else {
        lang.fill("In {}: {}", &[phase, &detail])
    })
}

fn shut_reply(outcome: &Outcome) -> Option<&Reply> {
    match outcome {
        Outcome::Accepted { session: Session::Shut { reply, .. }, .. } => Some(reply),
        _ => None,
    }
}

/// The server's words, each answer once; with the methods in front where answers differ.
fn quotes(group: &Group<'_>, reply: fn(&Outcome) -> Option<&Reply>, lang: Lang) -> Vec<Part> {
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
        .map(|(reply, names)| Part::Quote(if several { names } else { Vec::new() }, quoted(reply, lang)))
        .collect();
    if more > 0 {
        parts.push(Part::Plain(lang.fill("and {} like it", &[&words::count(lang, more, "answer")])));
    }
    parts
}

/// An answer between quotation marks; its lines are joined, an overlong one is cut.
pub(super) fn quoted(reply: &Reply, lang: Lang) -> String {
    let whole = reply.quoted();
    let lines: Vec<String> = whole.split('\n').map(clean).filter(|line| !line.is_empty()).collect();
    let text = lines.join(" / ");
    let shown = cut(&text, QUOTE);
    let rest = if shown == text {
        String::new()
    } else {
        lang.fill(" ({} characters)", &[&text.chars().count().to_string()])
    };
    format!("\u{201c}{shown}\u{201d}{rest}")
}
