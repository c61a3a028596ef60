//! What names say: SRV records, providers, and names that are not there.

use std::net::SocketAddr;

use crate::said::{discover, findings, run, urls};
use crate::world::{Dns, Internet, nothing_there};

#[test]
fn srv_records_are_endpoints_and_the_domain_vouches_for_its_own_hosts_only() {
    let dns = Dns::new(&[
        "local=/corp.test/",
        "host-record=corp.test,127.0.0.9",
        "srv-host=_imaps._tcp.corp.test,imap.corp.test,1993,0,1",
        "srv-host=_imap._tcp.corp.test,imap.corp.test,1143,0,1",
        "srv-host=_submissions._tcp.corp.test,mail.elsewhere.test,465,0,1",
        "srv-host=_autodiscover._tcp.corp.test,mail.corp.test,4443,0,1",
    ]);
    let internet = Internet::new(&["corp.test"], |_, _| nothing_there());
    let found = discover("alice@corp.test", &["-o", "json"], &dns, &internet).json();
    let wanted =
        ["imaps://imap.corp.test:1993", "imap://imap.corp.test:1143", "smtps://mail.elsewhere.test:465"];
    assert_eq!(urls(&found), wanted);
    assert_eq!(
        found["endpoints"][0]["said_by"],
        serde_json::json!([{"source": "srv", "at": "_imaps._tcp.corp.test"}])
    );
    assert_eq!(findings(&found), ["outside-the-domain"]);
    assert!(internet.visited().contains(&"mail.corp.test:4443".to_owned()), "{:?}", internet.visited());
    // A check visits the first two, and says why not the third.
    let arguments = ["check", "alice@corp.test", "--discover", "--advertised-only", "-o", "json", "-q"];
    let said = run(&arguments, dns.address, &internet);
    let report = said.json();
    let checked: Vec<&str> = report["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|endpoint| endpoint["url"].as_str().unwrap())
        .collect();
    assert_eq!(checked, &wanted[..2]);
    assert!(said.err.contains("smtps://mail.elsewhere.test:465 is not checked"), "{}", said.err);
    let failure = &report["endpoints"][0]["failure"];
    assert_eq!((&failure["phase"], &failure["cause"]), (&"connect".into(), &"proxy-refused".into()));
    assert!(!internet.visited().iter().any(|host| host.contains("elsewhere")), "{:?}", internet.visited());
}

#[test]
fn a_check_of_a_provider_prefers_implicit_tls_and_names_what_it_cannot_probe() {
    let dns = Dns::new(&["local=/gmail.com/", "host-record=gmail.com,127.0.0.9"]);
    let internet = Internet::new(&[], |_, _| nothing_there());
    let arguments = ["check", "alice@gmail.com", "--discover", "--advertised-only", "-o", "json", "-q"];
    let said = run(&arguments, dns.address, &internet);
    let report = said.json();
    let checked: Vec<&str> = report["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|endpoint| endpoint["url"].as_str().unwrap())
        .collect();
    assert_eq!(
        checked,
        ["imaps://imap.gmail.com:993", "pop3s://pop.gmail.com:995", "smtps://smtp.gmail.com:465"]
    );
    assert!(said.err.contains("smtp://smtp.gmail.com:587 is left out"), "{}", said.err);
}

#[test]
fn no_such_name_no_answer_and_nothing_found_are_three_things() {
    let dns = Dns::new(&["local=/nosuch.test/", "local=/quiet.test/", "host-record=quiet.test,127.0.0.9"]);
    let internet = Internet::new(&["quiet.test", "autodiscover.quiet.test"], |_, _| nothing_there());
    let said = discover("a@nosuch.test", &[], &dns, &internet);
    assert!(
        said.status == 1 && said.out.contains("nothing found: the name nosuch.test does not exist."),
        "{}",
        said.out
    );
    let said = discover("a@quiet.test", &[], &dns, &internet);
    let wanted = "nothing found: the name quiet.test exists, and nobody says where its mail services are.";
    assert!(said.status == 1 && said.out.contains(wanted), "{} {}", said.status, said.out);
    // dnsmasq refuses names that are none of its own.
    let said = discover("a@refused.test", &[], &dns, &internet);
    let wanted = "could not find out: DNS did not answer for refused.test.";
    assert!(said.status == 3 && said.out.contains(wanted), "{} {}", said.status, said.out);
    let nobody: SocketAddr = "127.0.10.54:9".parse().unwrap();
    let said = run(&["discover", "a@corp.test", "--connect-timeout", "0.5"], nobody, &internet);
    assert!(
        said.status == 3 && said.out.contains("DNS did not answer for corp.test"),
        "{} {}",
        said.status,
        said.out
    );
    let said = run(&["check", "a@nosuch.test", "--discover"], dns.address, &internet);
    assert!(said.status == 3 && said.err.contains("no endpoint to check for a@nosuch.test"), "{}", said.err);
}
