//! The forms that other programs read, held against their formats by means that are not ours: a schema and
//! xmllint for JUnit, a CSV reader, and the grammar of Prometheus' text format.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mailprobe_probes::model::Report;
use mailprobe_report::{Format, Style, render};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every sample report, a hostile one among them.
fn samples() -> Vec<Report> {
    let text = std::fs::read_to_string(here("tests/golden/samples.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn shown(format: Format, reports: &[Report]) -> String {
    render(format, reports, &Style::PLAIN)
}

/// What xmllint says of a document; empty where it is fine.
fn complaints(document: &str) -> String {
    let mut lint = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(here("tests/forms/junit.xsd"))
        .arg("-")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint is not installed: apt-get install libxml2-utils");
    lint.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = lint.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { String::new() } else { said }
}

#[test]
fn junit_is_valid_by_the_schema_that_ci_systems_share() {
    let all = samples();
    assert_eq!(complaints(&shown(Format::Junit, &all)), "");
    for report in &all {
        assert_eq!(complaints(&shown(Format::Junit, std::slice::from_ref(report))), "");
    }
    let mut strange = all[0].clone();
    strange.mailbox = "\u{fffe}\u{ffff}\u{0}\u{1}]]>--><!--&amp;\u{10ffff}".into();
    assert_eq!(complaints(&shown(Format::Junit, &[strange])), "");
    let wrong = shown(Format::Junit, &all).replace("<testcase name=", "<testcase label=");
    assert!(complaints(&wrong).contains("label"), "the schema looks");
}

#[test]
fn csv_has_as_many_fields_in_every_row_and_no_formula() {
    let text = shown(Format::Csv, &samples());
    let mut rows = csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let head = rows.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|known| known == name).unwrap();
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    for field in rows.iter().flatten() {
        assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']), "{field}");
    }
    assert_eq!(text.matches("\r\n").count(), rows.len() + 1);
    assert_eq!(text.matches('\n').count(), rows.len() + 1, "a line end only where a row ends");
    let row = rows.iter().find(|row| &row[column("method")] == "LOGIN-COMMAND").unwrap();
    assert_eq!(&row[column("outcome")], "refused");
    assert_eq!(&row[column("causes")], "basic-disabled protocol-disabled");
    assert_eq!(&row[column("reply_text")], "LOGIN failed.");
}

#[test]
fn a_server_cannot_write_a_formula_into_a_spreadsheet() {
    let mut reports = samples();
    reports[0].mailbox = "=cmd|' /C calc'!A0".into();
    for attempt in &mut reports[0].endpoints[0].attempts {
        if let mailprobe_probes::model::Outcome::Refused { reply, .. } = &mut attempt.outcome {
            reply.status = "-ERR".into();
            reply.text = "+1\",\"=HYPERLINK(\"\"http://x\"\")\n=2".into();
        }
    }
    let text = shown(Format::Csv, &reports);
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let mut seen = 0;
    for row in rows.records().map(Result::unwrap) {
        seen += row
            .iter()
            .filter(|field| field.starts_with("'=") || field.starts_with("'+") || *field == "'-ERR")
            .count();
        assert!(row.iter().all(|field| !field.starts_with(['=', '+', '-', '@'])), "{row:?}");
    }
    assert!(seen > 6, "{seen}");
}

/// Reads the text format by its grammar; panics where a line, an order or a label breaks it.
fn metrics(text: &str) -> HashMap<String, Vec<(String, f64)>> {
    let mut families: HashMap<String, Vec<(String, f64)>> = HashMap::new();
    let (mut helped, mut current) = (String::new(), String::new());
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            rest.split_once(' ').unwrap().0.clone_into(&mut helped);
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert_eq!((name, kind), (helped.as_str(), "gauge"));
            assert!(!families.contains_key(name), "{name} stands in two places");
            name.clone_into(&mut current);
            families.insert(current.clone(), Vec::new());
        } else {
            let (series, value) = sample(line);
            let (name, _) = series.split_once('{').unwrap_or((&series, ""));
            assert_eq!(name, current, "{line}");
            let family = families.get_mut(name).unwrap();
            assert!(family.iter().all(|(known, _)| *known != series), "twice: {series}");
            family.push((series, value));
        }
    }
    families
}

