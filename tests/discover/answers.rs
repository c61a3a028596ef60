//! What answers say, and what is no answer.

use std::net::SocketAddr;

use serde_json::Value;

use crate::cloud::{CLOUD, EXCHANGE, exchange};
use crate::said::{discover, findings, request, run, run_without_proxy, urls};
use crate::world::{Dns, Internet, nothing_there, page};

/// One answer of `autodiscover.corp.test` to the question for EWS.
fn answered(
    answer: impl Fn(&str, &str) -> Option<Vec<u8>> + Send + Sync + 'static,
    more: &[&str],
) -> (Value, Internet) {
    let dns = Dns::new(&[
        "local=/corp.test/",
        "host-record=corp.test,127.0.0.9",
        "srv-host=_imaps._tcp.corp.test,imap.corp.test,993,0,1",
    ]);
    let internet = Internet::new(&CLOUD, move |place, request| {
        if place == "https://autodiscover.corp.test" && request.contains("Protocol=EWS")
            || request.contains("/again")
        {
            answer(place, request)
        } else {
            nothing_there()
        }
    });
    let found = discover("alice@corp.test", &[&["-o", "json"], more].concat(), &dns, &internet).json();
    assert_eq!(urls(&found), ["imaps://imap.corp.test:993"], "nothing came of it");
    (request(&found, "Protocol=EWS").clone(), internet)
}

fn redirect(to: &str) -> Option<Vec<u8>> {
    page("302 Found", &format!("Location: {to}\r\n"), "")
}

#[test]
fn a_redirect_is_followed_by_the_rules_and_to_hosts_that_somebody_names() {
    let cases = [
        ("/again", "circle"),
        ("http://autodiscover.corp.test/again", "out of TLS"),
        (
            "https://elsewhere.test/again",
            "neither the address nor DNS nor the provider table names that host",
        ),
        ("https://corp.test.elsewhere.test/again", "neither the address nor DNS"),
        ("https://me:hunter3@corp.test/again", "a user or a password"),
        ("javascript:alert(1)", "out of TLS"),
    ];
    for (to, why) in cases {
        let (asked, internet) = answered(move |_, _| redirect(to), &[]);
        assert_eq!(asked["outcome"], "failed", "{to}: {asked}");
        assert!(asked["detail"].as_str().unwrap().contains(why), "{to}: {asked}");
        assert!(
            !internet.visited().iter().any(|host| host.contains("elsewhere")),
            "{:?}",
            internet.visited()
        );
    }
    let step = |_: &str, request: &str| {
        let at: usize =
            request.split("/again").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).unwrap_or(0);
        redirect(&format!("https://corp.test/again{}", at + 1))
    };
    let (asked, _) = answered(step, &[]);
    assert!(asked["detail"].as_str().unwrap().contains("more than 10 redirects"), "{asked}");
    assert_eq!(asked["redirects"].as_array().unwrap().len(), 10);
}

#[test]
fn an_answer_that_is_none_is_named_and_bounded() {
    let (asked, _) = answered(|_, _| page("200 OK", "", "<html><body>Welcome</body></html>"), &[]);
    assert_eq!(asked["detail"], "200 and no answer of this service: <html><body>Welcome</body></html>");
    let (asked, _) = answered(|_, _| page("200 OK", "", &"x".repeat(10 << 20)), &[]);
    assert!(asked["detail"].as_str().unwrap().contains("larger than any"), "{asked}");
    let (asked, _) = answered(|_, _| Some(b"SSH-2.0-OpenSSH\r\n".to_vec()), &[]);
    assert_eq!(asked["failure"]["cause"], "protocol-violation", "{asked}");
    let (asked, _) = answered(|_, _| None, &[]);
    assert_eq!(asked["failure"]["cause"], "connection-closed", "{asked}");
    let plain = r#"{"Protocol":"EWS","Url":"http://outlook.office365.com/EWS/Exchange.asmx"}"#;
    let (asked, _) = answered(move |_, _| page("200 OK", "", plain), &[]);
    assert!(asked["detail"].as_str().unwrap().contains("is no https address"), "{asked}");
}

#[test]
fn without_a_proxy_names_are_ours_and_pinned_addresses_hold() {
    let internet = Internet::new(&["mail.corp.test"], exchange);
    let port = internet.direct("mail.corp.test").port();
    let record = format!("srv-host=_autodiscover._tcp.corp.test,mail.corp.test,{port},0,1");
    let dns = Dns::new(&["local=/corp.test/", &record]);
    let arguments = ["discover", "alice@corp.test", "-o", "json", "--resolve", "mail.corp.test:127.0.0.1"];
    let found = run_without_proxy(&arguments, dns.address, &internet).json();
    let expected = [
        "ews://outlook.office365.com:443/EWS/Exchange.asmx".to_owned(),
        "eas://outlook.office365.com:443/Microsoft-Server-ActiveSync".to_owned(),
        format!("autodiscover://mail.corp.test:{port}/autodiscover/autodiscover.xml"),
    ];
    assert_eq!(urls(&found), expected, "the place that SRV announces answers in the second version, too");
    let own = request(&found, "https://autodiscover.corp.test/");
    assert_eq!((&own["outcome"], &own["failure"]["cause"]), (&"nothing".into(), &"no-such-host".into()));
    let requests = internet.requests.lock().unwrap().join("\n");
    assert!(requests.contains(&format!("\r\nHost: mail.corp.test:{port}\r\n")), "{requests}");
    assert!(internet.visited().is_empty());
}

