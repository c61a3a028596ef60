//! The pages as a program sees them: formats, guards and limits.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mailprobe_canary::cell::{Standing, State};
use mailprobe_canary::http::{Access, Limits};

use crate::fleet::{Fleet, cell};
use crate::lab;
use crate::served::{Served, guarded, served, served_with, settings};

fn of(count: usize) -> (Arc<Fleet>, Served) {
    let fleet = Arc::new(Fleet::of(count));
    let served = served(fleet.clone());
    (fleet, served)
}

/// What promtool thinks of a page of metrics.
pub(crate) fn promtool(page: &str) -> (bool, String) {
    let mut child = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("promtool is not installed: apt-get install prometheus");
    child.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

#[test]
fn the_metrics_are_what_prometheus_reads_hostile_servers_included() {
    let (_, served) = of(60);
    let page = served.get("/metrics");
    assert_eq!(page.status, 200);
    assert!(page.head.contains("content-type: text/plain; version=0.0.4"), "{}", page.head);
    let (fine, said) = promtool(&page.body);
    assert!(fine, "{said}");
    for line in [
        "probe_success{target=\"contoso-0000\"} 1",
        "probe_success{target=\"northwind-0005\"} 0",
        "mailprobe_target_status{target=\"fabrikam-0007\",status=\"unknown\"} 1",
        "mailprobe_targets{status=\"fail\"} 1",
        "mailprobe_attempts_total{kind=\"password\"} 7",
        "mailprobe_visits_total{status=\"pass\"} 40",
        "mailprobe_sink_up{sink=\"team-chat\"} 0",
        "mailprobe_ready 1",
        "mailprobe_schedule_overdue_seconds 1.500",
        "mailprobe_cell_expectation_met{target=\"northwind-0005\",module=\"all\",endpoint=\"ews://outlook.office365.com/EWS/Exchange.asmx\",protocol=\"ews\",mechanism=\"Basic\"} 0",
    ] {
        assert!(page.body.lines().any(|had| had == line), "{line}\n{}", page.body);
    }
    assert!(page.body.contains("probe_success{target=\"fabrikam-0007\"} 0\n"), "nobody knows");
    for (name, why) in [("northwind-0011", "throttled"), ("fabrikam-0013", "in maintenance")] {
        assert!(
            page.body.contains(&format!("probe_success{{target=\"{name}\"}} 1\n")),
            "{why}, and seen to be good"
        );
    }
    let success = page.body.lines().filter(|line| line.starts_with("probe_success{")).count();
    assert_eq!(success, 60, "there is one for each target");
    assert!(!promtool("mailprobe_x{ 1\n").0, "what is wrong is seen");
}

#[test]
fn beyond_a_hundred_targets_the_number_of_series_stays_small() {
    let (_, served) = of(2_000);
    let page = served.get("/metrics").body;
    assert!(!page.contains("mailprobe_cell_state{"), "cells have no series of their own");
    assert!(
        page.contains("mailprobe_cells{protocol=\"imap\",mechanism=\"XOAUTH2\",state=\"usable\"} 2000"),
        "sums are there"
    );
    assert!(page.lines().count() < 15_000, "{}", page.lines().count());
    // Ten thousand mailboxes behind one host are one certificate.
    assert!(page.lines().filter(|line| line.starts_with("probe_ssl_earliest_cert_expiry{")).count() < 10);
}

#[test]
fn every_name_that_the_documentation_lists_is_on_the_page_and_the_other_way_round() {
    let (_, served) = of(60);
    let page = served.get("/metrics").body;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/canary/src/metrics/mod.rs");
    let documented = std::fs::read_to_string(path).unwrap();
    let table: String = documented.lines().filter(|line| line.starts_with("//! | `")).collect();
    for name in table.split('`').filter(|word| word.starts_with("probe_") || word.starts_with("mailprobe_")) {
        assert!(page.contains(&format!("# TYPE {name} ")), "{name} is documented and not there");
    }
    for line in page.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let name = line.split(' ').next().unwrap();
        let of_one_visit = [
            "mailprobe_report_partial",
            "mailprobe_tls_",
            "mailprobe_mailbox_usable",
            "mailprobe_refusal_info",
            "mailprobe_endpoint_reachable",
            "mailprobe_throttled",
            "mailprobe_mechanism_",
            "probe_tls_cipher_info",
        ];
        assert!(
            table.contains(&format!("`{name}`")) || of_one_visit.iter().any(|known| name.starts_with(known)),
            "{name} is not documented"
        );
    }
}

