//! From an answer to the reasons behind it.
//!
//! Rules are data: what to match, ranked causes, what it means, what to do, which check tells the candidates
//! apart, and where that is written. A code of a catalogue (an AADSTS number, an EWS `ResponseCode`, an ActiveSync
//! status) is read first, then the sentence, then the codes of the protocol (RFC 5530, RFC 3463, HTTP status).
//! An answer that fits no rule stays [`Cause::Unexplained`], verbatim and never guessed.
//!
//! [`pasted`] reads answers as people paste them; [`clients`] holds what mail programs and devices say by themselves.

mod activesync;
mod advice;
mod autodiscover;
pub mod clients;
mod entra;
mod ews;
mod families;
mod google;
mod graph;
mod http;
mod http_either;
mod httpsigns;
mod imap;
mod markup;
mod notices;
mod oauth;
pub mod pasted;
mod pop3;
mod positive;
mod read_more;
mod rule;
mod signs;
mod smtp;
mod smtp_codes;
mod step;
mod words;

pub use families::{family_of, family_of_host, known_families};
pub use step::{Over, Step};

use crate::model::{Cause, Diagnosis, HttpResponse, Reply};
use rule::Rule;
use signs::Way;
use step::After;

/// One answer and the circumstances it was given in.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Over which protocol.
    pub protocol: Over,
    /// After what.
    pub step: Step,
    /// The words.
    pub reply: &'a Reply,
    /// The decoded SASL error challenge before them.
    pub challenge: Option<&'a str>,
    /// The whole answer, where it came over HTTP.
    pub http: Option<&'a HttpResponse>,
    /// The family of the server, where it is known: one of [`known_families`]. Another name is no hint.
    pub server: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// An answer of a protocol of lines, or the reading of an HTTP answer.
    pub fn new(protocol: impl Into<Over>, step: Step, reply: &'a Reply) -> Self {
        Self { protocol: protocol.into(), step, reply, challenge: None, http: None, server: None }
    }
}

/// Tables of codes that say more than the sentence beside them.
const CATALOGUES: &[&[Rule]] = &[
    graph::RULES,
    entra::RULES,
    google::RULES,
    oauth::RULES,
    notices::EWS,
    ews::RULES,
    activesync::RULES,
    autodiscover::RULES,
];
/// Tables of sentences: of one protocol first, shared ones after them.
const SENTENCES: &[&[Rule]] = &[
    notices::RULES,
    words::order::RULES,
    graph::SENTENCES,
    smtp::RULES,
    pop3::RULES,
    imap::RULES,
    words::access::RULES,
    words::login::RULES,
    words::fault::RULES,
];
/// Codes that say more than "authentication failed" beside them.
const CODES: &[&[Rule]] = &[
    oauth::BROAD,
    notices::CODES,
    imap::BY_CODE,
    pop3::BY_CODE,
    smtp_codes::TELLING,
    http_either::RULES,
    http::RULES,
];
/// Sentences that refuse without a reason.
const REFUSALS: &[&[Rule]] = &[smtp::REFUSALS, pop3::REFUSALS, imap::REFUSALS, words::login::REFUSALS];
/// Codes that say no more than such a sentence.
const LAST: &[&[Rule]] = &[imap::LAST, smtp_codes::RULES, entra::BROAD];
/// What an answer that is no refusal says.
const POSITIVE: &[&[Rule]] = &[positive::RULES];
/// What clients say by themselves: asked for pastes alone.
const PASTED: &[&[Rule]] = &[pasted::own::RULES];

