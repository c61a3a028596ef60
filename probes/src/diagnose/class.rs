//! The class of an answer: what its code settles before a word of it is read.
//!
//! A reply of SMTP that begins with a 4 is a transient failure (RFC 5321 section 4.2.1), and so are the response codes
//! of [`Reply::has_transient_code`](crate::model::Reply::has_transient_code) and the statuses 429, 503 and 504 of HTTP
//! with their kin. Such an answer decides nothing about a login or a mailbox, whatever it says; its words may still name
//! what is behind it.

use super::advice as a;
use super::rule::Rule;
use super::{Answer, Over, Step, signs};
use crate::model::{Cause, Diagnosis};

/// The rule for a server that checks passwords and was not reached.
pub(super) const SERVER_BEHIND_IS_DOWN: &str = "authentication-server-down";
/// The next check where a lasting cause is named by an answer that is called temporary.
pub(super) const REPEAT: &str = "The code calls this temporary: check again later. If the answer stays the same, its words give the reason.";

impl Answer<'_> {
    /// Whether the code of the answer calls the failure temporary: nothing is decided then, whatever the words say.
    pub fn is_transient(&self) -> bool {
        if let Some(response) = self.http {
            return match response.status {
                // The login module wants to be asked again, and has not judged.
                401 => response.header("retry-after").is_some(),
                // 408 and 425 ask for the same request again; the others are the front end's (RFC 9110 section 15).
                408 | 425 | 429 | 502..=504 => true,
                _ => false,
            };
        }
        if !Over::LINES.intersects(self.protocol) {
            return false;
        }
        let status = self.reply.status.as_str();
        let is_4yz = Over::SMTP.intersects(self.protocol)
            && status.len() == 3
            && status.starts_with('4')
            && status.bytes().all(|digit| digit.is_ascii_digit());
        let refused = ["NO", "BAD", "BYE", "-ERR"].iter().any(|word| word.eq_ignore_ascii_case(status));
        is_4yz || (refused && self.reply.has_transient_code()) || self.challenge.is_some_and(is_of_the_server)
    }
}

impl Answer<'_> {
    /// Whether this answers a login with a code for wrong credentials, so that it is a refusal.
    pub(super) fn is_accusing(&self) -> bool {
        matches!(self.step, Step::Login(_))
            && self.challenge.is_none()
            && Over::LINES.intersects(self.protocol)
            && self.reply.has_code_for_wrong_credentials()
    }
}

/// Whether a rule finds a fault that passes. A limit is none here: servers count wrong passwords, and say so.
pub(super) fn is_of_the_moment(rule: &Rule) -> bool {
    // That the server behind it is down is no guess: nobody looked at the credentials, whatever the code.
    rule.id != SERVER_BEHIND_IS_DOWN
        && matches!(rule.causes.first(), Some(Cause::Temporary | Cause::MailboxInUse))
}

/// The diagnosis of an answer whose code accuses the credentials: `named` is what its words and codes say, and where that
/// is a fault of the moment it stands behind what `lasting` finds.
pub(super) fn accusing(
    named: Option<&'static Rule>,
    lasting: impl FnOnce() -> Option<&'static Rule>,
) -> Diagnosis {
    let Some(moment) = named.filter(|rule| is_of_the_moment(rule)) else {
        return named.map_or_else(super::unexplained, Rule::diagnosis);
    };
    let Some(rule) = lasting() else { return moment.diagnosis() };
    let mut diagnosis = rule.diagnosis();
    let behind = moment.causes.first().filter(|cause| !diagnosis.causes.contains(cause));
    diagnosis.causes.extend(behind.copied());
    diagnosis
}

/// Whether the status in a SASL error report speaks of the server rather than of the token: it is one of HTTP, or a word
/// of RFC 6749 section 4.1.2.1.
fn is_of_the_server(challenge: &str) -> bool {
    let status = signs::challenge_status(challenge).unwrap_or_default();
    let number = status.len() == 3 && (status.starts_with('5') || status == "429");
    number || ["temporarily_unavailable", "server_error"].contains(&status.as_str())
}

/// Whether a rule finds that nothing was decided.
pub(super) fn leads_in_passing(rule: &Rule) -> bool {
    rule.causes.first().is_some_and(|cause| cause.is_passing())
}

