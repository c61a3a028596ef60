//! Two stored reports, compared by the program.

use std::fs;

use crate::lab;
use crate::tool::{check, mailprobe};

#[test]
fn a_login_that_worked_and_is_refused_is_exit_status_1_and_the_way_back_is_0() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before.json"), folder.path().join("after.jsonl"));
    let modern = lab::imaps("modern");
    let right = check(&modern, &["--password-env", "PW", "--methods", "PLAIN", "-o", "json"]).say();
    fs::write(&before, right.out).unwrap();
    let wrong = ["--password-env", "WRONG", "--methods", "PLAIN", "-o", "jsonl"];
    fs::write(&after, check(&modern, &wrong).env("WRONG", "wrong").say().out).unwrap();
    let (before, after) = (before.to_str().unwrap(), after.to_str().unwrap());
    let broken = mailprobe(&["diff", before, after]).say();
    assert_eq!(broken.status, 1, "{}{}", broken.out, broken.err);
    assert!(broken.out.contains("1 broken"), "{}", broken.out);
    let fixed = mailprobe(&["diff", after, before, "-o", "json"]).say();
    assert_eq!(fixed.status, 0, "{}", fixed.err);
    assert_eq!(fixed.json()["changes"][0]["change"], "fixed");
    let twice = mailprobe(&["diff", before, before]).say();
    assert!(twice.status == 2 && twice.err.contains("same file"), "{}", twice.err);
    let piped = mailprobe(&["diff", before, "-"]).input(&fs::read_to_string(after).unwrap()).say();
    assert_eq!(piped.status, 1, "{}", piped.err);
}

#[test]
fn a_file_that_is_no_report_is_named_with_the_way_to_get_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("notes.txt");
    fs::write(&file, "{\n\"schema\": 1}").unwrap();
    let path = file.to_str().unwrap();
    let said = mailprobe(&["diff", path, "examples/after-cutover.json"]).say();
    assert_eq!((said.status, said.out.as_str()), (2, ""));
    assert!(
        said.err.contains(path) && said.err.contains("line 2") && said.err.contains("json=FILE"),
        "{}",
        said.err
    );
    let gone = mailprobe(&["diff", "/no/such.json", path]).say();
    assert!(gone.status == 2 && gone.err.contains("/no/such.json"), "{}", gone.err);
}

#[test]
fn a_login_that_worked_and_was_not_presented_again_is_named_and_is_exit_status_3() {
    let folder = tempfile::tempdir().unwrap();
    let (before, after) = (folder.path().join("before.json"), folder.path().join("after.json"));
    let modern = lab::imaps("modern");
    let right = ["--password-env", "PW", "--methods", "PLAIN", "-o", "json"];
    fs::write(&before, check(&modern, &right).say().out).unwrap();
    fs::write(&after, check(&modern, &["--advertised-only", "-o", "json"]).say().out).unwrap();
    let (before, after) = (before.to_str().unwrap(), after.to_str().unwrap());
    let said = mailprobe(&["diff", before, after]).say();
    assert_eq!(said.status, 3, "{}{}", said.out, said.err);
    assert!(
        said.out.contains("Not known: it opened the mailbox, and nobody saw that again\n  PLAIN on "),
        "{}",
        said.out
    );
    assert!(said.out.contains("0 broken · 1 not known · "), "{}", said.out);
}
