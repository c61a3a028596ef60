use super::*;
use crate::lang::Lang;
use crate::{render, sample};

/// Mailboxes of one endpoint each, with a problem here and there.
fn fleet(mailboxes: usize) -> Vec<Report> {
    let mut samples = [sample::all_fine(), sample::wrong_password(), sample::unreachable()];
    for sample in &mut samples {
        sample.endpoints.truncate(1);
        sample.endpoints[0].transcript.clear();
    }
    let one = |number: usize| {
        let mut report = samples[if number % 10 == 3 { 1 + number / 10 % 2 } else { 0 }].clone();
        report.mailbox = format!("u{number:04}@example.com");
        report.endpoints[0].host = format!("mail{}.example.com", number % 7);
        report
    };
    (0..mailboxes).map(one).collect()
}

/// The numbers below `count` in an order that has nothing to do with theirs.
fn scattered(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|number| std::cmp::Reverse((number * 7_919 + 13) % 1_009));
    order
}

#[test]
fn reports_that_come_in_any_order_make_the_document_that_they_make_in_their_own() {
    let cases = [
        (sample::two_mailboxes(), Format::ALL),
        (sample::every(), Format::ALL),
        // More than have series of their own, and more than are told in full.
        (fleet(110), &[Format::Prometheus, Format::Markdown, Format::Nagios]),
        (fleet(260), &[Format::Html]),
    ];
    for (reports, formats) in cases {
        for format in formats {
            for lang in [Lang::En, Lang::Ja] {
                let style = Style { lang, ..Style::PLAIN };
                let mut stream = Stream::new(*format, &style, Spool::unseen(), Spool::unseen());
                for place in scattered(reports.len()) {
                    stream.report(place, &reports[place]).unwrap();
                }
                assert!(!stream.lacks_only_its_end(), "{}", format.name());
                let mut document = Vec::new();
                stream.whole(&mut document).unwrap();
                let wanted = render(*format, &reports, &style);
                assert!(String::from_utf8(document).unwrap() == wanted, "{} in {lang:?}", format.name());
            }
        }
    }
}

#[test]
fn what_came_in_order_needs_nothing_but_its_end_where_the_head_is_known() {
    let reports = sample::every();
    for format in Format::ALL {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut stream =
            Stream::new(*format, &Style::PLAIN, Spool::of(file.reopen().unwrap()), Spool::unseen());
        for (place, report) in reports.iter().enumerate() {
            stream.report(place, report).unwrap();
        }
        let copied = matches!(
            format,
            Format::Junit | Format::Html | Format::Markdown | Format::Nagios | Format::Prometheus
        );
        assert_eq!(stream.lacks_only_its_end(), !copied, "{}", format.name());
        if !copied {
            let mut document = std::fs::read(file.path()).unwrap();
            stream.end(&mut document).unwrap();
            assert_eq!(String::from_utf8(document).unwrap(), render(*format, &reports, &Style::PLAIN));
        }
    }
}

#[test]
fn a_document_that_has_no_end_yet_tells_of_every_report_that_came() {
    for format in Format::ALL {
        // A page of Markdown has room for a thousand rows.
        let reports = fleet(if *format == Format::Markdown { 1_010 } else { 110 });
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut stream =
            Stream::new(*format, &Style::PLAIN, Spool::of(file.reopen().unwrap()), Spool::unseen());
        for place in scattered(reports.len()) {
            stream.report(place, &reports[place]).unwrap();
        }
        let so_far = std::fs::read_to_string(file.path()).unwrap();
        for number in 0..reports.len() {
            assert!(so_far.contains(&format!("u{number:04}")), "{number} in {}", format.name());
        }
    }
}

#[test]
fn a_document_without_a_report_is_one_all_the_same() {
    let of_none = |format| render(format, &[], &Style::PLAIN);
    assert_eq!((of_none(Format::Text), of_none(Format::Jsonl)), (String::new(), String::new()));
    assert_eq!(of_none(Format::Json), "[]\n");
    assert_eq!(of_none(Format::Csv).lines().count(), 1);
    assert!(of_none(Format::Junit).contains("<testsuites name=\"mailprobe\" tests=\"0\""));
    assert!(of_none(Format::Nagios).starts_with("MAILPROBE UNKNOWN - 0 mailbox reports:  | time=0.000s"));
    assert!(of_none(Format::Html).contains("<title>0 mailboxes – mailprobe</title>"));
    assert!(of_none(Format::Prometheus).contains("mailprobe_mailboxes{status=\"met\"} 0\n"));
    assert_eq!(of_none(Format::Markdown), "");
}

#[test]
fn a_page_of_many_mailboxes_is_not_written_out_for_all_of_them() {
    let reports = fleet(400);
    let (one, all) = [10, 400]
        .map(|some| {
            let mut stream = Stream::new(Format::Html, &Style::PLAIN, Spool::in_memory(), Spool::in_memory());
            for (place, report) in reports.iter().take(some).enumerate() {
                stream.report(place, report).unwrap();
            }
            stream.sheet.parts.len()
        })
        .into();
    assert!(all < one * 30, "{one} {all}");
}
