//! Reports in files: what was found out is there as soon as it is, and what cannot be written destroys nothing.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::host::Host;
use crate::lab;
use crate::tool::{check, mailprobe};

/// A file system of 64 KiB in a namespace of its own, in which `script` runs; what it printed.
fn on_a_small_disk(folder: &Path, script: &str) -> String {
    fs::create_dir_all(folder.join("disk")).unwrap();
    let script = format!("mount -t tmpfs -o size=64k,mode=777 tmpfs disk && {{ {script}\n}}");
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script, env!("CARGO_BIN_EXE_mailprobe")])
        .current_dir(folder)
        .env("PW", "never presented")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Fills the disk to its last octet, runs a check into a file that is there, and shows what it then holds.
const INTO_A_FULL_DISK: &str = r#"
    printf 'the report of yesterday\n' > disk/run.out
    cat /dev/zero > disk/filler 2>/dev/null
    "$0" check a@b.example --endpoint imap+plain://127.0.0.1:1 --password-env PW -q -o FORM=disk/run.out
    echo "status $?"
    cat disk/run.out
    ls -a disk | grep -v -e filler -e '^\.*$'"#;

#[test]
fn a_full_disk_leaves_the_report_that_was_there() {
    for form in ["json", "jsonl", "html"] {
        let folder = tempfile::tempdir().unwrap();
        let said = on_a_small_disk(folder.path(), &INTO_A_FULL_DISK.replace("FORM", form));
        assert!(said.contains("the report of yesterday\nrun.out\n"), "{form}: {said}");
        assert!(said.contains("disk/run.out cannot be written: No space left on device"), "{form}: {said}");
        assert!(said.contains("status 3"), "{form}: {said}");
    }
}

/// Checks more mailboxes than the disk has room for, and reads again what is there.
const INTO_A_DISK_THAT_FILLS_UP: &str = r#"
    printf 'the report of yesterday\n' > disk/run.out
    { echo mailbox,endpoint; seq -f 'u%03g@b.example,imap+plain://127.0.0.1:1' 1 100; } > targets.csv
    "$0" check --targets targets.csv --password-env PW -q -o FORM=disk/run.out
    echo "status $?"
    cat disk/run.out
    ls disk
    "$0" report disk/run.out.partial -o csv | cut -d, -f1 | grep -c '^"u...@b.example"'"#;

#[test]
fn a_disk_that_fills_up_while_a_run_is_on_costs_neither_the_old_report_nor_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let said = on_a_small_disk(folder.path(), &INTO_A_DISK_THAT_FILLS_UP.replace("FORM", "json"));
    assert!(said.contains("status 3\nthe report of yesterday\nrun.out\nrun.out.partial\n"), "{said}");
    assert_eq!(said.matches("No space left on device").count(), 1, "{said}");
    let told = "disk/run.out cannot be written: No space left on device (os error 28); disk/run.out.partial has what";
    let named = said.replace(&format!("{}/", folder.path().canonicalize().unwrap().display()), "");
    assert!(named.contains(told), "{said}");
    assert!(said.contains("run.out.partial ends early"), "{said}");
    let read: usize = said.lines().find_map(|line| line.parse().ok()).unwrap();
    assert!((5..100).contains(&read), "{read} of the reports can be read");
}

#[test]
fn a_folder_that_takes_no_new_file_still_takes_the_report() {
    // A file that is mounted by itself, as containers get theirs: nothing can be made beside it.
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
        printf 'the report of yesterday, which was longer than a report can be\n%9000s' x > disk/run.json
        mount --bind disk/run.json disk/run.json && mount -o remount,ro,bind disk 2>/dev/null || mount -o remount,ro disk
        mount -o remount,rw,bind disk/run.json
        "$0" check a@b.example --endpoint imap+plain://127.0.0.1:1 --advertised-only -q -o json=disk/run.json
        echo "status $?"
        cat disk/run.json"#;
    let said = on_a_small_disk(folder.path(), script);
    let json = said.split_once("status 3\n").unwrap_or_else(|| panic!("{said}")).1;
    let report: serde_json::Value =
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {said}"));
    assert_eq!(report["mailbox"], "a@b.example");
}

#[test]
fn a_report_that_cannot_be_written_does_not_cost_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("run.csv");
    let arguments =
        ["check", "a@b.example", "--endpoint", "imap+plain://127.0.0.1:1", "--advertised-only", "-q"];
    let csv = format!("csv={}", other.display());
    let said = mailprobe(&[&arguments[..], &["-o", "json=/dev/full", "-o", &csv]].concat()).say();
    assert_eq!(said.status, 3, "{}", said.err);
    assert!(said.err.contains("/dev/full cannot be written"), "{}", said.err);
    assert!(fs::read_to_string(other).unwrap().contains("a@b.example"));
}

#[test]
fn a_report_that_cannot_be_written_is_status_3_beside_a_good_run_and_1_beside_a_failure() {
    let modern = lab::imaps("modern");
    for (more, status) in [
        (&["--advertised-only"][..], 3),
        (&["--advertised-only", "--expect", "XOAUTH2=not-advertised"], 1),
        // A plugin's 3 is UNKNOWN.
        (&["--advertised-only", "-o", "nagios"], 3),
    ] {
        let said = check(&modern, &[more, &["-q", "-o", "json=/dev/full"]].concat()).say();
        assert_eq!(said.status, status, "{more:?} {}{}", said.out, said.err);
        assert!(said.err.contains("/dev/full cannot be written: No space left"), "{}", said.err);
    }
}

#[test]
fn a_secret_that_cannot_be_read_is_status_2_before_anything_is_connected() {
    let modern = lab::imaps("modern");
    for what in ["token", "password"] {
        let said = check(&modern, &[&format!("--{what}-command"), "false"]).say();
        assert_eq!((said.status, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.contains(&format!("the {what} command ")), "{}", said.err);
    }
}

#[test]
fn a_run_that_is_killed_leaves_the_lines_of_the_mailboxes_that_were_done() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.jsonl");
    fs::write(&file, "the lines of yesterday\n").unwrap();
    // The first is refused at once; the second is never answered.
    let silent = Host::new();
    let list =
        format!("mailbox,endpoint\na@b.example,imap+plain://127.0.0.1:1\nc@d.example,{}\n", silent.url());
    let lines = format!("jsonl={}", file.display());
    let arguments =
        ["check", "--targets", "-", "--advertised-only", "--concurrency", "1", "-q", "-o", lines.as_str()];
    let mut running = mailprobe(&arguments).input(&list).start();
    let line = silent.silent_visitor();
    running.kill().unwrap();
    running.wait().unwrap();
    drop(line);
    let kept = fs::read_to_string(&file).unwrap();
    let reports: Vec<serde_json::Value> =
        kept.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{kept}"))).collect();
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0]["mailbox"], "a@b.example");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "and nothing half-made beside them");
}
