//! Every way in which nothing is presented, in every form of a report: what was not seen is nowhere green.

use mailprobe_probes::model::{EndpointReport, Failure, Kind, Phase, Report, Skip, Trouble};

use super::*;
use mailprobe_judge::sample::judged;
use mailprobe_judge::{exit_code, judge};

fn given(mailbox: &str, endpoints: Vec<EndpointReport>, rules: &[&str]) -> Report {
    judged(Report { given: Some(vec![Kind::Password]), ..sample::report(mailbox, endpoints, &[]) }, rules)
}

fn skipped(skip: Skip) -> EndpointReport {
    sample::endpoint("imaps://imap.example.com", vec![sample::attempt("PLAIN", true, sample::skipped(skip))])
}

fn untrusted() -> EndpointReport {
    let mut endpoint = skipped(Skip::UntrustedForbidden);
    let tls = endpoint.tls.as_mut().unwrap();
    (tls.trusted, tls.problems) = (false, vec!["the chain leads to no trusted root".into()]);
    endpoint
}

fn unreachable(host: &str, cause: Trouble) -> EndpointReport {
    let mut endpoint = sample::endpoint(&format!("imaps://{host}"), Vec::new());
    (endpoint.tls, endpoint.peer) = (None, None);
    endpoint.failure = Some(Failure::new(Phase::Connect, cause, "192.0.2.9:993"));
    endpoint
}

fn shown(format: Format, report: &Report) -> String {
    render(format, std::slice::from_ref(report), &Style::PLAIN)
}

/// Text as it was before it was folded.
fn unfolded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace(layout::GLUE, " ")
}

#[test]
fn no_form_is_green_where_nothing_was_presented() {
    let ways: Vec<(EndpointReport, &str, bool)> = vec![
        (untrusted(), "the certificate is not trusted (--ca-file, or --insecure)", false),
        (
            skipped(Skip::PlaintextForbidden),
            "the connection is not encrypted (use TLS, or --allow-plaintext)",
            false,
        ),
        (skipped(Skip::Budget), "the attempt budget is used up or 0 (--attempt-budget)", true),
        (
            skipped(Skip::NoToken),
            "no method that was tried presents a password (--methods, or methods in --targets)",
            false,
        ),
        (
            skipped(Skip::NotAdvertised),
            "the server offers no method that was to be tried (--methods, or leave out --no-unadvertised)",
            false,
        ),
        (
            unreachable("imap.example.com", Trouble::ConnectionRefused),
            "connection refused on imaps imap.example.com:993",
            false,
        ),
        (
            unreachable("imap.example.com", Trouble::NoSuchHost),
            "no such host on imaps imap.example.com:993",
            false,
        ),
    ];
    for (endpoint, because, later) in ways {
        for rules in [&[][..], &["PLAIN=not-accepted"], &["PLAIN=not-advertised"]] {
            let report = given("alice@example.com", vec![endpoint.clone()], rules);
            let sentence = format!("Nothing was presented: {because}.");
            assert_eq!(exit_code(std::slice::from_ref(&report)), if later { 4 } else { 3 }, "{because}");

            for format in [Format::Text, Format::Wide] {
                let text = shown(format, &report);
                let last = unfolded(&text[text.rfind("\n? ").unwrap_or(0)..]);
                assert_eq!(last, format!("? {sentence}"), "{format:?} {rules:?}");
                assert!(!text.contains('✓'), "{text}");
            }
            let page = shown(Format::Html, &report);
            assert!(page.contains("<p class=\"verdict doubt\">"), "{because}: {page}");
            assert!(page.contains("not checked") && !page.contains("class=\"verdict good\""), "{because}");
            let markdown = shown(Format::Markdown, &report).replace('\\', "");
            assert!(markdown.contains("**? Nothing was presented: "), "{markdown}");
            let plugin = shown(Format::Nagios, &report);
            assert!(
                plugin.starts_with(&format!("MAILPROBE UNKNOWN - alice@example.com: {sentence} |")),
                "{plugin}"
            );
            let junit = shown(Format::Junit, &report);
            assert_eq!(junit.contains("<error "), !later, "{rules:?} {junit}");
            assert!(
                junit.contains(if later { "<skipped " } else { "<error type=\"not-checked\"" }),
                "{junit}"
            );
            let csv = shown(Format::Csv, &report);
            assert!(
                csv.lines()
                    .nth(1)
                    .unwrap()
                    .ends_with(&format!(",\"not-checked\",\"not checked: {because}\"")),
                "{csv}"
            );
            let metrics = shown(Format::Prometheus, &report);
            assert!(metrics.contains("probe_success{mailbox=\"alice@example.com\"} 0\n"), "{metrics}");
            assert!(metrics.contains("mailprobe_mailboxes{status=\"not-checked\"} 1\n"), "{metrics}");
            assert_eq!(report.verdict.unwrap().status, mailprobe_probes::model::VerdictStatus::Unknown);
        }
    }
}

