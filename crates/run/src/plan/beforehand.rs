//! What a visit knows before its first session: the profile that gets its tokens, the tokens that were got, and what was
//! found out on the way.

use std::collections::BTreeMap;
use std::sync::Arc;

use mailprobe_probes::model::{Endpoint, Finding, Kind, Login, Phase, Protocol, Secret};

use super::Visit;
use mailprobe_oauth::profile::{Flow, Profile};

/// What a visit knows beforehand.
#[derive(Debug, Clone, Default)]
pub struct Beforehand {
    /// Gets the tokens, or judges the one that the login has; `None` where there is no profile, or none is presented.
    pub profile: Option<Arc<Profile>>,
    /// The protocols that a token will be presented on, each once, in the order of the endpoints.
    pub protocols: Vec<Protocol>,
    /// The tokens that were got.
    pub tokens: BTreeMap<Protocol, Secret>,
    /// What the issuer's sign-in log calls the issue of each token, where the token says so.
    pub issues: Vec<TokenIssue>,
    /// What the report is to say.
    pub findings: Vec<Finding>,
}

/// The issue of one token, as the token tells it: what an entry of the issuer's sign-in log is found by. Every text is
/// harmless.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenIssue {
    /// The protocols that the token is presented on.
    pub protocols: Vec<Protocol>,
    /// Whether an application signed in by itself, so that the entry is not among those of users.
    pub is_app_only: bool,
    /// The application, or the user where the token names one.
    pub whose: Option<String>,
    /// When, as `2026-11-27 15:04 UTC`.
    pub issued: Option<String>,
    /// The unique token identifier.
    pub token_id: Option<String>,
    /// The request ID that it stands for.
    pub request_id: Option<String>,
    /// The session ID.
    pub session_id: Option<String>,
}

impl Visit {
    /// The token that is presented on a protocol.
    pub fn token_for(&self, protocol: Protocol) -> Option<&Secret> {
        self.beforehand.tokens.get(&protocol).or(self.login.token.as_ref())
    }

    /// Whether tokens are got by the profile.
    pub fn gets_tokens(&self) -> bool {
        self.login.token.is_none() && self.beforehand.profile.is_some()
    }

    /// Whether a secret of this kind is there, or will be got.
    pub fn has(&self, kind: Kind) -> bool {
        self.login.secret(kind).is_some() || (kind == Kind::Token && self.beforehand.profile.is_some())
    }

    /// The kinds of secret that the visit has to present to its servers; none where no login is asked for. A password that
    /// only gets a token is the issuer's to see.
    pub fn given(&self) -> Vec<Kind> {
        let for_the_issuer = self.gets_tokens()
            && self.beforehand.profile.as_ref().is_some_and(|profile| profile.flow == Flow::Password);
        let to_present = |kind: &Kind| {
            self.options.stop_after >= Phase::Auth
                && self.has(*kind)
                && !(for_the_issuer && *kind == Kind::Password)
        };
        [Kind::Password, Kind::Token].into_iter().filter(to_present).collect()
    }

    /// Who logs in there: the login with the protocol's own token.
    pub fn login_at(&self, endpoint: &Endpoint) -> Arc<Login> {
        match self.beforehand.tokens.get(&endpoint.protocol) {
            Some(token) => Arc::new(Login { token: Some(token.clone()), ..(*self.login).clone() }),
            None => Arc::clone(&self.login),
        }
    }
}
