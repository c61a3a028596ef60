//! What a rule is made of. Rules are data: nothing here knows a server.

use super::read_more;
use super::step::{After, Over};
use crate::model::{Cause, Diagnosis};

/// What is told of a cause: what the answer means, what to do, and which check tells ranked candidates apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Advice {
    /// What the answer means.
    pub(crate) means: &'static str,
    /// What to do.
    pub(crate) remedy: &'static str,
    /// The check that tells the candidates apart; empty where there is one candidate or no such check.
    pub(crate) next: &'static str,
}

/// One rule. All conditions that are given must hold; texts and codes are compared in lower case.
///
/// A rule is found by a code it lists, or by what the text says. With `with`, what the text says counts only
/// beside one of those codes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    /// Stable id, unique.
    pub(crate) id: &'static str,
    /// The protocols it applies to.
    pub(crate) over: Over,
    /// The steps it applies after.
    pub(crate) after: After,
    /// The server families it applies to; empty for every one.
    pub(crate) servers: &'static [&'static str],
    /// One of these stands in the text. Each alternative is a list of pieces that must all occur.
    pub(crate) says: &'static [&'static [&'static str]],
    /// None of these stands in the text.
    pub(crate) unless: &'static [&'static str],
    /// What `says` counts beside: one of these codes.
    pub(crate) with: &'static [&'static str],
    /// Codes that suffice. A `*` stands for any characters, at the end or in between.
    pub(crate) codes: &'static [&'static str],
    /// Most likely first.
    pub(crate) causes: &'static [Cause],
    /// What is told.
    pub(crate) advice: Advice,
    /// Where that is written: the first of several is the one to read.
    pub(crate) source: &'static str,
    /// An answer this rule is for. The tests run it.
    #[cfg_attr(not(test), expect(dead_code, reason = "kept beside the rule for its readers; tests run it"))]
    pub(crate) example: &'static str,
}

/// A rule that applies anywhere and matches nothing: the rest of every rule in the tables.
pub(crate) const RULE: Rule = Rule {
    id: "",
    over: Over::ALL,
    after: After::ANY,
    servers: &[],
    says: &[],
    unless: &[],
    with: &[],
    codes: &[],
    causes: &[],
    advice: Advice { means: "", remedy: "", next: "" },
    source: "",
    example: "",
};

impl Rule {
    /// Whether the circumstances are this rule's.
    pub(super) fn admits(&self, over: Over, after: After, families: &[&str]) -> bool {
        self.over.meets(over)
            && self.after.meets(after)
            && (self.servers.is_empty() || self.servers.iter().any(|server| families.contains(server)))
    }

    /// Whether the text alone, in lower case, is one this rule is for.
    pub(super) fn is_said(&self, text: &str) -> bool {
        self.with.is_empty() && self.occurs(text)
    }

    /// Whether the code is one this rule is for.
    pub(super) fn is_coded(&self, code: &str, text: &str) -> bool {
        let listed = |codes: &[&str]| codes.iter().any(|known| matches(known, code));
        (listed(self.codes) && !self.excluded(text)) || (listed(self.with) && self.occurs(text))
    }

    fn occurs(&self, text: &str) -> bool {
        self.says.iter().any(|pieces| pieces.iter().all(|piece| text.contains(piece))) && !self.excluded(text)
    }

    fn excluded(&self, text: &str) -> bool {
        self.unless.iter().any(|piece| text.contains(piece))
    }

    /// What the rule says.
    pub(super) fn diagnosis(&self) -> Diagnosis {
        Diagnosis {
            causes: self.causes.to_vec(),
            rule: self.id.to_owned(),
            explanation: self.advice.means.to_owned(),
            remedy: self.advice.remedy.to_owned(),
            next_check: self.advice.next.to_owned(),
            source: read_more::address(self.source),
        }
    }
}

fn matches(known: &str, code: &str) -> bool {
    let Some((start, mut rest)) = known.split_once('*') else { return known == code };
    let Some(mut code) = code.strip_prefix(start) else { return false };
    while let Some((piece, more)) = rest.split_once('*') {
        let Some((_, behind)) = code.split_once(piece) else { return false };
        (code, rest) = (behind, more);
    }
    code.ends_with(rest)
}
