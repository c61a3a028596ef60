//! A reader of pastes: what people copy into a form is a client's printout in which a server's answer may stand.
//!
//! The text is made readable (`clean`), its lines lose what a log put before them (`marks`), the words of a server
//! are found in them (`reply` at the start of a line, `place` inside a sentence, `web` and `bare` for HTTP and for
//! codes), and the rest tells what was tried (`context`). Every finding is diagnosed by the rules that read the wire; what
//! clients and relays say by themselves is in the catalogue of clients (`speaker`). The best supported finding is told
//! (`rank`), and the line it stands in is quoted without secrets (`secrets`).
//!
//! [`explain`] bounds what it reads; the caller bounds what it hands over.

mod bare;
mod clean;
mod context;
mod dated;
mod dialog;
mod lines;
mod marks;
mod nested;
mod octets;
mod offer;
mod place;
mod quote;
mod rank;
mod reply;
mod secrets;
mod sentence;
mod speaker;
mod status;
mod turns;
mod web;
mod wrapped;

pub use clean::decode;
pub use speaker::Speaker;

use super::{Answer, Over, Step, WHAT_WOULD_HELP, diagnose, families};
use crate::model::{Cause, Diagnosis, HttpResponse, Kind, Reply};
use context::Context;
use speaker::Told;

/// What is known of an answer beside its text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// Over which protocol it came.
    pub protocol: Option<Over>,
    /// What the client had just done.
    pub step: Option<Step>,
    /// The family of the server.
    pub server: Option<&'a str>,
}

/// A pasted answer, explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The answer that mattered, as text, without passwords and tokens; not harmless yet.
    pub answer: String,
    /// The line of the paste it stands in, from 1; 0 where it is no single line.
    pub line: usize,
    /// What it means.
    pub diagnosis: Diagnosis,
    /// Whose words they are, where a client said them and no server.
    pub speaker: Option<Speaker>,
}

impl Explained {
    /// Whether nothing explains the text: neither a rule nor the catalogue of clients knows it, or only that it holds a
    /// code that is not on record.
    pub fn is_unexplained(&self) -> bool {
        self.speaker.is_none() && self.diagnosis.causes == [Cause::Unexplained]
    }
}

/// How good a sign a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// A sentence without a code: a client's headline, or words of a server without their frame.
    Sentence,
    /// Words that the client says came from the server.
    Quoted,
    /// A number alone, or an HTTP status in words.
    Code,
    /// A reply of a protocol, with its words.
    Reply,
}

/// One answer found in a text.
#[derive(Debug)]
struct Found {
    protocol: Over,
    step: Option<Step>,
    reply: Reply,
    http: Option<HttpResponse>,
    challenge: Option<String>,
    weight: Weight,
    /// The line, from 0.
    line: usize,
    /// What is quoted, where that is more than the reply.
    quote: Option<String>,
}

impl Found {
    fn new(protocol: Over, reply: Reply, weight: Weight, line: usize) -> Self {
        Self { protocol, step: None, reply, http: None, challenge: None, weight, line, quote: None }
    }
}

/// Explains a pasted text; nothing where it holds no character.
pub fn explain(text: &str, hints: &Hints<'_>) -> Option<Explained> {
    let clean::Clean { text, skipped } = clean::clean(text);
    let explained = read(&text, skipped, hints)?;
    // What means nothing line by line may have been broken by a console.
    let whole = explained.is_unexplained().then(|| wrapped::joined(&text)).flatten();
    let again = whole.and_then(|text| read(&text, None, hints));
    Some(again.filter(|again| !again.is_unexplained()).unwrap_or(explained))
}

/// Explains a text that was made readable, `skipped` lines behind the start of the paste.
fn read(text: &str, skipped: Option<usize>, hints: &Hints<'_>) -> Option<Explained> {
    if text.is_empty() {
        return None;
    }
    let context = Context::of(text);
    let (mut found, read) = match web::read(text, hints.protocol) {
        Some((found, read)) => (vec![found], read),
        None => (Vec::new(), 0..0),
    };
    found.extend(dialog::read(text, hints, context.graph, &read));
    if !found.iter().any(|found| found.weight >= Weight::Code) && text.lines().take(4).count() < 4 {
        found.push(dialog::whole(text, hints));
    }
    if found.is_empty() {
        let silent = dialog::whole(text, hints);
        found.push(silent);
    }
    // An answer that is no longer given explains nothing, where the newer one stands beside it.
    if let Some(old) = dated::outdated(text)
        && found.iter().any(|found| found.line >= old.end)
    {
        found.retain(|found| !old.contains(&found.line));
    }
    if !found.iter().any(|found| found.weight == Weight::Reply && rank::refuses(found)) {
        found.extend(offer::without_a_login(text));
    }
    let told: Vec<Told> = found.iter().map(|found| tell(found, hints, &context)).collect();
    let place = rank::best(&found, &told);
    let (found, told) = (found.into_iter().nth(place)?, told.into_iter().nth(place)?);
    let whole = found.weight == Weight::Sentence && found.line == 0;
    let single = skipped == Some(0) && text.lines().nth(1).is_none();
    let line = skipped.filter(|_| !single && !whole).map_or(0, |skipped| skipped + found.line + 1);
    // A sentence without any mark may be a part of what the client says in several lines.
    let told = told.or_of_a_client(text, found.weight > Weight::Sentence);
    let answer = told.line.clone().unwrap_or_else(|| quoted(&found));
    let mut explained =
        Explained { answer, line, diagnosis: told.diagnosis, speaker: told.client.map(Speaker::of) };
    if explained.is_unexplained() && explained.diagnosis.next_check.is_empty() {
        WHAT_WOULD_HELP.clone_into(&mut explained.diagnosis.next_check);
    }
    Some(explained)
}

