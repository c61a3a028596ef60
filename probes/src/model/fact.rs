//! What an endpoint tells about itself beside its offers.

use serde::{Deserialize, Serialize};

use super::LineRange;

/// One thing the endpoint told: a version, a name, a request id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its name in kebab-case: `ews-version`, `bearer-authorization-uri`, `request-id`.
    pub name: String,
    /// Its value, harmless.
    pub value: String,
    /// Where it was said.
    pub evidence: LineRange,
}
