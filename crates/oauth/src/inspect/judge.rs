//! Claims against what they are needed for.

use mailprobe_probes::model::{Cause, Protocol, Severity, harmless, moment};

use super::claims::{Claims, Look};
use super::ews;
use crate::profile::{Flow, Issuer, Profile};
use crate::providers::oauth::{self, Authority};

/// The remark on a token whose right may stand in the server.
pub(super) const NO_ROLE: &str = "token-no-role";
/// Seconds by which clocks may differ, as Entra and Exchange allow.
const LEEWAY: i64 = 300;
/// What Microsoft Graph calls itself: the commonest wrong audience.
const GRAPH: &[&str] = &["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"];

/// What a token is held against. What is not known is not judged.
#[derive(Clone, Copy)]
pub struct Against<'a> {
    /// The mailbox that is to be opened.
    pub mailbox: &'a str,
    /// The protocols it is for; none where only the token is looked at.
    pub protocols: &'a [Protocol],
    /// The profile it was got with, or should have been.
    pub profile: Option<&'a Profile>,
    /// What is known of the issuer that the mailbox's servers trust.
    pub authority: Option<&'a Authority>,
    /// Seconds since 1970.
    pub now: i64,
}

/// What does not fit, or is worth knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Stable id.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What a server refuses such a token for.
    pub cause: Option<Cause>,
    /// The protocols it is about; all where there are none.
    pub protocols: Vec<Protocol>,
    /// One line.
    pub title: &'static str,
    /// What the token says, and what was wanted.
    pub explanation: String,
    /// What to do.
    pub remedy: &'static str,
}

/// Everything that does not fit, most severe first.
pub fn judge(look: &Look, against: &Against<'_>) -> Vec<Remark> {
    let Look::Jwt(claims) = look else { return Vec::new() };
    let mut remarks = Vec::new();
    time(claims, against, &mut remarks);
    kind(claims, &mut remarks);
    audience(claims, against, &mut remarks);
    issuer(claims, against, &mut remarks);
    rights(claims, against, &mut remarks);
    person(claims, against, &mut remarks);
    remarks.extend(ews::remark(claims, against));
    remarks.sort_by_key(|remark| std::cmp::Reverse(remark.severity));
    remarks
}

fn remark(
    id: &'static str,
    severity: Severity,
    cause: Cause,
    title: &'static str,
    explanation: String,
    remedy: &'static str,
) -> Remark {
    Remark { id, severity, cause: Some(cause), protocols: Vec::new(), title, explanation, remedy }
}

