//! Every spelling in which a secret could be read out of an output. Written for the tests alone: what the
//! prober's own search knows must not decide what is looked for.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// The secret raw and in one case, in base64 at every alignment, in the escapes of the formats around us, and as numbers.
pub(crate) fn spellings(secret: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![secret.to_vec(), secret.to_ascii_uppercase(), secret.to_ascii_lowercase()];
    for front in 0..3_usize {
        let mut padded = vec![b'x'; front];
        padded.extend_from_slice(secret);
        // Characters that only the secret decides: from the first whole one to the last.
        let (from, to) = ((front * 8).div_ceil(6), padded.len() * 8 / 6);
        for encoded in [STANDARD.encode(&padded), URL_SAFE.encode(&padded)] {
            all.push(encoded.as_bytes()[from..to].to_vec());
        }
    }
    let each = |write: &dyn Fn(u8) -> String| -> Vec<u8> {
        secret.iter().flat_map(|b| write(*b).into_bytes()).collect()
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    all.push(each(&|b| if plain(b) { char::from(b).into() } else { format!("%{b:02X}") }));
    all.push(each(&|b| if plain(b) { char::from(b).into() } else { format!("%{b:02x}") }));
    all.push(each(&|b| format!("%{b:02X}")));
    all.push(each(&|b| format!("%{b:02x}")));
    all.push(each(&|b| format!("{b:02x}")));
    all.push(each(&|b| format!("{b:02X}")));
    all.push(each(&|b| format!("={b:02X}")));
    if let Ok(text) = std::str::from_utf8(secret) {
        let windows: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        all.push(windows.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().concat().into_bytes());
        let encoded = STANDARD.encode(&windows);
        // But for the last characters, which padding or what follows decides, too.
        all.push(encoded.as_bytes()[..windows.len() * 8 / 6].to_vec());
        let units = |write: &dyn Fn(u16) -> String| -> String { text.encode_utf16().map(write).collect() };
        all.push(units(&|unit| format!("\\u{unit:04x}")).into_bytes());
        all.push(units(&|unit| format!("\\u{unit:04X}")).into_bytes());
        let numbers =
            |write: &dyn Fn(u32) -> String| -> String { text.chars().map(|c| write(c.into())).collect() };
        all.push(numbers(&|c| format!("&#{c};")).into_bytes());
        all.push(numbers(&|c| format!("&#x{c:x};")).into_bytes());
        all.push(numbers(&|c| format!("&#x{c:X};")).into_bytes());
        let xml = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        all.push(xml.replace('"', "&quot;").replace('\'', "&apos;").into_bytes());
        // HTML, CSV, and Markdown with a backslash before every character that could mean something.
        all.push(xml.replace('"', "&quot;").replace('\'', "&#39;").into_bytes());
        all.push(text.replace('"', "\"\"").into_bytes());
        let escaped = |c: char| if "\\`*_[]|~#!$@:".contains(c) { format!("\\{c}") } else { c.to_string() };
        all.push(xml.chars().map(escaped).collect::<String>().into_bytes());
        // The words of a Nagios plugin.
        let plain = |c| match c {
            '|' => '/',
            '`' => '\'',
            '<' => '(',
            '>' => ')',
            '$' | '&' => '_',
            c => c,
        };
        all.push(text.chars().map(plain).collect::<String>().into_bytes());
        all.push(text.replace('\\', "\\\\").replace('"', "\\\"").into_bytes());
        let json = serde_json::to_string(text).unwrap();
        all.push(json.as_bytes()[1..json.len() - 1].to_vec());
        let debug = format!("{text:?}");
        all.push(debug.as_bytes()[1..debug.len() - 1].to_vec());
    }
    // As `Debug` of a byte slice writes it.
    let octets = format!("{secret:?}");
    all.push(octets.as_bytes()[1..octets.len() - 1].to_vec());
    all.push(mailprobe_probes::model::harmless(secret).into_bytes());
    all.sort();
    all.dedup();
    all
}

/// Sixteen characters of a longer secret are as good as the whole: the beginning of a token that a
/// quotation was cut in the middle of.
pub(crate) fn pieces(secret: &str) -> Vec<&str> {
    let cuts: Vec<usize> = secret.char_indices().map(|(at, _)| at).chain([secret.len()]).collect();
    cuts.windows(17).map(|window| &secret[window[0]..window[16]]).collect()
}

/// The spelling of the secret that an output contains, if any.
pub(crate) fn leak(output: &str, secret: &[u8]) -> Option<String> {
    // An output is text: a spelling that is not UTF-8 cannot stand in it.
    let spellings = spellings(secret).into_iter().filter_map(|spelling| String::from_utf8(spelling).ok());
    spellings.into_iter().find(|spelling| output.contains(spelling.as_str()))
}
