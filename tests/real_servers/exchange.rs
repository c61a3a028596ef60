//! The scripted Exchange, before and after the cutover: what no Debian server can be. It proves what we make of answers
//! that public records have, not what Exchange does.

use mailprobe_probes::model::{EndpointReport, Protocol, Stage};
use mailprobe_probes::service::Subject;
use mailprobe_probes::service::autodiscover::json;

use crate::http::{both, curl, facts, requests, said, settles_at};
use crate::lab;
use crate::visits::{Visit, attempt, offered};

const EWS: &str = "/EWS/Exchange.asmx";

fn before() -> Visit {
    Visit::new(&lab::web("ews", "exchange"))
}

fn after() -> Visit {
    Visit::new(&lab::web_after_cutover("ews"))
}

fn fact<'a>(report: &'a EndpointReport, name: &str) -> &'a str {
    facts(report, name).first().copied().unwrap_or_else(|| panic!("no {name}: {:#?}", report.facts))
}

#[tokio::test]
async fn before_the_cutover_passwords_and_tokens_open_the_mailbox() {
    let report = before().run().await;
    // Bearer is told only to who comes with an empty one.
    assert_eq!(offered(&report, Stage::AfterTls), ["Basic", "Bearer"]);
    assert_eq!(said(&report, "Basic"), "usable");
    assert_eq!(said(&report, "Bearer"), "usable");
}

#[tokio::test]
async fn after_it_basic_is_offered_and_refused_whatever_the_password_and_a_token_opens() {
    for password in [lab::password("alice"), "astray".into()] {
        let report = after().password(&password).run().await;
        assert!(attempt(&report, "Basic").advertised);
        assert_eq!(said(&report, "Basic"), "refused 401", "{password}");
        assert_eq!(said(&report, "Bearer"), "usable");
    }
}

#[tokio::test]
async fn every_token_is_judged_in_the_words_of_the_diagnostics_field() {
    for (kind, cell, category) in [
        ("good", "usable", ""),
        ("expired", "refused 401 2000002", "token_expired"),
        ("wrong-audience", "refused 401 2000003", "invalid_resource"),
        ("wrong-issuer", "refused 401 2000001", "invalid_token"),
        ("rogue-key", "refused 401 2000000", "invalid_signature"),
        ("no-username", "refused 401 2000005", "invalid_user"),
        ("missing-scope", "refused 403 2000008", ""),
        // A good token of somebody who has no mailbox.
        ("other-user", "shut ErrorNonExistentMailbox", ""),
    ] {
        for visit in [before(), after()] {
            let report = visit.token(kind).only(&["Bearer"]).run().await;
            assert_eq!(said(&report, "Bearer"), cell, "{kind} on {}", report.url);
            if !category.is_empty() {
                assert!(facts(&report, "diagnostics-category").contains(&category), "{kind}");
            }
        }
    }
}

#[tokio::test]
async fn curl_sees_what_we_see_before_and_after() {
    let urls =
        [(before as fn() -> Visit, lab::web("https", "exchange")), (after, lab::web_after_cutover("https"))];
    for (visit, url) in urls {
        let url = url + EWS;
        for password in [lab::password("alice"), "astray".into()] {
            let report = visit().password(&password).only(&["Basic"]).run().await;
            let login = both(lab::fact("ALICE"), &password);
            let status = curl(&url, &["--basic", "--user", &login, "--data", "x"]);
            assert_eq!(said(&report, "Basic") == "usable", status == 200, "{password} on {url}");
            assert_eq!(said(&report, "Basic") == "refused 401", status == 401, "{password} on {url}");
        }
        for kind in ["good", "expired", "wrong-audience", "missing-scope"] {
            let report = visit().token(kind).only(&["Bearer"]).run().await;
            let header = format!("Authorization: Bearer {}", lab::token(kind));
            let status = curl(&url, &["--header", &header, "--data", "x"]);
            assert_eq!(said(&report, "Bearer") == "usable", status == 200, "{kind} on {url}");
            let refused = format!("refused {status}");
            assert!(status == 200 || said(&report, "Bearer").starts_with(&refused), "{kind} on {url}");
        }
    }
}

#[tokio::test]
async fn the_answers_tell_who_gave_them_and_where_tokens_come_from() {
    let report = after().run().await;
    assert_eq!(report.front_end.as_deref(), Some("LAB-FE-AFTER"));
    assert_eq!(fact(&report, "exchange-build"), "15.20.8158.17");
    assert_eq!(fact(&report, "bearer-client-id"), "00000002-0000-0ff1-ce00-000000000000");
    assert_eq!(fact(&report, "bearer-authorization-uri"), "https://login.lab.test/common/oauth2/authorize");
    assert_eq!(fact(&report, "request-id").len(), 36);
    // The number that we sent has come back, so a support case can be found by it.
    let ours = fact(&report, "client-request-id");
    assert!(
        report.transcript.iter().any(|line| line.text.to_lowercase() == format!("client-request-id: {ours}"))
    );
}

