//! The demonstration: no arguments, no account, no network, no file left behind.

use crate::tenant::mailprobe;

#[test]
fn the_demonstration_shows_both_matrices_what_changed_and_the_verdict() {
    let dir = tempfile::tempdir().unwrap();
    let output = mailprobe(dir.path()).arg("demo").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert_eq!(said.matches("● ✓ usable").count(), 15, "{said}");
    for line in [
        "BEFORE THE CUTOVER",
        "AFTER THE CUTOVER",
        "imap       PLAIN  offered, usable          -> not offered, refused (basic-disabled)",
        "pop3       PLAIN  offered, usable          -> not offered, refused (basic-disabled)",
        "smtp       LOGIN  offered, usable          -> offered, refused (basic-disabled)",
        "ews        Basic  offered, usable          -> offered, refused (basic-disabled)",
        "activesync Basic  offered, usable          -> offered, refused (basic-disabled)",
        "13 of 13 expectations met",
        "mailprobe rehearse smtp-auth-off-2027",
    ] {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    assert!(!said.contains("correct horse") && !said.contains("rehearsal-token"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "it left a file");
}

#[test]
fn the_demonstration_speaks_the_language_of_the_locale() {
    let dir = tempfile::tempdir().unwrap();
    let output = mailprobe(dir.path()).arg("demo").env("LANG", "ja_JP.UTF-8").output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    for line in ["切り替え前: ", "切り替え後: ", "● ✓ 使用可", "提示なし、拒否 (basic-disabled)", "件合格。"]
    {
        assert!(said.contains(line), "{line} is not in\n{said}");
    }
    assert!(!said.contains("offered") && !said.contains("refused"), "{said}");
}
