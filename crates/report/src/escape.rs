//! Foreign text in the syntax of each format. All of them begin with `clean`, because a page, a table or a
//! log is looked at by people; and all of them stay readable, because the server's words are the product.

use super::layout::clean;

/// Element content and quoted attributes of HTML and XML.
pub(super) fn markup(text: &str) -> String {
    let text = clean(text);
    let mut safe = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // No characters of XML 1.0 (section 2.2), not even as references.
            '\u{fffe}' => safe.push_str("\\u{fffe}"),
            '\u{ffff}' => safe.push_str("\\u{ffff}"),
            c => safe.push(c),
        }
    }
    safe
}

/// Inline text of Markdown, also in the cell of a table: no markup, no HTML, no link, no mention. A colon is
/// escaped too, because a bare address becomes a link where a renderer has that extension.
pub(super) fn markdown(text: &str) -> String {
    let text = clean(text);
    let text = text.trim_start();
    let mut safe = String::with_capacity(text.len() + 16);
    // At the start of a line these begin a list, a rule or a heading.
    if text.starts_with(['-', '+', '=']) {
        safe.push('\\');
    }
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' | '@' | ':' => {
                safe.push('\\');
                safe.push(c);
            }
            c => safe.push(c),
        }
    }
    safe
}

/// A field of comma-separated values (RFC 4180 section 2), always between quotation marks. What a spreadsheet
/// would take for a formula gets an apostrophe in front; full-width signs count where the locale is Japanese.
pub(super) fn field(text: &str) -> String {
    const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    let guard = if text.starts_with(FORMULA) { "'" } else { "" };
    format!("\"{guard}{}\"", clean(text).replace('"', "\"\""))
}

/// The value of a label in the text format of Prometheus, without its quotation marks.
pub(super) fn label_value(text: &str) -> String {
    clean(text).replace('\\', "\\\\").replace('"', "\\\"")
}

/// Words in the output of a Nagios plugin. A bar would begin performance data; the others are what Nagios
/// itself takes out of macros, because notification commands hand them to a shell.
pub(super) fn plugin_text(text: &str) -> String {
    let plain = |c| match c {
        '|' => '/',
        '`' => '\'',
        '<' => '(',
        '>' => ')',
        '$' | '&' => '_',
        c => c,
    };
    clean(text).chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_stays_text() {
        assert_eq!(markup("<b a=\"x\" c='y'>&\u{1b}"), "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;\\x1B");
        assert_eq!(markup("\u{fffe}\u{ffff}"), "\\u{fffe}\\u{ffff}");
        assert_eq!(markdown("a|b <i> [x](http://y) @team"), "a\\|b &lt;i&gt; \\[x\\](http\\://y) \\@team");
    }

    #[test]
    fn a_line_of_markdown_begins_no_block() {
        for (line, safe) in [("- item", "\\- item"), ("  ---", "\\---"), ("===", "\\==="), ("# x", "\\# x")] {
            assert_eq!(markdown(line), safe);
        }
    }

    #[test]
    fn a_formula_is_text_to_a_spreadsheet() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"] {
            assert!(field(formula).starts_with("\"'"), "{formula}");
        }
        assert_eq!(field("say \"hi\", all"), "\"say \"\"hi\"\", all\"");
        assert_eq!(field("1=1"), "\"1=1\"");
    }

    #[test]
    fn quotes_and_bars_do_not_end_what_they_stand_in() {
        assert_eq!(label_value("a\"b\\c\nd"), "a\\\"b\\\\c\\\\nd");
        assert_eq!(plugin_text("x|y `id` $(id) <b>"), "x/y 'id' _(id) (b)");
    }
}
