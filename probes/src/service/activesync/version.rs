//! Protocol versions.

use crate::model::HttpResponse;

/// How many versions and commands of a list are looked at.
pub(super) const LISTED: usize = 64;

/// A version of the protocol (MS-ASHTTP section 2.2.1.1.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 2.5, Exchange 2003.
    V2_5,
    /// 12.0, Exchange 2007.
    V12_0,
    /// 12.1, Exchange 2007 SP1.
    V12_1,
    /// 14.0, Exchange 2010.
    V14_0,
    /// 14.1, Exchange 2010 SP1.
    V14_1,
    /// 16.0, Exchange 2016.
    V16_0,
    /// 16.1, Exchange 2016 and Exchange Online, which since March 2026 takes no other.
    V16_1,
}

impl Version {
    /// All of them, in rising order.
    pub const ALL: [Self; 7] =
        [Self::V2_5, Self::V12_0, Self::V12_1, Self::V14_0, Self::V14_1, Self::V16_0, Self::V16_1];

    /// As it stands in `MS-ASProtocolVersion`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V2_5 => "2.5",
            Self::V12_0 => "12.0",
            Self::V12_1 => "12.1",
            Self::V14_0 => "14.0",
            Self::V14_1 => "14.1",
            Self::V16_0 => "16.0",
            Self::V16_1 => "16.1",
        }
    }
}

/// The highest version in a server's list that this client knows: 16.1 where it is listed.
pub fn chosen_version<S: AsRef<str>>(listed: &[S]) -> Option<Version> {
    let known = |version: &Version| listed.iter().any(|name| name.as_ref().trim() == version.name());
    Version::ALL.into_iter().rev().find(known)
}

/// The versions that an answer to OPTIONS lists, each once, in its order. Not harmless.
pub fn listed_versions(response: &HttpResponse) -> Vec<String> {
    list(response, "MS-ASProtocolVersions")
}

/// The words of a comma list, which may come in several fields (Exchange Online sends its commands twice).
pub(super) fn list(response: &HttpResponse, name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let all = response.all(name).flat_map(|value| value.split(','));
    for word in all.map(str::trim).filter(|word| !word.is_empty()) {
        if words.len() < LISTED && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}
