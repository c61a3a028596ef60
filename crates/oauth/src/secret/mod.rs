//! Where a password or token comes from. Never a flag: a command line is readable by everybody on the
//! machine and ends in shell histories.
//!
//! No message of this module holds a byte of a secret, nor the text of a command, which may hold one.

mod command;
mod vault;

use std::ffi::OsString;
use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mailprobe_probes::model::{Kind, Secret, harmless};
use zeroize::Zeroizing;

pub use vault::{Kept, Vault};

/// Why there is no secret. Never holds a byte of one, nor the text of a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// Its place cannot be read, or holds something else.
    #[error("{0}")]
    Unreadable(String),
    /// A person is to be asked, and there is no terminal.
    #[error("there is no terminal to ask for the {what}")]
    NoTerminal {
        /// What was to be asked for.
        what: String,
    },
}

impl From<String> for SecretError {
    fn from(words: String) -> Self {
        Self::Unreadable(words)
    }
}

/// Longest secret taken; tokens of Entra ID are a few KiB.
const LONGEST: usize = 64 * 1024;
/// How long a command may take: long enough for a person to unlock a password manager.
const COMMAND_TIME: Duration = Duration::from_secs(60);

/// What surrounds the program: injected, so that tests need no process-wide state.
pub struct World<'a> {
    /// Environment variables.
    pub env: &'a dyn Fn(&str) -> Option<OsString>,
    /// Standard input.
    pub stdin: &'a mut dyn BufRead,
    /// Asks on the terminal without echo.
    pub prompt: &'a dyn Fn(&str) -> std::io::Result<String>,
}

impl<'a> World<'a> {
    /// The environment and terminal of this process, with its locked standard input.
    pub fn of_process(stdin: &'a mut dyn BufRead) -> Self {
        Self { env: &process_env, stdin, prompt: &terminal }
    }
}

impl<'a> World<'a> {
    /// The environment, and nobody at a terminal: for a program that nobody sits in front of.
    pub fn of_nobody(stdin: &'a mut std::io::Empty) -> Self {
        Self { env: &process_env, stdin, prompt: &|_: &str| Err(std::io::ErrorKind::NotConnected.into()) }
    }
}

fn process_env(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn terminal(question: &str) -> std::io::Result<String> {
    rpassword::prompt_password(question)
}

/// One place a secret can come from.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// An environment variable.
    Env(String),
    /// A file of its own.
    File(PathBuf),
    /// The first line a shell command prints.
    Command(String),
    /// The first line of standard input.
    Stdin,
    /// The terminal.
    Prompt,
    /// An entry of the system keyring, by service; the account is the mailbox.
    #[cfg(feature = "keyring")]
    Keyring(String),
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Password => "password",
        Kind::Token => "token",
    }
}

impl Source {
    /// The part of the mailbox that decides which secret comes out: only a keyring has one each.
    fn account<'m>(&self, mailbox: &'m str) -> &'m str {
        match self {
            #[cfg(feature = "keyring")]
            Self::Keyring(_) => mailbox,
            _ => mailbox.get(..0).unwrap_or_default(),
        }
    }

    #[cfg_attr(not(feature = "keyring"), allow(unused_variables))]
    /// Reads it; `what` names it in messages.
    pub fn read(&self, what: &str, mailbox: &str, world: &mut World<'_>) -> Result<Secret, SecretError> {
        match self {
            Self::Env(name) => Ok(from_env(what, name, world.env)?),
            Self::File(path) => Ok(from_file(what, path)?),
            Self::Command(line) => {
                let output = command::first_line(line, LONGEST, COMMAND_TIME)
                    .map_err(|why| format!("the {what} command {why}"))?;
                Ok(one_line(&output)
                    .map_err(|why| format!("the first line that the {what} command prints {why}"))?)
            }
            Self::Stdin => {
                let mut line = Zeroizing::new(Vec::new());
                let bound = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(3);
                world
                    .stdin
                    .take(bound)
                    .read_until(b'\n', &mut line)
                    .map_err(|error| format!("cannot read the {what} from standard input: {error}"))?;
                Ok(one_line(&line).map_err(|why| format!("the {what} on standard input {why}"))?)
            }
            Self::Prompt => {
                let typed = (world.prompt)(&format!("{} (not shown): ", capital(what)))
                    .map(|typed| Zeroizing::new(typed.into_bytes()))
                    .map_err(|_| SecretError::NoTerminal { what: what.to_owned() })?;
                Ok(one_line(&typed).map_err(|why| format!("the {what} you typed {why}"))?)
            }
            #[cfg(feature = "keyring")]
            Self::Keyring(service) => Ok(from_keyring(what, service, mailbox)?),
        }
    }
}

