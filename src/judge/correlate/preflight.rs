//! What the token said of itself before it went on the wire explains why it was refused without a reason.

use mailprobe_probes::model::{Cause, Finding, Kind};

use super::Settled;
use super::cells::{Cell, Cells};

/// Findings of the preflight, surest first, and what a server refuses such a token for.
const SAID: &[(&str, &[Cause], &str)] = &[
    ("token-expired", &[Cause::TokenExpired], "Get a new token and check again."),
    (
        "token-wrong-audience",
        &[Cause::TokenWrongAudience],
        "Get a token for the mail service and check again.",
    ),
    ("token-wrong-issuer", &[Cause::TokenInvalid], "Get the token from the issuer that this server trusts."),
    ("token-is-id-token", &[Cause::TokenInvalid], "Present the access token, not the ID token."),
    ("token-wrong-tenant", &[Cause::TokenWrongTenant], "Sign in at the mailbox's own tenant."),
    (
        "token-missing-scope",
        &[Cause::TokenMissingScope],
        "Get a token with that scope or role, and check again.",
    ),
    (
        "token-wrong-user",
        &[Cause::TokenWrongUser],
        "Sign in as the mailbox's owner, or give this user access.",
    ),
    ("token-not-yet-valid", &[Cause::TokenInvalid], "Set this machine's clock right."),
];

/// Refused tokens of which the preflight knew why.
pub(super) fn token_preflight(cells: &Cells<'_>) -> Vec<Settled> {
    let mut settled: Vec<Settled> = Vec::new();
    for (id, causes, remedy) in SAID {
        for finding in cells.findings.iter().filter(|finding| finding.id == *id) {
            let on = cells.open(Kind::Token).filter(|cell| cell.is_refused() && is_about(finding, cell));
            settled.push(Settled {
                id: "correlated-token-preflight",
                on: on.map(|cell| cell.at).collect(),
                evidence: Vec::new(),
                promote: causes.to_vec(),
                strike: Vec::new(),
                title: "The token's own claims say why it is refused",
                sentence: format!("{}. {}", finding.title, finding.explanation),
                remedy,
            });
        }
    }
    settled
}

fn is_about(finding: &Finding, cell: &Cell<'_>) -> bool {
    finding.endpoint.as_ref().is_none_or(|url| *url == cell.endpoint.url)
}
