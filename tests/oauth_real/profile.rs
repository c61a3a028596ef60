//! A configuration file with one profile, `[oauth.lab]`, and `mailprobe` with it and with nobody's state but its own.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::asking::Asking;
use crate::lab;
use crate::server::{SCOPE, Server};
use crate::tool::Said;

/// A home of its own: the configuration file, the client's key, and the state that is kept between two runs.
pub(crate) struct Profile {
    folder: TempDir,
    /// Longest time a request may take.
    timeout: &'static str,
}

impl Profile {
    /// A profile at an issuer by its URL.
    pub(crate) fn at(issuer: &str, client: &str, flow: &str, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "[oauth.lab]\nissuer = \"{issuer}\"\nclient_id = \"{client}\"\nflow = \"{flow}\"\nscopes = [\"{SCOPE}\"]\n{more}\n"
        );
        std::fs::write(folder.path().join("mailprobe.toml"), text).unwrap();
        // Only its owner may read a client's key, and the lab's files are for everybody.
        for file in ["client.key", "client.pem"] {
            let copy = folder.path().join(file);
            std::fs::copy(lab::file(&format!("keys/{file}")), &copy).unwrap();
            std::fs::set_permissions(copy, Permissions::from_mode(0o600)).unwrap();
        }
        Self { folder, timeout: "20" }
    }

    /// A profile at one of the lab's servers.
    pub(crate) fn new(server: Server, client: &str, flow: &str, more: &str) -> Self {
        Self::at(&server.issuer(), client, flow, more)
    }

    /// An application with the lab's secret.
    pub(crate) fn application(server: Server, client: &str) -> Self {
        Self::new(server, client, "client-credentials", "client_secret_env = \"SECRET\"")
    }

    /// An application that proves itself by its certificate.
    pub(crate) fn certified(server: Server, algorithm: &str) -> Self {
        let profile = Self::new(server, "certified", "client-credentials", "");
        let (certificate, key) = (profile.path("client.pem"), profile.path("client.key"));
        let more = format!(
            "certificate = '{}'\nkey = '{}'\nalgorithm = '{algorithm}'\n",
            certificate.display(),
            key.display()
        );
        let file = profile.path("mailprobe.toml");
        std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + &more).unwrap();
        profile
    }

    /// With less patience than the tests have.
    pub(crate) fn impatient(self) -> Self {
        Self { timeout: "2", ..self }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `mailprobe` with these arguments and the profile, which connects to nothing.
    pub(crate) fn offline(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailprobe"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", self.folder.path());
        command.env("XDG_STATE_HOME", self.path("state")).env("SECRET", lab::text("secrets/client.secret"));
        command.args(arguments).arg("--config").arg(self.path("mailprobe.toml")).args(["--oauth", "lab"]);
        command
    }

    /// The same with trust in the lab.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.offline(arguments);
        command.arg("--ca-file").arg(lab::file("certs/ca.pem")).args(["--timeout", self.timeout]);
        command
    }

    /// `token get` for alice's mailbox, as it begins.
    pub(crate) fn get(&self) -> Asking {
        Asking::start(self.command(&["token", "get", lab::fact("ALICE")]))
    }

    /// `check` of alice's mailbox, as it begins.
    pub(crate) fn checking(&self, endpoint: &str, more: &[&str]) -> Asking {
        let arguments = ["check", lab::fact("ALICE"), "--endpoint", endpoint, "-o", "json"];
        Asking::start(self.command(&[&arguments, more].concat()))
    }

    /// The same to its end.
    pub(crate) fn check(&self, endpoint: &str, more: &[&str]) -> Said {
        self.checking(endpoint, more).says()
    }
}
