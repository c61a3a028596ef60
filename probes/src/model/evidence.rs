//! Which transcript lines prove a claim.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Transcript lines `first` to `last`, both included, counted from 1.
///
/// Claims about what a server did carry one of these by value, so that a claim without lines does not
/// compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRange {
    /// First line.
    pub first: u32,
    /// Last line, never before the first.
    pub last: u32,
}

impl LineRange {
    /// A range of lines; the order of the two does not matter.
    pub fn new(a: u32, b: u32) -> Self {
        Self { first: a.min(b), last: a.max(b) }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// The same lines after `by` lines were put in front.
    #[must_use]
    pub fn shifted(self, by: u32) -> Self {
        Self { first: self.first + by, last: self.last + by }
    }
}

impl Serialize for LineRange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.first, self.last].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LineRange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [a, b] = <[u32; 2]>::deserialize(deserializer)?;
        Ok(Self::new(a, b))
    }
}