#[test]
fn a_stored_report_whose_verdict_knows_nothing_of_it_is_no_greener() {
    let mut old = given("alice@example.com", vec![untrusted()], &[]);
    (old.given, old.verdict) = (None, None);
    assert!(shown(Format::Text, &old).contains("? Nothing was presented: the certificate is not trusted"));
    assert!(shown(Format::Nagios, &old).starts_with("MAILPROBE UNKNOWN - "));
    assert!(shown(Format::Junit, &old).contains("<error type=\"not-checked\""));
    assert!(shown(Format::Html, &old).contains("<p class=\"verdict doubt\">"));
    assert!(shown(Format::Csv, &old).contains("\"not-checked\""));
}

fn three() -> Vec<Report> {
    let fine =
        sample::endpoint("imaps://imap.example.com", vec![sample::attempt("PLAIN", true, sample::usable())]);
    vec![
        given("alice@lab.test", vec![fine], &[]),
        given("bob@lab.test", vec![unreachable("127.0.99.99", Trouble::ConnectionRefused)], &[]),
        given("carol@lab.test", vec![unreachable("nowhere.lab.test", Trouble::NoSuchHost)], &[]),
    ]
}

#[test]
fn mailboxes_that_could_not_be_reached_are_counted_and_named() {
    let text = render(Format::Text, &three(), &Style::PLAIN);
    let overview = text.rsplit("─\n\n").next().unwrap();
    assert_eq!(
        overview,
        "3 mailboxes · 1 opens · 2 not checked\n\
         ✓ alice@lab.test  The mailbox opens.\n\
         ? bob@lab.test    not checked: connection refused on imaps 127.0.99.99:993\n\
         ? carol@lab.test  not checked: no such host on imaps nowhere.lab.test:993\n"
    );
    let page = render(Format::Html, &three(), &Style::PLAIN);
    assert_eq!(page.matches("<tr><td class=\"tag doubt\">").count(), 2, "{page}");
    assert!(
        page.contains("</span> 2 not checked</span>") && page.contains("</span> 1 opens</span>"),
        "{page}"
    );
    assert!(page.contains("<td>not checked: connection refused on imaps 127.0.99.99:993</td>"), "{page}");
    assert!(!page.contains("nothing to judge") && !page.contains("· <span aria-hidden=\"true\">·"), "{page}");
    let markdown = render(Format::Markdown, &three(), &Style::PLAIN).replace('\\', "");
    assert!(
        markdown.contains("| ? not checked: connection refused on imaps 127.0.99.99:993 |"),
        "{markdown}"
    );
    let plugin = render(Format::Nagios, &three(), &Style::PLAIN);
    assert!(plugin.starts_with("MAILPROBE UNKNOWN - 3 mailbox reports: 2 UNKNOWN, 1 OK"), "{plugin}");
    assert!(
        plugin.contains(
            "\nUNKNOWN bob@lab.test: Nothing was presented: connection refused on imaps 127.0.99.99:993.\n"
        ),
        "{plugin}"
    );
}

#[test]
fn the_reason_is_told_in_japanese_too() {
    let style = Style { lang: crate::lang::Lang::Ja, ..Style::PLAIN };
    let text = render(Format::Text, &three(), &style);
    assert!(
        text.contains("? bob@lab.test    未確認: imaps 127.0.99.99:993: 接続が拒否されました\n"),
        "{text}"
    );
    let one = render(Format::Text, &[given("a@example.com", vec![untrusted()], &[])], &style);
    let last = unfolded(&one[one.rfind("\n? ").unwrap()..]);
    assert_eq!(
        last,
        "? 資格情報を何も提示していません: 証明書が信頼されていません (--ca-file、または --insecure)。"
    );
}

