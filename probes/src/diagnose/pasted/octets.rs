//! Octets that a client prints as escapes, read in the set of characters that they are written in.
//!
//! Python shows a server's answer as `b'Error: \xc7\xeb..'`, Exim and `cat -v` write `\307\353`, and Python's
//! `surrogateescape` gives `\udcc7`. Servers of East Asia answer in GB18030, `Shift_JIS`, EUC-JP or ISO-2022-JP as well as
//! in UTF-8, and say nowhere in which.

use std::borrow::Cow;

use encoding_rs::{EUC_JP, Encoding, GB18030, ISO_2022_JP, SHIFT_JIS, WINDOWS_1252};

use crate::diagnose::words;

/// A line with its escaped octets as characters; as it is where they are no text in any of these sets.
pub(super) fn read(line: &str) -> Cow<'_, str> {
    // Octets are escaped where only ASCII is shown: what holds more was decoded by somebody, perhaps in the wrong set.
    if !line.is_ascii() {
        return misread(line).map_or(Cow::Borrowed(line), Cow::Owned);
    }
    if !line.contains('\\') {
        return Cow::Borrowed(line);
    }
    let (octets, foreign) = octets(line);
    if foreign < 2 {
        return Cow::Borrowed(line);
    }
    decoded(&octets).map_or(Cow::Borrowed(line), Cow::Owned)
}

/// A line that was decoded as Latin-1 or Windows-1252, which read every octet as some letter, in the set it was written in:
/// `ungÃ¼ltig`, `ÇëÊ¹ÓÃÊÚÈ¨Âë`; also where that happened twice.
fn misread(line: &str) -> Option<String> {
    let octets = latin(line)?;
    if let Ok(text) = std::str::from_utf8(&octets) {
        return Some(misread(text).unwrap_or_else(|| text.to_owned()));
    }
    // Any octets are text in the sets of East Asia: theirs come in pairs, and the text is one that a rule knows.
    let mut runs = octets.split(u8::is_ascii);
    if !runs.any(|run| run.len() >= 4) {
        return None;
    }
    let chinese = || whole(GB18030, &octets).filter(|text| mostly(text, is_kana_or_han));
    let texts = [whole(SHIFT_JIS, &octets), whole(EUC_JP, &octets), chinese()];
    texts.into_iter().flatten().find(|text| {
        let lower = text.to_lowercase();
        words::know(&lower) || COMPLAINTS.iter().any(|words| lower.contains(words))
    })
}

/// What failures are called in the languages whose sets are not UTF-8 to this day.
const COMPLAINTS: &[&str] = &[
    "認証",
    "パスワード",
    "ログイン",
    "失敗",
    "エラー",
    "密码",
    "帐号",
    "账号",
    "登录",
    "失败",
    "错误",
    "拒绝",
];

/// The octets that were read as Latin-1 or Windows-1252; nothing where a character is in neither.
fn latin(line: &str) -> Option<Vec<u8>> {
    let mut octets = Vec::with_capacity(line.len());
    let mut shown = [0; 4];
    for c in line.chars() {
        if let Ok(octet) = u8::try_from(u32::from(c)) {
            octets.push(octet);
            continue;
        }
        let (encoded, _, foreign) = WINDOWS_1252.encode(c.encode_utf8(&mut shown));
        match encoded.as_ref() {
            [octet] if !foreign => octets.push(*octet),
            _ => return None,
        }
    }
    Some(octets)
}

