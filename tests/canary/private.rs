//! Whatever the umask is, what the canary writes is for its owner alone; what an earlier version left open is closed, and said.
#![cfg(unix)]

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

const TEXT: &str = "interval = \"400ms\"\n[[target]]\nmailbox = \"a@lab.test\"\nendpoints = [\"imaps://127.0.0.1:1\"]\n\
                    [module.default]\nadvertised_only = true\n";

/// The canary under a umask that lets everybody read, and what it says until it watches.
fn begin(folder: &Path) -> (Child, BufReader<ChildStderr>, String) {
    let mut child = Command::new("sh")
        .args(["-c", "umask 000; exec \"$0\" canary --config canary.toml", env!("CARGO_BIN_EXE_mailprobe")])
        .current_dir(folder)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut all = String::new();
    while !all.contains("the canary watches") {
        assert!(said.read_line(&mut all).unwrap() > 0, "{all}");
    }
    (child, said, all)
}

fn end(mut child: Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
}

/// The files of the history that others can do something with.
fn open(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("canary.db"));
    let mut seen = 0;
    let mut open: Vec<String> = ours
        .filter_map(|entry| {
            seen += 1;
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            (mode & 0o077 != 0).then(|| format!("{} {mode:04o}", entry.file_name().to_string_lossy()))
        })
        .collect();
    assert!(seen >= 5, "the database, its log, its shared memory, the lock and the key: {seen}");
    open.sort();
    open
}

#[test]
fn the_history_is_for_its_owner_alone_and_one_that_was_open_is_closed_and_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("canary.toml"), TEXT).unwrap();
    let (child, _said, words) = begin(folder.path());
    assert_eq!(open(folder.path()), Vec::<String>::new());
    assert!(!words.contains("mode"), "{words}");
    end(child);

    for name in ["canary.db", "canary.db.lock"] {
        std::fs::set_permissions(folder.path().join(name), Permissions::from_mode(0o644)).unwrap();
    }
    let (child, _said, words) = begin(folder.path());
    assert!(
        words.contains("canary.db had mode 0644; it has 0600 now: only its owner can read it"),
        "{words}"
    );
    assert_eq!(open(folder.path()), Vec::<String>::new());
    end(child);
}
