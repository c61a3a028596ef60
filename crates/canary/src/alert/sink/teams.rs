//! Teams: an Adaptive Card in the envelope that its workflows take. A `TextBlock` reads Markdown, and so does a `FactSet`;
//! a `RichTextBlock` does not, so whatever a server said stands in one.

use serde_json::{Value, json};

use crate::alert::message::Message;

/// The document of a message.
pub(super) fn document(message: &Message) -> Value {
    let colour = match message.status {
        "resolved" => "Good",
        "firing" if message.severity == "critical" => "Attention",
        "firing" => "Warning",
        _ => "Accent",
    };
    let run = |text: &str| json!({ "type": "TextRun", "text": text });
    let mut body = vec![
        json!({ "type": "RichTextBlock", "inlines": [
            { "type": "TextRun", "text": message.status.to_uppercase(), "weight": "Bolder", "color": colour },
        ]}),
        json!({ "type": "RichTextBlock", "inlines": [
            { "type": "TextRun", "text": message.headline, "weight": "Bolder", "size": "Medium" },
        ]}),
    ];
    for (label, line) in &message.lines {
        body.push(json!({ "type": "RichTextBlock", "inlines": [
            { "type": "TextRun", "text": format!("{label}: "), "isSubtle": true }, run(line),
        ]}));
    }
    let actions: Vec<Value> = message
        .link
        .iter()
        .map(|link| json!({ "type": "Action.OpenUrl", "title": "Open in mailprobe", "url": link }))
        .collect();
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard", "version": "1.4", "msteams": { "width": "Full" },
                "body": body, "actions": actions,
            },
        }],
    })
}
