//! What is different in every answer and means nothing: the host, the time and the ids that stand in brackets.

/// The text without what stands in brackets, its spaces made one.
pub(super) fn without_marks(text: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '[' | '<' => depth += 1,
            ']' | '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}