impl std::fmt::Debug for Source {
    /// The kind alone: the text of a command may hold a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Env(_) => "Env(..)",
            Self::File(_) => "File(..)",
            Self::Command(_) => "Command(..)",
            Self::Stdin => "Stdin",
            Self::Prompt => "Prompt",
            #[cfg(feature = "keyring")]
            Self::Keyring(_) => "Keyring(..)",
        })
    }
}

impl Source {
    /// Reads a secret that belongs to no mailbox, with nobody at a terminal; `what` names it in messages.
    ///
    /// # Errors
    /// What cannot be read, in one sentence without the secret.
    pub fn secret(&self, what: &str) -> Result<Secret, SecretError> {
        self.read(what, "", &mut World::of_nobody(&mut std::io::empty()))
    }

    /// Reads it now, in the world of this process; `what` names it in messages. For what is read again whenever it is
    /// needed, and never from standard input.
    ///
    /// # Errors
    /// Why there is none.
    pub fn read_now(&self, what: &str) -> Result<Secret, SecretError> {
        let mut nothing = std::io::empty();
        self.read(what, "", &mut World::of_process(&mut nothing))
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
}

fn from_env(what: &str, name: &str, env: &dyn Fn(&str) -> Option<OsString>) -> Result<Secret, String> {
    let shown = harmless(name.as_bytes());
    if name.is_empty() || name.contains(['=', '\0']) {
        return Err(format!("`{shown}` is not the name of an environment variable"));
    }
    let value =
        env(name).ok_or_else(|| format!("the {what} variable {shown} is not set: export it first"))?;
    one_line(&Zeroizing::new(value.into_encoded_bytes()))
        .map_err(|why| format!("the {what} variable {shown} {why}"))
}

fn from_file(what: &str, path: &Path) -> Result<Secret, String> {
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    let unreadable = |error: std::io::Error| format!("cannot read the {what} file {shown}: {error}");
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let facts = file.metadata().map_err(unreadable)?;
    if facts.is_dir() {
        return Err(format!("the {what} file {shown} is a directory"));
    }
    private(&facts).map_err(|mode| {
        format!("the {what} file {shown} has mode {mode}, so others can read it: chmod 600 {shown}")
    })?;
    let mut content = Zeroizing::new(Vec::new());
    let bound = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(3);
    file.take(bound).read_to_end(&mut content).map_err(unreadable)?;
    one_line(&content).map_err(|why| format!("the {what} file {shown} {why}"))
}

#[cfg(unix)]
fn private(facts: &std::fs::Metadata) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt as _;
    let mode = facts.mode() & 0o7777;
    if is_private(mode, facts.uid()) { Ok(()) } else { Err(format!("{mode:04o}")) }
}

/// Read by its owner alone; or in the form in which systemd (`LoadCredential`) and Kubernetes (a secret's volume with `fsGroup`)
/// hand a secret over: root's, written by nobody, and read by the one user or group that it is for.
#[cfg(unix)]
const fn is_private(mode: u32, owner: u32) -> bool {
    const OTHERS: u32 = 0o077;
    const HANDED_OVER: u32 = 0o440;
    mode & OTHERS == 0 || (owner == 0 && mode & 0o777 == HANDED_OVER)
}

/// Windows keeps a file in a user's profile private by itself, and its access lists have no short form.
#[cfg(not(unix))]
fn private(_: &std::fs::Metadata) -> Result<(), String> {
    Ok(())
}

/// The secret without its one line end; says what is wrong without saying what it is.
fn one_line(content: &[u8]) -> Result<Secret, String> {
    if content.starts_with(b"\xEF\xBB\xBF")
        || content.starts_with(b"\xFF\xFE")
        || content.starts_with(b"\xFE\xFF")
    {
        return Err("starts with a byte order mark: save it as UTF-8 without one".into());
    }
    let line = content.strip_suffix(b"\n").map_or(content, |line| line.strip_suffix(b"\r").unwrap_or(line));
    if line.is_empty() {
        return Err("is empty".into());
    }
    if line.len() > LONGEST {
        return Err(format!("is longer than {} KiB", LONGEST / 1024));
    }
    if line.contains(&b'\n') {
        return Err("has more than one line: keep only the secret in it".into());
    }
    Ok(Secret::new(line))
}

#[cfg(feature = "keyring")]
fn from_keyring(what: &str, service: &str, mailbox: &str) -> Result<Secret, String> {
    let (service_shown, mailbox_shown) = (harmless(service.as_bytes()), harmless(mailbox.as_bytes()));
    let failed = |error: keyring::Error| {
        format!("the system keyring has no {what} for {mailbox_shown} in service {service_shown}: {error}")
    };
    let entry = keyring::Entry::new(service, mailbox).map_err(failed)?;
    let value = Zeroizing::new(entry.get_password().map_err(failed)?.into_bytes());
    one_line(&value).map_err(|why| format!("the {what} of {mailbox_shown} in the system keyring {why}"))
}

#[cfg(test)]
mod tests;
