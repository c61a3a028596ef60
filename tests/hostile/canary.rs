//! The same servers, watched by a canary: it goes on, and so do its other targets.

use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::server::imap;

/// Nothing that is waited for takes so long, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn a_target_that_overflows_a_parser_does_not_end_the_canary() {
    let (bombed, bombings) = mpsc::channel();
    let (opened, openings) = mpsc::channel();
    let hostile = imap(move |line, tag| {
        bombed.send(()).ok();
        line.say(format!("* 1 FETCH (BODYSTRUCTURE {}\r\n{tag} OK done\r\n", "(".repeat(2000)));
    });
    let good = imap(move |line, tag| {
        opened.send(()).ok();
        line.say(format!("* 3 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n"));
    });
    let target = |name: &str, url: String| {
        format!(
            "[[target]]\nname = \"{name}\"\nmailbox = \"a@b.example\"\nendpoints = [\"{url}\"]\npassword_env = \"PW\"\n"
        )
    };
    let targets =
        [target("hostile", hostile.url("imap+plain")), target("good", good.url("imap+plain"))].concat();
    let module = "[module.default]\nmethods = [\"PLAIN\"]\nallow_plaintext = true\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("canary.toml"), format!("interval = \"100ms\"\n{module}{targets}"))
        .unwrap();
    let mut canary = Command::new(env!("CARGO_BIN_EXE_mailprobe"))
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("PW", "correct horse")
        .current_dir(folder.path())
        .args(["canary", "--config", "canary.toml"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let heard: Vec<_> = (0..3).map(|_| bombings.recv_timeout(PATIENCE)).collect();
    while openings.try_recv().is_ok() {}
    let afterwards = openings.recv_timeout(PATIENCE);
    let ended = canary.try_wait().unwrap();
    canary.kill().unwrap();
    canary.wait().unwrap();
    assert!(ended.is_none(), "the canary ended: {ended:?}");
    assert!(heard.iter().all(Result::is_ok), "the hostile target is visited again and again: {heard:?}");
    assert!(afterwards.is_ok(), "the other target is still visited");
}
