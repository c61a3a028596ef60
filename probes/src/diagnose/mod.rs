//! From an answer to the reasons behind it.
//!
//! Rules are data: what to match, ranked causes, what it means, what to do, and where that is written.
//! The sentence is matched first, a response code only after it, and an answer that fits no rule stays
//! [`Cause::Unexplained`], verbatim and never guessed.

mod imap;
mod pop3;
mod smtp;

use crate::model::{Cause, Diagnosis, Kind, Protocol, Reply};

/// What the client had just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Presented a credential.
    Login(Kind),
    /// Been accepted, and asked for the mailbox.
    Session,
    /// Nothing yet: the server spoke by itself.
    Greeting,
}

/// One answer and the circumstances it was given in.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Over which protocol.
    pub protocol: Protocol,
    /// After what.
    pub step: Step,
    /// The words.
    pub reply: &'a Reply,
    /// The decoded SASL error challenge before them.
    pub challenge: Option<&'a str>,
}

/// One rule. All conditions that are given must hold; texts are compared in lower case.
#[derive(Debug)]
pub(crate) struct Rule {
    /// Stable id.
    pub(crate) id: &'static str,
    /// After which steps it applies.
    pub(crate) after: After,
    /// One of these stands in the text. Each alternative is a list of pieces that must all occur.
    pub(crate) says: &'static [&'static [&'static str]],
    /// Or the response code is one of these.
    pub(crate) code: &'static [&'static str],
    /// Most likely first.
    pub(crate) causes: &'static [Cause],
    /// What it means.
    pub(crate) explanation: &'static str,
    /// What to do.
    pub(crate) remedy: &'static str,
    /// Where that is written.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "kept beside the rule for its readers; tests demand it")
    )]
    pub(crate) source: &'static str,
}

/// The steps a rule applies after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// Any.
    Anything,
    /// A password.
    Password,
    /// A token.
    Token,
    /// An accepted login.
    Session,
}

impl After {
    fn admits(self, step: Step) -> bool {
        match self {
            Self::Anything => true,
            Self::Password => step == Step::Login(Kind::Password),
            Self::Token => step == Step::Login(Kind::Token),
            Self::Session => step == Step::Session,
        }
    }
}

/// The reasons behind an answer.
pub fn diagnose(answer: &Answer<'_>) -> Diagnosis {
    let lists: &[&'static [Rule]] = match answer.protocol {
        Protocol::Imap => &[imap::RULES],
        Protocol::Pop3 => &[pop3::RULES, imap::RULES, pop3::BY_CODE],
        Protocol::Smtp => &[smtp::RULES],
        _ => &[],
    };
    let text = answer.reply.text.to_lowercase();
    let code = answer.reply.code.as_deref().unwrap_or_default().to_ascii_uppercase();
    let code = code.split(' ').next().unwrap_or_default();
    let admitted = || lists.iter().copied().flatten().filter(|rule| rule.after.admits(answer.step));
    let by_text = || {
        admitted().find(|rule| rule.says.iter().any(|pieces| pieces.iter().all(|piece| text.contains(piece))))
    };
    // From the most telling code to the least: response code, enhanced status code, reply number, and the class of
    // the number: 4yz is a passing fault, whatever the rest says (RFC 5321 section 4.2.1).
    let enhanced = answer.reply.enhanced.as_deref().unwrap_or_default();
    let status = answer.reply.status.as_str();
    let class = if matches!(status.as_bytes(), [b'4', _, _]) { "4yz" } else { status };
    let by_code = || {
        [code, enhanced, status, class]
            .into_iter()
            .find_map(|code| admitted().find(|rule| rule.code.contains(&code)))
    };
    by_text().or_else(by_code).map_or_else(unexplained, |rule| Diagnosis {
        causes: rule.causes.to_vec(),
        rule: rule.id.to_owned(),
        explanation: rule.explanation.to_owned(),
        remedy: rule.remedy.to_owned(),
    })
}

fn unexplained() -> Diagnosis {
    Diagnosis {
        causes: vec![Cause::Unexplained],
        rule: "unexplained".to_owned(),
        explanation: "No record of this answer. It is shown as the server gave it.".to_owned(),
        remedy: "Look the sentence up in the server's documentation or log at the time of the attempt."
            .to_owned(),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
