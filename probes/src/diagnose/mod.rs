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
mod class;
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
mod services;
mod signin_names;
mod signin_pages;
mod signs;
mod smtp;
mod smtp_codes;
mod spared;
mod step;
mod unopened;
mod words;

pub use families::{family_of, family_of_host, known_families};
pub use spared::spares_the_password;
pub use step::{Over, Step};
pub use unopened::mailbox_denial;

use crate::model::{Cause, Diagnosis, HttpResponse, Method, Reply};
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
    /// The method that was tried, where it is known.
    pub method: Option<&'a Method>,
}

impl<'a> Answer<'a> {
    /// An answer of a protocol of lines, or the reading of an HTTP answer.
    pub fn new(protocol: impl Into<Over>, step: Step, reply: &'a Reply) -> Self {
        Self {
            protocol: protocol.into(),
            step,
            reply,
            challenge: None,
            http: None,
            server: None,
            method: None,
        }
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
    services::RULES,
    notices::RULES,
    signin_pages::RULES,
    words::mailbox::RULES,
    words::named::RULES,
    words::translated::RULES,
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
const LAST: &[&[Rule]] = &[imap::LAST, smtp_codes::RULES, entra::BROAD, oauth::REPORTED];
/// What an answer that is no refusal says.
const POSITIVE: &[&[Rule]] = &[positive::RULES];

/// The reasons behind an answer.
///
/// The class of the answer comes before its sentence: where its code calls the failure temporary
/// ([`Answer::is_transient`]), a cause that the words only suggest stands behind that.
pub fn diagnose(answer: &Answer<'_>) -> Diagnosis {
    let signs = signs::of(answer);
    let families = families::families(answer.server, &signs.text, answer.reply);
    let after = After::from(answer.step);
    let find = |tables: &[&'static [Rule]], fits: &dyn Fn(&Rule) -> bool| {
        let mut rules = tables.iter().copied().flatten();
        rules.find(|rule| rule.admits(answer.protocol, after, &families) && fits(rule))
    };
    let coded = |tables: &[&'static [Rule]], codes: &[String], admits: &dyn Fn(&Rule) -> bool| {
        codes.iter().find_map(|code| find(tables, &|rule| rule.is_coded(code, &signs.text) && admits(rule)))
    };
    let said = |tables: &[&'static [Rule]], admits: &dyn Fn(&Rule) -> bool| {
        find(tables, &|rule| rule.is_said(&signs.text) && admits(rule))
    };

    let by_catalogue = coded(CATALOGUES, &signs.telling, &|_| true);
    if matches!(signs.way, Way::Yes | Way::Aside) && (signs.telling.is_empty() || by_catalogue.is_some()) {
        let way = if signs.way == Way::Yes { "way:yes" } else { "way:aside" };
        let mut known = signs.broad.clone();
        known.push(way.to_owned());
        let found = by_catalogue.or_else(|| coded(POSITIVE, &known, &|_| true));
        return found.map_or_else(unexplained, Rule::diagnosis);
    }
    // A code of a catalogue that no rule knows is still no yes.
    let mut known = signs.telling.clone();
    known.extend(signs.broad.iter().cloned());
    if signs.way == Way::Bye {
        known.push("way:bye".to_owned());
    }
    let search = |admits: &dyn Fn(&Rule) -> bool| {
        said(SENTENCES, admits)
            .or_else(|| coded(CODES, &known, admits))
            .or_else(|| said(REFUSALS, admits))
            .or_else(|| coded(LAST, &known, admits))
    };
    if answer.is_transient() {
        let named = by_catalogue.or_else(|| search(&|_| true));
        return class::transient(named, by_catalogue.is_some(), answer, || search(&class::leads_in_passing));
    }
    if answer.is_accusing() {
        // Words of the moment do not overrule a code that accuses the credentials.
        let named = by_catalogue.or_else(|| search(&|_| true));
        return class::accusing(named, || search(&|rule| !class::is_of_the_moment(rule)));
    }
    if answer.challenge.is_some() {
        // What follows the error report is the answer to a token, whatever words it uses (RFC 7628 section 3.2.3).
        let found = by_catalogue.or_else(|| search(&class::is_plain));
        return found.map_or_else(unexplained, Rule::diagnosis);
    }
    let named = by_catalogue.or_else(|| {
        let named = search(&|_| true);
        // An error that OAuth names outranks words of the moment beside it: `Internal server error ..: invalid_grant`.
        let by_name = || coded(&[oauth::BROAD], &signs.telling, &|rule| !class::is_of_the_moment(rule));
        named.filter(|rule| !class::is_of_the_moment(rule)).or_else(by_name).or(named)
    });
    named.map_or_else(unexplained, Rule::diagnosis)
}

/// What a yes says against itself, where its words are those of a refusal: why the words say no.
pub fn denial(answer: &Answer<'_>) -> Option<Diagnosis> {
    if diagnose(answer).rule != positive::IN_THE_WORDS_OF_A_NO {
        return None;
    }
    let reply = Reply { status: "NO".to_owned(), ..answer.reply.clone() };
    Some(diagnose(&Answer { reply: &reply, ..*answer }))
}

/// Every sentence that a diagnosis can hold, for whoever says them in another language.
pub fn sentences() -> impl Iterator<Item = &'static str> {
    let tables = [CATALOGUES, SENTENCES, CODES, REFUSALS, LAST, POSITIVE];
    let rules = tables.into_iter().flatten().copied().flatten();
    rules
        .flat_map(|rule| [rule.advice.means, rule.advice.remedy, rule.advice.next])
        .chain(clients::sentences())
        .chain([UNEXPLAINED, LOOK_IT_UP, WHAT_WOULD_HELP, class::REPEAT])
        .filter(|sentence| !sentence.is_empty())
}

/// Where to read more about what a rule, or an entry of [`clients`], explains: the address of a public page.
///
/// Nothing for an id that none of them has. An address in a stored report may be anybody's: this one is ours.
pub fn read_more(rule: &str) -> Option<String> {
    let tables = [CATALOGUES, SENTENCES, CODES, REFUSALS, LAST, POSITIVE];
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

/// The diagnosis of an answer that nobody has on record.
pub fn unexplained() -> Diagnosis {
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
