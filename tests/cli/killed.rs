//! A run that is killed leaves what it found out: beside each report's file stands one with the mailboxes that were done.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Child;

use crate::host::Host;
use crate::tool::mailprobe;

/// Mailboxes that are refused at once, in front of one whose server never says a word.
const DONE: usize = 5;

/// A run that has done all it can, and waits for the silent one.
struct Waiting {
    running: Child,
    _line: std::net::TcpStream,
}

impl Waiting {
    /// Begins one with these arguments besides.
    fn begin(more: &[String]) -> Self {
        let silent = Host::new();
        let row = |name: &str| format!("{name},imap+plain://127.0.0.1:1\n");
        let done: Vec<String> = done().iter().map(|mailbox| row(mailbox)).collect();
        let list = format!("mailbox,endpoint\n{}last@b.example,{}\n", done.concat(), silent.url());
        let mut arguments = vec!["check", "--targets", "-", "--advertised-only", "--concurrency", "1", "-q"];
        arguments.extend(more.iter().map(String::as_str));
        let running = mailprobe(&arguments).input(&list).start();
        Self { running, _line: silent.silent_visitor() }
    }

    fn kill(mut self) {
        self.running.kill().unwrap();
        self.running.wait().unwrap();
    }

    fn send(&self, signal: &str) {
        let sent = std::process::Command::new("kill").args([signal, &self.running.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What `-o` is given for a file of each form in the folder.
fn outputs(folder: &Path, forms: &[&str]) -> Vec<String> {
    forms
        .iter()
        .flat_map(|form| ["-o".to_owned(), format!("{form}={}", file(folder, form).display())])
        .collect()
}

fn file(folder: &Path, form: &str) -> PathBuf {
    folder.join(format!("run.{form}"))
}

fn partial(folder: &Path, form: &str) -> PathBuf {
    folder.join(format!("run.{form}.partial"))
}

/// The mailboxes of a file as `mailprobe report` reads it, and what it says besides.
fn read_again(path: &Path) -> (Vec<String>, String) {
    let said = mailprobe(&["report", path.to_str().unwrap(), "-o", "jsonl"]).say();
    assert_eq!(said.status, 0, "{}", said.err);
    let mailbox = |line: &str| {
        let report: serde_json::Value = serde_json::from_str(line).unwrap();
        report["mailbox"].as_str().unwrap().to_owned()
    };
    (said.out.lines().map(mailbox).collect(), said.err)
}

fn done() -> Vec<String> {
    (1..=DONE).map(|number| format!("u{number}@b.example")).collect()
}

#[test]
fn every_report_of_a_killed_run_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let forms = ["json", "jsonl", "csv"];
    for form in forms {
        fs::write(file(folder, form), "the report of yesterday\n").unwrap();
    }
    let typed = outputs(folder, &forms);
    Waiting::begin(&typed).kill();
    // A file of lines grows in its own place.
    assert_eq!(names(folder), ["run.csv", "run.csv.partial", "run.json", "run.json.partial", "run.jsonl"]);
    for form in ["json", "csv"] {
        assert_eq!(fs::read_to_string(file(folder, form)).unwrap(), "the report of yesterday\n", "{form}");
    }
    let (mailboxes, told) = read_again(&partial(folder, "json"));
    assert_eq!(mailboxes, done());
    assert!(told.contains("run.json.partial ends early") && told.contains("5 whole reports"), "{told}");
    let (mailboxes, told) = read_again(&file(folder, "jsonl"));
    assert_eq!((mailboxes, told.as_str()), (done(), ""));
    let mut rows = csv::Reader::from_path(partial(folder, "csv")).unwrap();
    let mailboxes: Vec<String> = rows.records().map(|row| row.unwrap()[0].to_owned()).collect();
    assert_eq!(mailboxes, done());
}

#[test]
fn the_other_forms_of_a_killed_run_can_be_read_by_eye() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let forms = ["text", "wide", "junit", "nagios", "prometheus", "html", "markdown"];
    let typed = outputs(folder, &forms);
    Waiting::begin(&typed).kill();
    for form in forms {
        let text = fs::read_to_string(partial(folder, form)).unwrap();
        for number in 1..=DONE {
            let escaped =
                text.contains(&format!("u{number}@b.example")) || text.contains(&format!("u{number}\\@b"));
            assert!(escaped, "{number} in {form}: {text}");
        }
        assert!(!file(folder, form).exists(), "{form}");
    }
}

#[test]
fn a_report_that_was_torn_in_two_costs_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let typed = outputs(folder, &["json", "jsonl"]);
    Waiting::begin(&typed).kill();
    for torn in [partial(folder, "json"), file(folder, "jsonl")] {
        let whole = fs::read(&torn).unwrap();
        fs::write(&torn, &whole[..whole.len() - 40]).unwrap();
        let (mailboxes, told) = read_again(&torn);
        assert_eq!(mailboxes, done()[..DONE - 1]);
        assert!(told.contains("ends early") && told.contains("4 whole reports"), "{told}");
        // Where half a run would be taken for a whole one, it is not read.
        let compared = mailprobe(&["diff", torn.to_str().unwrap(), "examples/after-cutover.json"]).say();
        assert_eq!(compared.status, 2, "{}", compared.err);
    }
}

#[test]
fn a_run_that_is_told_to_stop_leaves_its_reports_in_their_files_and_nothing_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let forms = ["text", "json", "csv", "junit", "html"];
    let typed = outputs(folder, &forms);
    let waiting = Waiting::begin(&typed);
    waiting.send("-TERM");
    assert_eq!(waiting.running.wait_with_output().unwrap().status.code(), Some(3));
    assert_eq!(names(folder), ["run.csv", "run.html", "run.json", "run.junit", "run.text"]);
    assert_eq!(read_again(&file(folder, "json")).0.len(), DONE + 1);
}

