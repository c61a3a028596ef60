//! The published JSON form of a judgement: words, and beside them the same as data. Reports of earlier versions have the words
//! alone.

use serde::{Deserialize, Serialize};

use super::{Basis, Because, Expectation, RuleOrigin, Subject, Verdict, VerdictStatus};
use crate::model::{LineRange, Severity};

#[derive(Serialize, Deserialize)]
pub(super) struct FlatVerdict {
    policy: String,
    #[serde(default)]
    policies: Option<Vec<String>>,
    status: VerdictStatus,
    rules: Vec<Expectation>,
}

impl From<Verdict> for FlatVerdict {
    fn from(verdict: Verdict) -> Self {
        let policies = verdict.by.iter().map(|by| by.name().to_owned()).collect();
        Self {
            policy: verdict.policy(),
            policies: Some(policies),
            status: verdict.status,
            rules: verdict.rules,
        }
    }
}

impl From<FlatVerdict> for Verdict {
    fn from(flat: FlatVerdict) -> Self {
        let names = flat.policies.unwrap_or_else(|| flat.policy.split(", ").map(str::to_owned).collect());
        let by = names.iter().map(|name| Basis::named(name)).collect();
        Self { by, status: flat.status, rules: flat.rules }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Flat {
    rule: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<Known<Subject>>,
    status: VerdictStatus,
    severity: Severity,
    because: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<Known<Because>>,
    endpoint: Option<String>,
    evidence: Option<LineRange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<RuleOrigin>,
}

/// Data as this version knows it, or as a later one wrote it, where the words stand for it.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Known<T> {
    Data(T),
    Later(serde_json::Value),
}

impl<T> Known<T> {
    fn data(self) -> Option<T> {
        match self {
            Self::Data(data) => Some(data),
            Self::Later(_) => None,
        }
    }
}

impl From<Expectation> for Flat {
    fn from(expectation: Expectation) -> Self {
        let Expectation { subject, status, severity, because, endpoint, evidence, origin } = expectation;
        Self {
            rule: subject.to_string(),
            subject: (!matches!(subject, Subject::Other { .. })).then_some(Known::Data(subject)),
            status,
            severity,
            because: because.to_string(),
            reason: (!matches!(because, Because::Other { .. })).then_some(Known::Data(because)),
            endpoint,
            evidence,
            origin,
        }
    }
}

impl From<Flat> for Expectation {
    fn from(flat: Flat) -> Self {
        let subject = flat.subject.and_then(Known::data);
        let subject = subject.unwrap_or_else(|| Subject::of_words(&flat.rule, flat.origin.is_some()));
        let because = flat.reason.and_then(Known::data);
        Self {
            subject,
            status: flat.status,
            severity: flat.severity,
            because: because.unwrap_or(Because::Other { text: flat.because }),
            endpoint: flat.endpoint,
            evidence: flat.evidence,
            origin: flat.origin,
        }
    }
}