fn sample(line: &str) -> (String, f64) {
    let name_ends = line.find(['{', ' ']).unwrap();
    assert!(is_name(&line[..name_ends]), "{line}");
    let mut rest = &line[name_ends..];
    if let Some(mut labels) = rest.strip_prefix('{') {
        let mut seen = Vec::new();
        loop {
            let (name, after) = labels.split_once("=\"").unwrap_or_else(|| panic!("{line}"));
            assert!(is_name(name) && !seen.contains(&name), "{line}");
            seen.push(name);
            let end = closing_quote(after).unwrap_or_else(|| panic!("{line}"));
            labels = &after[end + 1..];
            match labels.strip_prefix(',') {
                Some(next) => labels = next,
                None => break,
            }
        }
        rest = labels.strip_prefix('}').unwrap_or_else(|| panic!("{line}"));
    }
    let value = rest.strip_prefix(' ').unwrap().parse().unwrap_or_else(|error| panic!("{error}: {line}"));
    (line[..line.len() - rest.len()].to_owned(), value)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// A backslash takes the next character with it, and only three may follow one.
fn closing_quote(text: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some(at),
            '\\' => assert!(matches!(chars.next(), Some((_, '\\' | '"' | 'n'))), "{text}"),
            _ => {}
        }
    }
    None
}

#[test]
fn prometheus_can_read_every_sample_and_each_series_once() {
    let mut reports = samples();
    // The same mailbox twice, as two runs in one file would have it.
    reports.push(reports[0].clone());
    reports[1].mailbox = "a\"},evil{x=\"y\\\nb".into();
    let found = metrics(&shown(Format::Prometheus, &reports));
    for name in [
        "probe_success",
        "probe_duration_seconds",
        "probe_ssl_earliest_cert_expiry",
        "probe_ssl_last_chain_info",
        "probe_tls_version_info",
        "mailprobe_mechanism_advertised",
        "mailprobe_mechanism_accepted",
        "mailprobe_expectation_met",
        "mailprobe_finding_info",
        "mailprobe_throttled",
    ] {
        assert!(found.contains_key(name), "{name}");
    }
    let accepted = &found["mailprobe_mechanism_accepted"];
    let value =
        |part: &str| accepted.iter().find(|(series, _)| series.contains(part)).map(|(_, value)| *value);
    assert_eq!(
        value(
            "alice@contoso.example\",endpoint=\"imaps://outlook.office365.com:993\",protocol=\"imap\",mechanism=\"PLAIN\""
        ),
        Some(0.0)
    );
    assert_eq!(value("carol@example.com"), None, "what nobody knows has no series");
    let throttled = &found["mailprobe_throttled"];
    assert!(throttled.iter().any(|(series, value)| series.contains("imap+plain") && *value > 0.5));
}

#[test]
fn names_that_a_server_invents_make_no_series_of_their_own() {
    let mut report = samples().remove(0);
    let offers = &mut report.endpoints[0].advertised[0].offers;
    let like = offers[0].clone();
    for number in 0..5_000 {
        let method = mailprobe_probes::model::Method::sasl(&format!("X-{number}"));
        offers.push(mailprobe_probes::model::Offer { method, ..like.clone() });
    }
    let text = shown(Format::Prometheus, &[report]);
    let found = metrics(&text);
    assert!(text.contains("mechanism=\"other\"") && !text.contains("X-4999"));
    assert!(found.values().map(Vec::len).sum::<usize>() < 200);
}

#[test]
fn a_plugin_says_one_line_with_performance_data_in_its_grammar() {
    for report in samples() {
        let text = shown(Format::Nagios, &[report]);
        assert_eq!(text.matches('|').count(), 1, "{text}");
        let (_, data) = text.lines().next().unwrap().split_once(" | ").unwrap();
        let mut rest = data;
        while !rest.is_empty() {
            let (label, after) = match rest.strip_prefix('\'') {
                Some(quoted) => quoted.split_once("'=").unwrap(),
                None => rest.split_once('=').unwrap(),
            };
            assert!(!label.is_empty() && !label.contains(['=', '\'']), "{label}");
            let (value, next) = after.split_once(' ').unwrap_or((after, ""));
            let (number, limits) = value.split_once(';').unwrap();
            number.trim_end_matches('s').parse::<f64>().unwrap();
            assert!(limits.chars().all(|c| c.is_ascii_digit() || ";.".contains(c)), "{value}");
            rest = next;
        }
    }
}

#[test]
fn a_cell_of_a_markdown_table_stays_one() {
    let text = shown(Format::Markdown, &samples());
    let mut columns = 0;
    for line in text.lines() {
        let bars = line.replace("\\|", "").matches('|').count();
        columns = match (columns, bars) {
            (0, bars) => bars,
            (_, 0) => 0,
            (columns, bars) => {
                assert_eq!(bars, columns, "{line}");
                bars
            }
        };
        for markup in ["<script", "<img", "](", "http://", "![", "```"] {
            assert!(!line.contains(markup), "{line}");
        }
    }
}
