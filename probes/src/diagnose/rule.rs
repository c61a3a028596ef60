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
    /// One of these stands in the text. Each alternative is a list of pieces that must all occur. A `*` inside a piece
    /// stands for a few words of the same sentence.
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
        self.over.intersects(over)
            && self.after.intersects(after)
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
        self.says.iter().any(|pieces| pieces.iter().all(|piece| holds(text, piece))) && !self.excluded(text)
    }

    fn excluded(&self, text: &str) -> bool {
        self.unless.iter().any(|piece| holds(text, piece))
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

/// How far the two halves of a piece may be apart, in octets.
const APART: usize = 40;

/// Pieces that are names of protocols, so short that they stand in other words too, and in addresses of pages.
const WHOLE: &[&str] = &["pop", "imap", "ews", "ip"];

fn stands_alone(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let behind = text.get(at + word.len()..).unwrap_or_default();
        let begun = before.rsplit(char::is_whitespace).next().unwrap_or_default();
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        !begun.contains("://") && !letter(before.chars().next_back()) && !letter(behind.chars().next())
    })
}

/// Whether a piece stands in a text: as it is, or `head*tail` with a few words of one sentence in between.
fn holds(text: &str, piece: &str) -> bool {
    if WHOLE.contains(&piece) {
        return stands_alone(text, piece);
    }
    let Some((head, tail)) = piece.split_once('*') else { return text.contains(piece) };
    text.match_indices(head).any(|(at, _)| {
        let mut behind = text.get(at + head.len()..).unwrap_or_default();
        tail.split('*').all(|part| {
            let apart = behind.find(part).filter(|apart| *apart <= APART);
            let words = apart.and_then(|apart| behind.get(..apart));
            behind = behind.get(apart.unwrap_or_default() + part.len()..).unwrap_or_default();
            words.is_some_and(is_of_one_sentence)
        })
    })
}

/// Whether no sentence and no clause ends in these words. A point within a name of a host ends none.
fn is_of_one_sentence(words: &str) -> bool {
    let mut ends = words.match_indices(['.', ';', ':', ',']).map(|(at, mark)| words.get(at + mark.len()..));
    !words.contains('\n')
        && !ends.any(|behind| {
            behind.is_none_or(|behind| behind.is_empty() || behind.starts_with(char::is_whitespace))
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_halves_of_a_piece_stand_in_one_sentence_a_few_words_apart() {
        assert!(holds("too many bad auth attempts", "too many*auth"));
        assert!(holds("too many authentication failures", "too many*auth"));
        assert!(!holds("too many read 0. plain authentication failed", "too many*auth"));
        assert!(!holds("too many read 0\nplain authentication failed", "too many*auth"));
        assert!(!holds("authentication failed, too many read 0", "too many*auth"));
        assert!(!holds(&format!("too many {} auth", "x".repeat(60)), "too many*auth"));
        assert!(holds("too many. again too many logins", "too many*login"));
    }
}
