//! The rules, surest first.

use mailprobe_probes::model::{Cause, Fact, Kind, Method, Protocol};

use super::Settled;
use super::cells::{Cell, Cells, one_service};
use super::preflight::{may_stand_in_exchange, right_in_exchange, token_preflight};
use crate::{kind, login_disabled, login_offers};

/// One rule: every conclusion it draws.
pub(super) type Rule = fn(&Cells<'_>) -> Vec<Settled>;

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    diagnostics,
    token_preflight,
    one_policy,
    smtp_auth_off,
    right_in_exchange,
    token_known_good,
    password_known_good,
    password_not_offered,
    basic_disabled_elsewhere,
];

/// What Microsoft's HTTP front ends say of a token (`x-ms-diagnostics`; how-to-authenticate-an-ews-application-by-
/// using-oauth). 2000007 is a fault of its own, and 4000000 is in healthy answers too.
const DIAGNOSTICS: &[(&str, Cause, &str)] = &[
    ("2000000", Cause::TokenInvalid, "its signature is not valid"),
    ("2000001", Cause::TokenInvalid, "it cannot be read"),
    ("2000002", Cause::TokenExpired, "it has expired"),
    ("2000003", Cause::TokenWrongAudience, "it is for another resource"),
    ("2000004", Cause::TokenWrongTenant, "it is of another tenant"),
    ("2000005", Cause::TokenWrongUser, "it is of another user"),
    ("2000006", Cause::AppBlocked, "its app is not allowed"),
    ("2000008", Cause::TokenMissingScope, "it lacks the scope or role"),
];

/// The same token, refused over HTTP with a reason, and elsewhere without.
fn diagnostics(cells: &Cells<'_>) -> Vec<Settled> {
    let bearer = Method::http("Bearer");
    let told = cells.iter().filter(|cell| cell.is_refused() && cell.attempt.method == bearer);
    let told: Vec<(&Cell<'_>, &Fact)> =
        told.filter_map(|cell| Some((cell, diagnostics_code(cell)?))).collect();
    let mut codes: Vec<&str> = told.iter().map(|(_, fact)| fact.value.as_str()).collect();
    codes.dedup();
    // Two reasons for one token are no reason.
    let [code] = codes.as_slice() else { return Vec::new() };
    let Some((_, cause, words)) = DIAGNOSTICS.iter().find(|(known, ..)| known == code) else {
        return Vec::new();
    };
    // A token that opened something is not unreadable, and not what the code says of it here.
    if cells.taken(Kind::Token).next().is_some() {
        return Vec::new();
    }
    let Some((source, _)) = told.first() else { return Vec::new() };
    // Exchange grants each protocol by itself: that EWS finds no right says nothing of SMTP.
    let of_that_service =
        |cell: &&Cell<'_>| *cause == Cause::TokenMissingScope && may_stand_in_exchange(cells, cell);
    let on = cells.open(Kind::Token).filter(|cell| one_service(cell.endpoint, source.endpoint));
    let on = on.filter(|cell| !of_that_service(cell));
    vec![Settled {
        id: "correlated-token-diagnostics",
        on: on.map(|cell| cell.at).collect(),
        evidence: told.iter().map(|(cell, _)| cell.at).collect(),
        promote: vec![*cause],
        strike: Vec::new(),
        title: "Another protocol says why the token is refused",
        sentence: format!(
            "{} answers the same token with x-ms-diagnostics {code}: {words}.",
            source.endpoint.url
        ),
        remedy: "Get a token that fits (audience, scope or role, tenant, user, lifetime) and check again.",
    }]
}

fn diagnostics_code<'r>(cell: &Cell<'r>) -> Option<&'r Fact> {
    let lines = cell.lines?;
    let of_answer = |fact: &&Fact| fact.evidence.first <= lines.last && lines.first <= fact.evidence.last;
    cell.endpoint.facts.iter().filter(|fact| fact.name == "diagnostics-code").find(of_answer)
}

/// What a policy refuses for, whatever is presented.
const POLICY: &[Cause] = &[
    Cause::ConditionalAccess,
    Cause::ProtocolDisabled,
    Cause::AccountDisabled,
    Cause::LocationBlocked,
    Cause::AppBlocked,
    Cause::ServiceRetired,
    Cause::SecurityDefaults,
    Cause::SmtpAuthDisabledTenant,
    Cause::SmtpAuthDisabledMailbox,
];
/// What an answer that judges a credential finds, and one that says nothing.
const JUDGED: [&[Cause]; 3] =
    [GENUINE, WRONG, &[Cause::TokenMissingScope, Cause::TokenWrongUser, Cause::Unexplained]];
