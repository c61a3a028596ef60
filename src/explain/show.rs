//! The two forms of an explanation. Everything that came from a server is made harmless.

use std::borrow::Cow;

use mailprobe_probes::diagnose::pasted::Explained;
use mailprobe_probes::model::harmless;
use serde::Serialize;

use mailprobe_report::lang::Lang;
use mailprobe_report::wrap_hanging;

/// Most characters of the answer that are repeated.
const QUOTED: usize = 400;

#[derive(Serialize)]
struct Flat<'a> {
    /// The words that were read, without secrets.
    answer: String,
    /// The line of the paste they stand in, from 1; left out where the paste has one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    causes: Vec<&'static str>,
    rule: &'a str,
    explanation: Cow<'a, str>,
    remedy: Cow<'a, str>,
    next_check: Cow<'a, str>,
    /// Where to read more; null where there is no page.
    source: Option<&'a str>,
    /// Whose words they are, where they are a client's.
    client: Option<&'static str>,
    /// The layer at which that client failed.
    layer: Option<&'static str>,
}

/// The answer as it is repeated: in one line, harmless, and short.
fn quoted(answer: &str) -> String {
    let words = answer.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = words.chars().nth(QUOTED).is_some();
    let short: String = words.chars().take(QUOTED).chain(cut.then_some('…')).collect();
    harmless(short.as_bytes())
}

pub(super) fn json(explained: &Explained, lang: Lang) -> String {
    let diagnosis = &explained.diagnosis;
    let flat = Flat {
        answer: quoted(&explained.answer),
        line: (explained.line > 0).then_some(explained.line),
        causes: diagnosis.causes.iter().map(|cause| cause.name()).collect(),
        rule: &diagnosis.rule,
        explanation: lang.tell(&diagnosis.explanation),
        remedy: lang.tell(&diagnosis.remedy),
        next_check: lang.tell(&diagnosis.next_check),
        source: Some(diagnosis.source.as_str()).filter(|source| !source.is_empty()),
        client: explained.speaker.map(|speaker| speaker.client),
        layer: explained.speaker.map(|speaker| speaker.layer.name()),
    };
    let mut text = serde_json::to_string_pretty(&flat).unwrap_or_default();
    text.push('\n');
    text
}

pub(super) fn text(explained: &Explained, columns: Option<usize>, lang: Lang) -> String {
    let width = columns.unwrap_or(80).clamp(40, 100);
    let diagnosis = &explained.diagnosis;
    let mut page = String::new();
    let causes: Vec<&str> = diagnosis.causes.iter().map(|cause| cause.name()).collect();
    let mut hang = |label: &str, text: &str| {
        if !text.is_empty() {
            let text = format!("{}: {text}", lang.say(label));
            page.push_str(&wrap_hanging(&text, width, 4));
        }
    };
    hang("Answer", &quoted(&explained.answer));
    if explained.line > 0 {
        hang("Line", &explained.line.to_string());
    }
    if let Some(speaker) = explained.speaker {
        hang("Said by", &lang.fill("{} (the client, not the server)", &[speaker.client]));
        hang("Failed at", lang.say(speaker.layer.title()));
    }
    hang(if causes.len() > 1 { "Causes, likeliest first" } else { "Cause" }, &causes.join(", "));
    hang("Means", &lang.tell(&diagnosis.explanation));
    hang("Do", &lang.tell(&diagnosis.remedy));
    hang(
        if explained.is_unexplained() { "What would help" } else { "Next check" },
        &lang.tell(&diagnosis.next_check),
    );
    hang("Read more", &diagnosis.source);
    hang("Rule", &diagnosis.rule);
    page
}
