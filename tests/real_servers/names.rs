//! Names to addresses, through a real name server.

use std::net::SocketAddr;

use mailprobe_probes::wire::{Family, Override, Resolver, ResolverSettings};

use crate::lab;

fn resolver(family: Family, overrides: Vec<Override>) -> Resolver {
    let server = format!("{}:{}", lab::fact("DNS_ADDRESS"), lab::fact("DNS_PORT"));
    let server: SocketAddr = server.parse().unwrap();
    Resolver::new(ResolverSettings { overrides, family, server: Some(server) })
}

async fn addresses(family: Family, host: &str) -> Result<Vec<String>, String> {
    let found = resolver(family, Vec::new()).addresses(host, 993).await;
    found.map(|list| list.iter().map(ToString::to_string).collect()).map_err(|failure| failure.cause.name())
}

#[tokio::test]
async fn ipv4_comes_first_and_the_family_narrows() {
    let strings = |list: &[&str]| Ok(list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
    assert_eq!(addresses(Family::Any, "v6.lab.test").await, strings(&["127.0.10.11", "::1"]));
    assert_eq!(addresses(Family::V4, "v6.lab.test").await, strings(&["127.0.10.11"]));
    assert_eq!(addresses(Family::V6, "v6.lab.test").await, strings(&["::1"]));
}

#[tokio::test]
async fn no_such_name_no_such_family_and_no_answer_are_three_things() {
    assert_eq!(addresses(Family::Any, "nothing.lab.test").await, Err("no-such-host".into()));
    assert_eq!(addresses(Family::V6, "imap.lab.test").await, Err("no-address".into()));
    assert_eq!(
        addresses(Family::Any, "example.com").await,
        Err("resolver-failed".into()),
        "the lab refuses it"
    );
    assert_eq!(
        addresses(Family::V6, "127.0.0.1").await,
        Err("no-address".into()),
        "a literal has one family"
    );
}

#[tokio::test]
async fn an_override_stands_before_dns_and_minds_its_port() {
    let pinned =
        |port| Override { host: "IMAP.lab.test".into(), port, address: "127.0.0.9".parse().unwrap() };
    let found = resolver(Family::Any, vec![pinned(None)]).addresses("imap.lab.test", 993).await.unwrap();
    assert_eq!(found[0].to_string(), "127.0.0.9");
    let found = resolver(Family::Any, vec![pinned(Some(143))]).addresses("imap.lab.test", 993).await.unwrap();
    assert_eq!(found[0].to_string(), "127.0.10.11");
}
