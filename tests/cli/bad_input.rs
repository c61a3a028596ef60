//! A user's mistake gets one message with the remedy, exit status 2, and no connection.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::host::Host;
use crate::tool::mailprobe;

/// The message, after checking that it is one line on standard error, that the status is 2, and that the
/// host was left alone.
fn refused(host: &Host, arguments: &[&str], input: &str) -> String {
    let said = mailprobe(arguments).input(input).say();
    assert_eq!(said.status, 2, "{arguments:?}: {}{}", said.out, said.err);
    assert!(said.out.is_empty(), "{}", said.out);
    assert!(!host.was_visited(), "{arguments:?} opened a connection");
    assert!(!said.err.contains("correct horse"));
    said.err
}

#[test]
fn a_mistake_far_down_a_list_is_told_before_anything_begins() {
    let host = Host::new();
    let row = |number: usize| match number {
        70_000 => format!("alice,{}\n", host.url()),
        number => format!("u{number}@b.example,{}\n", host.url()),
    };
    let list: String =
        std::iter::once("mailbox,endpoint\n".to_owned()).chain((1..=80_000).map(row)).collect();
    let folder = tempfile::tempdir().unwrap();
    let output = format!("jsonl={}", folder.path().join("run.jsonl").display());
    let message = refused(&host, &["check", "--targets", "-", "--advertised-only", "-o", &output], &list);
    assert_eq!(
        message,
        "mailprobe: error: standard input:70001: `alice` is not a mailbox: write name@domain\n"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn mistakes_on_the_command_line_are_named_with_their_remedy() {
    let host = Host::new();
    let url = host.url();
    let cases: &[(&[&str], &[&str])] = &[
        (&["check", "a@b.example", "--endpoint", "gopher://h"], &["unknown scheme `gopher`", "imaps"]),
        (&["check", "a@b.example", "--endpoint", "imaps://h:0"], &["`0`", "from 1 to 65535"]),
        (&["check", "alice", "--endpoint", &url], &["`alice` is not a mailbox", "name@domain"]),
        (&["check", "a@b.example"], &["--endpoint"]),
        (&["check", "--endpoint", &url], &["mailbox"]),
        (&["check", "a@b.example", "--endpoint", "ews+what://h"], &["unknown scheme `ews+what`", "eas"]),
        (&["check", "a@b.example", "--endpoint", &url, "-4", "-6"], &["--ipv4", "--ipv6"]),
        (
            &["check", "a@b.example", "--endpoint", &url, "--methods", "PLAIM"],
            &["unknown method `PLAIM`", "PLAIN"],
        ),
        (&["check", "a@b.example", "--endpoint", &url, "--password-env", "NOT_SET"], &["NOT_SET", "not set"]),
        (
            &["check", "a@b.example", "--endpoint", &url, "--password-env", "PW", "--password-stdin"],
            &["--password"],
        ),
        (&["check", "a@b.example", "--endpoint", &url, "-o", "yaml"], &["unknown format `yaml`", "jsonl"]),
        (&["check", "a@b.example", "--endpoint", &url, "--ca-file", "/no/such.pem"], &["/no/such.pem"]),
        (
            &["check", "a@b.example", "--endpoint", &url, "--stop-after", "tls", "--expect", "PLAIN=usable"],
            &["PLAIN=usable"],
        ),
        (
            &["check", "a@b.example", "--endpoint", &url, "--send-to", "not an address"],
            &["not an address", "name@"],
        ),
        (
            &["check", "a@b.example", "--endpoint", &url, "--send-to", "b@c.example"],
            &["--send-to", "smtps://HOST"],
        ),
        (
            &[
                "check",
                "a@b.example",
                "--endpoint",
                "smtps://h",
                "--advertised-only",
                "--send-to",
                "b@c.example",
            ],
            &["--send-to b@c.example", "phase session"],
        ),
        (&["check", "a@b.example", "--endpoint", &url, "--ehlo-name", "a b"], &["a b", "host name"]),
        (&["check", "--targets", "-", "--password-stdin", "--endpoint", &url], &["standard input"]),
    ];
    for (arguments, expected) in cases {
        let message = refused(&host, arguments, "");
        for part in *expected {
            assert!(message.contains(part), "{arguments:?} says: {message}");
        }
    }
}

#[test]
fn a_password_file_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    let host = Host::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    fs::write(&file, "correct horse\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let path = file.to_str().unwrap();
    let arguments = ["check", "a@b.example", "--endpoint", &host.url(), "--password-file", path];
    let message = refused(&host, &arguments, "");
    assert!(message.contains("chmod 600") && message.contains("644"), "{message}");
    let missing = ["check", "a@b.example", "--endpoint", &host.url(), "--password-file", "/no/such/file"];
    assert!(refused(&host, &missing, "").contains("/no/such/file"));
}

#[test]
fn a_malformed_list_is_named_by_line_and_nothing_of_it_is_tried() {
    let host = Host::new();
    let url = host.url();
    let csv = format!("mailbox,endpoint\nalice@lab.test,{url}\nbob@lab.test,{url},too,many\n");
    let message = refused(&host, &["check", "--targets", "-", "--targets-format", "csv"], &csv);
    assert!(message.contains(":3:"), "{message}");
    let jsonl = format!(
        "{{\"mailbox\":\"alice@lab.test\",\"endpoint\":\"{url}\"}}\n\n{{\"mailbox\":\"x@y.z\",\"hots\":1}}\n"
    );
    let message = refused(&host, &["check", "--targets", "-"], &jsonl);
    assert!(message.contains(":3:") && message.contains("hots"), "{message}");
    let literal = "mailbox,password\nalice@lab.test,hunter2\n";
    let message = refused(&host, &["check", "--targets", "-", "--endpoint", &url], literal);
    assert!(message.contains("password_env") && !message.contains("hunter2"), "{message}");
}

#[test]
fn all_mistakes_of_a_file_with_profiles_are_told_at_once_with_line_and_column() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    let file = folder.path().join("mailprobe.toml");
    let text = "\
[oauth.contoso]
provider = \"exchange-onlin\"
client_id = \"a\"
client_secret = \"correct horse\"
redirect_port = 70000
[oauth.other]
provider = \"gmail\"
issuer = \"https://login.example\"
client_id = \"a\"
client_secret_env = \"A\"
client_secret_file = \"b\"
[oauth.workspace]
provider = \"google-workspace\"
flow = \"refresh-token\"
[oath.last]
";
    fs::write(&file, text).unwrap();
    let (url, path) = (host.url(), file.to_str().unwrap());
    let said = refused(
        &host,
        &["check", "a@b.example", "--endpoint", &url, "--config", path, "--oauth", "other"],
        "",
    );
    let wanted = [
        "2:12: provider `exchange-onlin` is not known to give tokens",
        "4:1: unknown field `client_secret`",
        "5:17: invalid value: integer `70000`, expected u16",
        "6:1: client_secret_env, client_secret_file and client_secret_command contradict each other",
        "6:1: provider and issuer contradict each other",
        "12:1: flow = \"refresh-token\" needs refresh_token_env, _file or _command",
        "12:1: client_id is missing",
        "15:2: unknown field `oath`",
    ];
    let lines: Vec<&str> = said.strip_prefix("mailprobe: error: ").unwrap().lines().collect();
    assert_eq!(lines.len(), wanted.len(), "{said}");
    for (line, wanted) in lines.iter().zip(wanted) {
        assert!(line.starts_with(&format!("{path}:{wanted}")), "{line}\n{wanted}");
    }
}
