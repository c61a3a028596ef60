//! Two answers in one text, of which the writer says that one is an older one: `Before: ..`, `Now: ..`.

use std::ops::Range;

/// What stands before an answer that is no longer given, in lower case.
const BEFORE: &[&str] = &[
    "before",
    "previously",
    "previous",
    "earlier",
    "old",
    "was",
    "avant",
    "auparavant",
    "vorher",
    "zuvor",
    "früher",
    "bisher",
    "antes",
    "anterior",
    "prima",
    "eerst",
    "voorheen",
    "раньше",
    "до",
    "変更前",
    "以前",
    "修正前",
    "更改前",
    "变更前",
    "之前",
    "變更前",
    "이전",
    "변경 전",
];
/// What stands before the answer that is given now.
const NOW: &[&str] = &[
    "now",
    "currently",
    "current",
    "after",
    "new",
    "today",
    "maintenant",
    "après",
    "jetzt",
    "nachher",
    "danach",
    "nun",
    "ahora",
    "después",
    "actual",
    "agora",
    "depois",
    "ora",
    "adesso",
    "dopo",
    "nu",
    "теперь",
    "сейчас",
    "после",
    "変更後",
    "現在",
    "今",
    "修正後",
    "更改后",
    "变更后",
    "现在",
    "之后",
    "變更後",
    "지금",
    "현재",
    "변경 후",
];
/// Longest label, in octets, and most words of it.
const LABEL: usize = 48;
const WORDS: usize = 4;

/// The lines of an answer that the writer calls an older one, where a newer one follows; from 0.
pub(super) fn outdated(text: &str) -> Option<Range<usize>> {
    let mut before = None;
    for (number, line) in text.lines().enumerate() {
        let Some(label) = label(line) else { continue };
        let is = |words: &[&str]| {
            words.iter().any(|word| {
                label
                    .strip_prefix(word)
                    .is_some_and(|rest| !rest.starts_with(char::is_alphabetic) || !word.is_ascii())
            })
        };
        if is(BEFORE) {
            before = before.or(Some(number));
        } else if is(NOW)
            && let Some(before) = before
        {
            return Some(before..number);
        }
    }
    None
}

/// What a line is headed with: a few words before a colon.
fn label(line: &str) -> Option<String> {
    let (head, _) = line.trim_start_matches([' ', '*', '-', '>', '#', '`', '•', '_']).split_once(':')?;
    let label = head.trim_end_matches(['*', ' ', '_', '`']).to_lowercase();
    (label.len() <= LABEL && label.split_whitespace().count() <= WORDS).then_some(label)
}