/// Who makes policies, in the words of servers.
const MAKERS: &[&str] = &["organi", "administrator", "admin ", "policy", "tenant", "company"];

/// A password and a token, refused by one server in the same words, which blame a policy: it is one refusal, and says
/// nothing about either.
fn one_policy(cells: &Cells<'_>) -> Vec<Settled> {
    let mut settled = Vec::new();
    for token in cells.iter().filter(|cell| cell.kind == Kind::Token && cell.is_refused()) {
        let Some(words) = token.words() else { continue };
        let alike = cells
            .iter()
            .filter(|cell| cell.is_on(token) && cell.is_refused() && cell.words().as_ref() == Some(&words));
        let alike: Vec<&Cell<'_>> = alike.collect();
        let is_first =
            alike.iter().find(|cell| cell.kind == Kind::Token).is_some_and(|cell| cell.at == token.at);
        if !is_first || alike.iter().all(|cell| cell.kind == Kind::Token) {
            continue;
        }
        let named = alike.iter().filter_map(|cell| cell.first()).find(|cause| POLICY.contains(cause));
        // What the server said plainly of one of them stands, with its remedy, and goes for the other.
        let open =
            alike.iter().filter(|cell| cell.first().is_some_and(|first| JUDGED.concat().contains(&first)));
        let blamed = MAKERS.iter().any(|maker| words.contains(maker)).then_some(Cause::ConditionalAccess);
        let Some(cause) = named.or(blamed) else { continue };
        settled.push(Settled {
            id: "correlated-one-policy",
            on: open.map(|cell| cell.at).collect(),
            evidence: alike.iter().map(|cell| cell.at).collect(),
            promote: vec![cause],
            strike: JUDGED.concat(),
            title: "One policy refuses password and token alike",
            sentence: format!(
                "{} refuses password and token in the same words, which name a policy: neither credential was judged.",
                token.endpoint.url
            ),
            remedy: "Ask the administrator which policy refuses this protocol, client or account.",
        });
    }
    settled
}

/// A password and a token, refused by one SMTP server in the same words, while one of them opens another protocol:
/// the server does not get as far as looking at either.
fn smtp_auth_off(cells: &Cells<'_>) -> Vec<Settled> {
    let mut settled = Vec::new();
    for (index, endpoint) in cells.endpoints.iter().enumerate() {
        if endpoint.protocol != Protocol::Smtp {
            continue;
        }
        let here = |cell: &&Cell<'_>| cell.at.0 == index && cell.is_refused();
        let tokens: Vec<&Cell<'_>> = cells.open(Kind::Token).filter(here).collect();
        let Some(words) = tokens.first().and_then(|cell| cell.words()) else { continue };
        let alike = |cell: &&Cell<'_>| cell.words().as_ref() == Some(&words);
        let passwords: Vec<&Cell<'_>> = cells.open(Kind::Password).filter(here).filter(alike).collect();
        // A login that is taken here shows that logins are taken here.
        let any_taken = cells.iter().any(|cell| cell.at.0 == index && cell.is_taken());
        let good = [Kind::Token, Kind::Password].into_iter().find_map(|kind| {
            cells.taken(kind).find(|cell| cell.at.0 != index && one_service(cell.endpoint, endpoint))
        });
        let (false, false, Some(good)) = (any_taken, passwords.is_empty(), good) else { continue };
        let on = tokens.iter().filter(|cell| alike(cell)).chain(&passwords);
        let (subject, strike) = match good.kind {
            Kind::Token => ("token", vec![Cause::TokenInvalid, Cause::TokenExpired]),
            Kind::Password => ("password", vec![Cause::BadCredentials]),
        };
        settled.push(Settled {
            id: "correlated-smtp-auth-off",
            on: on.clone().map(|cell| cell.at).collect(),
            evidence: on.map(|cell| cell.at).chain([good.at]).collect(),
            promote: vec![Cause::SmtpAuthDisabledMailbox, Cause::SmtpAuthDisabledTenant],
            strike,
            title: "SMTP AUTH is off rather than the credentials wrong",
            sentence: format!(
                "{} refuses password and token in the same words, and the {subject} is good on {}: SMTP AUTH is \
                 switched off for the mailbox or the organisation.",
                endpoint.url, good.endpoint.url
            ),
            remedy: "Exchange: Get-CASMailbox and Get-TransportConfig, SmtpClientAuthenticationDisabled; elsewhere \
                     the setting that lets this account submit.",
        });
    }
    settled
}

