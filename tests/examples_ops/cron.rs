//! The nightly script: what the shell's checker says of it, and two nights of it against the lab.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::lab;
use crate::tools::{Said, content, example, in_the_lab, run, secret_file, text, with_mailprobe};

/// One night in this folder, with the mailbox on that server.
fn night(folder: &Path, server: &str) -> Said {
    let path = with_mailprobe();
    let targets = folder.join("targets.csv");
    // The same name, at another server: what a mailbox is told by is its address and endpoint.
    fs::write(
        &targets,
        format!(
            "mailbox,endpoint\n{},imaps://mail.lab.test:{}\n",
            lab::fact("ALICE"),
            lab::fact("IMAPS_PORT")
        ),
    )
    .unwrap();
    secret_file(&folder.join("password"), &lab::password("alice"));
    let mut script = Command::new(example("cron/mailprobe-nightly"));
    in_the_lab(&mut script, path.path());
    run(script
        .env("MAILPROBE_RESOLVE", format!("mail.lab.test:{}", lab::address(server)))
        .env("MAILPROBE_INSECURE", "true")
        .env("TARGETS", targets)
        .env("POLICY", example("policy.toml"))
        .env("PASSWORD_FILE", folder.join("password"))
        .env("STATE", folder)
        .env("TEXTFILE", folder.join("mailprobe.prom")))
}

#[test]
fn the_shells_checker_finds_nothing_in_the_script() {
    content("shellcheck", &[example("cron/mailprobe-nightly")]);
}

#[test]
fn a_night_without_a_change_is_silent_and_a_change_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let first = night(folder.path(), "cutover");
    assert_eq!(first.err, "");
    assert!(folder.path().join("last.jsonl").exists() && folder.path().join("last.txt").exists());
    let second = night(folder.path(), "cutover");
    assert_eq!((second.out.as_str(), second.err.as_str()), ("", ""), "nothing has changed");
    let third = night(folder.path(), "modern");
    assert!(third.out.contains("PLAIN on imaps://mail.lab.test"), "{}{}", third.out, third.err);
    assert_eq!(third.status, 1, "a password is taken, which the policy forbids");
    let fourth = night(folder.path(), "modern");
    assert_eq!((fourth.out.as_str(), fourth.err.as_str()), ("", ""));
    let numbers = fs::read_to_string(folder.path().join("mailprobe.prom")).unwrap();
    assert!(numbers.contains("probe_success{mailbox=\"alice@lab.test\"} 0"), "{numbers}");
}

#[test]
fn a_night_in_which_nothing_could_be_found_out_leaves_the_last_answer_alone() {
    let folder = tempfile::tempdir().unwrap();
    night(folder.path(), "cutover");
    let before = fs::read(folder.path().join("last.jsonl")).unwrap();
    // Nobody listens there.
    let said = night(folder.path(), "dns");
    assert_eq!((said.status, said.out.as_str()), (0, ""), "{}", said.err);
    assert_eq!(fs::read(folder.path().join("last.jsonl")).unwrap(), before);
}

#[test]
fn a_mistake_is_said_on_standard_error_for_cron_to_send() {
    let folder = tempfile::tempdir().unwrap();
    let path = with_mailprobe();
    let mut script = Command::new(example("cron/mailprobe-nightly"));
    in_the_lab(&mut script, path.path());
    let said = run(script
        .env("TARGETS", folder.path().join("none.csv"))
        .env("POLICY", "modern-only")
        .env("STATE", folder.path()));
    assert_eq!(said.status, 2);
    assert!(said.err.contains("none.csv"), "{}", said.err);
}

#[test]
fn the_table_has_five_fields_a_user_and_the_scripts_name() {
    let table = text("cron/mailprobe.crontab");
    let jobs: Vec<&str> =
        table.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit() || c == '*')).collect();
    assert_eq!(jobs.len(), 1);
    let fields: Vec<&str> = jobs[0].split_whitespace().collect();
    assert_eq!(fields.len(), 7);
    for (field, most) in fields[..5].iter().zip([59, 23, 31, 12, 7]) {
        assert!(*field == "*" || field.parse::<u32>().unwrap() <= most, "{field}");
    }
    assert_eq!(fields[6], "/usr/local/bin/mailprobe-nightly");
}
