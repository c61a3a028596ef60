//! Lines that say nothing of a failure: lists of what a server can do, and frames of a stack.

use super::reply::cut;

/// Whether a line lists what a server can do: a mechanism in it was not tried.
pub(super) fn is_offer(line: &str) -> bool {
    let lower = cut(line, 400).to_ascii_lowercase();
    lower.contains("capability")
        || lower.contains("capabilities")
        || lower.contains("250-auth")
        || lower.contains("250 auth")
        || lower.contains("sasl mechanisms")
        || lower.contains(" auth=") && lower.matches("auth=").count() > 1
        || lower.trim_start().starts_with("sasl ")
        || lower.contains("8bitmime")
}

/// Whether an answer's own words say that a list comes: `+OK Capability list follows`.
pub(super) fn announces_a_list(text: &str) -> bool {
    let lower = cut(text, 200).to_ascii_lowercase();
    lower.contains("capabilit") || lower.contains("list follows")
}

/// A frame of a stack, a line of source, a separator.
pub(super) fn is_frame(line: &str) -> bool {
    let line = line.trim();
    if !line.contains(char::is_alphabetic) {
        return true;
    }
    let numbered = line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        && [" /", " {", "->", "::", ".php"].iter().any(|mark| line.contains(mark));
    let python = line.starts_with("File \"") || line.starts_with("raise ") || line.starts_with("return ");
    let frame = (line.starts_with("at ") || line.starts_with("from /") || line.starts_with("\\tat "))
        && (line.contains('(') || line.contains(".js:") || line.contains(".rb:"));
    let mark = line.starts_with("Traceback (")
        || line.starts_with("Stack trace:")
        || line.starts_with("During handling of the above")
        || line.starts_with("--- End of");
    numbered || python || frame || mark || is_of_a_terminal(line)
}

/// What telnet and `openssl s_client` say of the connection, between a server's lines.
fn is_of_a_terminal(line: &str) -> bool {
    [
        "Connection closed by foreign host",
        "Connection to host lost",
        "Escape character is",
        "read:errno=",
        "Trying ",
    ]
    .iter()
    .any(|words| line.starts_with(words))
        || line == "closed"
        || line == "DONE"
}
