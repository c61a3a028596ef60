//! Fitting text into columns: display width, wrapping with a hanging indent, cutting and padding.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::style::{Role, Style};

/// Joins what must not be torn apart at a line end (`imaps` and `:993`); shown as a space.
pub(super) const GLUE: char = '\u{a0}';

/// Foreign text that no terminal acts upon.
pub(super) fn clean(text: &str) -> String {
    mailprobe_probes::model::harmless(text.as_bytes())
}

/// Columns the text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text with spaces behind it.
pub(super) fn pad(text: &str, columns: usize) -> String {
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

/// Text broken into lines of at most so many columns, at spaces where there are any. A word longer than a
/// line is broken too, except where it is an address somebody may want to copy.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let words = text.split(' ').flat_map(|word| {
        let pieces: Vec<&str> = if width(word) > columns { word.split(GLUE).collect() } else { vec![word] };
        pieces.into_iter().filter(|piece| !piece.is_empty())
    });
    for word in words {
        let room = columns.saturating_sub(width(&line) + usize::from(!line.is_empty()));
        if width(word) > room && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut rest = word;
        let keep = word.contains("://") && width(word) <= 300;
        while width(rest) > columns && !keep {
            let (head, tail) = split_at_column(rest, columns);
            // A character wider than the line would otherwise never be used up.
            if head.is_empty() {
                break;
            }
            lines.push(head.to_owned());
            rest = tail;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(rest);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines.into_iter().map(|line| line.replace(GLUE, " ")).collect()
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
