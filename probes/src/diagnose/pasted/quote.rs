//! Where a quotation ends, and what a client puts behind a server's words.

/// From `at` to the end of the quotation that begins there, else of the sentence, without what a client puts behind.
pub(super) fn quotation(line: &str, at: usize) -> &str {
    let rest = line.get(at..).unwrap_or_default();
    let before = line.get(..at).unwrap_or_default();
    // Python shows octets as `b'..'`; the quotation mark may stand behind the number.
    let mark = before.chars().next_back();
    let end = match mark {
        Some(quote @ ('\'' | '"' | '`')) => closing(rest, quote),
        Some('(') => balanced(rest, '(', ')'),
        Some('[') if !rest.starts_with('[') => balanced(rest, '[', ']'),
        _ => None,
    };
    let text = end.and_then(|end| rest.get(..end)).unwrap_or(rest);
    trimmed(text)
}

pub(super) fn closing(text: &str, quote: char) -> Option<usize> {
    text.match_indices(quote).map(|(at, _)| at).find(|at| {
        let behind = text.get(at + 1..).unwrap_or_default();
        !behind.starts_with(char::is_alphanumeric)
    })
}

fn balanced(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}

fn unbalanced(text: &str) -> bool {
    match text.chars().next_back() {
        Some(')') => text.matches('(').count() < text.matches(')').count(),
        Some(quote) => text.matches(quote).count() % 2 == 1,
        None => false,
    }
}

/// What stands behind a server's words in traces, log lines and objects.
const BEHIND: &[&str] = &[
    " in /",
    " in C:\\",
    " in D:\\",
    "; File:",
    "Stack trace:",
    " (in reply to ",
    " (Net::",
    "; from=<",
    "\" attempts=",
    "\" in ",
    "', None",
    "\"}",
    "\".\"",
    "' in ",
    ". Code: ",
    " ---> ",
    "---&gt;",
    "] at ",
    " Traceback ",
    "', response",
    " (error type ",
    "', Port:",
    "', ポート",
];

/// Without the trace, the closing brackets and the quotation marks behind the words.
pub(super) fn trimmed(text: &str) -> &str {
    let end = BEHIND
        .iter()
        .filter_map(|mark| text.find(mark).map(|at| if mark.starts_with(']') { at + 1 } else { at }))
        .min();
    let mut text = end.and_then(|end| text.get(..end)).unwrap_or(text);
    // A frame of a stack: ` at Registration.Send(String to)`.
    for (at, mark) in text.match_indices(" at ") {
        let frame = text.get(at + mark.len()..).unwrap_or_default();
        let name = frame.split(['(', ' ']).next().unwrap_or_default();
        if name.contains('.')
            && frame.get(name.len()..).is_some_and(|rest| rest.starts_with(['(', ' ']) && rest.contains('('))
            && !name.starts_with("http")
            && name.contains(char::is_uppercase)
        {
            text = text.get(..at).unwrap_or_default();
            break;
        }
    }
    loop {
        let bare = text.trim_end().trim_end_matches(['\\', ',', ';', '`', '*']);
        // The full stop of the sentence around a quotation.
        let bare = bare
            .strip_suffix('.')
            .filter(|bare| bare.ends_with([')', '\'', '"']) && unbalanced(bare))
            .unwrap_or(bare);
        let bare = match bare.chars().next_back() {
            Some(quote @ ('\'' | '"')) if bare.matches(quote).count() % 2 == 1 => bare.strip_suffix(quote),
            Some(')') if bare.matches('(').count() < bare.matches(')').count() => bare.strip_suffix(')'),
            Some(']') if bare.matches('[').count() < bare.matches(']').count() => bare.strip_suffix(']'),
            Some('}') if bare.matches('{').count() < bare.matches('}').count() => bare.strip_suffix('}'),
            _ => None,
        }
        .unwrap_or(bare);
        if bare.len() == text.len() {
            return bare;
        }
        text = bare;
    }
}