/// `2026-11-27 15:04 UTC`.
pub fn moment(seconds: i64) -> String {
    let moment = moment::from_unix(seconds);
    moment.map_or_else(
        || "a date that is none".to_owned(),
        |moment| moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

/// `41 minutes`, `3 hours`.
pub(super) fn span(seconds: i64) -> String {
    let minutes = seconds.saturating_abs() / 60;
    match minutes {
        0..=119 => format!("{minutes} minutes"),
        120..=2879 => format!("{} hours", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}

fn time(claims: &Claims, against: &Against<'_>, remarks: &mut Vec<Remark>) {
    let now = against.now;
    match claims.expires {
        Some(expires) if expires <= now => remarks.push(remark(
            "token-expired",
            Severity::Critical,
            Cause::TokenExpired,
            "The token has expired",
            format!(
                "It was good until {}, {} ago by this machine's clock.",
                moment(expires),
                span(now - expires)
            ),
            "Get a new one. If it is new, set this machine's clock right.",
        )),
        Some(expires) if expires <= now + LEEWAY => remarks.push(Remark {
            cause: None,
            ..remark(
                "token-expires-soon",
                Severity::Warning,
                Cause::TokenExpired,
                "The token is about to expire",
                format!("It is good until {}, {} more.", moment(expires), span(expires - now)),
                "Get a new one before a long run.",
            )
        }),
        _ => {}
    }
    let begins = claims.not_before.into_iter().chain(claims.issued).max();
    let Some(begins) = begins.filter(|begins| *begins > now) else { return };
    let ahead = begins - now;
    let too_early = ahead > LEEWAY;
    remarks.push(Remark {
        cause: too_early.then_some(Cause::TokenInvalid),
        ..remark(
            if too_early { "token-not-yet-valid" } else { "clock-skew" },
            if too_early { Severity::Critical } else { Severity::Info },
            Cause::TokenInvalid,
            if too_early {
                "The token is not valid yet"
            } else {
                "This machine's clock is behind the issuer's"
            },
            format!("It is of {}, {} from now by this machine's clock.", moment(begins), span(ahead)),
            "Set this machine's clock right: it is most likely behind.",
        )
    });
}

fn kind(claims: &Claims, remarks: &mut Vec<Remark>) {
    if claims.is_id_token {
        remarks.push(remark(
            "token-is-id-token",
            Severity::Critical,
            Cause::TokenInvalid,
            "This is an ID token",
            "It says who signed in (nonce, and neither scope nor role), and opens nothing.".to_owned(),
            "Take the access_token of the issuer's answer, not the id_token.",
        ));
    }
}

fn same(a: &str, b: &str) -> bool {
    a.trim_end_matches('/').eq_ignore_ascii_case(b.trim_end_matches('/'))
}

fn audience(claims: &Claims, against: &Against<'_>, remarks: &mut Vec<Remark>) {
    let of_profile = against.profile.map_or(&[][..], |profile| &profile.audience);
    let of_table = against.authority.map_or(&[][..], |authority| authority.audiences);
    let wanted: Vec<&str> = if of_profile.is_empty() {
        of_table.to_vec()
    } else {
        of_profile.iter().map(String::as_str).collect()
    };
    let shown = if claims.audience.is_empty() { "none".to_owned() } else { claims.audience.join(", ") };
    let is_graph = claims.audience.iter().any(|one| GRAPH.iter().any(|graph| same(one, graph)));
    let fits = claims.audience.iter().any(|one| wanted.iter().any(|wanted| same(one, wanted)));
    if fits || (wanted.is_empty() && !is_graph) {
        return;
    }
    let explanation = if is_graph {
        format!(
            "Its audience is {shown}: that is Microsoft Graph, and mail servers do not take Graph's tokens."
        )
    } else {
        format!("Its audience is {shown}; the mail servers take {}.", wanted.join(", "))
    };
    remarks.push(remark(
        "token-wrong-audience",
        Severity::Critical,
        Cause::TokenWrongAudience,
        "The token is for another resource",
        explanation,
        "Ask for a token with the scopes of the mail service, and of no other in the same request.",
    ));
}

fn issuer(claims: &Claims, against: &Against<'_>, remarks: &mut Vec<Remark>) {
    let Some(profile) = against.profile else { return };
    if let (Issuer::Url(wanted), Some(issuer)) = (&profile.issuer, &claims.issuer)
        && !same(wanted.as_str(), issuer)
    {
        remarks.push(remark(
            "token-wrong-issuer",
            Severity::Critical,
            Cause::TokenInvalid,
            "The token is from another issuer",
            format!("It is from {issuer}; the profile names {}.", harmless(wanted.as_str().as_bytes())),
            "Get the token from the issuer that the mail servers trust.",
        ));
    }
    if let (Some(wanted), Some(tenant)) = (&profile.tenant, &claims.tenant) {
        // A domain cannot be compared with an id.
        if is_guid(wanted) && !wanted.eq_ignore_ascii_case(tenant) {
            remarks.push(remark(
                "token-wrong-tenant",
                Severity::Critical,
                Cause::TokenWrongTenant,
                "The token is of another tenant",
                format!("Its tenant is {tenant}; the profile names {wanted}."),
                "Sign in at the mailbox's own tenant.",
            ));
        }
    }
    if let Some(client) = &claims.client {
        let known = !profile.client_id.is_empty();
        if known && !client.eq_ignore_ascii_case(&profile.client_id) {
            remarks.push(remark(
                "token-other-client",
                Severity::Warning,
                Cause::AppBlocked,
                "The token is of another client",
                format!("Its client is {client}; the profile names {}.", profile.client_id),
                "Allow that client where the tenant has a list (EwsAllowedAppIDs), or get the token with the profile.",
            ));
        }
    }
}

pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|octet| octet.is_ascii_hexdigit() || octet == b'-')
}

/// The last word of a scope that is a URL.
pub(super) fn right(scope: &str) -> &str {
    match scope.rsplit_once('/') {
        Some((_, name)) if scope.contains("://") && !name.is_empty() => name,
        _ => scope,
    }
}

/// Scopes that say who somebody is, and open nothing.
const IDENTITY: &[&str] = &["openid", "offline_access", "profile", "email", ".default"];

fn rights(claims: &Claims, against: &Against<'_>, remarks: &mut Vec<Remark>) {
    let of_profile: Vec<&str> = against
        .profile
        .and_then(|profile| profile.scopes.as_ref())
        .map(|scopes| scopes.iter().map(|scope| right(scope)).collect())
        .unwrap_or_default();
    let mut lacking: Vec<(Protocol, Vec<&str>)> = Vec::new();
    let mut in_server: Vec<(Protocol, &str)> = Vec::new();
    let grantable = grantable(claims, against);
    for protocol in against.protocols {
        let table = match against.authority {
            Some(authority) if claims.is_app_only => authority.roles,
            Some(authority) => authority.scopes,
            None => &[],
        };
        let of_table: Vec<&str> =
            table.iter().filter(|(of, _)| of == protocol).map(|(_, scope)| right(scope)).collect();
        let mut wanted = if of_table.is_empty() { of_profile.clone() } else { of_table };
        wanted.retain(|scope| !IDENTITY.contains(scope));
        let has = |wanted: &&str| {
            let held = if claims.is_app_only { &claims.roles } else { &claims.scopes };
            held.iter().any(|held| right(held).eq_ignore_ascii_case(wanted))
        };
        let missing: Vec<&str> = wanted.iter().filter(|wanted| !has(wanted)).copied().collect();
        // A scope list of a profile is for all protocols, and a token that has one of them opens something.
        if !missing.is_empty() && missing.len() == wanted.len() {
            match grantable.iter().find(|(of, _)| of == protocol) {
                Some(granted) => in_server.push(*granted),
                None => lacking.push((*protocol, missing)),
            }
        }
    }
    // Where nobody says what it is for, a token with a role is for that.
    if against.protocols.is_empty() && claims.roles.is_empty() {
        in_server.extend(grantable);
    }
    remarks.extend((!in_server.is_empty()).then(|| no_role(claims, &in_server, against.protocols)));
    let app_only_without_a_role = claims.is_app_only
        && against.authority.is_some_and(|authority| !authority.roles.is_empty())
        && against.protocols.contains(&Protocol::ActiveSync);
    if app_only_without_a_role {
        remarks.push(Remark {
            protocols: vec![Protocol::ActiveSync],
            ..remark(
                "token-app-only",
                Severity::Critical,
                Cause::TokenMissingScope,
                "An application's own token opens no ActiveSync",
                "No permission of an application for ActiveSync is documented.".to_owned(),
                "Use a person's token there.",
            )
        });
    }
    if lacking.is_empty() {
        return;
    }
    let what = if claims.is_app_only { "roles" } else { "scp" };
    let held = if claims.is_app_only { &claims.roles } else { &claims.scopes };
    let held = if held.is_empty() { format!("no {what}") } else { format!("{what} {}", held.join(" ")) };
    let list: Vec<String> =
        lacking.iter().map(|(protocol, missing)| format!("{protocol} needs {}", missing.join(" "))).collect();
    remarks.push(Remark {
        protocols: lacking.iter().map(|(protocol, _)| *protocol).collect(),
        ..remark(
            "token-missing-scope",
            Severity::Critical,
            Cause::TokenMissingScope,
            "The token lacks a scope or role",
            format!("It has {held}; {}.", list.join(", ")),
            "Add the permission to the client, have it consented to, and get a new token.",
        )
    });
}

/// The rights that can stand in the server in place of this token: of an application's own. A role for something else takes
/// none of them away.
fn grantable(claims: &Claims, against: &Against<'_>) -> &'static [(Protocol, &'static str)] {
    if !claims.is_app_only || !claims.scopes.is_empty() {
        return &[];
    }
    let of_audience = || oauth::AUTHORITIES.iter().find(|known| takes(known, claims));
    // What a token is for is asked of itself where nobody says which servers it goes to.
    let known = against.authority.or_else(|| of_audience().filter(|_| against.protocols.is_empty()));
    known.map_or(&[], |authority| authority.in_server)
}

pub(super) fn takes(authority: &Authority, claims: &Claims) -> bool {
    claims.audience.iter().any(|one| authority.audiences.iter().any(|wanted| same(one, wanted)))
}

fn no_role(claims: &Claims, granted: &[(Protocol, &'static str)], asked: &[Protocol]) -> Remark {
    let list: Vec<String> =
        granted.iter().map(|(protocol, role)| format!("{protocol} needs {role}")).collect();
    Remark {
        id: NO_ROLE,
        severity: Severity::Warning,
        cause: None,
        protocols: if asked.is_empty() { Vec::new() } else { granted.iter().map(|(of, _)| *of).collect() },
        title: if claims.roles.is_empty() {
            "No role in the token: works only where Exchange grants it"
        } else {
            "No role for this in the token: works only where Exchange grants it"
        },
        explanation: if claims.roles.is_empty() {
            format!(
                "It has neither roles nor scp. With RBAC for Applications the right stands in Exchange and not in the token: {}.",
                list.join("; ")
            )
        } else {
            format!(
                "It has the roles {}, and not the one that is needed here. With RBAC for Applications the right stands in \
                 Exchange and not in the token: {}.",
                claims.roles.join(" "),
                list.join("; ")
            )
        },
        remedy: "Run Test-ServicePrincipalAuthorization for the application and this mailbox. To grant the right: \
                 New-ServicePrincipal, New-ManagementScope, then New-ManagementRoleAssignment -App with -Role and \
                 -CustomResourceScope; it takes effect within 30 minutes to 2 hours. Or add the application permission \
                 in Entra and get a new token.",
    }
}

fn person(claims: &Claims, against: &Against<'_>, remarks: &mut Vec<Remark>) {
    if claims.is_app_only || against.profile.is_some_and(|profile| profile.flow == Flow::ClientCredentials) {
        return;
    }
    let subject = claims.subject.as_deref().filter(|subject| subject.contains('@'));
    let Some(user) = claims.user.as_deref().or(subject) else { return };
    if against.mailbox.is_empty() || user.eq_ignore_ascii_case(against.mailbox) {
        return;
    }
    remarks.push(remark(
        "token-wrong-user",
        Severity::Warning,
        Cause::TokenWrongUser,
        "The token is another user's",
        format!(
            "It is {user}'s; the mailbox is {}. That works only where {user} has access to the mailbox.",
            harmless(against.mailbox.as_bytes())
        ),
        "Sign in as the mailbox's owner, or give this user access to it.",
    ));
}
