//! The configuration file as written: `mailprobe.toml`, which `--config FILE` or `MAILPROBE_CONFIG` names.
//!
//! It holds named credential profiles and never a secret: of each it says where it is. A mistake is one message with
//! file, line, column, value and remedy, and all are told at once. Another file of ours can have `[oauth.NAME]`, too: [`profiles`].

use std::collections::BTreeMap;
use std::path::Path;

use mailprobe_judge::{self as judge, Mistakes, Unreadable, Written};
use mailprobe_oauth::profile::{Profile, WrittenProfile};
use mailprobe_probes::model::harmless;
use serde::Deserialize;
use toml::Spanned;

/// Named credential profiles, `[oauth.NAME]`.
pub type Profiles = BTreeMap<String, Profile>;

/// Why there is no profile. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The mistakes in it.
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
    /// It has no profile of that name.
    #[error("the configuration file has no section [oauth.{name}] ({known})")]
    NoSection {
        /// The name, harmless.
        name: String,
        /// The names that it has.
        known: String,
    },
}

/// The profiles of a file as they are written, `[oauth.NAME]`.
pub type WrittenProfiles = BTreeMap<String, Spanned<WrittenProfile>>;

/// Reads the profiles of a file; those that are wrong are left out, and each mistake in them is noted.
pub fn profiles(file: &Written<'_>, written: WrittenProfiles, mistakes: &mut Mistakes) -> Profiles {
    let mut profiles = Profiles::new();
    for (name, table) in written {
        let at = table.span();
        // What it lacks may be what could not be read.
        if mistakes.is_damaged(&at) {
            mistakes.take_for_gone(name);
            continue;
        }
        match table.into_inner().profile() {
            Ok(profile) => drop(profiles.insert(name, profile)),
            Err(sentences) => {
                for sentence in sentences {
                    mistakes.note(file.error(&at, sentence));
                }
                mistakes.take_for_gone(name);
            }
        }
    }
    profiles
}

/// A configuration file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    oauth: WrittenProfiles,
}

/// What a configuration file says.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// `[oauth.NAME]`.
    pub oauth: Profiles,
}

impl Config {
    /// Reads a configuration file. Relative paths in it begin where it is.
    ///
    /// # Errors
    /// A file that cannot be read, and every mistake in it.
    pub fn read(path: &Path) -> Result<Self, ProfileError> {
        let read = Self::parse(&path.to_string_lossy(), &judge::text(path)?)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Ok(Self {
            oauth: read.oauth.into_iter().map(|(name, profile)| (name, profile.rooted(folder))).collect(),
        })
    }

    /// Reads a configuration from its text; `shown` is what messages call it. Every mistake is told with its line and column,
    /// and none quotes the line: somebody may have put a secret there.
    ///
    /// # Errors
    /// Those mistakes.
    pub fn parse(shown: &str, text: &str) -> Result<Self, Mistakes> {
        let file = Written { file: shown, text };
        let mut mistakes = Mistakes::default();
        let read: Option<File> = file.read_all(&mut mistakes);
        let read = read.map(|read| Self { oauth: profiles(&file, read.oauth, &mut mistakes) });
        mistakes.settle(read)
    }

    /// The profile of that name.
    ///
    /// # Errors
    /// There is none; the message lists those that there are.
    pub fn profile(&self, name: &str) -> Result<&Profile, ProfileError> {
        self.oauth.get(name).ok_or_else(|| {
            let known: Vec<String> = self.oauth.keys().map(|known| harmless(known.as_bytes())).collect();
            let known = if known.is_empty() { "it has none".to_owned() } else { known.join(", ") };
            let shown = harmless(name.as_bytes());
            ProfileError::NoSection { name: shown, known }
        })
    }
}

#[cfg(test)]
mod tests;
