//! A disk that is full while the canary watches: a file system of its own, and the program itself on it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::kit::Tenant;
use crate::watcher::Watcher;

/// The program, in a mount namespace in which `disk` is a file system of 16 MiB.
struct OnSmallDisk {
    canary: Watcher,
    folder: PathBuf,
    /// That file system, as it is seen from outside.
    disk: PathBuf,
}

impl OnSmallDisk {
    fn begin(folder: &Path) -> Self {
        std::fs::create_dir(folder.join("disk")).unwrap();
        let script = "mount -t tmpfs -o size=16m tmpfs disk && exec \"$0\" canary --config canary.toml";
        let mut command = Command::new("unshare");
        command
            .args([
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                script,
                env!("CARGO_BIN_EXE_mailprobe"),
            ])
            .current_dir(folder);
        let canary = Watcher::begin(&mut command);
        let root = PathBuf::from(format!("/proc/{}/root", canary.id()));
        let disk = root.join(folder.strip_prefix("/").unwrap()).join("disk");
        Self { canary, folder: folder.to_path_buf(), disk }
    }

    /// Its health as soon as it is so.
    fn until(&self, mut so: impl FnMut(&Value) -> bool) -> Value {
        self.canary.until(|canary| Some(canary.json("/api/v1/health")).filter(&mut so))
    }

    /// Takes what is left of the disk, to the last octet.
    fn fill(&self) {
        let mut filler = OpenOptions::new().create(true).append(true).open(self.disk.join("filler")).unwrap();
        for size in [4096, 1] {
            while filler.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// The endpoints and methods of the changes that are on the disk.
    fn changes(&self) -> Vec<String> {
        // SQLite follows the link to the program's root by its text, so it has to be there itself.
        let output = Command::new("nsenter")
            .args([
                "--preserve-credentials",
                "--user",
                "--mount",
                "--target",
                &self.canary.id().to_string(),
                "--",
            ])
            .args([env!("CARGO_BIN_EXE_mailprobe"), "history", "changes", "-o", "json", "--file"])
            .arg(self.folder.join("disk/canary.db"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let mut changes: Vec<String> = text
            .lines()
            .map(|line| {
                let change: Value = serde_json::from_str(line).unwrap();
                let scheme = change["key"]["endpoint"].as_str().unwrap().split(':').next().unwrap();
                format!(
                    "{scheme} {} {}",
                    change["key"]["method"].as_str().unwrap(),
                    change["after"]["state"].as_str().unwrap()
                )
            })
            .collect();
        changes.sort();
        changes
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_and_what_was_seen_meanwhile_is_written_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = Tenant::open("before-cutover", folder.path()).await;
    let more = "[history]\nurl = \"sqlite:disk/canary.db\"\n[http]\nlisten = \"127.0.0.1:0\"";
    std::fs::write(folder.path().join("canary.toml"), tenant.watched(folder.path(), more)).unwrap();
    let canary = OnSmallDisk::begin(folder.path());
    canary.until(|health| health["ready"] == true);
    canary.fill();
    tenant.play("exchange-online-today").await;
    // The same is said however often it is tried again: a connection that has failed is not one that never works again.
    let mut tried = 0;
    canary.until(|health| {
        if let Some(problem) = health["problems"][0].as_str() {
            assert!(
                problem.starts_with("visits wait to be written down: ") && problem.contains("full"),
                "{health}"
            );
            tried += 1;
        }
        tried == 12
    });
    assert_eq!(canary.canary.answer("/readyz").0, 503);
    assert_eq!(canary.canary.answer("/healthz").0, 200, "it lives, and will go on by itself");
    let changes = canary.canary.events().filter(|event| event == "change");
    std::fs::remove_file(canary.disk.join("filler")).unwrap();
    assert_eq!(changes.take(4).count(), 4);
    let wanted = [
        "imaps LOGIN-COMMAND refused",
        "imaps PLAIN refused",
        "pop3s PLAIN refused",
        "pop3s USER-PASS refused",
    ];
    assert_eq!(canary.changes(), wanted);
    let health = canary.until(|health| health["problems"] == serde_json::json!([]));
    assert_eq!(health["ready"], true);
    tenant.end().await;
}
