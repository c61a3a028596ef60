//! A yes to the question for the mailbox that says no in its code or its words.

use super::{Answer, Step, denial, diagnose};
use crate::model::{Diagnosis, Kind, Reply};

/// Codes that stand in no yes (RFC 9051 section 7.1, RFC 2449 section 8, RFC 3206).
const CODES: &[&str] = &[
    "AUTH",
    "AUTHENTICATIONFAILED",
    "AUTHORIZATIONFAILED",
    "BADCHARSET",
    "CANNOT",
    "CLIENTBUG",
    "CONTACTADMIN",
    "CORRUPTION",
    "EXPIRED",
    "IN-USE",
    "INUSE",
    "LIMIT",
    "LOGIN-DELAY",
    "NONEXISTENT",
    "NOPERM",
    "PRIVACYREQUIRED",
    "SERVERBUG",
    "SYS/PERM",
    "SYS/TEMP",
    "TRYCREATE",
    "UNAVAILABLE",
];

/// What is said of mailboxes that do not open, beside the words of a refused login.
const WORDS: &[&str] = &[
    "does not exist",
    "doesn't exist",
    "no such",
    "nonexistent",
    "not found",
    "unknown mailbox",
    "unavailable",
    "not available",
    "permission",
    "forbidden",
    "not connected",
];

/// Why an answer that says yes to the question for the mailbox says no at once; nothing where it does not.
pub fn mailbox_denial(answer: &Answer<'_>) -> Option<Diagnosis> {
    let reply = answer.reply;
    let code =
        reply.code.as_deref().and_then(|code| code.split_ascii_whitespace().next()).unwrap_or_default();
    let text = reply.text.to_ascii_lowercase();
    let says_no = CODES.iter().any(|known| known.eq_ignore_ascii_case(code))
        || WORDS.iter().any(|words| text.contains(words))
        || denial(&Answer { step: Step::Login(Kind::Password), ..*answer }).is_some();
    if !says_no {
        return None;
    }
    let no = Reply { status: "NO".to_owned(), ..reply.clone() };
    Some(diagnose(&Answer { reply: &no, ..*answer }))
}
