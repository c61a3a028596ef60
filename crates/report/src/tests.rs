use mailprobe_probes::model::Report;

use super::layout::width;
use super::*;

fn text(reports: &[Report]) -> String {
    render(Format::Text, reports, &Style::PLAIN)
}

#[test]
fn the_short_report_of_a_cut_over_tenant() {
    golden::check("text-cut-over.txt", &text(&[sample::cut_over()]));
}

#[test]
fn the_short_report_where_everything_works() {
    golden::check("text-all-fine.txt", &text(&[sample::all_fine()]));
}

#[test]
fn the_short_report_of_a_wrong_password() {
    golden::check("text-wrong-password.txt", &text(&[sample::wrong_password()]));
}

#[test]
fn the_short_report_of_endpoints_that_do_not_answer() {
    golden::check("text-unreachable.txt", &text(&[sample::unreachable()]));
}

#[test]
fn the_short_report_of_a_hostile_file() {
    golden::check(
        "text-hostile.txt",
        &render(Format::Text, &[sample::hostile()], &Style { verbose: true, ..Style::PLAIN }),
    );
}

#[test]
fn the_short_report_of_two_mailboxes() {
    golden::check("text-two-mailboxes.txt", &text(&sample::two_mailboxes()));
}

#[test]
fn the_short_report_with_its_transcript() {
    let style = Style { verbose: true, ..Style::PLAIN };
    golden::check("text-verbose.txt", &render(Format::Text, &[sample::cut_over()], &style));
}

#[test]
fn a_way_through_a_proxy_is_named_and_harmless() {
    let mut report = sample::all_fine();
    for endpoint in &mut report.endpoints {
        (endpoint.peer, endpoint.proxy) = (None, Some("http://proxy.example.com:3128\u{1b}[2J".into()));
    }
    let shown = "proxy http://proxy.example.com:3128\\x1B[2J";
    let text = text(&[report.clone()]);
    assert_eq!(text.matches(&format!("through the {shown}\n")).count(), 1, "{text}");
    let wide = render(Format::Wide, &[report.clone()], &Style::PLAIN);
    assert!(wide.contains(&format!("via {shown}")) && !wide.contains('\u{1b}'), "{wide}");
}

#[test]
fn the_wide_report() {
    golden::check("wide-cut-over.txt", &render(Format::Wide, &[sample::cut_over()], &Style::PLAIN));
    golden::check("wide-unreachable.txt", &render(Format::Wide, &[sample::unreachable()], &Style::PLAIN));
}

#[test]
fn the_versions_of_tls_stand_in_a_line_and_in_the_wide_report_in_words() {
    golden::check("text-tls-versions.txt", &text(&[sample::old_device()]));
    golden::check("wide-tls-versions.txt", &render(Format::Wide, &[sample::old_device()], &Style::PLAIN));
    let mut one = sample::old_device();
    one.endpoints.remove(0);
    assert!(text(&[one]).contains("\n  TLS accepted: 1.2 (1.0, 1.1 refused; 1.3 unclear)\n"));
}

