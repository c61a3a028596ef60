//! systemd's own checker over the units. It needs no systemd that runs.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::tools::{content, example, run, text};

const UNITS: [&str; 3] = ["mailprobe-canary.service", "mailprobe-check.service", "mailprobe-check.timer"];

/// The units in a folder, naming a program that is there.
fn installed() -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let units = UNITS.map(|name| {
        let unit = text(&format!("systemd/{name}"));
        let unit = unit.replace("/usr/local/bin/mailprobe", env!("CARGO_BIN_EXE_mailprobe"));
        let file = folder.path().join(name);
        fs::write(&file, unit).unwrap();
        file
    });
    (folder, units.into())
}

fn verify(units: &[PathBuf]) -> String {
    let said = run(Command::new("systemd-analyze").args(["verify", "--man=no"]).args(units));
    // Other units of this machine may have faults of their own.
    let about_ours = |line: &&str| line.contains("mailprobe");
    said.err.lines().filter(about_ours).collect::<Vec<_>>().join("\n")
}

#[test]
fn systemd_takes_the_units_without_a_word() {
    let (_folder, units) = installed();
    assert_eq!(verify(&units), "");
}

#[test]
fn the_check_of_the_units_notices_a_key_that_does_not_exist() {
    let (_folder, units) = installed();
    let broken = fs::read_to_string(&units[0]).unwrap().replace("WatchdogSec=", "WatchdogSecs=");
    fs::write(&units[0], broken).unwrap();
    assert!(verify(&units).contains("WatchdogSecs"));
}

#[test]
fn the_services_leave_little_of_the_machine_open() {
    for unit in &UNITS[..2] {
        // At most 2.0 of 10, where 10 is a service without any of these settings.
        content(
            "systemd-analyze",
            &[
                "security",
                "--offline=true",
                "--threshold=20",
                example("systemd").join(unit).to_str().unwrap(),
            ],
        );
    }
}

#[test]
fn the_canarys_unit_waits_for_its_word_watches_it_and_hands_over_its_secrets() {
    let unit = text("systemd/mailprobe-canary.service");
    for line in [
        "Type=notify",
        "WatchdogSec=60s",
        "DynamicUser=yes",
        "StateDirectory=mailprobe",
        "RestartPreventExitStatus=2",
    ] {
        assert!(unit.lines().any(|known| known == line), "{line}");
    }
    // What the configuration beside it reads is what the unit hands over.
    let config = text("canary.toml");
    let folder = "/run/credentials/mailprobe-canary.service/";
    let wanted = config
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some(line.split_once(folder)?.1.split_once('"')?.0));
    let mut secrets = 0;
    for name in wanted {
        assert!(unit.contains(&format!("\nLoadCredential={name}:")), "{name}");
        secrets += 1;
    }
    assert_eq!(secrets, 3);
}

#[test]
fn the_timer_comes_every_hour() {
    let timer = text("systemd/mailprobe-check.timer");
    let calendar = timer.lines().find_map(|line| line.strip_prefix("OnCalendar=")).unwrap();
    assert!(content("systemd-analyze", &["calendar", calendar]).contains("*-*-* *:00:00"));
}
