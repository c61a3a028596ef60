//! Dovecot and Postfix of the lab, their mechanisms switched off and on while the canary watches.

use std::path::Path;
use std::process::Command;

use crate::kit::{Canary, secret};
use crate::lab;

fn turning(arguments: &[&str]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lab/turning");
    let done = Command::new(script).args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The servers, stopped when the test is over however it ends.
struct Servers;

impl Servers {
    fn up(mechanisms: &str) -> Self {
        turning(&["up", mechanisms]);
        Self
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        turning(&["down"]);
    }
}

const OFF: &[&str] = &[
    "imaps LOGIN usable>refused",
    "imaps LOGIN-COMMAND usable>refused",
    "imaps PLAIN usable>refused",
    "smtps LOGIN usable>refused",
    "smtps PLAIN usable>refused",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_switched_off_and_on_in_dovecot_and_postfix_are_exactly_these_changes() {
    let servers = Servers::up("plain login xoauth2");
    let folder = tempfile::tempdir().unwrap();
    secret(folder.path(), "password", &lab::password("alice"));
    secret(folder.path(), "token", &lab::token("good"));
    let ca = lab::file("certs/ca.pem");
    let text = format!(
        "interval = \"1s\"\n[limits]\nrecheck = \"200ms\"\n[network]\nca_file = \"{}\"\n\
         resolve = [\"turning.lab.test:10993:127.0.10.118\", \"turning.lab.test:10465:127.0.10.126\"]\n\
         [[target]]\nmailbox = \"alice@lab.test\"\n\
         endpoints = [\"imaps://turning.lab.test:10993\", \"smtps://turning.lab.test:10465\"]\n\
         password_file = \"password\"\ntoken_file = \"token\"\n",
        ca.display()
    );
    let mut canary = Canary::begin(folder.path(), &text).await;
    assert_eq!(canary.visits(3).await, Vec::<String>::new());
    turning(&["offer", "xoauth2"]);
    assert_eq!(canary.changes(OFF.len()).await, OFF);
    assert_eq!(canary.visits(4).await, Vec::<String>::new());
    turning(&["offer", "plain login xoauth2"]);
    let on: Vec<String> = OFF.iter().map(|line| line.replace("usable>refused", "refused>usable")).collect();
    assert_eq!(canary.changes(on.len()).await, on);
    turning(&["offer", "plain login cram-md5 xoauth2"]);
    // The lab's password is kept in the clear, so the newcomer works: the first look at a method is how it is.
    assert_eq!(canary.visits(4).await, Vec::<String>::new());
    turning(&["offer", "plain login xoauth2"]);
    let gone = ["imaps CRAM-MD5 usable>not-offered", "smtps CRAM-MD5 usable>not-offered"];
    assert_eq!(canary.changes(2).await, gone);
    canary.end().await;
    drop(servers);
}