#[test]
fn a_probe_visits_configured_targets_and_nothing_else() {
    let (fleet, served) = of(60);
    let fine = served
        .get_with("/probe?target=contoso-0000&module=all", &[("X-Prometheus-Scrape-Timeout-Seconds", "10")]);
    assert_eq!(fine.status, 200);
    assert!(fine.body.lines().any(|line| line.starts_with("probe_success ")), "{}", fine.body);
    assert!(fine.body.contains("\nprobe_timeout_seconds 9.500\n"));
    assert!(promtool(&fine.body).0, "{}", promtool(&fine.body).1);
    let asked = fleet.asked.lock().unwrap().clone();
    assert_eq!(asked, [("contoso-0000".into(), "all".into(), Duration::from_millis(9_500))]);
    let hostile = served.get("/probe?target=northwind-0005&debug=true");
    assert!(hostile.head.contains("content-type: text/plain"), "{}", hostile.head);
    assert!(hostile.body.contains("Conversation with ") && hostile.body.contains("\nprobe_success "));
    assert!(!hostile.body.chars().any(|c| c.is_control() && c != '\n'), "nothing acts on a terminal");
    for (path, status) in [
        ("/probe", 400),
        ("/probe?target=nobody", 400),
        ("/probe?target=imaps%3A%2F%2Fevil.example", 400),
        ("/probe?target=contoso-0000&module=nothing", 400),
        ("/probe?target=contoso-0000&module=busy", 503),
    ] {
        assert_eq!(served.get(path).status, status, "{path}");
    }
    for timeout in ["soon", "-1", "nan", ""] {
        let got = served
            .get_with("/probe?target=contoso-0000", &[("X-Prometheus-Scrape-Timeout-Seconds", timeout)]);
        assert_eq!(got.status, 400, "{timeout:?}");
    }
    for (site, mode, status) in [
        ("cross-site", "no-cors", 403),
        ("cross-site", "navigate", 403),
        ("same-site", "no-cors", 403),
        ("same-origin", "cors", 200),
        ("none", "navigate", 200),
    ] {
        let fields = [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode)];
        let page = served.get_with("/probe?target=contoso-0000", &fields);
        assert_eq!(page.status, status, "a link on another site makes nobody log in: {site} {mode}");
    }
}