#[tokio::test]
async fn activesync_of_exchange_online_is_16_1_alone_and_opens() {
    let mut visit = Visit::new(&lab::web_after_cutover("eas"));
    visit.options.http.activesync_post = true;
    let report = visit.run().await;
    assert_eq!(facts(&report, "activesync-versions"), ["16.1"]);
    assert_eq!(said(&report, "Bearer"), "usable");
    assert_eq!(said(&report, "Basic"), "refused 401");
    let posted =
        report.transcript.iter().any(|line| line.text.to_lowercase() == "ms-asprotocolversion: 16.1");
    assert!(posted, "FolderSync spoke the version that was listed");
}

#[tokio::test]
async fn autodiscover_takes_the_login_and_tells_where_the_services_are() {
    let report = Visit::new(&lab::web("autodiscover", "exchange")).run().await;
    for method in ["Basic", "Bearer"] {
        assert_eq!(said(&report, method), "accepted", "{method}: settings are no mailbox");
    }
    assert_eq!(fact(&report, "discovered-ews"), "https://exchange.lab.test:10443/EWS/Exchange.asmx");
    let wrong =
        Visit::new(&lab::web("autodiscover", "exchange")).password("astray").token("expired").run().await;
    assert_eq!(said(&wrong, "Basic"), "refused 401");
    assert_eq!(said(&wrong, "Bearer"), "refused 401 2000002");
    let cutover = Visit::new(&lab::web_after_cutover("autodiscover")).run().await;
    assert_eq!(said(&cutover, "Basic"), "refused 401");
    assert_eq!(said(&cutover, "Bearer"), "accepted");
    let stranger =
        Visit::new(&lab::web("autodiscover", "exchange")).user(lab::fact("OTHER")).token("other-user");
    assert_eq!(said(&stranger.only(&["Bearer"]).run().await, "Bearer"), "shut 500");
}

#[test]
fn the_second_version_of_autodiscover_answers_who_does_not_say_who_he_is() {
    let subject = Subject {
        host: "exchange.lab.test".into(),
        path: String::new(),
        mailbox: lab::fact("ALICE").into(),
        account: lab::fact("ALICE").into(),
        impersonate: false,
        user_agent: "mailprobe".into(),
    };
    let ca = lab::file("certs/ca.pem");
    for (protocol, path) in [
        (Protocol::Ews, EWS),
        (Protocol::ActiveSync, "/Microsoft-Server-ActiveSync"),
        (Protocol::Autodiscover, "/autodiscover/autodiscover.xml"),
    ] {
        let request = json::request(&subject, protocol).unwrap();
        let url = lab::web("https", "exchange") + &request.path;
        let (_, body) = lab::program("curl", &["--silent", "--cacert", ca.to_str().unwrap(), &url], "");
        let found = json::read(body.as_bytes()).unwrap_or_else(|| panic!("{body}")).found;
        let url = format!("https://exchange.lab.test:{}{path}", lab::fact("HTTPS_PORT"));
        assert_eq!((found[0].protocol, &found[0].url), (protocol, &url));
    }
}

#[tokio::test]
async fn an_attempt_is_one_request_by_the_servers_count() {
    let source = "127.77.3.5";
    for (service, path, visit) in [
        ("POST", "EWS/Exchange.asmx", before()),
        ("OPTIONS", "Microsoft-Server-ActiveSync", Visit::new(&lab::web("eas", "exchange"))),
        ("POST", "autodiscover/autodiscover.xml", Visit::new(&lab::web("autodiscover", "exchange"))),
    ] {
        let request = format!("before {service} \"/{path}\"");
        let marks: [(&[&str], usize); 5] = [
            (&[&request, " - \"\" 401"], 1),
            // An empty Bearer; the header's blank is not sent.
            (&[&request, " Bearer \"\" 401"], 1),
            (&[&request, " Basic \"alice@lab.test\" 200"], 1),
            (&[&request, " Bearer \"alice@lab.test\" 200"], 1),
            (&[&request], 4),
        ];
        let earlier = marks.map(|(pieces, _)| requests("exchange", source, pieces));
        visit.from(source).run().await;
        for ((pieces, more), earlier) in marks.into_iter().zip(earlier) {
            settles_at("exchange", source, pieces, earlier, more);
        }
    }
}