#[test]
fn the_document_for_programs() {
    golden::check(
        "json-wrong-password.json",
        &render(Format::Json, &[sample::wrong_password()], &Style::PLAIN),
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for columns in [40, 60, 80, 100, 120] {
        let style = Style::new(false, Some(columns), true, crate::lang::Lang::En);
        for report in sample::every() {
            for format in [Format::Text, Format::Wide] {
                let columns = if format == Format::Wide { columns.max(80) } else { columns };
                for line in render(format, std::slice::from_ref(&report), &style).lines() {
                    assert!(width(line) <= columns || line.contains("://"), "{columns}: {line}");
                }
            }
        }
    }
}

#[test]
fn nothing_a_terminal_would_act_upon_gets_through() {
    for format in Format::ALL {
        let shown = render(*format, &sample::every(), &Style { verbose: true, ..Style::PLAIN });
        let shown = if *format == Format::Csv { shown.replace("\r\n", "\n") } else { shown };
        let harmful = shown.chars().find(|c| {
            (c.is_control() && *c != '\n')
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}')
        });
        assert_eq!(harmful, None, "{}", format.name());
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let reports = sample::every();
    for format in [Format::Text, Format::Wide] {
        let style = Style { verbose: true, ..Style::PLAIN };
        let coloured = render(format, &reports, &Style { color: true, ..style });
        assert!(coloured.contains("\u{1b}[32m"));
        let mut bare = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            bare.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        bare.push_str(rest);
        let trimmed: String = bare.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
        assert_eq!(trimmed, render(format, &reports, &style));
    }
}

#[test]
fn more_endpoints_than_fit_go_into_several_blocks() {
    let endpoints = (0..7).map(|n| {
        sample::endpoint(
            &format!("imaps://imap.example.com:{}", 993 + n),
            vec![sample::attempt("PLAIN", true, sample::usable())],
        )
    });
    let report = sample::report("alice@example.com", endpoints.collect(), &[]);
    let shown = text(&[report]);
    assert_eq!(shown.lines().filter(|line| line.starts_with("  PLAIN ")).count(), 2, "{shown}");
    assert!(shown.contains("opens the mailbox on all 7 endpoints."), "{shown}");
}

#[test]
fn several_addresses_of_one_host_are_told_apart() {
    let at = |peer: &str| {
        let mut endpoint = sample::endpoint(
            "imaps://imap.example.com",
            vec![sample::attempt("PLAIN", true, sample::usable())],
        );
        endpoint.peer = Some(peer.into());
        endpoint
    };
    let shown =
        text(&[sample::report("a@example.com", vec![at("192.0.2.1:993"), at("[2001:db8::1]:993")], &[])]);
    let told = shown.replace("\n    ", " ");
    assert!(told.contains("on imaps :993 at 192.0.2.1 and imaps :993 at 2001:db8::1."), "{shown}");
}

#[test]
fn a_look_at_the_advertisements_alone_speaks_of_nothing_else() {
    let mut endpoint = sample::endpoint("imap://imap.example.com", Vec::new());
    endpoint.advertised = vec![
        sample::offers(mailprobe_probes::model::Stage::BeforeTls, &["PLAIN"]),
        sample::offers(mailprobe_probes::model::Stage::AfterTls, &["XOAUTH2"]),
    ];
    golden::check("text-advertised-only.txt", &text(&[sample::report("a@example.com", vec![endpoint], &[])]));
}

#[test]
fn a_run_that_stops_at_the_login_claims_nothing_about_the_mailbox() {
    use mailprobe_probes::model::{Failure, LineRange, Outcome, Phase, Session, Trouble};
    let failure = Failure::new(Phase::Session, Trouble::NotAsked, "opening the mailbox was not asked for");
    let taken = Outcome::Accepted {
        reply: sample::reply("OK", None, "done"),
        evidence: LineRange::new(1, 2),
        session: Session::not_checked(failure),
    };
    let endpoint = sample::endpoint("imaps://h", vec![sample::attempt("PLAIN", true, taken)]);
    let shown = text(&[sample::report("a@example.com", vec![endpoint], &[])]);
    assert!(shown.contains("● ~ accepted") && shown.ends_with("A login is accepted.\n"), "{shown}");
    assert!(!shown.contains("opens the mailbox") && !shown.contains("The mailbox opens"), "{shown}");
}

#[test]
fn a_request_for_the_mailbox_that_is_not_accepted_says_nothing_against_the_login() {
    use mailprobe_probes::model::{Failure, LineRange, Outcome, Phase, Session, Trouble};
    let failure = Failure::new(Phase::Session, Trouble::RequestRefused, "500 Bad request.");
    let taken = Outcome::Accepted {
        reply: sample::reply("500", None, "Bad request."),
        evidence: LineRange::new(1, 2),
        session: Session::not_checked(failure),
    };
    let endpoint = sample::endpoint("ews://h", vec![sample::attempt("Bearer", true, taken)]);
    let shown = text(&[sample::report("a@example.com", vec![endpoint], &[])]);
    assert!(shown.contains("did not accept the request for the mailbox."), "{shown}");
    assert!(!shown.contains("did not check the credentials"), "{shown}");
}

#[test]
fn json_holds_one_object_or_an_array_and_reads_back() {
    let one: Report =
        serde_json::from_str(&render(Format::Json, &[sample::hostile()], &Style::PLAIN)).unwrap();
    assert_eq!(one, sample::hostile());
    let many: Vec<Report> =
        serde_json::from_str(&render(Format::Json, &sample::two_mailboxes(), &Style::PLAIN)).unwrap();
    assert_eq!(many, sample::two_mailboxes());
    let lines = render(Format::Jsonl, &sample::every(), &Style::PLAIN);
    let read: Vec<Report> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(read, sample::every());
}
