//! The language of explanations and reports: English, and Japanese from a catalogue that holds both side by side.
//!
//! Everything is thought, stored and compared in English, so a stored report can be shown in either language and JSON
//! never changes. [`Lang::say`] takes a phrase of our own, [`Lang::fill`] one with places to fill in, and [`Lang::tell`]
//! a sentence out of a report, composed ones included. What has no row stays as it is: the reasons in a user's own
//! policy, the words of a server, the names of causes. That none of ours is without a row is tested.

mod ja;
mod template;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use template::Template;

/// A language of reports and explanations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English
    #[default]
    En,
    /// Japanese
    Ja,
}

/// Longest sentence that is looked up; no composed one of ours comes near it.
const LONGEST: usize = 16 * 1024;
/// Octets of words of its own that a sentence must have to be known again: `{} on {}` could be anything.
const TELLING: usize = 9;
/// How deep sentences stand in sentences.
const DEPTH: usize = 6;

/// A name that is no language of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("use en or ja")]
pub struct UnknownLang;

impl std::str::FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(name: &str) -> Result<Self, UnknownLang> {
        Self::ALL.iter().copied().find(|lang| lang.code() == name).ok_or(UnknownLang)
    }
}

impl Lang {
    /// Every language, English first.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// The language of a locale: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set. Where that asks for
    /// another encoding than UTF-8, Japanese could not be read.
    pub fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).unwrap_or_default();
        let (name, encoding) = locale.split_once('.').unwrap_or((&locale, "UTF-8"));
        let encoding = encoding.split('@').next().unwrap_or_default();
        let utf8 = encoding.eq_ignore_ascii_case("utf-8") || encoding.eq_ignore_ascii_case("utf8");
        if utf8 && name.split(['_', '-', '@']).next() == Some("ja") { Self::Ja } else { Self::En }
    }

    /// The name that HTML gives it (BCP 47).
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// A phrase of our own.
    pub fn say(self, english: &str) -> &str {
        match self {
            Self::En => english,
            Self::Ja => catalogue().phrases.get(english).copied().unwrap_or_else(|| missed(english)),
        }
    }

    /// A phrase of our own with each `{}` filled in.
    pub fn fill(self, english: &str, values: &[&str]) -> String {
        match self {
            Self::En => template::fill_in_order(english, values),
            Self::Ja => {
                let japanese = catalogue().phrases.get(english).copied();
                let Some(japanese) = japanese else {
                    return template::fill_in_order(missed(english), values);
                };
                let told = |text: &str| Some(tell(text, DEPTH).unwrap_or_else(|| text.to_owned()));
                template::fill(japanese, values, &told).unwrap_or_default()
            }
        }
    }

    /// A sentence as a report holds it: one of ours in this language, anything else as it is.
    pub fn tell(self, english: &str) -> Cow<'_, str> {
        match self {
            Self::Ja if english.len() <= LONGEST => {
                tell(english, DEPTH).map_or(Cow::Borrowed(english), Cow::Owned)
            }
            _ => Cow::Borrowed(english),
        }
    }

    /// `A`, `A and B`, `A, B and C`.
    pub fn list(self, items: &[String]) -> String {
        match (self, items) {
            (Self::Ja, _) => items.join("、"),
            (Self::En, []) => String::new(),
            (Self::En, [one]) => one.clone(),
            (Self::En, [first @ .., last]) => format!("{} and {last}", first.join(", ")),
        }
    }

    /// Clauses as one sentence, or as several where the language has them so.
    pub fn sentence(self, clauses: &[String]) -> String {
        match self {
            Self::En => format!("{}.", clauses.join("; ")),
            Self::Ja => format!("{}。", clauses.join("。")),
        }
    }

    /// What stands between two sentences.
    pub const fn gap(self) -> &'static str {
        match self {
            Self::En => " ",
            Self::Ja => "",
        }
    }

    /// Two things of one line.
    pub fn comma(self, first: &str, second: &str) -> String {
        format!("{first}{}{second}", if self == Self::Ja { "、" } else { ", " })
    }
}

/// Both languages, ready to be looked up.
struct Catalogue {
    phrases: HashMap<&'static str, &'static str>,
    templates: Vec<(Template, &'static str)>,
}

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let rows = || ja::TABLES.iter().copied().flatten();
        // Those with the most words of their own first: they are the least likely to match by chance.
        let mut templates: Vec<(Template, &str)> =
            rows().filter_map(|(english, japanese)| Some((Template::read(english)?, *japanese))).collect();
        templates.retain(|(template, _)| template.words() >= TELLING);
        templates.sort_by_key(|(template, _)| std::cmp::Reverse(template.words()));
        Catalogue { phrases: rows().copied().collect(), templates }
    })
}

/// The sentence in Japanese, where it is one of ours.
fn tell(english: &str, depth: usize) -> Option<String> {
    let catalogue = catalogue();
    if let Some(japanese) = catalogue.phrases.get(english) {
        return Some((*japanese).to_owned());
    }
    let deeper = depth.checked_sub(1)?;
    let inner = |text: &str| tell(text, deeper);
    // Before the templates, for a place would take in everything up to the end.
    let several = ["; ", " / "].into_iter().find_map(|between| joined(english, between, &inner));
    let composed = || {
        catalogue.templates.iter().find_map(|(template, japanese)| {
            let values = template.values(english)?;
            template::fill(japanese, &values, &inner)
        })
    };
    several.or_else(composed).or_else(|| of_methods(english, &inner))
}

/// Sentences that were joined, each told alone.
fn joined(english: &str, between: &str, inner: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if !english.contains(between) {
        return None;
    }
    let told: Vec<String> = english.split(between).map(inner).collect::<Option<_>>()?;
    Some(told.join(between))
}

/// `PLAIN, LOGIN: ...`, as the reasons of policies begin.
fn of_methods(english: &str, inner: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let (names, sentence) = english.split_once(": ")?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ',' | ' ' | '_');
    names.chars().all(is_name).then(|| Some(format!("{names}: {}", inner(sentence)?)))?
}

/// A phrase without a row stays English, and fails the tests.
fn missed(english: &str) -> &str {
    #[cfg(test)]
    tests::note_missing(english);
    english
}
