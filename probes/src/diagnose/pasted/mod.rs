//! Answers as people paste them: a line with or without its tag, a log line, a dialog, an HTTP answer, a base64
//! error challenge, a JSON or XML body, a bare code. No guess is made about a secret: nothing of the text is
//! repeated in a diagnosis.
//!
//! [`explain`] bounds what it reads; the caller bounds what it hands over.

mod bare;
mod line;
mod speaker;
mod web;

pub use speaker::Speaker;

use super::{Answer, Over, Step, diagnose};
use crate::model::{Cause, Diagnosis, HttpResponse, Kind, Reply};

/// Most lines of a dialog that are read.
const LINES: usize = 2000;

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
    /// The answer that mattered, as text; not harmless yet.
    pub answer: String,
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

/// One answer found in a text.
#[derive(Debug)]
struct Found {
    protocol: Over,
    step: Option<Step>,
    reply: Reply,
    http: Option<HttpResponse>,
    challenge: Option<String>,
}

/// Explains a pasted text; nothing where it holds no character.
///
/// A line of a server's is explained before anything that a client says; where there is none, the client's words are
/// looked up.
pub fn explain(text: &str, hints: &Hints<'_>) -> Option<Explained> {
    let (explained, is_servers) = servers(text, hints)?;
    Some(speaker::choose(text, explained, is_servers))
}

/// What a server says in a text, and whether anything marks it as a server's: a status, a code, a body of HTTP.
fn servers(text: &str, hints: &Hints<'_>) -> Option<(Explained, bool)> {
    // Two spaces are kept at the end of a bare continuation: nothing else is lost by trimming.
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() {
        return None;
    }
    if let Some(found) = web::read(text, hints.protocol).or_else(|| bare::read(text, hints.protocol)) {
        return Some((tell(&found, hints), true));
    }
    let found = line::dialog(text, hints, LINES);
    let told: Vec<Explained> = found.iter().map(|found| tell(found, hints)).collect();
    let place = pick(&found, &told);
    let is_servers = found.get(place).is_some_and(|found| {
        let reply = &found.reply;
        !reply.status.is_empty()
            || reply.code.is_some()
            || reply.enhanced.is_some()
            || found.challenge.is_some()
    });
    Some((told.into_iter().nth(place)?, is_servers))
}

fn tell(found: &Found, hints: &Hints<'_>) -> Explained {
    let protocol = hints.protocol.unwrap_or(found.protocol);
    let answer = Answer {
        step: hints.step.or(found.step).unwrap_or(Step::Unknown),
        challenge: found.challenge.as_deref(),
        http: found.http.as_ref(),
        server: hints.server,
        ..Answer::new(protocol, Step::Unknown, &found.reply)
    };
    let diagnosis = diagnose(&answer);
    let words = found.reply.quoted();
    Explained {
        answer: found.challenge.clone().filter(|_| found.reply.text.is_empty()).unwrap_or(words),
        diagnosis,
        speaker: None,
    }
}

/// The place of the answer of a dialog that matters: the first refusal with a reason; without one the first refusal; without
/// one the last answer.
fn pick(found: &[Found], told: &[Explained]) -> usize {
    let refusal =
        |told: &Explained| !matches!(told.diagnosis.first(), Cause::Accepted | Cause::Informational);
    let weak = |told: &Explained| {
        matches!(
            told.diagnosis.first(),
            Cause::Unexplained
                | Cause::NotAuthenticated
                | Cause::ClientProtocolError
                | Cause::TlsRequired
                | Cause::MechanismUnsupported
        )
    };
    debug_assert_eq!(found.len(), told.len());
    told.iter()
        .position(|told| refusal(told) && !weak(told))
        .or_else(|| {
            told.iter().position(|told| refusal(told) && told.diagnosis.first() != Cause::Unexplained)
        })
        .or_else(|| told.iter().position(refusal))
        .unwrap_or(told.len().saturating_sub(1))
}

/// The kind of credential that a piece of a dialog or of an answer speaks of.
fn kind_in(text: &str) -> Option<Kind> {
    let text = text.to_ascii_lowercase();
    if ["xoauth2", "oauthbearer", "bearer"].iter().any(|word| text.contains(word)) {
        return Some(Kind::Token);
    }
    let words = [
        "auth plain",
        "auth login",
        "auth cram",
        "authenticate plain",
        "authenticate login",
        " login ",
        "pass ",
        "basic ",
    ];
    words.iter().any(|word| text.contains(word)).then_some(Kind::Password)
}
