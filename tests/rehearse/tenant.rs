//! A rehearsal in a process of its own, ended by the interrupt that a person would send.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Output, Stdio};

pub(crate) const ALICE: &str = "alice@rehearsal.test";
pub(crate) const PASSWORD: &str = "correct horse";
pub(crate) const TOKEN: &str = "rehearsal-token-of-alice";

pub(crate) fn mailprobe(state: &std::path::Path) -> Command {
    // Whoever runs the tests by nohup has told all that they start to ignore SIGHUP.
    let mut command = Command::new("/usr/bin/env");
    command.args(["--default-signal=HUP,INT,TERM", env!("CARGO_BIN_EXE_mailprobe")]);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("XDG_STATE_HOME", state);
    command
}

/// A running tenant.
pub(crate) struct Tenant {
    child: Option<Child>,
    errors: Option<BufReader<std::process::ChildStderr>>,
    ports: HashMap<String, u16>,
    /// What it said before it was ready.
    pub(crate) welcome: String,
    dir: tempfile::TempDir,
}

/// What it left behind.
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) text: String,
    pub(crate) live: String,
    pub(crate) report: serde_json::Value,
}

impl Tenant {
    pub(crate) fn of(scenario: &str) -> Self {
        Self::with(scenario, &["--ca-out", "CA"])
    }

    /// `CA` stands for a file that `ca` names.
    pub(crate) fn with(scenario: &str, more: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ca = dir.path().join("ca.pem");
        let ca = ca.to_str().unwrap();
        let json = format!("json={}", dir.path().join("report.json").display());
        let html = format!("html={}", dir.path().join("report.html").display());
        let profile = format!("profile={}", dir.path().join("profile.toml").display());
        let mut command = mailprobe(dir.path());
        command.args(["rehearse", scenario, "-o", "text", "-o", &json, "-o", &html, "-o", &profile]);
        for door in ["--imap", "--imaps", "--pop3", "--pop3s", "--smtp", "--smtps", "--https"] {
            command.args([door, "0"]);
        }
        command.args(more.iter().map(|word| if *word == "CA" { ca } else { word }));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let (mut ports, mut welcome) = (HashMap::new(), String::new());
        loop {
            let mut line = String::new();
            assert!(errors.read_line(&mut line).unwrap() > 0, "it did not start: {welcome}");
            welcome.push_str(&line);
            let words: Vec<&str> = line.split_whitespace().collect();
            if let [scheme, address] = words[..]
                && let Some(port) = address.rsplit(':').next().and_then(|port| port.parse().ok())
            {
                ports.insert(scheme.to_owned(), port);
            }
            if line.contains("Ctrl-C") {
                break;
            }
        }
        Self { child: Some(child), errors: Some(errors), ports, welcome, dir }
    }

    pub(crate) fn port(&self, scheme: &str) -> u16 {
        self.ports[scheme]
    }

    /// `scheme://localhost:port`, and a path.
    pub(crate) fn url(&self, scheme: &str, path: &str) -> String {
        format!("{scheme}://localhost:{}{path}", self.port(scheme))
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.file(name)).unwrap()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    pub(crate) fn state(&self) -> &std::path::Path {
        self.dir.path()
    }

    /// Interrupts it, as Ctrl-C does.
    pub(crate) fn end(&mut self) -> Ended {
        self.end_by("-INT")
    }

    /// Ends it by this signal.
    pub(crate) fn end_by(&mut self, signal: &str) -> Ended {
        let pid = self.pid().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        self.wait()
    }

    pub(crate) fn wait(&mut self) -> Ended {
        // Both ends are read at once: a report of a thousand clients fills a pipe, and so do its live lines.
        let mut errors = self.errors.take().unwrap();
        let lines = std::thread::spawn(move || {
            let mut live = String::new();
            errors.read_to_string(&mut live).unwrap();
            live
        });
        let output: Output = self.child.take().unwrap().wait_with_output().unwrap();
        let live = lines.join().unwrap();
        let report = serde_json::from_str(&self.read("report.json")).unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        Ended { status: output.status.code().unwrap(), text, live, report }
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

impl Ended {
    /// The use of one protocol by the only device.
    pub(crate) fn usage(&self, protocol: &str) -> &serde_json::Value {
        let devices = self.report["devices"].as_array().unwrap();
        assert_eq!(devices.len(), 1, "{}", self.report);
        let protocols = devices[0]["protocols"].as_array().unwrap();
        protocols
            .iter()
            .find(|usage| usage["protocol"] == protocol)
            .unwrap_or_else(|| panic!("{}", self.report))
    }

    /// Everything it said and wrote, for what must not be in it.
    pub(crate) fn everything(&self) -> String {
        format!("{}{}{}", self.text, self.live, self.report)
    }
}

/// Runs a client and hands back its exit status and what it said.
pub(crate) fn client(program: &str, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| {
        panic!("{program} is needed: tests/lab/install installs it ({error})");
    });
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code().unwrap_or(-1), said)
}

/// A folder that tests/lab/install made, by the function of tests/lab/common.sh that names it.
pub(crate) fn installed(tree: &str) -> String {
    let common = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lab/common.sh");
    let (status, said) = client("bash", &["-c", r#"source "$1" && "$2""#, "bash", common, tree]);
    let folder = said.trim_end().to_owned();
    let there = status == 0 && std::path::Path::new(&folder).exists();
    assert!(there, "{folder} is missing: tests/lab/install makes it");
    folder
}
