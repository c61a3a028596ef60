//! Reports from files: what `-o json` and `-o jsonl` wrote.

use std::fmt;
use std::io::Read;
use std::path::Path;

use mailprobe_probes::model::{Report, SCHEMA_VERSION, harmless};
use serde::de::{Deserializer as _, SeqAccess, Visitor};

use super::words;
use crate::lang::Lang;

/// Largest file taken: a hundred thousand mailboxes.
const LARGEST: u64 = 512 * 1024 * 1024;

/// A file that holds no report, in one sentence with its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StoredError(String);

/// Every report of a file; `-` is standard input.
///
/// # Errors
/// A file that cannot be read, is larger than anybody's, or holds something else.
pub fn reports(path: &Path) -> Result<Vec<Report>, StoredError> {
    let (shown, text) = text_of(path)?;
    let text = String::from_utf8(text).map_err(|_| no_text(&shown))?;
    parse(&text).map_err(|why| StoredError(format!("{shown}{why}")))
}

/// The whole reports of a file that may end early, as the file of a run that was killed does; and, where it does, a note
/// that says so.
///
/// # Errors
/// A file that cannot be read, is larger than anybody's, holds something else, or ends within its first report.
pub fn whole_reports(path: &Path) -> Result<(Vec<Report>, Option<String>), StoredError> {
    let (shown, text) = text_of(path)?;
    let text = match std::str::from_utf8(&text) {
        Ok(text) => text,
        // Torn within a character.
        Err(error) if error.error_len().is_none() => {
            let whole = text.get(..error.valid_up_to()).unwrap_or_default();
            std::str::from_utf8(whole).unwrap_or_default()
        }
        Err(_) => return Err(no_text(&shown)),
    };
    let (reports, early) = parse_whole(text).map_err(|why| StoredError(format!("{shown}{why}")))?;
    let note = early.then(|| {
        let read = words::count(Lang::En, reports.len(), "whole report");
        format!("{shown} ends early, as it does where a run was killed: {read} read")
    });
    Ok((reports, note))
}

/// The name of a file, and what is in it.
fn text_of(path: &Path) -> Result<(String, Vec<u8>), StoredError> {
    let shown = if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        harmless(path.as_os_str().as_encoded_bytes())
    };
    let unreadable = |error: std::io::Error| StoredError(format!("cannot read {shown}: {error}"));
    let mut text = Vec::new();
    let mut bounded: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock().take(LARGEST + 1))
    } else {
        Box::new(std::fs::File::open(path).map_err(unreadable)?.take(LARGEST + 1))
    };
    bounded.read_to_end(&mut text).map_err(unreadable)?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > LARGEST {
        return Err(StoredError(format!("{shown} is larger than {} MiB", LARGEST / 1024 / 1024)));
    }
    Ok((shown, text))
}

fn no_text(shown: &str) -> StoredError {
    StoredError(format!("cannot read {shown}: stream did not contain valid UTF-8"))
}

/// One object, an array of them, or one a line.
///
/// # Errors
/// What is wrong with it, to be put behind its name.
pub fn parse(text: &str) -> Result<Vec<Report>, String> {
    let mut reports = Vec::new();
    collect(text, &mut reports).map_err(|error| broken(&error))?;
    checked(reports)
}

/// The same of a text that may end early, and whether it does.
fn parse_whole(text: &str) -> Result<(Vec<Report>, bool), String> {
    let mut reports = Vec::new();
    let early = match collect(text, &mut reports) {
        Err(error) if error.is_eof() && !reports.is_empty() => true,
        done => done.map(|()| false).map_err(|error| broken(&error))?,
    };
    Ok((checked(reports)?, early))
}

/// Reads report after report, up to the first mistake.
fn collect(text: &str, reports: &mut Vec<Report>) -> serde_json::Result<()> {
    let mut reader = serde_json::Deserializer::from_str(text);
    if text.trim_start().starts_with('[') {
        reader.deserialize_seq(Array(reports))?;
        return reader.end();
    }
    for report in reader.into_iter::<Report>() {
        reports.push(report?);
    }
    Ok(())
}

/// The reports of an array, which are kept where it turns out to be broken.
struct Array<'r>(&'r mut Vec<Report>);

impl<'de> Visitor<'de> for Array<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a sequence")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<(), A::Error> {
        while let Some(report) = array.next_element()? {
            self.0.push(report);
        }
        Ok(())
    }
}

fn checked(reports: Vec<Report>) -> Result<Vec<Report>, String> {
    if reports.is_empty() {
        return Err(" holds no report: write one with `mailprobe check ... -o json=FILE`".to_owned());
    }
    if let Some(newer) = reports.iter().find(|report| report.schema != SCHEMA_VERSION) {
        return Err(format!(
            ": a report of schema {}, and this mailprobe reads schema {SCHEMA_VERSION}: use the version that wrote it",
            newer.schema
        ));
    }
    Ok(reports)
}

fn broken(error: &serde_json::Error) -> String {
    let what = harmless(error.to_string().as_bytes());
    format!(" is not a report of mailprobe: {what}; write one with `mailprobe check ... -o json=FILE`")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"{"schema":1,"tool":{"name":"mailprobe","version":"0"},"mailbox":"a@b","started_at":"",
        "elapsed_ms":1,"endpoints":[],"findings":[],"verdict":null}"#;

    #[test]
    fn an_object_an_array_and_a_line_each_are_read_alike() {
        assert_eq!(parse(ONE).unwrap().len(), 1);
        assert_eq!(parse(&format!("[{ONE},{ONE}]")).unwrap().len(), 2);
        let line = ONE.replace('\n', "");
        assert_eq!(parse(&format!("{line}\n{line}\n{line}\n")).unwrap().len(), 3);
    }

    #[test]
    fn what_ends_early_is_read_up_to_its_last_whole_report() {
        let (array, lines) = (format!("[\n{ONE},\n{ONE}\n]\n"), format!("{0}\n{0}\n", ONE.replace('\n', "")));
        for (whole, first) in [(&array, ONE.len() + 2), (&lines, lines.len() / 2 - 1)] {
            for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
                let cut = &whole[..end];
                let read = parse_whole(cut).map(|(reports, _)| reports.len());
                if end < first {
                    assert!(read.is_err(), "{end}: {read:?}");
                } else {
                    // A line feed, or the bracket that closes, is not missed by anybody.
                    let second = whole.trim_end_matches(['\n', ']']).len();
                    assert_eq!(read, Ok(if end < second { 1 } else { 2 }), "{cut}");
                }
            }
            assert!(!parse_whole(whole).unwrap().1);
        }
        assert!(parse_whole(&format!("[{ONE},{ONE}] x")).is_err(), "what is broken is not what ends early");
        assert!(parse(&format!("[{ONE},")).is_err(), "and who does not ask for it does not get it");
    }

    #[test]
    fn what_is_no_report_is_named_with_its_line() {
        assert!(parse("").unwrap_err().contains("holds no report"));
        assert!(parse("[]").unwrap_err().contains("holds no report"));
        let message = parse("{\n\"schema\": 1}").unwrap_err();
        assert!(message.contains("line 2") && message.contains("-o json=FILE"), "{message}");
        assert!(parse(&ONE.replace("\"schema\":1", "\"schema\":2")).unwrap_err().contains("schema 2"));
        assert!(parse("\u{1b}[31mx").unwrap_err().is_ascii());
    }
}