/// The reasons behind an answer.
pub fn diagnose(answer: &Answer<'_>) -> Diagnosis {
    let signs = signs::of(answer);
    let families = families::families(answer.server, &signs.text, &answer.reply.text);
    let after = After::from(answer.step);
    let find = |tables: &[&'static [Rule]], fits: &dyn Fn(&Rule) -> bool| {
        let mut rules = tables.iter().copied().flatten();
        rules.find(|rule| rule.admits(answer.protocol, after, &families) && fits(rule))
    };
    let coded = |tables: &[&'static [Rule]], codes: &[String]| {
        codes.iter().find_map(|code| find(tables, &|rule: &Rule| rule.is_coded(code, &signs.text)))
    };
    let said = |tables: &[&'static [Rule]]| find(tables, &|rule: &Rule| rule.is_said(&signs.text));

    let by_catalogue = coded(CATALOGUES, &signs.telling);
    let found = match signs.way {
        Way::Yes | Way::Aside if signs.telling.is_empty() || by_catalogue.is_some() => {
            let way = if signs.way == Way::Yes { "way:yes" } else { "way:aside" };
            let mut known = signs.broad.clone();
            known.push(way.to_owned());
            by_catalogue.or_else(|| coded(POSITIVE, &known))
        }
        // A code of a catalogue that no rule knows is still no yes.
        Way::Yes | Way::Aside | Way::No | Way::Bye => {
            let mut known = signs.telling.clone();
            known.extend(signs.broad.iter().cloned());
            if signs.way == Way::Bye {
                known.push("way:bye".to_owned());
            }
            by_catalogue
                .or_else(|| said(SENTENCES))
                .or_else(|| coded(CODES, &known))
                .or_else(|| said(REFUSALS))
                .or_else(|| coded(LAST, &known))
        }
    };
    found.map_or_else(unexplained, Rule::diagnosis)
}

/// Every sentence that a diagnosis can hold, for whoever says them in another language.
pub fn sentences() -> impl Iterator<Item = &'static str> {
    let tables = [CATALOGUES, SENTENCES, CODES, REFUSALS, LAST, POSITIVE, PASTED];
    let rules = tables.into_iter().flatten().copied().flatten();
    rules
        .flat_map(|rule| [rule.advice.means, rule.advice.remedy, rule.advice.next])
        .chain(clients::sentences())
        .chain([UNEXPLAINED, LOOK_IT_UP, WHAT_WOULD_HELP])
        .filter(|sentence| !sentence.is_empty())
}

/// Where to read more about what a rule, or an entry of [`clients`], explains: the address of a public page.
///
/// Nothing for an id that none of them has. An address in a stored report may be anybody's: this one is ours.
pub fn read_more(rule: &str) -> Option<String> {
    let tables = [CATALOGUES, SENTENCES, CODES, REFUSALS, LAST, POSITIVE, PASTED];
    let mut rules = tables.into_iter().flatten().copied().flatten();
    let address = match rules.find(|known| known.id == rule) {
        Some(known) => read_more::address(known.source),
        None => clients::all().find(|saying| saying.id == rule)?.diagnosis().source,
    };
    Some(address).filter(|address| !address.is_empty())
}

/// Id of the diagnosis of an answer that no rule knows.
pub const UNEXPLAINED_RULE: &str = "unexplained";
const UNEXPLAINED: &str = "This answer is not in mailprobe's catalogue. It is shown as it was given.";
const LOOK_IT_UP: &str = "Search the server's documentation, and its log at the time of the attempt.";
/// What to add to a pasted text that no rule knows.
pub(crate) const WHAT_WOULD_HELP: &str = "Say which protocol it came over (--protocol), what the client had just done (--stage) and whose server it is (--server). If these are a client's words, paste the server's line instead: it begins with NO or BAD over IMAP, -ERR over POP3, a number such as 535 over SMTP, or a status such as 401 over HTTP.";

fn unexplained() -> Diagnosis {
    Diagnosis {
        causes: vec![Cause::Unexplained],
        rule: UNEXPLAINED_RULE.to_owned(),
        explanation: UNEXPLAINED.to_owned(),
        remedy: LOOK_IT_UP.to_owned(),
        next_check: String::new(),
        source: String::new(),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
