use super::*;
use crate::scenario::SHIPPED;

fn broken(text: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mine.toml");
    std::fs::write(&path, text).unwrap();
    let message = load(path.to_str().unwrap()).unwrap_err().to_string();
    message.replace(&format!("{}/", dir.path().display()), "")
}

#[test]
fn every_shipped_scenario_loads_has_mailboxes_a_title_and_a_source_for_every_word() {
    for shipped in SHIPPED {
        let scenario = load(shipped.name).unwrap();
        assert_eq!(scenario.name, shipped.name);
        assert!(!scenario.title.is_empty() && !scenario.about.is_empty(), "{}", shipped.name);
        assert!(scenario.source.starts_with("https://"), "{}", shipped.name);
        // An address or a standard that anybody can look up; what nobody has on record says so.
        let sourced = |source: &str| {
            source.contains("https://") || source.contains("RFC ") || source.ends_with("no public record")
        };
        for answer in &scenario.words {
            assert!(sourced(&answer.source), "{}: {} {}", shipped.name, answer.text, answer.source);
        }
        for line in [&scenario.imap, &scenario.pop3, &scenario.smtp] {
            assert!(!line.greeting.is_empty() && !line.mechanisms.is_empty(), "{}", shipped.name);
        }
    }
}

#[test]
fn an_unknown_key_is_named_with_file_line_and_what_would_be_known() {
    let message = broken("extends = \"gmail\"\n\n[tenant]\nsmpt_auth = false\n");
    assert!(message.starts_with("mine.toml:4:1: unknown field `smpt_auth`, expected one of"), "{message}");
    assert!(message.contains("`smtp_auth`"), "{message}");
}

#[test]
fn a_wrong_value_is_named_with_its_line_and_what_is_allowed() {
    let message = broken("extends = \"gmail\"\n[[mailbox]]\naddress = \"a@b\"\nsmtp_auth = \"maybe\"\n");
    assert!(message.starts_with("mine.toml:4:13: unknown variant `maybe`, expected one of"), "{message}");
    assert!(message.contains("`inherit`"), "{message}");
    let message =
        broken("[[words]]\nprotocol = \"imap\"\ncause = \"tired\"\ntext = \"NO\"\nsource = \"x\"\n");
    assert!(message.contains(":3:9: unknown variant `tired`"), "{message}");
    let message = broken("title = \n");
    assert!(message.starts_with("mine.toml:1:9: "), "{message}");
}

#[test]
fn all_mistakes_of_a_scenario_are_told_at_once() {
    let message = broken(
        "colour = \"red\"\n[[mailbox]]\naddress = \"a@b\"\nsmtp_auth = \"maybe\"\nimap = 5\n[tenant]\nsmpt_auth = false\n",
    );
    let places: Vec<&str> = message.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(places, ["mine.toml:1:1", "mine.toml:4:13", "mine.toml:5:8", "mine.toml:7:1"], "{message}");
    let words = "[[words]]\nprotocol = \"smtp\"\ncause = \"throttled\"\ntext = \"go away\"\nsource = \"x\"\n";
    let message = broken(&words.repeat(2));
    assert!(message.contains("mine.toml:4:8: ") && message.contains("mine.toml:9:8: "), "{message}");
}

#[test]
fn a_scenario_without_a_mailbox_or_with_a_mailbox_without_address_is_no_tenant() {
    assert!(broken("title = \"empty\"\n").starts_with("mine.toml:1:1: no mailbox: add [[mailbox]]"));
    let message = broken("[[mailbox]]\npassword = \"x\"\n");
    assert!(message.contains(":1:1: missing field `address`"), "{message}");
    for wrong in ["password = 4711", "tokens = [4711]", "tokens = 4711", "password = [\"4711\"]"] {
        let message = broken(&format!("[[mailbox]]\naddress = \"a@b\"\n{wrong}\n"));
        assert!(message.starts_with("mine.toml:3:") && !message.contains("4711"), "{message}");
    }
    assert!(!broken("[[mailbox]]\naddress = \"a@b\"\npasswort = \"hunter2\"\n").contains("hunter2"));
}

#[test]
fn an_answer_that_cannot_be_said_is_refused_with_its_line() {
    let message =
        broken("[[words]]\nprotocol = \"smtp\"\ncause = \"throttled\"\ntext = \"go away\"\nsource = \"x\"\n");
    assert!(message.starts_with("mine.toml:4:8: the answer begins with no SMTP reply code"), "{message}");
    let message = broken(
        "[[words]]\nprotocol = \"imap\"\ncause = \"throttled\"\ntext = \"NO \\u001b[2J\"\nsource = \"x\"\n",
    );
    assert!(message.contains("control character"), "{message}");
}

#[test]
fn what_it_extends_is_named_with_its_line_and_a_circle_is_found() {
    let message = broken("\nextends = \"no-such\"\n");
    assert!(
        message.starts_with("mine.toml:2:11: no scenario `no-such`: use one of before-cutover"),
        "{message}"
    );
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("round.toml");
    std::fs::write(&path, format!("extends = {:?}\n", path.to_str().unwrap())).unwrap();
    let message = load(path.to_str().unwrap()).unwrap_err().to_string();
    assert!(message.contains("in a circle"), "{message}");
}

#[test]
fn a_child_changes_a_mailbox_and_an_answer_and_keeps_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ours.toml");
    let text = "extends = \"before-cutover\"\n[[mailbox]]\naddress = \"alice@rehearsal.test\"\nimap = \"off\"\n\
                [[words]]\nprotocol = \"imap\"\ncause = \"protocol-disabled\"\ntext = \"NO IMAP is disabled\"\nsource = \"ours\"\n";
    std::fs::write(&path, text).unwrap();
    let scenario = load(path.to_str().unwrap()).unwrap();
    assert_eq!(scenario.name, "ours");
    let alice = scenario.mailbox_of("ALICE").unwrap();
    assert_eq!(alice.imap, crate::scenario::Access::Off);
    assert_eq!(alice.password.as_ref().unwrap().expose(), b"correct horse");
    assert_eq!(scenario.mailbox.len(), 2);
    let said: Vec<_> = scenario
        .words
        .iter()
        .filter(|answer| answer.protocol == Protocol::Imap && answer.cause.name() == "protocol-disabled")
        .collect();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].text, "NO IMAP is disabled");
}
