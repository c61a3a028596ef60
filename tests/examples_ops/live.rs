//! The rules over what a canary really exports: it watches the lab, and promtool is handed its pages in place of made-up series. So
//! the labels that the rules join by are those that there are.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::lab;
use crate::tools::{content, example, mailprobe, secret_file};
use crate::watcher::Watcher;

/// Longest time between two events of a canary that visits every second.
const PATIENCE: Duration = Duration::from_secs(60);

/// A mailbox where passwords are refused, one where they are taken, and one where nobody listens.
fn canary(folder: &Path) -> Watcher {
    secret_file(&folder.join("password"), &lab::password("alice"));
    let mut config = format!(
        "interval = \"1s\"\n[history]\nurl = \"sqlite:history.db\"\n[http]\nlisten = \"127.0.0.1:0\"\n\
         [network]\nca_file = \"{}\"\n[module.passwords]\nmethods = [\"PLAIN\", \"LOGIN-COMMAND\"]\n",
        lab::file("certs/ca.pem").display()
    );
    for (name, server) in [("good", "cutover"), ("bad", "modern"), ("gone", "dns")] {
        let _ = write!(
            config,
            "[[target]]\nname = \"{name}\"\nmailbox = \"{}\"\nendpoints = [\"{}\"]\npassword_file = \"password\"\n\
             policy = [\"{}\"]\nmodules = [\"passwords\"]\n",
            lab::fact("ALICE"),
            lab::imaps(server),
            example("policy.toml").display()
        );
    }
    let file = folder.join("canary.toml");
    fs::write(&file, config).unwrap();
    Watcher::begin(mailprobe().args(["canary", "--config"]).arg(file))
}

/// Its metrics, as soon as they have all of these.
fn metrics_with(canary: &Watcher, wanted: &[&str]) -> String {
    canary.until(|canary| {
        Some(canary.page("/metrics")).filter(|page| wanted.iter().all(|part| page.contains(part)))
    })
}

/// The samples of a page as series that stay as they are, with the labels that a scrape adds.
fn series(page: &str, labels: &[(&str, &str)]) -> Vec<serde_json::Value> {
    let added: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
    let samples = page.lines().filter(|line| line.starts_with("mailprobe_") || line.starts_with("probe_"));
    samples
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            let series = match series.strip_suffix('}') {
                Some(open) => format!("{open},{}}}", added.join(",")),
                None => format!("{series}{{{}}}", added.join(",")),
            };
            serde_json::json!({ "series": series, "values": format!("{value}x60") })
        })
        .collect()
}

/// What the rules say of the series after a quarter of an hour has to be this, and nothing else.
fn expect(folder: &Path, mut input: Vec<serde_json::Value>, by: &str, expected: &[&str]) {
    input.push(
        serde_json::json!({ "series": "up{job=\"mailprobe\", instance=\"canary\"}", "values": "1x60" }),
    );
    let samples: Vec<_> =
        expected.iter().map(|labels| serde_json::json!({ "labels": labels, "value": 1 })).collect();
    let stories = serde_json::json!({
        "rule_files": [example("prometheus/mailprobe.rules.yml")],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": input,
            "promql_expr_test": [{
                "expr": format!("count by ({by}) (ALERTS{{alertstate=\"firing\"}})"),
                "eval_time": "15m",
                "exp_samples": samples,
            }],
        }],
    });
    let file = folder.join("stories.yml");
    fs::write(&file, stories.to_string()).unwrap();
    content("promtool", &["test", "rules", file.to_str().unwrap()]);
}

#[test]
fn the_rules_find_the_password_that_is_taken_in_the_lab_and_leave_the_refused_one_alone() {
    let folder = tempfile::tempdir().unwrap();
    let canary = canary(folder.path());
    let page = metrics_with(
        &canary,
        &[
            "mailprobe_cell_expectation_met{target=\"good\"",
            "mailprobe_cell_expectation_met{target=\"bad\"",
            "mechanism=\"endpoint\",state=\"unreachable\"",
        ],
    );
    expect(
        folder.path(),
        series(&page, &[("job", "mailprobe"), ("instance", "canary")]),
        "alertname, target, mechanism",
        &[
            "{alertname=\"MailprobePasswordAccepted\", target=\"bad\", mechanism=\"PLAIN\"}",
            "{alertname=\"MailprobePasswordAccepted\", target=\"bad\", mechanism=\"LOGIN-COMMAND\"}",
            "{alertname=\"MailprobeEndpointUnreachable\", target=\"gone\", mechanism=\"endpoint\"}",
        ],
    );
    let probe = |target: &str| {
        let page = canary.page(&format!("/probe?target={target}&module=passwords"));
        let labels =
            [("job", "mailprobe-probe"), ("instance", target), ("target", target), ("module", "passwords")];
        series(&page, &labels)
    };
    expect(
        folder.path(),
        [probe("good"), probe("bad")].concat(),
        "alertname, target, rule",
        &[
            "{alertname=\"MailprobeExpectationNotMet\", target=\"bad\", rule=\"imap/every password=not-accepted\"}",
        ],
    );
}

#[test]
fn the_unit_for_systemd_is_told_what_it_waits_for() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("notify");
    let told = std::os::unix::net::UnixDatagram::bind(&socket).unwrap();
    told.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut words = [0; 4096];
    let mut wait_for = |word: &str| loop {
        let length = told.recv(&mut words).unwrap_or_else(|error| panic!("{word}: {error}"));
        if String::from_utf8_lossy(&words[..length]).lines().any(|line| line == word) {
            return;
        }
    };
    let config = folder.path().join("canary.toml");
    let target = "[[target]]\nmailbox = \"a@lab.test\"\nendpoints = [\"imaps://127.0.0.1:1\"]\n";
    fs::write(&config, format!("interval = \"1h\"\n{target}[module.default]\nadvertised_only = true\n"))
        .unwrap();
    // The watchdog is meant for the process that it names: the shell's, which becomes ours.
    let mut process = Command::new("sh")
        .args([
            "-c",
            "WATCHDOG_PID=$$ exec \"$@\"",
            "sh",
            env!("CARGO_BIN_EXE_mailprobe"),
            "canary",
            "--config",
        ])
        .arg(&config)
        .env("NOTIFY_SOCKET", &socket)
        .env("WATCHDOG_USEC", "2000000")
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("READY=1");
    wait_for("WATCHDOG=1");
    let signal = |name: &str| content("kill", &[name, &process.id().to_string()]);
    signal("-HUP");
    wait_for("RELOADING=1");
    wait_for("READY=1");
    signal("-TERM");
    wait_for("STOPPING=1");
    assert!(process.wait().unwrap().success());
}