#[test]
fn a_slow_answer_costs_the_timeout_and_not_the_discovery() {
    // For ever; the thread ends with the test.
    let slow = |_: &str, _: &str| loop {
        std::thread::park();
    };
    let (asked, _) = answered(slow, &["--timeout", "0.3"]);
    assert_eq!(asked["failure"]["cause"], "timeout", "{asked}");
}

#[test]
fn nobody_is_asked_whose_certificate_is_not_trusted() {
    let dns = Dns::new(&["local=/corp.test/", "host-record=corp.test,127.0.0.9"]);
    let internet = Internet::new(&["corp.test", "autodiscover.corp.test"], exchange);
    let stranger = Internet::new(&[], |_, _| None);
    std::fs::copy(stranger.ca(), internet.ca()).unwrap();
    let said = discover("alice@corp.test", &["-o", "json"], &dns, &internet);
    let found = said.json();
    assert_eq!((said.status, urls(&found).len()), (3, 0));
    assert_eq!(request(&found, "Protocol=EWS")["failure"]["cause"], "certificate-untrusted");
    let asked = internet.requests.lock().unwrap().clone();
    assert!(!asked.iter().any(|request| request.starts_with("https://")), "{asked:?}");
    let found = discover("alice@corp.test", &["-o", "json", "--insecure"], &dns, &internet).json();
    assert!(urls(&found).contains(&"ews://outlook.office365.com:443/EWS/Exchange.asmx"), "{found}");
}

#[test]
fn an_openid_configuration_is_believed_with_trust_only() {
    let dns = Dns::new(&EXCHANGE);
    let internet = Internet::new(&CLOUD, exchange);
    let stranger = Internet::new(&[], |_, _| None);
    std::fs::copy(stranger.ca(), internet.ca()).unwrap();
    let found = discover("alice@corp.test", &["-o", "json", "--insecure"], &dns, &internet).json();
    assert_eq!(found["openid"], Value::Null);
    let sources = found["sources"].as_array().unwrap();
    let openid = sources.iter().find(|source| source["source"] == "openid").unwrap();
    assert_eq!(openid["outcome"], "failed");
    assert!(openid["detail"].as_str().unwrap().contains("invalid peer certificate"), "{openid}");
}

#[test]
fn sources_that_disagree_are_findings() {
    let dns = Dns::new(&[
        "local=/corp.test/",
        "local=/outlook.com/",
        "host-record=corp.test,127.0.0.9",
        "mx-host=corp.test,aspmx.l.google.com,10",
        "host-record=autodiscover.outlook.com,127.0.0.9",
        "cname=autodiscover.corp.test,autodiscover.outlook.com",
        "srv-host=_imaps._tcp.corp.test,imap.corp.test,993,0,1",
        "srv-host=_autodiscover._tcp.corp.test,mail.corp.test,443,0,1",
    ]);
    let on_premises = r#"{"Protocol":"EWS","Url":"https://mail.corp.test/EWS/Exchange.asmx"}"#;
    let internet = Internet::new(&CLOUD, move |_, request| {
        if request.contains("Protocol=EWS") { page("200 OK", "", on_premises) } else { nothing_there() }
    });
    let found = discover("alice@corp.test", &["-o", "json"], &dns, &internet).json();
    let wanted = [
        "srv-contradicts",
        "autodiscover-places-differ",
        "autodiscover-contradicts-provider",
        "providers-differ",
    ];
    assert_eq!(findings(&found), wanted, "{found}");
}

#[test]
fn odd_addresses_reach_the_server_in_one_piece() {
    let dns = Dns::new(&["local=/xn--wtqs30n.test/", "host-record=xn--wtqs30n.test,127.0.0.9"]);
    let internet = Internet::new(&["autodiscover.xn--wtqs30n.test"], |_, _| nothing_there());
    let found = discover("\"a@b/?\"@\u{90f5}\u{4fbf}.test", &["-o", "json"], &dns, &internet).json();
    assert_eq!(found["domain"], "xn--wtqs30n.test");
    let requests = internet.requests.lock().unwrap().join("\n");
    let path =
        "GET /autodiscover/autodiscover.json/v1.0/%22a@b%2F%3F%22@xn--wtqs30n.test?Protocol=EWS HTTP/1.1";
    assert!(requests.contains(path), "{requests}");
}

#[test]
fn mistakes_are_named_before_anybody_is_asked() {
    let dns: SocketAddr = "127.0.10.54:9".parse().unwrap();
    let internet = Internet::new(&[], |_, _| None);
    let cases: [(&[&str], &str); 8] = [
        (&["discover", "a@[192.0.2.1]"], "IP address for a domain"),
        (&["discover", "https://corp.test"], "neither an address nor a domain"),
        (&["discover", "corp.test", "-o", "wide"], "discover writes text and json"),
        (&["discover", "corp.test", "--resolve", "corp.test:192.0.2.1"], "has no effect, for the proxy"),
        (&["check", "a@corp.test"], "--endpoint imaps://imap.corp.test, --provider NAME or --discover"),
        (
            &["check", "a@corp.test", "--provider", "nobody"],
            "unknown provider `nobody`: use one of exchange-online",
        ),
        (&["plan", "a@corp.test", "--discover"], "plan opens no connection"),
        (&["check", "alice", "--discover"], "`alice` is not a mailbox"),
    ];
    for (arguments, words) in cases {
        let said = run(arguments, dns, &internet);
        assert!(said.status == 2 && said.err.contains(words), "{arguments:?}: {} {}", said.status, said.err);
    }
    assert!(internet.visited().is_empty());
    let said =
        run(&["plan", "a@corp.test", "--provider", "exchange-online", "--advertised-only"], dns, &internet);
    assert!(
        said.status == 0 && said.out.contains("imaps://outlook.office365.com:993"),
        "{}{}",
        said.out,
        said.err
    );
}