#[test]
fn the_api_answers_what_it_says_and_errors_are_json_too() {
    let (_, served) = of(60);
    let all = served.get("/api/v1/targets").json();
    assert_eq!(all["targets"].as_array().unwrap().len(), 60);
    let fifth = &all["targets"][5];
    assert_eq!((&fifth["status"], &fifth["not_met"]), (&"fail".into(), &1.into()));
    assert_eq!(fifth["protocols"][0], serde_json::json!(["imap", 1, 2]));
    assert_eq!(served.get("/api/v1/targets/northwind-0005").json()["cells"].as_array().unwrap().len(), 16);
    let changes = served.get("/api/v1/changes?target=contoso-0000&limit=4").json();
    let changes = changes["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 4);
    let before = served
        .get(&format!("/api/v1/changes?target=contoso-0000&limit=4&before_id={}", changes[3]["id"]))
        .json();
    assert!(before["changes"][0]["id"].as_i64() < changes[3]["id"].as_i64());
    let rows = served.get("/api/v1/timeline?target=contoso-0000").json();
    assert_eq!(rows["rows"].as_array().unwrap().len(), 16);
    assert_eq!(
        served.get("/api/v1/latency?target=contoso-0000&stretches=12").json()["stretches"]
            .as_array()
            .unwrap()
            .len(),
        12
    );
    assert_eq!(served.get("/api/v1/visits/5").json()["report"]["schema"], 1);
    assert_eq!(
        served.get("/api/v1/targets/contoso-0000/visits?limit=3").json()["visits"].as_array().unwrap().len(),
        3
    );
    assert_eq!(served.get("/api/v1/health").json()["ready"], true);
    for (path, status) in [
        ("/api/v1/targets/nobody", 404),
        ("/api/v1/visits/9999", 404),
        ("/api/v1/timeline?target=nobody", 404),
        ("/api/v1/nothing", 404),
        ("/api/v1/changes?limit=many", 400),
        ("/nothing", 404),
    ] {
        assert_eq!(served.get(path).status, status, "{path}");
    }
    assert!(served.get("/api/v1/nothing").json()["error"].is_string());
    let posted = served.raw(
        "POST /api/v1/targets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(
        (posted.status, &posted.json()["error"]),
        (405, &"The API is only read: ask with GET.".into())
    );
}

#[test]
fn a_question_that_cannot_be_meant_is_answered_with_the_reason_and_nothing_dies_of_it() {
    let (_, served) = of(6);
    let later = crate::fleet::now() + 3_600_000_000;
    let extremes = [i64::MIN.to_string(), i64::MAX.to_string(), "-1".to_owned(), later.to_string()];
    for path in ["timeline?target=contoso-0000", "latency?target=contoso-0000", "changes?target=contoso-0000"]
    {
        for since in &extremes {
            let got = served.get(&format!("/api/v1/{path}&since={since}"));
            let why = got.json()["error"].as_str().unwrap().to_owned();
            let wanted = if since.starts_with('-') { "before 1970" } else { "later than now" };
            assert!(got.status == 400 && why.contains(wanted), "{path} {since}: {} {why}", got.status);
        }
        for fine in ["0", "1"] {
            assert_eq!(served.get(&format!("/api/v1/{path}&since={fine}")).status, 200, "{path} {fine}");
        }
    }
    for (path, wanted) in [
        ("timeline?target=contoso-0000&since=soon", "since"),
        ("timeline?target=contoso-0000&since=9223372036854775808", "since"),
        ("timeline?target=contoso-0000&since=", "`since` is a moment between 1970 and now"),
        ("changes?until=never", "`until` is a moment since 1970"),
        ("changes?limit=5&limit=6", "`limit` is there twice."),
        ("changes?since=5&until=5", "not later than"),
        ("changes?since=5&until=4", "not later than"),
        ("changes?until=-1", "before 1970"),
        ("changes?before_id=0", "before_id"),
        ("changes?before_id=-9223372036854775808", "before_id"),
        ("changes?limit=0", "limit"),
        ("changes?limit=-1", "`limit` is a number from 1; more than 1000 rows are never sent."),
        ("changes?limit=18446744073709551616", "limit"),
        ("latency?target=contoso-0000&stretches=0", "stretches"),
        ("latency?target=contoso-0000&stretches=4294967296", "`stretches` is a number from 1; more"),
        ("targets/contoso-0000/visits?limit=0", "limit"),
        ("targets/contoso-0000/visits?before_id=-1", "before_id"),
        (
            "visits/99999999999999999999",
            "`99999999999999999999` is not the number of a visit: those are whole numbers from 1.",
        ),
        ("visits/five", "`five` is not the number of a visit: those are whole numbers from 1."),
        ("visits/-1", "`-1` is not the number of a visit"),
        ("visits/%FF", "The path cannot be read: names stand in it percent-encoded, in UTF-8."),
        ("targets/%FF", "The path cannot be read: names stand in it percent-encoded, in UTF-8."),
        ("targets/%FF/visits", "The path cannot be read: names stand in it percent-encoded, in UTF-8."),
    ] {
        let got = served.get(&format!("/api/v1/{path}"));
        let why = got.json()["error"].as_str().unwrap().to_owned();
        assert!(got.status == 400 && why.contains(wanted), "{path}: {} {why}", got.status);
        assert!(!why.contains("deserialize") && !why.contains("target type"), "{path}: {why}");
    }
    // More than there may be is as much as there may be.
    for path in ["changes?limit=18446744073709551615", "latency?target=contoso-0000&stretches=4294967295"] {
        assert_eq!(served.get(&format!("/api/v1/{path}")).status, 200, "{path}");
    }
    for path in [
        "/probe?target=contoso-0000&module=all&target=contoso-0001",
        "/probe?target=%00",
        "/probe?target=%FF",
    ] {
        assert_eq!(served.get(path).status, 400, "{path}");
    }
    for timeout in ["1e308", "9999999999999999999999"] {
        let fields = [("X-Prometheus-Scrape-Timeout-Seconds", timeout)];
        assert_eq!(served.get_with("/probe?target=contoso-0000", &fields).status, 200, "{timeout}");
    }
    assert_eq!(served.get("/healthz").status, 200);
}

#[test]
fn a_history_that_cannot_be_read_is_said_without_its_secrets() {
    let mut fleet = Fleet::of(3);
    fleet.broken = true;
    let served = served(Arc::new(fleet));
    let got = served.get("/api/v1/changes");
    assert_eq!(got.status, 503);
    assert!(
        got.json()["error"].as_str().unwrap().contains("history") && !got.body.contains("secret"),
        "{}",
        got.body
    );
    assert_eq!(served.get("/api/v1/targets").status, 200, "what is in memory is still told");
}

#[test]
fn what_happens_is_told_as_it_happens() {
    let (fleet, served) = of(6);
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.write_all(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut heard = String::new();
    let mut read_until = |word: &str| {
        let mut bytes = [0_u8; 4096];
        while !heard.contains(word) {
            let count = stream.read(&mut bytes).unwrap();
            assert!(count > 0, "{heard}");
            heard.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        }
    };
    read_until("text/event-stream");
    fleet.change("contoso-0003", "Basic", cell(State::Usable, Standing::NotMet, "200 OK"));
    read_until("event: target");
    read_until("event: change");
    read_until("\"after\":{\"state\":\"usable\"");
}

#[test]
fn life_and_readiness_need_no_password_and_everything_else_does() {
    let fleet = Arc::new(Fleet::of(3));
    let folder = tempfile::tempdir().unwrap();
    let (users, token) = (folder.path().join("users"), folder.path().join("token"));
    let hash = bcrypt::hash("correct horse", 4).unwrap();
    std::fs::write(&users, format!("alice:{hash}\n")).unwrap();
    std::fs::write(&token, "0123456789abcdef0123456789abcdef\n").unwrap();
    let served = guarded(fleet.clone(), Access::read(Some(&users), Some(&token)).unwrap().unwrap());
    assert_eq!(served.get("/healthz").status, 200);
    assert_eq!(served.get("/readyz").status, 200);
    fleet.health.lock().unwrap().ready = false;
    let not = served.get("/readyz");
    assert_eq!(not.status, 503);
    for path in [
        "/",
        "/metrics",
        "/probe?target=contoso-0000",
        "/api/v1/targets",
        "/api/v1/events",
        "/app.js",
        "/nothing",
    ] {
        let got = served.get(path);
        assert_eq!(got.status, 401, "{path}");
        assert!(got.head.contains("www-authenticate: basic realm=\"mailprobe\""), "{}", got.head);
    }
    // alice:correct horse
    let basic = served.get_with("/metrics", &[("Authorization", "Basic YWxpY2U6Y29ycmVjdCBob3JzZQ==")]);
    assert_eq!(basic.status, 200);
    let bearer = served.get_with("/metrics", &[("Authorization", "Bearer 0123456789abcdef0123456789abcdef")]);
    assert_eq!(bearer.status, 200);
    let wrong = served.get_with("/metrics", &[("Authorization", "Bearer 0123456789abcdef0123456789abcdee")]);
    assert_eq!(wrong.status, 401);
}

#[test]
fn every_answer_tells_the_browser_what_it_must_not_do() {
    let (_, served) = of(3);
    for path in ["/", "/metrics", "/api/v1/targets", "/healthz", "/nothing", "/style.css"] {
        let head = served.get(path).head;
        for field in [
            "content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'",
            "frame-ancestors 'none'",
            "x-content-type-options: nosniff",
            "x-frame-options: deny",
            "referrer-policy: no-referrer",
            "cross-origin-resource-policy: same-origin",
        ] {
            assert!(head.contains(field), "{path}: {field}\n{head}");
        }
        assert!(!head.contains("unsafe-inline"));
    }
}

#[test]
fn another_sites_name_with_our_address_gets_nothing() {
    let (_, served) = of(3);
    for name in ["evil.example", "localhost.evil.example", "evil.example:9115"] {
        assert_eq!(served.get_with("/api/v1/targets", &[("Host", name)]).status, 421, "{name}");
    }
    for name in ["localhost:9115", "127.0.0.1:9115", "[::1]:9115", "dash.localhost"] {
        assert_eq!(served.get_with("/api/v1/targets", &[("Host", name)]).status, 200, "{name}");
    }
}

#[test]
fn slow_clients_hold_nothing() {
    let fleet = Arc::new(Fleet::of(2_000));
    let limits = Limits {
        read_time: Duration::from_millis(300),
        write_time: Duration::from_millis(300),
        connections: 4,
        ..Limits::default()
    };
    let served = served_with(fleet, settings(), limits, None);
    // Two that never finish their question, and two that ask for much and take nothing.
    let mut held = Vec::new();
    for question in [
        "GET / HT",
        "",
        "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/v1/targets HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(served.address).unwrap();
        stream.write_all(question.as_bytes()).unwrap();
        held.push(stream);
    }
    let begun = Instant::now();
    assert_eq!(served.get("/healthz").status, 200, "there is a place again");
    assert!(begun.elapsed() < Duration::from_secs(20));
    for mut stream in held.drain(..2) {
        let mut rest = Vec::new();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.is_empty() || String::from_utf8_lossy(&rest).contains("40"), "{rest:?}");
    }
}

#[test]
fn a_head_that_is_too_long_is_refused() {
    let (_, served) = of(3);
    let long = "x".repeat(40_000);
    let got =
        served.raw(&format!("GET / HTTP/1.1\r\nHost: localhost\r\nX: {long}\r\nConnection: close\r\n\r\n"));
    assert_eq!(got.status, 431);
}

#[test]
fn with_a_certificate_the_pages_speak_tls_and_nothing_else() {
    let certificate = lab::file("certs/server.pem");
    let key = lab::file("certs/server.key");
    let tls = mailprobe_canary::http::tls(&certificate, &key).unwrap();
    let served = served_with(Arc::new(Fleet::of(3)), settings(), Limits::default(), Some(tls));
    let ca = lab::file("certs/ca.pem");
    let url = format!("https://localhost:{}/healthz", served.address.port());
    let (status, said) = lab::program(
        "curl",
        &["--silent", "--show-error", "--ipv4", "--cacert", ca.to_str().unwrap(), &url],
        "",
    );
    assert_eq!((status, said.as_str()), (Some(0), "ok\n"));
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains("HTTP/1.1"), "not in the clear");
    let wrong = mailprobe_canary::http::tls(&key, &certificate).unwrap_err();
    assert!(wrong.contains("server.key") && wrong.contains("PEM"), "{wrong}");
}
