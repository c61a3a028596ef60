//! Before a run: the tokens that the plan needs are got, every token is looked at, and what is known beforehand becomes
//! findings of the report, which the correlation of its cells reads.

mod ahead;

use std::time::{Duration, Instant};

use mailprobe_probes::model::{Finding, Kind, Protocol, Secret, Severity};
use mailprobe_probes::probe::Gate;

use mailprobe_oauth::inspect::{Against, Look, Remark, ews, judge, moment};
use mailprobe_oauth::providers::oauth::Authority;
use mailprobe_oauth::providers::{self, Provider};
use mailprobe_oauth::realm::{self, Realm};
use mailprobe_oauth::web::Web;
use mailprobe_oauth::{Ask, Mistake, TokenTrouble, Tokens, now};

use crate::plan::{TokenIssue, Visit};
pub use ahead::{Needs, Preflight};

/// Gets what a visit needs, looks at every token of it, and puts both into the visit. A token that is not to be had is a
/// finding: the rest of the visit goes on without it. A password goes to an issuer only through `gate`.
///
/// # Errors
/// Something that the user has to change on this machine; no session has been opened then.
pub async fn prepare(visit: &mut Visit, tokens: Option<&Tokens>, gate: &dyn Gate) -> Result<(), Mistake> {
    obtain(visit, tokens, gate).await?;
    look(visit);
    Ok(())
}

/// Gets what a visit needs.
async fn obtain(visit: &mut Visit, tokens: Option<&Tokens>, gate: &dyn Gate) -> Result<(), Mistake> {
    let presented: Vec<Protocol> = visit.beforehand.protocols.clone();
    let profile = visit.beforehand.profile.clone().filter(|_| visit.gets_tokens());
    if let (Some(profile), Some(tokens)) = (profile, tokens) {
        let (needs, without) = profile.needs(&presented);
        let (begun, all) = (Instant::now(), visit.options.visit_timeout);
        for need in &needs {
            let ask = Ask {
                profile: &profile,
                mailbox: &visit.login.authcid,
                need,
                password: visit.login.secret(Kind::Password),
                gate,
            };
            let asking = tokens.token(ask);
            let got = if profile.flow.may_be_cut_short() {
                timeout(all / 2, begun, asking).await
            } else {
                asking.await
            };
            match got {
                Ok(token) => {
                    visit
                        .beforehand
                        .tokens
                        .extend(need.protocols.iter().map(|protocol| (*protocol, token.secret.clone())));
                }
                Err(TokenTrouble::Usage(error)) => return Err(error),
                Err(trouble) => visit.beforehand.findings.push(not_obtained(&trouble, &need.protocols)),
            }
        }
        if profile.flow.may_be_cut_short() {
            visit.options.visit_timeout = all.saturating_sub(begun.elapsed());
        }
        if !without.is_empty() {
            let names: Vec<&str> = without.iter().map(|protocol| protocol.name()).collect();
            visit.beforehand.findings.push(Finding {
                id: "token-not-known".into(),
                severity: Severity::Info,
                title: "No token of this profile is for every protocol".into(),
                explanation: format!("No scope or role of it is on record for {}.", names.join(", ")),
                remedy: "Name scopes in the profile, or use a profile with another flow.".into(),
                endpoint: None,
                evidence: None,
            });
        }
    }
    Ok(())
}

/// Looks at every token of a visit.
fn look(visit: &mut Visit) {
    let looks = looks(visit, &visit.beforehand.protocols);
    let remarks = remarks(visit, &looks);
    visit.beforehand.issues = looks.iter().filter_map(|(look, protocols)| issue(look, protocols)).collect();
    visit.beforehand.findings.extend(remarks);
}

/// What `asking` comes to, or that it took too long: it has until `limit` after `begun`.
async fn timeout<T>(
    limit: Duration,
    begun: Instant,
    asking: impl Future<Output = Result<T, TokenTrouble>>,
) -> Result<T, TokenTrouble> {
    let left = limit.saturating_sub(begun.elapsed());
    tokio::time::timeout(left, asking).await.unwrap_or_else(|_| {
        let seconds = limit.as_secs_f64();
        Err(TokenTrouble::Failed(format!("no token in {seconds} s, half the time of the visit")))
    })
}

/// Whether a password is to be presented and the provider says how such sign-ins are decided.
pub fn has_realm(visit: &Visit) -> bool {
    visit.login.password.is_some() && authority(visit).is_some_and(|authority| authority.realm.is_some())
}

/// Asks how the account's sign-in is decided.
async fn realm(visit: &Visit, web: &Web) -> Option<Realm> {
    let authority = authority(visit)?;
    realm::ask(web, authority, &visit.login.authcid).await
}

