//! Slack's incoming webhooks. What a server said stands in `plain_text` objects, where Slack interprets nothing; only the
//! fallback line is `mrkdwn`, and there the three characters that begin something are escaped as Slack asks
//! (`&`, `<`, `>`), which also keeps `<!channel>` and `<@U123>` from calling anybody.

use serde_json::{Value, json};

use crate::alert::message::{Message, cut};

/// Slack refuses more characters in a header and in a section.
const HEADER: usize = 150;
const SECTION: usize = 2_800;

/// The document of a message.
pub(super) fn document(message: &Message) -> Value {
    let mark = match message.status {
        "resolved" => "\u{2705}",
        "firing" if message.severity == "critical" => "\u{1f534}",
        "firing" => "\u{1f7e0}",
        _ => "\u{1f535}",
    };
    let plain = |text: &str, most| json!({ "type": "plain_text", "text": cut(text, most), "emoji": false });
    let mut blocks = vec![
        json!({ "type": "header", "text": plain(&format!("{mark} {}", message.subject()), HEADER) }),
        json!({ "type": "section", "text": plain(&message.headline, SECTION) }),
    ];
    let lines: Vec<String> = message.lines.iter().map(|(label, line)| format!("{label}: {line}")).collect();
    if !lines.is_empty() {
        blocks.push(json!({ "type": "section", "text": plain(&lines.join("\n"), SECTION) }));
    }
    if let Some(link) = &message.link {
        blocks.push(json!({
            "type": "actions",
            "elements": [{ "type": "button", "text": plain("Open in mailprobe", 75), "url": link }],
        }));
    }
    json!({ "text": escape(&message.subject()), "mrkdwn": false, "unfurl_links": false, "blocks": blocks })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