#[test]
fn the_next_run_leaves_alone_what_a_killed_one_left_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let typed = outputs(folder, &["json"]);
    Waiting::begin(&typed).kill();
    let left = partial(folder, "json");
    let before = fs::read(&left).unwrap();
    let again = Waiting::begin(&typed);
    assert_eq!(names(folder), ["run.json.2.partial", "run.json.partial"]);
    again.send("-INT");
    let said = again.running.wait_with_output().unwrap();
    let told = String::from_utf8(said.stderr).unwrap();
    assert!(
        told.contains("run.json.partial is there already") && told.contains("run.json.2.partial"),
        "{told}"
    );
    assert_eq!(fs::read(&left).unwrap(), before);
    assert_eq!(names(folder), ["run.json", "run.json.partial"]);
}

#[test]
fn what_grows_beside_a_report_is_as_private_as_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(file(folder, "json"), "the report of yesterday\n").unwrap();
    fs::set_permissions(file(folder, "json"), fs::Permissions::from_mode(0o600)).unwrap();
    // Not followed, and not written to.
    std::os::unix::fs::symlink(folder.join("elsewhere"), partial(folder, "csv")).unwrap();
    let typed = outputs(folder, &["json", "csv"]);
    Waiting::begin(&typed).kill();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(partial(folder, "json")), 0o600);
    assert_eq!(names(folder), ["run.csv.2.partial", "run.csv.partial", "run.json", "run.json.partial"]);
}

/// Rows of which each is refused at once, long enough that a list of them leaves memory.
fn long_rows(numbers: std::ops::RangeInclusive<usize>) -> String {
    let row = |number: usize| format!("{},imap+plain://127.0.0.1:1\n", long_name(number));
    numbers.map(row).collect()
}

fn long_name(number: usize) -> String {
    format!("u{number}.{}@b.example", "long".repeat(100))
}

/// A run of a list in a file. The copy that it takes of the list has a folder of its own.
fn begin_with_list(folder: &Path, list: &str, more: &[String]) -> Child {
    fs::write(folder.join("boxes.csv"), list).unwrap();
    fs::create_dir(folder.join("tmp")).unwrap();
    let (boxes, tmp) = (folder.join("boxes.csv"), folder.join("tmp"));
    let targets = ["check", "--targets", boxes.to_str().unwrap()];
    let flags = ["--advertised-only", "--concurrency", "1", "-q"];
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    mailprobe(&[&targets[..], &flags, &more].concat()).env("TMPDIR", tmp.to_str().unwrap()).start()
}

#[test]
fn a_run_that_is_killed_half_way_through_its_list_leaves_the_first_half() {
    const HALF: usize = 400;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let silent = Host::new();
    let (first, second) = (long_rows(1..=HALF), long_rows(HALF + 1..=2 * HALF));
    let list = format!("mailbox,endpoint\n{first}silent@b.example,{}\n{second}", silent.url());
    let mut running = begin_with_list(folder, &list, &outputs(folder, &["json", "jsonl", "csv"]));
    let _line = silent.silent_visitor();
    running.kill().unwrap();
    running.wait().unwrap();
    let done: Vec<String> = (1..=HALF).map(long_name).collect();
    assert_eq!(read_again(&partial(folder, "json")).0, done);
    assert_eq!(read_again(&file(folder, "jsonl")).0, done);
    let mut rows = csv::Reader::from_path(partial(folder, "csv")).unwrap();
    assert!(rows.records().map(|row| row.unwrap()[0].to_owned()).eq(done));
    assert_eq!(names(&folder.join("tmp")), [""; 0], "the copy of the list is gone with the run");
}

#[test]
fn a_run_takes_its_list_as_it_was_when_it_was_found_to_be_right() {
    const ROWS: usize = 800;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let silent = Host::new();
    let list = format!("mailbox,endpoint\nsilent@b.example,{}\n{}", silent.url(), long_rows(1..=ROWS));
    let running = begin_with_list(folder, &list, &outputs(folder, &["jsonl"]));
    let line = silent.silent_visitor();
    fs::write(folder.join("boxes.csv"), "no header\nand no mailbox\n").unwrap();
    drop((line, silent));
    let said = running.wait_with_output().unwrap();
    assert_eq!(said.status.code(), Some(3), "{}", String::from_utf8_lossy(&said.stderr));
    let mailboxes = read_again(&file(folder, "jsonl")).0;
    assert_eq!(mailboxes.len(), ROWS + 1);
    assert!(mailboxes[1..].iter().cloned().eq((1..=ROWS).map(long_name)));
}
