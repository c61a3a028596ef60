//! What policies and device profiles have in common as files: TOML in which every mistake has a line.

use std::io::Read as _;
use std::ops::Range;
use std::path::Path;

use jiff::civil::Date;
use mailprobe_probes::model::{Method, Protocol, TlsProtocol, harmless};
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::kind;

/// Largest file read, bytes.
pub const LARGEST_FILE: usize = 1024 * 1024;

/// A file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read {0}")]
pub struct Unreadable(String);

/// A TOML file's text; its size is bounded.
///
/// # Errors
/// It cannot be read.
pub fn text(path: &Path) -> Result<String, Unreadable> {
    let shown = harmless(path.as_os_str().as_encoded_bytes());
    let mut text = String::new();
    let limit = u64::try_from(LARGEST_FILE).unwrap_or(u64::MAX);
    std::fs::File::open(path)
        // One byte more than is allowed, so that a file that is too large is refused and not cut.
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_string(&mut text))
        .map_err(|error| Unreadable(format!("{shown}: {error}")))?;
    Ok(text)
}

/// A mistake in a file: where, what stands there, and what may.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct FileError {
    /// The file as the user named it, harmless.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, in characters from 1.
    pub column: usize,
    /// What is wrong, with what is allowed.
    pub message: String,
}

/// A file that is being read.
pub struct Written<'t> {
    /// Its name, as messages show it.
    pub file: &'t str,
    /// Its content.
    pub text: &'t str,
}

impl Written<'_> {
    /// The file as one value; unknown keys are the type's to refuse.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, FileError> {
        if self.text.len() > LARGEST_FILE {
            return Err(self.too_large());
        }
        toml::from_str(self.text)
            .map_err(|error| self.error(&error.span().unwrap_or(0..0), one_line(error.message())))
    }

    /// What is wrong at a place of the file.
    pub fn error(&self, span: &Range<usize>, message: impl Into<String>) -> FileError {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        FileError { file: harmless(self.file.as_bytes()), line, column, message: message.into() }
    }

    pub(super) fn too_large(&self) -> FileError {
        self.error(&(0..0), format!("the file is larger than {} KiB", LARGEST_FILE / 1024))
    }

    /// One of a closed list, by name.
    pub fn one_of<T: Copy>(
        &self,
        what: &str,
        value: &Spanned<String>,
        known: &[(&str, T)],
    ) -> Result<T, FileError> {
        let typed = value.get_ref();
        let found = known.iter().find(|(name, _)| name.eq_ignore_ascii_case(typed));
        found.map(|(_, meant)| *meant).ok_or_else(|| {
            let names = known.iter().map(|(name, _)| *name);
            self.unknown(what, value, names)
        })
    }

    /// A name that is none of a closed list.
    pub fn unknown<'n>(
        &self,
        what: &str,
        value: &Spanned<String>,
        known: impl Iterator<Item = &'n str>,
    ) -> FileError {
        let names = known.collect::<Vec<_>>().join(", ");
        self.error(&value.span(), format!("unknown {what} `{}`: use {names}", shown(value.get_ref())))
    }

    /// A protocol by its name.
    ///
    /// # Errors
    /// Another name, with the known ones.
    pub fn protocol(&self, value: &Spanned<String>) -> Result<Protocol, FileError> {
        let known: Vec<(&str, Protocol)> =
            Protocol::ALL.iter().map(|protocol| (protocol.name(), *protocol)).collect();
        self.one_of("protocol", value, &known)
    }

    pub(super) fn tls(&self, value: &Spanned<String>) -> Result<TlsProtocol, FileError> {
        let known: Vec<(&str, TlsProtocol)> =
            TlsProtocol::ALL.iter().map(|version| (version.number(), *version)).collect();
        self.one_of("TLS version", value, &known)
    }

    /// A method by its name, `password` or `token`.
    ///
    /// # Errors
    /// Another name, with the known ones.
    pub fn method(&self, value: &Spanned<String>) -> Result<Method, FileError> {
        if kind::knows_method(value.get_ref()) {
            return Ok(Method::from_name(value.get_ref()));
        }
        Err(self.unknown("method", value, ["password", "token"].into_iter().chain(kind::names())))
    }

    /// An ActiveSync version: two numbers.
    pub(super) fn activesync(&self, value: &Spanned<String>) -> Result<(u16, u16), FileError> {
        activesync_version(value.get_ref()).ok_or_else(|| {
            let shown = shown(value.get_ref());
            self.error(
                &value.span(),
                format!("`{shown}` is no ActiveSync version: write one as 14.1 or 16.1"),
            )
        })
    }

    /// A day as TOML writes it, without quotes and without a time.
    pub(super) fn day(&self, value: &Spanned<toml::value::Datetime>) -> Result<Date, FileError> {
        let typed = value.get_ref();
        let day = match (typed.date, typed.time, typed.offset) {
            (Some(day), None, None) => day.to_string().parse().ok(),
            _ => None,
        };
        day.ok_or_else(|| {
            self.error(&value.span(), format!("`{typed}` is no day: write one as 2026-12-31, without quotes"))
        })
    }

    /// An id: what can stand in an address and in a name of a test.
    pub fn id(&self, value: &Spanned<String>) -> Result<String, FileError> {
        let typed = value.get_ref();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        if (1..=80).contains(&typed.len()) && typed.chars().all(fits) {
            return Ok(typed.clone());
        }
        let shown = shown(typed);
        Err(self.error(
            &value.span(),
            format!("`{shown}` is no id: use up to 80 lower-case letters, digits, hyphens and dots"),
        ))
    }
}

/// `16.1` as two numbers that can be compared.
pub(super) fn activesync_version(text: &str) -> Option<(u16, u16)> {
    let (major, minor) = text.trim().split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// A value in a message: harmless, and not longer than anybody reads.
pub fn shown(text: &str) -> String {
    harmless(text.chars().take(80).collect::<String>().as_bytes())
}

pub(super) fn one_line(text: &str) -> String {
    harmless(text.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes())
}
