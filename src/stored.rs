//! Reports from files: what `-o json` and `-o jsonl` wrote.

use std::io::Read;
use std::path::Path;

use mailprobe_probes::model::{Report, SCHEMA_VERSION, harmless};

use crate::plan::UserError;

/// Largest file taken: a hundred thousand mailboxes.
const LARGEST: u64 = 512 * 1024 * 1024;

/// Every report of a file; `-` is standard input.
pub(crate) fn reports(path: &Path) -> Result<Vec<Report>, UserError> {
    let shown = if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        harmless(path.as_os_str().as_encoded_bytes())
    };
    let unreadable = |error: std::io::Error| UserError::new(format!("cannot read {shown}: {error}"));
    let mut text = String::new();
    let mut bounded: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock().take(LARGEST + 1))
    } else {
        Box::new(std::fs::File::open(path).map_err(unreadable)?.take(LARGEST + 1))
    };
    bounded.read_to_string(&mut text).map_err(unreadable)?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > LARGEST {
        return Err(UserError::new(format!("{shown} is larger than {} MiB", LARGEST / 1024 / 1024)));
    }
    parse(&text).map_err(|why| UserError::new(format!("{shown}{why}")))
}

/// One object, an array of them, or one a line.
///
/// # Errors
/// What is wrong with it, to be put behind its name.
pub(crate) fn parse(text: &str) -> Result<Vec<Report>, String> {
    let reports = if text.trim_start().starts_with('[') {
        serde_json::from_str::<Vec<Report>>(text).map_err(|error| broken(&error))?
    } else {
        let mut found = Vec::new();
        for report in serde_json::Deserializer::from_str(text).into_iter::<Report>() {
            found.push(report.map_err(|error| broken(&error))?);
        }
        found
    };
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
    fn what_is_no_report_is_named_with_its_line() {
        assert!(parse("").unwrap_err().contains("holds no report"));
        assert!(parse("[]").unwrap_err().contains("holds no report"));
        let message = parse("{\n\"schema\": 1}").unwrap_err();
        assert!(message.contains("line 2") && message.contains("-o json=FILE"), "{message}");
        assert!(parse(&ONE.replace("\"schema\":1", "\"schema\":2")).unwrap_err().contains("schema 2"));
        assert!(parse("\u{1b}[31mx").unwrap_err().is_ascii());
    }
}