/// What the rules say of one finding in its circumstances.
fn tell(found: &Found, hints: &Hints<'_>, context: &Context) -> Told {
    let mut protocol = hints.protocol.unwrap_or(found.protocol);
    if protocol == Over::HTTP {
        protocol = context
            .protocol
            .filter(|over| over.intersects(Over::HTTP.union(Over::OAUTH)))
            .unwrap_or(Over::EWS);
    }
    if protocol == Over::STORE && context.protocol == Some(Over::POP3) {
        protocol = Over::POP3;
    }
    let step = hints.step.or(found.step).or_else(|| guessed(found, context)).unwrap_or(Step::Unknown);
    // What the words tell of their server counts more than the hosts around them.
    let lower =
        format!("{}\n{}", found.reply.text, found.quote.as_deref().unwrap_or_default()).to_lowercase();
    let personal = context.server.filter(|family| *family == "outlook-personal");
    let told = families::told(&lower, &found.reply.text);
    let server = hints.server.or(personal).or(told).or(context.server);
    let answer = Answer {
        step,
        challenge: found.challenge.as_deref(),
        http: found.http.as_ref(),
        server,
        ..Answer::new(protocol, Step::Unknown, &found.reply)
    };
    let nothing_known = hints.protocol.is_none() && hints.step.is_none();
    let lost = context.protocol.is_none() && context.server.is_none() && nothing_known;
    let sentence = found.weight == Weight::Sentence && nothing_known;
    if sentence
        && (!found.reply.text.lines().any(sentence::complains) || lost && !sentence::is_of_mail(&lower))
    {
        return Told::by_a_server(super::unexplained());
    }
    // Of a page that is not there nobody knows whose it was.
    if lost
        && found.weight == Weight::Code
        && found.http.as_ref().is_some_and(|response| matches!(response.status, 300..=400 | 404..=428))
    {
        return Told::by_a_server(super::unexplained());
    }
    // A sentence of no protocol is read in the one that the rest of the text speaks of, as far as that knows it.
    let spoken = context.protocol.filter(|over| protocol == Over::ALL && Over::LINES.intersects(*over));
    let spoken = spoken.map(|over| diagnose(&Answer { protocol: over, ..answer }));
    let told =
        spoken.filter(|told| told.rule != super::UNEXPLAINED_RULE).unwrap_or_else(|| diagnose(&answer));
    // One word of a sentence that nobody is known to have said is no reason.
    if found.weight == Weight::Sentence && told.rule == "temporary" && !sentence::is_passing(&lower) {
        return Told::by_a_server(super::unexplained());
    }
    let told = Told::by_a_server(told);
    // What a client quotes without a code is as often its own word, or a relay's.
    let quoted = found.weight == Weight::Quoted && hints.step.is_none();
    if quoted { told.or_of_a_client(&found.reply.text, false) } else { told }
}

/// The step, from the kind of credential that the paste speaks of, where the answer is one to a login.
fn guessed(found: &Found, context: &Context) -> Option<Step> {
    let reply = &found.reply;
    let status = matches!(reply.status.as_str(), "535" | "534" | "454" | "NO" | "-ERR" | "401");
    let code = matches!(reply.enhanced.as_deref(), Some("5.7.3" | "5.7.8" | "5.7.139" | "5.7.9"));
    let login = status || code || found.weight <= Weight::Quoted;
    // Who speaks of OAuth and gets this answer has presented a token.
    let oauth = (context.oauth && reply.text.starts_with("AUTHENTICATE failed")).then_some(Kind::Token);
    context.kind.or(oauth).filter(|_| login).map(Step::Login)
}

/// The words that are shown: those that were read, short, and without a secret.
fn quoted(found: &Found) -> String {
    let words = found.quote.clone().unwrap_or_else(|| {
        found
            .challenge
            .clone()
            .filter(|_| found.reply.text.is_empty())
            .unwrap_or_else(|| found.reply.quoted())
    });
    secrets::hidden(words.trim())
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