/// Whether a rule finds a reason that a server gives in plain words, rather than one that is guessed from an answer which
/// fits several.
pub(super) fn names_a_reason(rule: &Rule) -> bool {
    rule.causes.first().is_some_and(|cause| !cause.is_passing() && !is_guess(*cause))
}

/// Whether an answer asks for a login and for nothing else. To a login itself it cannot mean that; and where it is one of
/// several causes, the words fit a relay that fails as well.
fn asks_for_a_login(rule: &Rule, answer: &Answer<'_>) -> bool {
    let first = rule.causes.first() == Some(&Cause::NotAuthenticated);
    // X.7.1 is about a right to send (RFC 3463 section 3.8): a relay that fails has other codes.
    let alone = rule.causes.len() == 1 || answer.reply.enhanced.as_deref() == Some("4.7.1");
    first && alone && !matches!(answer.step, Step::Login(_))
}

/// Whether a reply that calls the failure passing says nothing of the credentials but that the login failed: `451
/// Authentication failed: Could not authenticate` is as often the server's own fault.
fn is_bare_refusal(rule: &Rule, answer: &Answer<'_>) -> bool {
    let text = answer.reply.text.to_lowercase();
    rule.id == super::words::login::BARE
        && Over::SMTP.intersects(answer.protocol)
        && answer.http.is_none()
        && !["passw", "credential", "user", "account"].iter().any(|word| text.contains(word))
}

/// Whether a rule finds such a reason and none of the moment beside it; or a limit, which Gmail names behind its error
/// report too (<https://github.com/jstedfast/MailKit/issues/377>).
pub(super) fn is_plain(rule: &Rule) -> bool {
    rule.causes.first() == Some(&Cause::Throttled)
        || (names_a_reason(rule) && !rule.causes.contains(&Cause::Temporary))
}

const fn is_guess(cause: Cause) -> bool {
    matches!(
        cause,
        Cause::ClientProtocolError
            | Cause::NotAuthenticated
            | Cause::MessageRejected
            | Cause::SendAsDenied
            | Cause::BadRequest
            | Cause::Redirect
            | Cause::Unexplained
            | Cause::Informational
            | Cause::Accepted
    )
}

/// The diagnosis of an answer that decides nothing: `named` is what its words and codes say, found in a catalogue of
/// codes or not, `passing` looks for a rule that knows them as passing.
pub(super) fn transient(
    named: Option<&'static Rule>,
    in_catalogue: bool,
    answer: &Answer<'_>,
    passing: impl FnOnce() -> Option<&'static Rule>,
) -> Diagnosis {
    match named {
        Some(rule) if leads_in_passing(rule) => rule.diagnosis(),
        // What the client did wrong it does again: the code only says that the session is over.
        Some(rule) if rule.id == "protocol-violation" => rule.diagnosis(),
        // A page that stands in for a service says less than a line of the protocol.
        Some(rule)
            if (names_a_reason(rule)
                || asks_for_a_login(rule, answer)
                || rule.id == "sender-of-another-login")
                && (answer.http.is_none() || in_catalogue)
                && !is_bare_refusal(rule, answer) =>
        {
            let mut diagnosis = rule.diagnosis();
            // A 421 ends the connection: the failures that it counts are those of the connection, too.
            if answer.reply.status == "421"
                && diagnosis.first() == Cause::AccountLocked
                && !diagnosis.causes.contains(&Cause::Throttled)
            {
                diagnosis.causes.insert(0, Cause::Throttled);
            }
            if !diagnosis.causes.contains(&Cause::Temporary) {
                diagnosis.causes.push(Cause::Temporary);
            }
            REPEAT.clone_into(&mut diagnosis.next_check);
            diagnosis
        }
        named => {
            let mut diagnosis = passing().map_or_else(unknown, Rule::diagnosis);
            let suggested = named.and_then(|rule| rule.causes.first()).copied();
            let told = suggested.filter(|cause| {
                !matches!(cause, Cause::Unexplained | Cause::Informational | Cause::Accepted)
            });
            diagnosis.causes.extend(told.filter(|cause| !diagnosis.causes.contains(cause)));
            diagnosis
        }
    }
}

fn unknown() -> Diagnosis {
    Diagnosis {
        causes: vec![Cause::Temporary, Cause::Throttled],
        rule: "transient".to_owned(),
        explanation: a::TEMPORARY.means.to_owned(),
        remedy: a::TEMPORARY.remedy.to_owned(),
        next_check: String::new(),
        source: String::new(),
    }
}
