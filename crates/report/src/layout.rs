//! Fitting text into columns: display width, wrapping with a hanging indent, cutting and padding.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::style::{Role, Style};

/// Joins what must not be torn apart at a line end (`imaps` and `:993`); shown as a space.
pub(super) const GLUE: char = '\u{a0}';

/// Foreign text that no terminal acts upon.
pub(super) fn clean(text: &str) -> String {
    mailprobe_probes::model::harmless(text.as_bytes())
}

/// Columns the text takes. Characters of ambiguous width (`●`, `–`) count as narrow, as UAX #11 advises and terminals
/// draw them by default, also in a Japanese locale. Where one draws them wide, the rows of the matrix still stand under
/// each other, for each cell has one of them.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text with spaces behind it.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text with spaces in front.
pub(super) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text in at most so many columns, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let (head, _) = split_at_column(text, columns.saturating_sub(1));
    format!("{head}\u{2026}")
}

fn split_at_column(text: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > columns {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// No line begins with one of these, and none ends with one of the next (JIS X 4051, kinsoku).
const NOT_FIRST: &str =
    "。、，．・：；？！）］｝」』】〕〉》…‥ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]}.,:;!?%”’";
const NOT_LAST: &str = "（［｛「『【〔〈《([{“‘";

/// Text broken into lines of at most so many columns: at spaces, and between characters of scripts that write
/// without them. A word longer than a line is broken too, except where it is an address somebody may want to copy.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    broken(text, columns, columns)
}

/// The same as one text of lines, the first `indent` columns farther left than the others.
pub fn wrap_hanging(text: &str, columns: usize, indent: usize) -> String {
    let mut page = String::new();
    for (at, line) in broken(text, columns, columns.saturating_sub(indent)).iter().enumerate() {
        page.push_str(&" ".repeat(if at == 0 { 0 } else { indent }));
        page.push_str(line);
        page.push('\n');
    }
    page
}

/// Lines of text: the first may be of another width than the others.
fn broken(text: &str, first: usize, others: usize) -> Vec<String> {
    let (first, others) = (first.max(8), others.max(8));
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for (word, follows) in words(text, others) {
        let columns = if lines.is_empty() { first } else { others };
        let space = usize::from(follows && !line.is_empty());
        let room = columns.saturating_sub(width(&line) + space);
        if width(word) > room && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut rest = word;
        let keep = word.contains("://") && width(word) <= 300;
        while width(rest) > others && !keep {
            let (head, tail) = split_at_column(rest, others);
            // A character wider than the line would otherwise never be used up.
            if head.is_empty() {
                break;
            }
            lines.push(head.to_owned());
            rest = tail;
        }
        if follows && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(rest);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines.into_iter().map(|line| line.replace(GLUE, " ")).collect()
}

/// What may not be broken, each with whether a space stands before it.
fn words(text: &str, columns: usize) -> impl Iterator<Item = (&str, bool)> {
    text.split(' ').flat_map(move |word| {
        let pieces: Vec<&str> = if width(word) > columns { word.split(GLUE).collect() } else { vec![word] };
        pieces
            .into_iter()
            .filter(|piece| !piece.is_empty())
            .flat_map(|piece| unspaced(piece).into_iter().enumerate().map(|(at, part)| (part, at == 0)))
    })
}

/// A word at the places where Chinese and Japanese may be broken: before and behind each of their characters.
fn unspaced(word: &str) -> Vec<&str> {
    let is_wide = |c: char| c.width() == Some(2);
    let mut parts = Vec::new();
    let (mut start, mut last) = (0, None);
    for (at, c) in word.char_indices() {
        let may_break = last.is_some_and(|last| {
            (is_wide(last) || is_wide(c)) && !NOT_FIRST.contains(c) && !NOT_LAST.contains(last)
        });
        if may_break && let Some(part) = word.get(start..at) {
            parts.push(part);
            start = at;
        }
        last = Some(c);
    }
    parts.extend(word.get(start..));
    parts
}

/// Text that grows line by line.
pub(super) struct Page<'s> {
    pub(super) style: &'s Style,
    text: String,
}

impl<'s> Page<'s> {
    pub(super) fn new(style: &'s Style) -> Self {
        Self { style, text: String::new() }
    }

    /// A line as it is.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// An empty line, never two and never as the first.
    pub(super) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Wrapped text behind a mark; the lines after the first stand under the text.
    pub(super) fn hang(&mut self, mark: &str, mark_role: Role, text: &str, role: Role) {
        let indent = width(mark);
        let mut mark = self.style.paint(mark_role, mark);
        for line in wrap(text, self.style.width.saturating_sub(indent)) {
            let line = format!("{mark}{}", self.style.paint(role, &line));
            self.line(&line);
            mark = " ".repeat(indent);
        }
    }

    /// Wrapped text behind so many spaces.
    pub(super) fn indented(&mut self, indent: usize, text: &str, role: Role) {
        self.hang(&" ".repeat(indent), Role::Plain, text, role);
    }

    pub(super) fn done(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_at_spaces_and_long_words_are_broken_anywhere() {
        assert_eq!(wrap("aaa bbb ccc ddd", 8), ["aaa bbb", "ccc ddd"]);
        assert_eq!(wrap("aaaaaaaaaabbb c", 10), ["aaaaaaaaaa", "bbb c"]);
        assert_eq!(wrap("日本語日本語", 8), ["日本語日", "本語"]);
        assert_eq!(wrap("x imaps\u{a0}:993", 10), ["x", "imaps :993"]);
        assert_eq!(wrap("imaps\u{a0}:993\u{a0}at", 10), ["imaps :993", "at"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn no_line_begins_with_a_full_stop_or_ends_with_an_opening_bracket() {
        assert_eq!(wrap("これは文です。次の文", 12), ["これは文で", "す。次の文"]);
        assert_eq!(wrap("これは「引用」です", 8), ["これは", "「引用」", "です"]);
        assert_eq!(wrap("TLS 1.2 以降を使う", 12), ["TLS 1.2 以降", "を使う"]);
        assert_eq!(wrap_hanging("対処: あいうえお", 10, 2), "対処: あい\n  うえお\n");
    }

    #[test]
    fn an_address_is_left_in_one_piece() {
        let url = "https://example.com/a/very/long/path";
        assert_eq!(wrap(&format!("see {url} now"), 12), ["see", url, "now"]);
    }

    #[test]
    fn what_does_not_fit_is_cut_by_columns_not_by_bytes() {
        assert_eq!(cut("imap.example.com", 10), "imap.exam\u{2026}");
        assert_eq!(cut("日本語", 5), "日本\u{2026}");
        assert_eq!((pad("é", 3), pad_left("12", 4)), ("é  ".to_owned(), "  12".to_owned()));
    }
}
