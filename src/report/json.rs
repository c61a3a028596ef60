//! The report for programs: schema 1, one document or one line a mailbox.

use std::fmt::Write as _;

use mailprobe_probes::model::{Report, harmless};

/// One object for one mailbox, an array for several or none; indented, with a line end.
pub fn document(reports: &[Report]) -> String {
    let text = match reports {
        [one] => serde_json::to_string_pretty(one),
        several => serde_json::to_string_pretty(several),
    };
    guarded(&text.unwrap_or_default())
}

/// One object on one line, with its line end: written as soon as a mailbox is done.
pub fn line(report: &Report) -> String {
    guarded(&serde_json::to_string(report).unwrap_or_default())
}

/// JSON is often looked at on a terminal, and it escapes only the C0 controls. Outside of strings it is
/// ASCII, so whatever else a terminal would act upon stands in a string and can be escaped there: the value
/// stays the same.
pub(super) fn guarded(json: &str) -> String {
    let mut safe = String::with_capacity(json.len() + 1);
    let mut buffer = [0_u8; 4];
    let mut rest = json;
    // Long runs of ASCII are copied whole.
    while let Some(at) = rest.bytes().position(|byte| byte >= 0x7f) {
        let (plain, from) = rest.split_at(at);
        safe.push_str(plain);
        let Some(c) = from.chars().next() else { break };
        rest = from.get(c.len_utf8()..).unwrap_or_default();
        let bytes = c.encode_utf8(&mut buffer).as_bytes();
        if harmless(bytes).as_bytes() == bytes {
            safe.push(c);
        } else {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        }
    }
    safe.push_str(rest);
    safe.push('\n');
    safe
}