/// The token opens another protocol, so that it is genuine, in time and this mailbox's.
fn token_known_good(cells: &Cells<'_>) -> Vec<Settled> {
    let mut settled = Vec::new();
    // A server that named its reason over HTTP is not second-guessed.
    for cell in cells.open(Kind::Token).filter(|cell| diagnostics_code(cell).is_none()) {
        let here = cells.taken(Kind::Token).find(|good| good.is_on(cell));
        if let Some(good) = here.filter(|_| cell.is_refused()) {
            settled.push(Settled {
                id: "correlated-other-token-mechanism",
                on: vec![cell.at],
                evidence: vec![good.at],
                promote: vec![Cause::MechanismUnsupported],
                strike: GENUINE.to_vec(),
                title: "The mechanism is refused, not the token",
                sentence: format!("The same token is accepted here by {}.", good.attempt.method),
                remedy: "Use the token mechanism that is accepted.",
            });
            continue;
        }
        let other = |good: &&Cell<'_>| {
            good.endpoint.protocol != cell.endpoint.protocol && one_service(good.endpoint, cell.endpoint)
        };
        let Some(good) = cells.taken(Kind::Token).find(other) else { continue };
        let smtp = cell.endpoint.protocol == Protocol::Smtp;
        let promote = if smtp {
            vec![Cause::SmtpAuthDisabledMailbox, Cause::SmtpAuthDisabledTenant, Cause::TokenMissingScope]
        } else {
            vec![Cause::ProtocolDisabled, Cause::TokenMissingScope]
        };
        settled.push(Settled {
            id: "correlated-protocol-off-or-scope",
            on: vec![cell.at],
            evidence: vec![good.at],
            promote,
            strike: GENUINE.to_vec(),
            title: "The protocol is off or the scope is missing: the token is good",
            sentence: format!(
                "The same token is accepted on {}: {} is switched off for the mailbox, or the token lacks its scope.",
                good.endpoint.url,
                cell.endpoint.protocol.sign_in_name()
            ),
            remedy: if smtp {
                "Exchange: Get-CASMailbox, SmtpClientAuthenticationDisabled; then the token's SMTP.Send or SMTP.SendAsApp, or the role Application SMTP.SendAsApp in Exchange (Test-ServicePrincipalAuthorization)."
            } else {
                "Exchange: Get-CASMailbox, ImapEnabled, PopEnabled, EwsEnabled or ActiveSyncEnabled; then the token's scope for this protocol."
            },
        });
    }
    merged(settled)
}

/// What a token that is taken anywhere in the service is not.
pub(super) const GENUINE: &[Cause] =
    &[Cause::TokenInvalid, Cause::TokenExpired, Cause::TokenWrongTenant, Cause::TokenWrongAudience];

/// The password opens something else, so that it is right.
fn password_known_good(cells: &Cells<'_>) -> Vec<Settled> {
    let mut settled = Vec::new();
    for cell in cells.open(Kind::Password).filter(|cell| cell.is_refused()) {
        let right = |good: &&Cell<'_>| !good.is_on(cell) && one_service(good.endpoint, cell.endpoint);
        if let Some(good) = cells.taken(Kind::Password).find(|good| good.is_on(cell)) {
            settled.push(Settled {
                id: "correlated-other-password-method",
                on: vec![cell.at],
                evidence: vec![good.at],
                promote: vec![Cause::MechanismUnsupported],
                strike: WRONG.to_vec(),
                title: "The method is refused, not the password",
                sentence: format!(
                    "The same password is accepted here by {}: the server keeps no secret that this method can be \
                     checked with, or does not mean it.",
                    good.attempt.method
                ),
                remedy: "Use the method that is accepted, or store the secret in the form that this one needs.",
            });
        } else if let Some(good) = cells.taken(Kind::Password).find(right) {
            let smtp = cell.endpoint.protocol == Protocol::Smtp;
            settled.push(Settled {
                id: "correlated-password-known-good",
                on: vec![cell.at],
                evidence: vec![good.at],
                promote: vec![
                    Cause::BasicDisabled,
                    if smtp { Cause::SmtpAuthDisabledMailbox } else { Cause::ProtocolDisabled },
                ],
                strike: WRONG.to_vec(),
                title: "The password is right, and is not taken here",
                sentence: format!(
                    "The same password is accepted on {}: passwords, or the protocol, are switched off here.",
                    good.endpoint.url
                ),
                remedy: "Look for what switches passwords or this protocol off: authentication policy, mailbox settings.",
            });
        }
    }
    merged(settled)
}

