//! From TOML to a scenario: strict; everything that is wrong with a file is told at once, a message each with line and column.

use std::ops::Range;
use std::path::Path;

use mailprobe_judge::{Mistakes, Written};
use mailprobe_probes::model::{Protocol, harmless};
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table};

use super::Scenario;
use super::merge::over;
use super::shipped::{Shipped, WORDS};

/// Largest file taken.
const LARGEST: u64 = 1024 * 1024;
/// Longest chain of `extends`.
const DEEPEST: usize = 8;

/// Something is wrong with a scenario; a line for each mistake, with file, place and remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ScenarioError(pub(crate) String);

/// A scenario by the name of a shipped one, or by the path of a file.
///
/// # Errors
/// No such name or file; an unknown key, a wrong value or a missing mailbox.
pub fn load(name_or_path: &str) -> Result<Scenario, ScenarioError> {
    let (place, text) = read(name_or_path, None)?;
    let table = resolve(&place, &text, 0)?;
    finished(over(table, parse(WORDS.name, WORDS.text)?), &place)
}

/// The switches of a shipped scenario, without the words it falls back on: enough to judge by.
///
/// # Errors
/// None: tests load them all.
pub(crate) fn switches(shipped: &Shipped) -> Result<Scenario, ScenarioError> {
    finished(resolve(shipped.name, shipped.text, 0)?, shipped.name)
}

fn finished(table: Table, place: &str) -> Result<Scenario, ScenarioError> {
    let mut scenario: Scenario =
        table.try_into().map_err(|error| ScenarioError(format!("{place}: {error}")))?;
    scenario.name = Path::new(place)
        .file_stem()
        .map_or_else(|| place.to_owned(), |stem| harmless(stem.as_encoded_bytes()));
    if scenario.mailbox.is_empty() {
        return Err(ScenarioError(format!(
            "{place}:1:1: no mailbox: add [[mailbox]] with address and password, or extends = \"NAME\" with one of {}",
            Shipped::names()
        )));
    }
    Ok(scenario)
}

/// Text and name of a scenario. A name without `/`, `\` and `.toml` is one of the shipped.
fn read(name: &str, from: Option<&str>) -> Result<(String, String), ScenarioError> {
    if let Some(shipped) = Shipped::named(name) {
        return Ok((shipped.name.to_owned(), shipped.text.to_owned()));
    }
    let is_path = name.contains(['/', '\\']) || Path::new(name).extension().is_some_and(|end| end == "toml");
    let shown = harmless(name.as_bytes());
    if !is_path {
        let place = from.map_or_else(String::new, |from| format!("{from}: "));
        return Err(ScenarioError(format!(
            "{place}no scenario `{shown}`: use one of {}, or the path of a file (./{shown}.toml)",
            Shipped::names()
        )));
    }
    let unreadable = |why: &str| ScenarioError(format!("the scenario {shown} cannot be read: {why}"));
    let facts = std::fs::metadata(name).map_err(|error| unreadable(&error.to_string()))?;
    if facts.len() > LARGEST {
        return Err(unreadable("it is larger than 1 MiB"));
    }
    let text = std::fs::read_to_string(name).map_err(|error| unreadable(&error.to_string()))?;
    Ok((shown, text))
}

fn resolve(place: &str, text: &str, depth: usize) -> Result<Table, ScenarioError> {
    let table = parse(place, text)?;
    let Some(parent) = table.get("extends").and_then(|value| value.as_str()) else { return Ok(table) };
    let written = Written { file: place, text };
    let at = written.error(&place_of(text, "extends"), "");
    let at = format!("{}:{}:{}", at.file, at.line, at.column);
    if depth >= DEEPEST {
        return Err(ScenarioError(format!(
            "{at}: `extends` leads through more than {DEEPEST} files, or in a circle"
        )));
    }
    let (parent_place, parent_text) = read(parent, Some(&at))?;
    Ok(over(table.clone(), resolve(&parent_place, &parent_text, depth + 1)?))
}

/// One file by itself: every key known, every value of its kind, every answer sayable.
fn parse(place: &str, text: &str) -> Result<Table, ScenarioError> {
    let written = Written { file: place, text };
    let mut mistakes = Mistakes::default();
    let scenario: Option<Scenario> = written.read_all(&mut mistakes);
    // An answer of which a key could not be read is not looked at, and its place would be that of another.
    for (number, answer) in scenario.iter().flat_map(|scenario| &scenario.words).enumerate() {
        if let Some(why) = unsayable(answer).filter(|_| mistakes.is_all_there()) {
            mistakes.note(written.error(&place_of_answer(text, number), format!("the answer {why}")));
        }
    }
    mistakes.settle(Some(())).map_err(|mistakes| ScenarioError(mistakes.to_string()))?;
    text.parse::<Table>()
        .map_err(|error| ScenarioError(format!("{place}: {}", harmless(error.message().as_bytes()))))
}

/// The value of a key at the top of a file.
fn value<'t, 'v>(table: &'t DeTable<'v>, key: &str) -> Option<&'t Spanned<DeValue<'v>>> {
    table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
}

/// Where the value of a key stands.
fn place_of(text: &str, key: &str) -> Range<usize> {
    let table = DeTable::parse(text).ok();
    table.and_then(|table| value(table.get_ref(), key).map(Spanned::span)).unwrap_or_default()
}

/// Where the text of an answer stands.
fn place_of_answer(text: &str, number: usize) -> Range<usize> {
    let Ok(table) = DeTable::parse(text) else { return 0..0 };
    let answers = value(table.get_ref(), "words").and_then(|words| words.get_ref().as_array());
    let Some(answer) = answers.and_then(|answers| answers.get(number)) else { return 0..0 };
    let text = answer.get_ref().as_table().and_then(|table| value(table, "text"));
    text.unwrap_or(answer).span()
}

/// Why an answer cannot be said in its protocol.
fn unsayable(answer: &super::Answer) -> Option<&'static str> {
    let control = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
    let fields = || answer.headers.iter().flat_map(|(name, value)| [name, value]);
    if control(&answer.text) || fields().any(|field| field.chars().any(char::is_control)) {
        return Some("holds a control character");
    }
    let http = !matches!(answer.protocol, Protocol::Imap | Protocol::Pop3 | Protocol::Smtp);
    let codes = |range: std::ops::RangeInclusive<u16>| answer.status.is_none_or(|code| range.contains(&code));
    if http && !(answer.status.is_some() && codes(200..=599)) {
        return Some("needs a `status` from 200 to 599");
    }
    if answer.protocol == Protocol::Smtp && answer.text.lines().any(|line| super::reply_code(line).is_none())
    {
        return Some("begins with no SMTP reply code (535 5.7.3 ...)");
    }
    if answer.source.trim().is_empty() {
        return Some("names no `source`");
    }
    None
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
