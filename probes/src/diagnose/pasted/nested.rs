//! JSON in a paste: the texts of a log line, and the error report of a token exchange.

/// The texts of a line that is a JSON object, those of JSON within a text, too.
pub(super) fn texts(raw: &str) -> Option<Vec<String>> {
    let raw = raw.trim();
    if !raw.starts_with('{') || !raw.ends_with('}') {
        return None;
    }
    let json: serde_json::Value = serde_json::from_str(raw).ok().filter(serde_json::Value::is_object)?;
    let mut texts = Vec::new();
    gather(&json, &mut texts, 0);
    Some(texts)
}

fn gather(json: &serde_json::Value, texts: &mut Vec<String>, depth: usize) {
    if depth > 8 || texts.len() > 200 {
        return;
    }
    match json {
        serde_json::Value::String(text) => match serde_json::from_str::<serde_json::Value>(text) {
            Ok(inner) if inner.is_object() => gather(&inner, texts, depth + 1),
            _ => texts.push(text.clone()),
        },
        serde_json::Value::Array(items) => items.iter().for_each(|item| gather(item, texts, depth + 1)),
        serde_json::Value::Object(fields) => {
            fields.values().for_each(|field| gather(field, texts, depth + 1));
        }
        _ => {}
    }
}

/// The error report of a token exchange, shown decoded: `{"status":"400","schemes":"Bearer"}`.
pub(super) fn error_report(said: &str) -> Option<String> {
    let (start, end) = (said.find('{')?, said.rfind('}')?);
    let object = said.get(start..=end)?;
    let json: serde_json::Value = serde_json::from_str(object).ok()?;
    (json.get("status").is_some() && (json.get("schemes").is_some() || json.get("scope").is_some()))
        .then(|| object.to_owned())
}