/// The realm as a finding.
fn realm_finding(realm: &Realm, budget: u32) -> Finding {
    let (severity, explanation) = match realm {
        Realm::Managed => (
            Severity::Info,
            "The issuer itself decides sign-ins of this domain (pass-through authentication looks the same). Its smart \
             lockout counts wrong passwords."
                .to_owned(),
        ),
        Realm::Federated(host) => (
            Severity::Warning,
            format!(
                "The organisation's own servers{} decide sign-ins of this domain: a wrong password counts there, where \
                 accounts may lock earlier. At most {budget} possibly wrong passwords are presented for the account.",
                host.as_ref().map_or_else(String::new, |host| format!(" ({host})"))
            ),
        ),
        Realm::Unknown => {
            (Severity::Info, "The issuer does not know this domain.".to_owned())
        }
    };
    Finding {
        id: format!("realm-{}", realm.name()),
        severity,
        title: format!("Sign-ins of this domain: {}", realm.name()),
        explanation,
        remedy: match realm {
            Realm::Federated(_) => {
                "Be sure of the password before checking; --attempt-budget says how many are tried."
            }
            _ => "Nothing.",
        }
        .into(),
        endpoint: None,
        evidence: None,
    }
}

fn not_obtained(trouble: &TokenTrouble, protocols: &[Protocol]) -> Finding {
    let names: Vec<&str> = protocols.iter().map(|protocol| protocol.name()).collect();
    let means = match trouble {
        TokenTrouble::Refused(refusal) => format!(" {}", refusal.diagnosis.explanation),
        _ => String::new(),
    };
    Finding {
        id: "token-not-obtained".into(),
        severity: Severity::Critical,
        title: format!("No token could be got for {}", names.join(", ")),
        explanation: format!("{trouble}.{means}"),
        remedy: trouble.remedy(),
        endpoint: None,
        evidence: None,
    }
}

/// The providers whose row names an endpoint of the visit.
fn providers_of(visit: &Visit) -> impl Iterator<Item = &'static Provider> {
    providers::of_hosts(visit.endpoints.iter().map(|endpoint| endpoint.host.as_str()))
}

/// What is known of the issuer whose tokens the visit's servers take.
fn authority(visit: &Visit) -> Option<&'static Authority> {
    let of_profile = visit.beforehand.profile.as_ref().and_then(|profile| profile.authority());
    of_profile.or_else(|| providers_of(visit).find_map(providers::oauth::of))
}

/// One look at each token, with the protocols it goes to.
fn looks(visit: &Visit, presented: &[Protocol]) -> Vec<(Look, Vec<Protocol>)> {
    let mut tokens: Vec<(&Secret, Vec<Protocol>)> = Vec::new();
    for protocol in presented {
        let Some(token) = visit.token_for(*protocol) else { continue };
        match tokens.iter_mut().find(|(known, _)| *known == token) {
            Some((_, protocols)) => protocols.push(*protocol),
            None => tokens.push((token, vec![*protocol])),
        }
    }
    tokens.into_iter().map(|(token, protocols)| (Look::at(token.expose()), protocols)).collect()
}

/// What the sign-in log calls the issue of a token. An opaque one does not say.
fn issue(look: &Look, protocols: &[Protocol]) -> Option<TokenIssue> {
    let Look::Jwt(claims) = look else { return None };
    Some(TokenIssue {
        protocols: protocols.to_vec(),
        is_app_only: claims.is_app_only,
        whose: if claims.is_app_only { claims.client.clone() } else { claims.user.clone() },
        issued: claims.issued.map(moment),
        token_id: claims.token_id.clone(),
        request_id: claims.request_id(),
        session_id: claims.session.clone(),
    })
}

fn remarks(visit: &Visit, looks: &[(Look, Vec<Protocol>)]) -> Vec<Finding> {
    let authority = authority(visit);
    let mut findings = Vec::new();
    for (look, protocols) in looks {
        let against = Against {
            mailbox: &visit.login.authcid,
            protocols,
            profile: visit.beforehand.profile.as_deref(),
            authority,
            now: now(),
        };
        for remark in judge(look, &against) {
            findings.extend(as_findings(&remark, visit, protocols));
        }
    }
    findings
}

/// A remark as a finding: one for the whole visit, or one for each endpoint that it is about.
fn as_findings(remark: &Remark, visit: &Visit, protocols: &[Protocol]) -> Vec<Finding> {
    let finding = |endpoint: Option<String>| Finding {
        id: remark.id.to_owned(),
        severity: remark.severity,
        title: remark.title.to_owned(),
        explanation: remark.explanation.clone(),
        remedy: remark.remedy.to_owned(),
        endpoint,
        evidence: None,
    };
    // An EWS server of one's own has no list of apps, whatever else of the visit is in the cloud.
    let has_it = |host: &str| remark.id != ews::APP_LIST || ews::is_exchange_online(host);
    let about = if remark.protocols.is_empty() { protocols } else { &remark.protocols };
    let concerned: Vec<_> = visit
        .endpoints
        .iter()
        .filter(|endpoint| about.contains(&endpoint.protocol) && has_it(&endpoint.host))
        .collect();
    if concerned.len() == visit.endpoints.len() {
        return vec![finding(None)];
    }
    concerned.into_iter().map(|endpoint| finding(Some(endpoint.url()))).collect()
}
