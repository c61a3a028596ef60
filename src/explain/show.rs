//! The two forms of an explanation. Everything that came from a server is made harmless.

use mailprobe_probes::diagnose::pasted::Explained;
use mailprobe_probes::model::harmless;
use serde::Serialize;

/// Most characters of the answer that are repeated.
const QUOTED: usize = 400;

#[derive(Serialize)]
struct Flat<'a> {
    causes: Vec<&'static str>,
    rule: &'a str,
    explanation: &'a str,
    remedy: &'a str,
    next_check: &'a str,
}

pub(super) fn json(explained: &Explained) -> String {
    let diagnosis = &explained.diagnosis;
    let flat = Flat {
        causes: diagnosis.causes.iter().map(|cause| cause.name()).collect(),
        rule: &diagnosis.rule,
        explanation: &diagnosis.explanation,
        remedy: &diagnosis.remedy,
        next_check: &diagnosis.next_check,
    };
    let mut text = serde_json::to_string_pretty(&flat).unwrap_or_default();
    text.push('\n');
    text
}

pub(super) fn text(explained: &Explained, columns: Option<usize>) -> String {
    let width = columns.unwrap_or(80).clamp(40, 100);
    let diagnosis = &explained.diagnosis;
    let mut page = String::new();
    let first: Vec<char> = explained.answer.chars().take(QUOTED).collect();
    let cut = explained.answer.chars().nth(QUOTED).is_some();
    let quoted: String = first.into_iter().chain(cut.then_some('…')).collect();
    let causes: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.name()).collect();
    let label = if causes.len() > 1 { "Causes, likeliest first: " } else { "Cause: " };
    hang(&mut page, "Answer: ", &harmless(quoted.trim().as_bytes()), width);
    hang(&mut page, label, &causes.join(", "), width);
    hang(&mut page, "Means: ", &diagnosis.explanation, width);
    hang(&mut page, "Do: ", &diagnosis.remedy, width);
    if causes.len() > 1 || !diagnosis.next_check.is_empty() {
        hang(&mut page, "Next check: ", &diagnosis.next_check, width);
    }
    hang(&mut page, "Rule: ", &diagnosis.rule, width);
    page
}

/// A paragraph behind a label, further lines indented. Words longer than a line are broken.
fn hang(page: &mut String, label: &str, text: &str, width: usize) {
    if text.is_empty() {
        return;
    }
    let indent = 4;
    page.push_str(label);
    let mut column = label.chars().count();
    for (index, word) in text.split(' ').enumerate() {
        let mut letters: Vec<char> = word.chars().collect();
        let gap = usize::from(index > 0);
        let wide = |letters: &[char]| {
            unicode_width::UnicodeWidthStr::width(letters.iter().collect::<String>().as_str())
        };
        if column + gap + wide(&letters) > width && column > indent {
            page.push('\n');
            page.push_str(&" ".repeat(indent));
            column = indent;
        } else if gap == 1 {
            page.push(' ');
            column += 1;
        }
        while wide(&letters) > width - indent && letters.len() > 1 {
            let rest = letters.split_off((width - indent).min(letters.len() / 2).max(1));
            page.extend(letters);
            page.push('\n');
            page.push_str(&" ".repeat(indent));
            column = indent;
            letters = rest;
        }
        column += wide(&letters);
        page.extend(letters);
    }
    page.push('\n');
}