/// What a password that opens something in the service is not.
const WRONG: &[Cause] = &[Cause::BadCredentials, Cause::NoSuchUser, Cause::PasswordExpired];

/// Refused where no password method is offered at all and a token method is: LOGINDISABLED, or only XOAUTH2.
fn password_not_offered(cells: &Cells<'_>) -> Vec<Settled> {
    let mut settled = Vec::new();
    for cell in cells.open(Kind::Password).filter(|cell| cell.is_refused() && !cell.attempt.advertised) {
        let offers =
            |wanted| login_offers(cell.endpoint).any(|offer| kind::kind(&offer.method) == Some(wanted));
        if offers(Kind::Password) || !offers(Kind::Token) {
            continue;
        }
        let named = login_disabled(cell.endpoint);
        settled.push(Settled {
            id: "correlated-password-not-offered",
            on: vec![cell.at],
            evidence: vec![cell.at],
            promote: vec![Cause::BasicDisabled, Cause::MechanismUnsupported],
            strike: Vec::new(),
            title: "No password is offered, and none is taken",
            sentence: if named {
                "The server offers tokens and no password method (LOGINDISABLED): this refusal says nothing about the password."
            } else {
                "The server offers tokens and no password method: this refusal says nothing about the password."
            }
            .to_owned(),
            remedy: "Use a token here.",
        });
    }
    merged(settled)
}

/// Passwords are refused alike where tokens work, and the service says elsewhere that Basic is off, or is
/// Microsoft's: then Basic goes before a wrong password, which stays possible.
fn basic_disabled_elsewhere(cells: &Cells<'_>) -> Vec<Settled> {
    let mut settled = Vec::new();
    for (index, endpoint) in cells.endpoints.iter().enumerate() {
        let here: Vec<&Cell<'_>> =
            cells.iter().filter(|cell| cell.at.0 == index && cell.kind == Kind::Password).collect();
        let open: Vec<&&Cell<'_>> =
            here.iter().filter(|cell| cell.is_ambiguous() && cell.is_refused()).collect();
        let Some(token) = cells.taken(Kind::Token).find(|cell| cell.at.0 == index) else { continue };
        let answered: Vec<&&Cell<'_>> =
            here.iter().filter(|cell| cell.is_refused() || cell.is_taken()).collect();
        let mut answers: Vec<Option<String>> = open.iter().map(|cell| cell.words()).collect();
        answers.dedup();
        if open.is_empty() || open.len() != answered.len() || answers.len() != 1 {
            continue;
        }
        // The server's own word for it, said plainly over another protocol.
        let plain = cells.iter().find(|cell| {
            cell.kind == Kind::Password
                && cell.at.0 != index
                && cell.first() == Some(Cause::BasicDisabled)
                && !cell.is_ambiguous()
                && one_service(cell.endpoint, endpoint)
        });
        let family = endpoint.is_microsoft_cloud()
            && open.len() > 1
            && open.iter().all(|cell| cell.names(Cause::BasicDisabled));
        let why = match plain {
            Some(cell) => format!("{} says that Basic authentication is disabled", cell.endpoint.url),
            None if family => "every password method is refused in the same words".to_owned(),
            None => continue,
        };
        settled.push(Settled {
            id: "correlated-basic-disabled",
            on: open.iter().map(|cell| cell.at).collect(),
            evidence: open
                .iter()
                .map(|cell| cell.at)
                .chain([token.at])
                .chain(plain.map(|cell| cell.at))
                .collect(),
            promote: vec![Cause::BasicDisabled],
            strike: Vec::new(),
            title: "Passwords are off here rather than this one wrong",
            sentence: format!("{why}, and a token works here by {}.", token.attempt.method),
            remedy: "Use a token. Whether the password is right is not known: these answers do not say.",
        });
    }
    settled
}

/// Conclusions with the same words, as one.
fn merged(settled: Vec<Settled>) -> Vec<Settled> {
    let mut kept: Vec<Settled> = Vec::new();
    for one in settled {
        match kept.iter_mut().find(|known| known.id == one.id && known.sentence == one.sentence) {
            Some(known) => {
                known.on.extend(&one.on);
                known.evidence.extend(
                    one.evidence
                        .iter()
                        .filter(|at| !known.evidence.contains(at))
                        .copied()
                        .collect::<Vec<_>>(),
                );
            }
            None => kept.push(one),
        }
    }
    kept
}
