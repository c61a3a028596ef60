//! Which lines can hold one of many phrases at all: one pass over a line in place of a search for each phrase.
//!
//! A megabyte of log has ten thousand lines, and few of them speak of anything that the tables know.

use aho_corasick::AhoCorasick;

use super::super::rule::Rule;

/// Knows whether a text holds one of many phrases.
#[derive(Debug)]
pub(in super::super) struct Sieve(Option<AhoCorasick>);

impl Sieve {
    /// A sieve for phrases as they are written in the tables, in lower case.
    pub(in super::super) fn of<'a>(phrases: impl IntoIterator<Item = &'a str>) -> Self {
        Self(AhoCorasick::new(phrases).ok())
    }

    /// A sieve for what the rules of some tables say: of each alternative the longest piece, which must occur.
    pub(in super::super) fn of_rules(rules: &[Rule]) -> Self {
        let alternatives = rules.iter().filter(|rule| rule.with.is_empty()).flat_map(|rule| rule.says);
        Self::of(alternatives.filter_map(|pieces| {
            pieces.iter().flat_map(|piece| piece.split('*')).max_by_key(|part| part.len())
        }))
    }

    /// Whether one of the phrases may occur in a text in lower case; what it does not admit holds none.
    pub(in super::super) fn admits(&self, lower: &str) -> bool {
        // Phrases that come to no automaton sort nothing out.
        self.0.as_ref().is_none_or(|any| any.is_match(lower))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_phrase_is_admitted_and_most_else_is_not() {
        let sieve = Sieve::of(["unbekannt", "错误", "bye", "full"]);
        for text in ["der benutzer ist unbekannt", "系统错误", "bye", "mailbox is full.", "unbekannt"] {
            assert!(sieve.admits(text), "{text}");
        }
        for text in ["", "by", "connect from host1.example.com[192.0.2.1]", "処理を開始しました"] {
            assert!(!sieve.admits(text), "{text}");
        }
    }
}
