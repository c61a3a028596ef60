//! The configuration file as written: `mailprobe.toml`, which `--config FILE` or `MAILPROBE_CONFIG` names.
//!
//! It holds named credential profiles and never a secret: of each it says where it is. A mistake is one message with
//! file, line, value and remedy. [`Profile`] reads itself, so another file of ours can have `[oauth.NAME]` too.

pub mod profile;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

use mailprobe_probes::model::harmless;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{UserError, policies};
pub use profile::{Algorithm, Flow, Issuer, Profile, Proof};

/// Named credential profiles, `[oauth.NAME]`.
pub type Profiles = BTreeMap<String, Profile>;

/// What a configuration file says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[oauth.NAME]`.
    #[serde(default)]
    pub oauth: Profiles,
}

impl Config {
    /// Reads a configuration file. Relative paths in it begin where it is.
    ///
    /// # Errors
    /// A file that cannot be read, and the first mistake in it.
    pub fn read(path: &Path) -> Result<Self, UserError> {
        let read: Self = parse(&harmless(path.as_os_str().as_encoded_bytes()), &policies::text(path)?)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        Ok(Self {
            oauth: read.oauth.into_iter().map(|(name, profile)| (name, profile.rooted(folder))).collect(),
        })
    }

    /// The profile of that name.
    ///
    /// # Errors
    /// There is none; the message lists those that there are.
    pub fn profile(&self, name: &str) -> Result<&Profile, UserError> {
        self.oauth.get(name).ok_or_else(|| {
            let known: Vec<String> = self.oauth.keys().map(|known| harmless(known.as_bytes())).collect();
            let known = if known.is_empty() { "it has none".to_owned() } else { known.join(", ") };
            let shown = harmless(name.as_bytes());
            UserError::new(format!(
                "the configuration file has no section [oauth.{shown}] ({known}): add it, or name another with --oauth"
            ))
        })
    }
}

/// Reads a TOML file of ours; the first mistake is named with its line, and the line is not quoted: somebody may have
/// put a secret there.
///
/// # Errors
/// That mistake.
pub fn parse<T: DeserializeOwned>(shown: &str, text: &str) -> Result<T, UserError> {
    let limit = crate::judge::LARGEST_FILE;
    if text.len() > limit {
        return Err(UserError::new(format!("{shown} is larger than {} KiB", limit / 1024)));
    }
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or(text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        UserError::new(format!("{shown}:{line}: {}", harmless(message.as_bytes())))
    })
}

#[cfg(test)]
mod tests;
