//! What a user typed is repeated in a complaint and steers no terminal: no escape sequence, no direction mark, and no
//! line that looks like one of ours.

use std::fs;

use crate::tool::{Said, mailprobe};

const TYPED: &str = "\u{1b}[2J\u{9b}31m\u{202e}x\r\nmailprobe: all is well";

fn holds_nothing_raw(said: &Said, what: &str) {
    let raw = |c: &char| (c.is_control() && *c != '\n') || ('\u{202a}'..='\u{202e}').contains(c);
    for text in [&said.out, &said.err] {
        assert_eq!(text.chars().find(raw), None, "{what}: {text:?}");
        assert!(!text.lines().any(|line| line.starts_with("mailprobe: all is well")), "{what}: {text}");
    }
}

#[test]
fn whatever_was_typed_is_repeated_harmless() {
    let url = format!("{TYPED}://h");
    let (host, port, path) =
        (format!("imaps://{TYPED}"), format!("imaps://h:{TYPED}"), format!("imaps://h/{TYPED}"));
    let (rule, state) = (format!("{TYPED}/PLAIN=usable"), format!("PLAIN={TYPED}"));
    let resolve = format!("{TYPED}:127.0.0.1");
    let proxy = format!("http://{TYPED}:1");
    let output = format!("{TYPED}=x");
    let file = format!("json=/nowhere/{TYPED}");
    let flag = format!("--{TYPED}");
    let glued = format!("--stop-after={TYPED}");
    let imap = ["check", "a@b.example", "--endpoint", "imaps://127.0.0.1:1"];
    let cases: Vec<Vec<&str>> = vec![
        vec!["check", "a@b.example", "--endpoint", &url],
        vec!["check", "a@b.example", "--endpoint", &host],
        vec!["check", "a@b.example", "--endpoint", &port],
        vec!["check", "a@b.example", "--endpoint", &path],
        vec!["check", "a@b.example", "--endpoint", TYPED],
        vec!["check", TYPED, "--endpoint", "imaps://h"],
        vec![TYPED],
        vec!["explain", "--protocol", TYPED, "x"],
        vec!["report", TYPED],
        vec!["diff", TYPED, "x"],
        vec!["judge", TYPED, "--policy", "modern-only"],
        vec!["policy", "show", TYPED],
        vec!["devices", "--device", TYPED],
        vec!["discover", TYPED],
        vec!["rehearse", TYPED],
        vec!["rehearse", "--show", TYPED],
        vec!["canary", "--config", TYPED],
        vec!["history", "targets", "--history", TYPED],
        vec!["token", "inspect", "--token-file", TYPED],
    ];
    for arguments in cases {
        let said = mailprobe(&arguments).say();
        assert_eq!(said.status, 2, "{arguments:?} {}{}", said.out, said.err);
        holds_nothing_raw(&said, &format!("{arguments:?}"));
    }
    for more in [
        &["--methods", TYPED][..],
        &["--expect", TYPED],
        &["--expect", &rule],
        &["--expect", &state],
        &["--provider", TYPED],
        &["--policy", TYPED],
        &["--targets", TYPED],
        &["--config", TYPED, "--oauth", "x"],
        &["--resolve", &resolve],
        &["--dns-server", TYPED],
        &["--source-address", TYPED],
        &["--proxy", &proxy],
        &["--proxy", TYPED],
        &["-o", &output],
        &["-o", TYPED],
        &["--ca-file", TYPED],
        &["--password-env", TYPED],
        &["--password-file", TYPED],
        &["--token-file", TYPED],
        &["--login-name", TYPED],
        &["--authzid", TYPED],
        &["--send-to", TYPED],
        &["--ehlo-name", TYPED],
        &["--user-agent", TYPED],
        &["--at", TYPED],
        &["--timeout", TYPED],
        &["--concurrency", TYPED],
        &["--attempt-budget", TYPED],
        &["--lang", TYPED],
        &["--color", TYPED],
        &["--targets-format", TYPED],
        &["--stop-after", TYPED],
        &[&glued],
        &[&flag],
    ] {
        let said = mailprobe(&[&imap[..], more].concat()).say();
        assert_eq!(said.status, 2, "{more:?} {}{}", said.out, said.err);
        holds_nothing_raw(&said, &format!("{more:?}"));
    }
    // A file that cannot be written is found out behind the run.
    let said = mailprobe(&[&imap[..], &["-o", &file]].concat()).say();
    holds_nothing_raw(&said, "-o json=FILE");
}

#[test]
fn what_a_list_of_targets_holds_is_repeated_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let quoted = TYPED.replace('"', "");
    for (name, text) in [
        ("twice.csv", "mailbox,mailbox\na@b.example,c@d.example\n".to_owned()),
        ("head.csv", format!("mailbox,\"{quoted}\"\na@b.example,x\n")),
        ("box.csv", format!("mailbox,endpoint\n\"{quoted}\",imaps://h\n")),
        ("url.csv", format!("mailbox,endpoint\na@b.example,\"{quoted}://h\"\n")),
        ("methods.csv", format!("mailbox,endpoint,methods\na@b.example,imaps://h,\"{quoted}\"\n")),
        ("key.jsonl", "{\"mailbox\":\"a@b.example\",\"\\u001b[2J\\u202e\":1}\n".to_owned()),
        ("url.jsonl", "{\"mailbox\":\"a@b.example\",\"endpoint\":\"\\u001b[2J\\u202e://h\"}\n".to_owned()),
        ("type.jsonl", "{\"mailbox\":\"a@b.example\",\"endpoint\":{\"\\u001b[2J\":1}}\n".to_owned()),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let said = mailprobe(&["check", "--targets", path.to_str().unwrap()]).say();
        assert_eq!(said.status, 2, "{name}: {}{}", said.out, said.err);
        holds_nothing_raw(&said, name);
    }
}
