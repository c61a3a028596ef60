//! Other programs, and where the examples are.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A file or folder in `examples/`.
pub(crate) fn example(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path)
}

/// Its text.
pub(crate) fn text(path: &str) -> String {
    let file = example(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// What a program said.
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs it to its end. A program that is not there fails the test.
pub(crate) fn run(command: &mut Command) -> Said {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output();
    let Output { status, stdout, stderr } =
        output.unwrap_or_else(|error| panic!("{name}: {error}; `tests/lab/install` installs it"));
    Said {
        status: status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&stdout).into_owned(),
        err: String::from_utf8_lossy(&stderr).into_owned(),
    }
}

/// Runs it and wants it to be content.
pub(crate) fn content<A: AsRef<OsStr>>(program: &str, arguments: &[A]) -> String {
    let said = run(Command::new(program).args(arguments));
    assert_eq!(said.status, 0, "{program}: {}{}", said.out, said.err);
    said.out
}

/// One of the checkers that `tests/lab/install` gets from `PyPI`, in the version that its list names.
pub(crate) fn checker(name: &str) -> String {
    let set = |name: &str| std::env::var(name).ok();
    let cache = set("MAILPROBE_LAB_CACHE").unwrap_or_else(|| {
        let home = || format!("{}/.cache", set("HOME").unwrap_or_default());
        format!("{}/mailprobe-lab", set("XDG_CACHE_HOME").unwrap_or_else(home))
    });
    let list = fs::read_to_string(format!("{cache}/checkers/requirements.txt")).unwrap_or_default();
    assert_eq!(list, include_str!("../lab/checkers/requirements.txt"), "run tests/lab/install");
    format!("{cache}/checkers/bin/{name}")
}

/// The documents of a YAML text, read by the reader that its users' tools have: `PyYAML` by YAML 1.1.
pub(crate) fn yaml(path: &Path) -> Vec<Value> {
    let program = "import json, sys, yaml\n\
                   print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1]))), default=str))";
    let read = content(&checker("python"), &["-c", program, path.to_str().unwrap()]);
    serde_json::from_str(&read).unwrap()
}

/// Our program.
pub(crate) fn mailprobe() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailprobe"));
    command.env_clear().env("PATH", "/usr/bin:/bin");
    command
}

/// A folder with `mailprobe` in it, for scripts that look for it on their path.
pub(crate) fn with_mailprobe() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_mailprobe"), folder.path().join("mailprobe")).unwrap();
    folder
}

/// A script, with the lab's name server and trust in the lab's certificates for every `mailprobe` in it.
pub(crate) fn in_the_lab(script: &mut Command, path: &Path) {
    let server = format!("{}:{}", crate::lab::fact("DNS_ADDRESS"), crate::lab::fact("DNS_PORT"));
    script
        .env_clear()
        .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", path.display()))
        .env("MAILPROBE_DNS_SERVER", server)
        .env("MAILPROBE_CA_FILE", crate::lab::file("certs/ca.pem"));
}

/// A file that only its owner can read.
pub(crate) fn secret_file(path: &Path, content: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, content).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}