/// The octets of a line, and how many of them were escapes for something that is not ASCII text.
fn octets(line: &str) -> (Vec<u8>, usize) {
    let mut octets = Vec::with_capacity(line.len());
    let mut foreign = 0;
    let mut rest = line;
    while let Some(first) = rest.bytes().next() {
        if let Some((octet, length)) = escape(rest) {
            octets.push(octet);
            foreign += 1;
            rest = rest.get(length..).unwrap_or_default();
        } else {
            octets.push(first);
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    (octets, foreign)
}

/// The octet that an escape at the start of a text stands for, with the length of the escape.
fn escape(text: &str) -> Option<(u8, usize)> {
    let digits = |start: &str, count: usize, radix: u32| {
        let digits = text.strip_prefix(start)?.get(..count)?;
        let octet = u8::from_str_radix(digits, radix).ok()?;
        // The escape character begins a set of ISO-2022-JP.
        (octet >= 0x80 || octet == 0x1b).then_some((octet, start.len() + count))
    };
    digits("\\x", 2, 16).or_else(|| digits("\\udc", 2, 16)).or_else(|| digits("\\", 3, 8))
}

/// Octets as text, where one set of characters reads them all and what it reads is likely.
fn decoded(octets: &[u8]) -> Option<String> {
    if octets.contains(&0x1b) {
        return whole(ISO_2022_JP, octets).filter(|text| text.chars().any(is_kana_or_han));
    }
    if let Ok(text) = std::str::from_utf8(octets) {
        return Some(text.to_owned());
    }
    // Japanese sentences have kana, and Shift-JIS gives them to no other text; half-width ones are chance.
    let japanese =
        |set| whole(set, octets).filter(|text| text.chars().any(is_kana) && !text.chars().any(is_half_width));
    japanese(SHIFT_JIS)
        .or_else(|| japanese(EUC_JP))
        .or_else(|| whole(GB18030, octets).filter(|text| mostly(text, is_kana_or_han)))
}

fn whole(set: &'static Encoding, octets: &[u8]) -> Option<String> {
    set.decode_without_bom_handling_and_without_replacement(octets).map(Cow::into_owned)
}

fn mostly(text: &str, is_likely: fn(char) -> bool) -> bool {
    let foreign = || text.chars().filter(|c| !c.is_ascii());
    let marks = |c: char| matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff60}');
    let likely = foreign().filter(|c| is_likely(*c) || marks(*c)).count();
    likely * 10 >= foreign().count() * 9
}

const fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}')
}

const fn is_half_width(c: char) -> bool {
    matches!(c, '\u{ff61}'..='\u{ff9f}')
}

const fn is_kana_or_han(c: char) -> bool {
    is_kana(c) || matches!(c, '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(set: &'static Encoding, text: &str) -> String {
        let (octets, _, _) = set.encode(text);
        let shown = octets.iter().map(|octet| match octet {
            b' '..=b'~' => char::from(*octet).to_string(),
            octet => format!("\\x{octet:02x}"),
        });
        shown.collect()
    }

    #[test]
    fn a_sentence_is_read_in_the_set_it_is_written_in() {
        let chinese = "535 Error: 请使用授权码登录。详情请看: http://service.mail.qq.com/";
        let japanese = "535 認証に失敗しました。パスワードが違います";
        for (set, text) in [
            (encoding_rs::UTF_8, chinese),
            (GB18030, chinese),
            (encoding_rs::UTF_8, japanese),
            (SHIFT_JIS, japanese),
            (EUC_JP, japanese),
            (ISO_2022_JP, japanese),
        ] {
            let line = printed(set, text);
            assert_ne!(line, text);
            assert_eq!(read(&line), text, "{}", set.name());
        }
    }

    #[test]
    fn what_was_read_as_latin_1_is_read_again() {
        let chinese = "535 Error: 请使用授权码登录。详情请看: http://service.mail.qq.com/";
        let japanese = "535 認証に失敗しました。パスワードが違います";
        let german = "535 Passwort ungültig – Anmeldung verweigert";
        for (set, text) in [
            (encoding_rs::UTF_8, german),
            (encoding_rs::UTF_8, chinese),
            (GB18030, chinese),
            (encoding_rs::UTF_8, japanese),
            (SHIFT_JIS, japanese),
            (EUC_JP, japanese),
        ] {
            let (octets, _, _) = set.encode(text);
            let latin: String = octets.iter().copied().map(char::from).collect();
            assert_eq!(read(&latin), text, "{}", set.name());
            let (windows, _) = WINDOWS_1252.decode_without_bom_handling(&octets);
            assert_eq!(read(&windows), text, "{}", set.name());
        }
        assert_eq!(read("ungÃƒÂ¼ltig"), "ungültig");
        for line in ["Échec : identifiant refusé", "ÄÖÜ äöüß ñandú", "«Ошибка» é", "à é î õ ü", "ÀÉÎÕ"]
        {
            assert_eq!(read(line), line);
        }
    }

    #[test]
    fn every_way_of_writing_an_octet_is_read() {
        for line in ["\\xe6\\x8e\\x88", "\\346\\216\\210", "\\udce6\\udc8e\\udc88"] {
            assert_eq!(read(line), "授", "{line}");
        }
    }

    #[test]
    fn what_is_no_text_stays_as_it_is() {
        for line in [
            "C:\\xampp\\x86",
            "\\xff\\xfe\\xff\\xff",
            "\\x1b\\x1b",
            "a\\xe6",
            "授\\xe6\\x8e\\x88",
            "\\x",
            "\\",
        ] {
            assert_eq!(read(line), line);
        }
    }
}
