//! What the token said of itself before it went on the wire explains why it was refused without a reason.

use mailprobe_probes::model::{Cause, Finding, Kind};

use super::Settled;
use super::cells::{Cell, Cells};
use super::rules::GENUINE;

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

/// The conclusion that leaves the cause open.
pub(super) const LEFT_OPEN: &str = "correlated-right-in-exchange";

/// Refused tokens of applications that have no role: whether Exchange grants the right itself, nothing here shows. That it
/// does not, that the mailbox is outside the granted scope, and that the grant is younger than two hours look alike
/// (<https://learn.microsoft.com/en-us/exchange/permissions-exo/application-rbac>).
pub(super) fn right_in_exchange(cells: &Cells<'_>) -> Vec<Settled> {
    // A token that another mechanism is taken with here has the right.
    let has_it = |cell: &Cell<'_>| cells.taken(Kind::Token).any(|good| good.is_on(cell));
    let on: Vec<_> = cells
        .open(Kind::Token)
        .filter(|cell| cell.is_refused() && may_stand_in_exchange(cells, cell) && !has_it(cell))
        .collect();
    if on.is_empty() {
        return Vec::new();
    }
    let is_genuine = cells.taken(Kind::Token).next().is_some();
    vec![Settled {
        id: LEFT_OPEN,
        on: on.iter().map(|cell| cell.at).collect(),
        evidence: Vec::new(),
        promote: vec![Cause::NoMailboxPermission, Cause::TokenMissingScope],
        strike: if is_genuine { GENUINE.to_vec() } else { Vec::new() },
        title: "The token has no role, so the right has to stand in Exchange",
        sentence: "Either Exchange does not grant the application the right, or the mailbox is outside its scope, or the \
                   grant has not taken effect yet, which takes 30 minutes to 2 hours."
            .to_owned(),
        remedy: "Run Test-ServicePrincipalAuthorization for the application and this mailbox. If no role is in scope, assign \
                 one with New-ManagementRoleAssignment -App; if one is, wait 2 hours and check again.",
    }]
}

/// Whether the right to what was refused may stand in the server, and not in the token that was presented.
pub(super) fn may_stand_in_exchange(cells: &Cells<'_>, cell: &Cell<'_>) -> bool {
    cells.findings.iter().any(|finding| finding.id == "token-no-role" && is_about(finding, cell))
}

fn is_about(finding: &Finding, cell: &Cell<'_>) -> bool {
    finding.endpoint.as_ref().is_none_or(|url| *url == cell.endpoint.url)
}