#[test]
fn with_expectations_an_unreachable_mailbox_is_not_checked_either() {
    let reports: Vec<Report> = three().into_iter().map(|report| judged(report, &["PLAIN=usable"])).collect();
    let text = render(Format::Text, &reports, &Style::PLAIN);
    assert!(text.contains("3 mailboxes · 1 met · 2 not checked\n"), "{text}");
    assert!(
        text.contains("? bob@lab.test    not checked: connection refused on imaps 127.0.99.99:993\n"),
        "{text}"
    );
}

#[test]
fn nothing_to_judge_is_said_only_where_nothing_was_asked_for() {
    let mut quiet = given("a@example.com", vec![skipped(Skip::NotAsked)], &[]);
    quiet.given = Some(Vec::new());
    quiet.verdict = judge(&quiet, &[]);
    let mut dead = given("b@example.com", vec![unreachable("127.0.99.99", Trouble::ConnectionRefused)], &[]);
    dead.given = Some(Vec::new());
    dead.verdict = judge(&dead, &[]);
    let text = render(Format::Text, &[quiet.clone(), dead.clone()], &Style::PLAIN);
    assert!(text.contains("2 mailboxes · 1 not checked · 1 nothing to judge\n"), "{text}");
    assert!(text.contains("– a@example.com  nothing to judge\n"), "{text}");
    let page = render(Format::Html, &[quiet.clone(), dead], &Style::PLAIN);
    assert!(page.contains("<span aria-hidden=\"true\">–</span> 1 nothing to judge"), "{page}");
    assert_eq!(nagios_state(&[quiet]).code(), 0);
}

#[test]
fn a_failure_keeps_its_verdict_and_what_was_not_checked_has_a_line_beside_it() {
    let mut report = sample::wrong_password();
    report.endpoints.push(unreachable("pop.example.com", Trouble::ConnectionRefused));
    report.given = Some(vec![Kind::Password]);
    report.verdict = judge(&report, &[]);
    let text = unfolded(&shown(Format::Text, &report));
    assert!(
        text.ends_with(
            "? Not checked: connection refused on imaps pop.example.com:993. ✗ The mailbox does not open on \
             imaps://imap.example.com:993."
        ),
        "{text}"
    );
    assert_eq!(exit_code(&[report]), 1);
}

/// A run that was only to look at what is offered.
fn quiet() -> Report {
    let report =
        Report { given: Some(Vec::new()), ..given("a@example.com", vec![skipped(Skip::NotAsked)], &[]) };
    judged(report, &[])
}

#[test]
fn nothing_to_judge_is_said_in_every_form_for_one_mailbox_too() {
    let said = "Nothing to judge: nothing was to be presented.";
    for format in [Format::Text, Format::Wide] {
        let text = shown(format, &quiet());
        assert!(text.ends_with(&format!("\n– {said}\n")), "{format:?}: {text}");
    }
    let page = shown(Format::Html, &quiet());
    let verdict = page.split("<p class=\"verdict plain\">").nth(1).unwrap_or_else(|| panic!("{page}"));
    assert!(verdict.contains("nothing to judge") && verdict.contains(said), "{verdict}");
    assert!(shown(Format::Markdown, &quiet()).contains(&format!("**– {}**", crate::escape::markdown(said))));
    assert!(shown(Format::Nagios, &quiet()).starts_with(&format!("MAILPROBE OK - a@example.com: {said} |")));
}

#[test]
fn a_plugin_that_warns_of_a_finding_names_it_in_its_first_line() {
    let untrusted = mailprobe_probes::model::Finding {
        id: "certificate-untrusted".into(),
        severity: mailprobe_probes::model::Severity::Critical,
        title: "The certificate is not trusted".into(),
        explanation: "e".into(),
        remedy: "r".into(),
        endpoint: None,
        evidence: None,
    };
    let quiet = Report { findings: vec![untrusted.clone()], ..quiet() };
    let good = Report { findings: vec![untrusted], ..three().remove(0) };
    for report in [&quiet, &good] {
        let plugin = shown(Format::Nagios, report);
        let first = plugin.lines().next().unwrap().split(" | ").next().unwrap();
        assert!(first.starts_with("MAILPROBE WARNING - "), "{first}");
        assert!(first.ends_with(". Critical: The certificate is not trusted"), "{first}");
    }
    let several = render(Format::Nagios, &[quiet, good], &Style::PLAIN);
    assert!(several.matches(". Critical: The certificate is not trusted\n").count() == 2, "{several}");
}
