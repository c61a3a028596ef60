//! A network of its own for a story that names its ports: loopback, with every port free, and nothing else of the machine's.

use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Ends with the test; what runs in it is ended by whoever started it.
pub(crate) struct Network(Child);

impl Drop for Network {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Network {
    pub(crate) fn new() -> Self {
        let mut child = Command::new("unshare")
            .args([
                "--user",
                "--map-root-user",
                "--net",
                "sh",
                "-c",
                "ip link set lo up && echo up && exec cat",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut word = [0; 2];
        std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut word).expect("no network namespace");
        Self(child)
    }

    /// A program that sees this network.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        let id = self.0.id().to_string();
        command.args(["--preserve-credentials", "--user", "--net", "--target", &id, "--", program]);
        command
    }

    /// A line of a shell, as a person types it into a terminal that stands in that folder: `mailprobe` is on the path.
    pub(crate) fn shell(&self, folder: &Path, line: &str) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_mailprobe")).parent().unwrap().display();
        let mut command = self.command("sh");
        // A program that is the last of its line takes the shell's place, so that a signal reaches it.
        command
            .args(["-ec", line])
            .env_clear()
            .env("PATH", format!("{program}:/usr/bin:/bin"))
            .env("HOME", folder)
            .current_dir(folder);
        command
    }
}
