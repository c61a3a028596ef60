//! Sentences with places to fill in: `refused as {}` in English, `拒否 ({0})` in another language.
//!
//! The English side is read backwards too: a report holds the sentence, and the places are found in it. On the other
//! side `{0}` is taken over as it is, `{0~}` is a sentence of ours itself, and `{0?}` is one or a user's own words.

/// The English side of a row: the words between the places.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Template {
    first: &'static str,
    others: Vec<&'static str>,
}

impl Template {
    /// A sentence that has places.
    pub(super) fn read(english: &'static str) -> Option<Self> {
        let mut pieces = english.split("{}");
        let first = pieces.next()?;
        let others: Vec<&str> = pieces.collect();
        (!others.is_empty()).then_some(Self { first, others })
    }

    /// Octets of words.
    pub(super) fn words(&self) -> usize {
        self.first.len() + self.others.iter().map(|piece| piece.len()).sum::<usize>()
    }

    /// What stands in the places of a sentence, if it is this one. Each place ends where the next words begin, the
    /// last where the sentence does.
    pub(super) fn values<'t>(&self, sentence: &'t str) -> Option<Vec<&'t str>> {
        let mut rest = sentence.strip_prefix(self.first)?;
        let (last, inner) = self.others.split_last()?;
        let mut values = Vec::new();
        for piece in inner {
            let (value, behind) = rest.split_once(piece)?;
            values.push(value);
            rest = behind;
        }
        values.push(rest.strip_suffix(last)?);
        values.iter().all(|value| !value.is_empty()).then_some(values)
    }
}

/// The English sentence with its places filled in, first to last.
pub(super) fn fill_in_order(english: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut pieces = english.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(values.next().copied().unwrap_or_default());
        text.push_str(piece);
    }
    text
}

/// The other side with its places filled in; `None` where a sentence in it is none of ours.
pub(super) fn fill(template: &str, values: &[&str], tell: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let (place, after) = behind.split_once('}')?;
        text.push_str(before);
        let number: usize = place.trim_end_matches(['~', '?']).parse().ok()?;
        let value = values.get(number).copied().unwrap_or_default();
        match place.chars().last() {
            Some('~') => text.push_str(&tell(value)?),
            Some('?') => text.push_str(&tell(value).unwrap_or_else(|| value.to_owned())),
            _ => text.push_str(value),
        }
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(template: &'static str, sentence: &'t str) -> Option<Vec<&'t str>> {
        Template::read(template).unwrap().values(sentence)
    }

    #[test]
    fn the_places_of_a_sentence_are_found_in_it() {
        assert_eq!(found("refused as {}", "refused as basic-disabled"), Some(vec!["basic-disabled"]));
        assert_eq!(found("{} in {}: {}", "a in b: c: d"), Some(vec!["a", "b", "c: d"]));
        assert_eq!(found("refused as {}", "refused as "), None);
        assert_eq!(found("refused as {}.", "refused as this"), None);
        assert_eq!(Template::read("no place"), None);
    }

    #[test]
    fn values_go_where_the_other_language_wants_them() {
        let none = |_: &str| None;
        assert_eq!(fill("{1} の {0}", &["a", "b"], &none).as_deref(), Some("b の a"));
        assert_eq!(fill("{0~}", &["a"], &none), None);
        assert_eq!(fill("{0?}", &["a"], &none).as_deref(), Some("a"));
        assert_eq!(fill_in_order("{} of {}", &["1", "2"]), "1 of 2");
    }
}
