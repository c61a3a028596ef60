//! A text that a console broke at its edge, in the middle of words: `Please usi`, `ng authorized code`.

use super::reply::cut;

/// Longest text that is put together again.
const MOST: usize = 16 * 1024;

/// The text with the words whole again; nothing where no line ends within one.
pub(super) fn joined(text: &str) -> Option<String> {
    let text = cut(text, MOST);
    let mut whole = String::with_capacity(text.len());
    let mut broken = false;
    for line in text.lines() {
        let goes_on = whole.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
            && line.starts_with(|c: char| c.is_ascii_lowercase());
        if goes_on {
            broken = true;
        } else if !whole.is_empty() {
            whole.push('\n');
        }
        whole.push_str(line.trim_end_matches('\r'));
    }
    broken.then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_put_together_and_lines_stay() {
        assert_eq!(joined("a Please usi\nng it\nB").as_deref(), Some("a Please using it\nB"));
        assert_eq!(joined("One.\nTwo\nThree"), None);
    }
}
