//! What goes wrong before it starts: one message that names the flag or the line, and exit status 2.

use std::net::TcpListener;

use crate::tenant::mailprobe;

fn refused(arguments: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let output = mailprobe(dir.path()).arg("rehearse").args(arguments).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty());
    said
}

#[test]
fn a_port_in_use_is_named_by_its_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let said = refused(&["--imap", "0", "--imaps", "0", "--pop3", "0", "--pop3s", &port]);
    assert!(
        said.contains(&format!("--pop3s {port}: 127.0.0.1:{port} is in use by another program")),
        "{said}"
    );
}

#[test]
fn the_port_of_https_in_use_is_named_by_its_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let free =
        ["--imap", "--imaps", "--pop3", "--pop3s", "--smtp", "--smtps"].map(|door| [door, "0"]).concat();
    let said = refused(&[&free[..], &["--https", &port]].concat());
    assert!(
        said.contains(&format!("--https {port}: 127.0.0.1:{port} is in use by another program")),
        "{said}"
    );
}

#[test]
fn an_address_of_another_machine_is_named_by_its_flag() {
    let said = refused(&["--listen", "192.0.2.1"]);
    assert!(said.contains("is no address of this machine (--listen)"), "{said}");
    assert!(said.contains("warning: others can reach 192.0.2.1"), "{said}");
}

#[test]
fn a_scenario_that_is_none_or_is_wrong_is_named_with_its_line() {
    assert!(refused(&["no-such"]).contains("no scenario `no-such`: use one of before-cutover"));
    assert!(refused(&["--show", "no-such"]).contains("no scenario `no-such`"));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ours.toml");
    std::fs::write(&path, "extends = \"gmail\"\n\n[tls]\nminimum = \"1.1\"\n").unwrap();
    let said = refused(&[path.to_str().unwrap()]);
    assert!(said.contains("ours.toml:4:11: unknown variant `1.1`, expected `1.2` or `1.3`"), "{said}");
}

#[test]
fn a_format_that_is_none_and_a_certificate_without_a_key_are_refused() {
    assert!(refused(&["-o", "pdf"]).contains("use text, json, html or profile"));
    assert!(refused(&["--cert", "x.pem"]).contains("--key"));
    assert!(refused(&["--cert", "none.pem", "--key", "none.pem"]).contains("--cert none.pem"));
}

#[test]
fn the_list_names_every_scenario_and_each_can_be_shown_and_changed() {
    let dir = tempfile::tempdir().unwrap();
    let said = |arguments: &[&str]| {
        let output = mailprobe(dir.path()).arg("rehearse").args(arguments).output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let list = said(&["--list"]);
    for line in list.lines() {
        let name = line.split(' ').next().unwrap();
        assert!(said(&["--show", name]).contains("title = "), "{name}");
    }
    assert_eq!(list.lines().count(), 11);
}
