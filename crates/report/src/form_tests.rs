use mailprobe_probes::model::Report;

use super::*;

/// Everything of `sample`, for suites and people that start from a stored file.
#[test]
fn the_samples_as_a_stored_file() {
    golden::check("samples.jsonl", &render(Format::Jsonl, &sample::every(), &Style::PLAIN));
}

#[test]
fn every_other_form_of_a_cut_over_tenant() {
    for (format, extension) in FORMS {
        let shown = render(*format, &[sample::cut_over()], &Style::PLAIN);
        golden::check(&format!("{}-cut-over.{extension}", format.name()), &shown);
    }
}

#[test]
fn every_other_form_of_a_hostile_file() {
    for (format, extension) in FORMS {
        let shown = render(*format, &[sample::hostile()], &Style::PLAIN);
        golden::check(&format!("{}-hostile.{extension}", format.name()), &shown);
    }
}

#[test]
fn every_other_form_of_all_samples_at_once() {
    for (format, extension) in FORMS.iter().filter(|(format, _)| *format != Format::Html) {
        let shown = render(*format, &sample::every(), &Style::PLAIN);
        golden::check(&format!("{}-every.{extension}", format.name()), &shown);
    }
}

const FORMS: &[(Format, &str)] = &[
    (Format::Junit, "xml"),
    (Format::Nagios, "txt"),
    (Format::Prometheus, "prom"),
    (Format::Markdown, "md"),
    (Format::Csv, "csv"),
    (Format::Html, "html"),
];

#[test]
fn a_page_of_two_hundred_mailboxes_tells_all_and_a_page_of_more_those_with_a_problem() {
    let one = |number: usize| {
        let mut report = if number % 100 == 7 { sample::wrong_password() } else { sample::all_fine() };
        report.mailbox = format!("u{number:04}@example.com");
        report
    };
    let many: Vec<Report> = (0..1_000).map(one).collect();
    let page = render(Format::Html, &many, &Style::PLAIN);
    assert_eq!(page.matches("<section class=\"mailbox\"").count(), 250);

    assert!(page.contains("250 of 1000 mailboxes are told in full"));
    assert_eq!(
        page.matches("@example.com</bdi></th>").count() + page.matches("@example.com</a></bdi></th>").count(),
        1_000
    );
    for number in (7..1_000).step_by(100) {
        assert!(page.contains(&format!("<h2 id=\"m{number}\"><bdi>u{number:04}@")), "{number}");
    }
    let metrics = render(Format::Prometheus, &many, &Style::PLAIN);
    assert!(metrics.lines().count() < 100, "{metrics}");
    assert!(metrics.contains("mailprobe_mailboxes{status=\"not-met\"} 10"), "{metrics}");
    let plugin = render(Format::Nagios, &many, &Style::PLAIN);
    assert!(
        plugin.len() < 8_192
            && plugin.starts_with("MAILPROBE CRITICAL - 1000 mailbox reports: 10 CRITICAL, 990 OK |")
    );
    assert_eq!(render(Format::Csv, &many, &Style::PLAIN).lines().count(), 1 + 990 * 6 + 10 * 5);
    assert!(render(Format::Markdown, &many, &Style::PLAIN).contains("950 mailbox reports more"));
}

#[test]
fn the_state_of_a_plugin_follows_the_exit_status_and_the_findings() {
    use mailprobe_probes::model::Severity;
    let state = |report: Report| nagios_state(&[report]).code();
    assert_eq!(state(sample::cut_over()), 0);
    assert_eq!(state(sample::wrong_password()), 2);
    assert_eq!(state(sample::unreachable()), 3, "nobody knows");
    assert_eq!(nagios_state(&[]).code(), 3);
    assert_eq!(
        nagios_state(&[sample::cut_over(), sample::unreachable(), sample::wrong_password()]).code(),
        2
    );
    assert_eq!(nagios_state(&[sample::cut_over(), sample::unreachable()]).code(), 3);
    let mut lenient = sample::wrong_password();
    lenient.verdict.as_mut().unwrap().rules.iter_mut().for_each(|rule| rule.severity = Severity::Warning);
    assert_eq!(state(lenient), 1);
    let mut noticed = sample::cut_over();
    noticed.findings = sample::unreachable().findings;
    assert_eq!(state(noticed), 1);
    let said = nagios_trouble("`a|b` $(id)\nnext");
    assert_eq!(said, "MAILPROBE UNKNOWN - 'a/b' _(id)\\nnext\n");
}

#[test]
fn junit_fails_exactly_where_the_exit_status_is_one() {
    for report in sample::every() {
        let code = mailprobe_judge::exit_code(std::slice::from_ref(&report));
        let shown = render(Format::Junit, std::slice::from_ref(&report), &Style::PLAIN);
        assert_eq!(shown.contains("<failure "), code == 1, "{code}: {shown}");
        assert!(code != 3 || shown.contains("<error "), "{code}: {shown}");
    }
}

#[test]
fn a_bundle_of_reports_that_come_in_another_order_has_the_same_bytes() {
    let reports = sample::every();
    let mut evidence = bundle::Evidence::new(crate::lang::Lang::En);
    for (place, report) in reports.iter().enumerate().rev() {
        evidence.add(place, report).unwrap();
    }
    let archive = evidence.archive(std::io::Cursor::new(Vec::new())).unwrap().into_inner();
    assert!(archive == bundle::archive(&reports, crate::lang::Lang::En).unwrap());
}

#[test]
fn a_bundle_has_the_same_bytes_twice_and_names_that_lead_nowhere() {
    let mut reports = sample::every();
    reports[0].mailbox = "../../etc/passwd".into();
    reports[0].endpoints[0].url = "imaps://..\\..\\C:\\:993".into();
    let bytes = bundle::archive(&reports, crate::lang::Lang::En).unwrap();
    assert_eq!(bytes, bundle::archive(&reports, crate::lang::Lang::En).unwrap());
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names[..3], ["README.txt", "report.json", "report.html"]);
    assert_eq!(names.len(), 3 + reports.iter().map(|report| report.endpoints.len()).sum::<usize>());
    for name in &names {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
        assert!(name.chars().all(plain) && !name.contains("..") && !name.starts_with('/'), "{name}");
        let text = std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
        assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{name}");
    }
    let json = std::io::read_to_string(archive.by_name("report.json").unwrap()).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Report>>(&json).unwrap(), reports);
}
