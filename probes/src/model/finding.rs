//! Things worth knowing that are not a cell of the matrix.

use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A fact.
    Info,
    /// Something to look into.
    Warning,
    /// Something that endangers the account or the verdict.
    Critical,
}

/// One finding with a stable id that pages and runbooks can link to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable id, kebab case.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// What it means.
    pub explanation: String,
    /// What to do.
    pub remedy: String,
    /// URL of the endpoint it is about.
    pub endpoint: Option<String>,
    /// Lines of that endpoint's transcript.
    pub evidence: Option<super::LineRange>,
}
