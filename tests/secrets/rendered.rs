//! A visit in every form in which it leaves the program.

use mailprobe_probes::model::{Finding, Report, SCHEMA_VERSION, Tool};
use mailprobe_report::lang::Lang;
use mailprobe_report::{Format, Style, bundle, render};

use crate::support::{Seen, USER};

/// Every format in each language, with the transcript where it is asked for, and every file of a bundle.
pub(crate) fn forms(seen: &Seen) -> Vec<(String, String)> {
    let endpoint = seen.report.clone();
    let mut report = Report {
        schema: SCHEMA_VERSION,
        tool: Tool { name: "mailprobe".into(), version: "0".into() },
        mailbox: USER.into(),
        started_at: "2026-11-22T00:00:00Z".into(),
        elapsed_ms: 1,
        partial: false,
        given: None,
        findings: endpoint.findings.iter().map(Finding::clone).collect(),
        endpoints: vec![endpoint],
        verdict: None,
    };
    report.verdict = mailprobe_judge::judge(&report, &[]);
    let reports = [report];
    let mut forms: Vec<(String, String)> = Vec::new();
    for lang in [Lang::En, Lang::Ja] {
        let style = Style { verbose: true, lang, ..Style::PLAIN };
        forms.extend(Format::ALL.iter().map(|format| {
            (format!("{} in {}", format.name(), lang.code()), render(*format, &reports, &style))
        }));
    }
    let archive = bundle::archive(&reports, Lang::Ja).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    for at in 0..archive.len() {
        let file = archive.by_index(at).unwrap();
        let name = file.name().unwrap().into_owned();
        forms.push((name, std::io::read_to_string(file).unwrap()));
    }
    forms
}
