//! A policy against one report.

use jiff::civil::Date;
use mailprobe_probes::model::{
    Because, Demand, EndpointReport, Expectation, LineRange, Method, Methods, Outcome, Report, RuleOrigin,
    Subject, TlsProtocol, TlsVersion, Told, VerdictStatus, Wanted, Which,
};

use super::{Policy, PolicyRule};
use crate::decision::{Decision, decide, was_wanted};
use crate::written::activesync_version;
use crate::{Rule, kind, login_offers};

/// Every rule in force on a day, on every endpoint it is about.
pub(crate) fn expectations(policy: &Policy, report: &Report, at: Date) -> Vec<Expectation> {
    let rules =
        policy.rules.iter().filter(|rule| rule.in_force(at) && rule.is_about_mailbox(&report.mailbox));
    let pairs = rules.flat_map(|rule| report.endpoints.iter().map(move |endpoint| (rule, endpoint)));
    pairs
        .filter(|(rule, endpoint)| rule.is_about(endpoint.protocol) && rule.is_about_host(&endpoint.host))
        .map(|(rule, endpoint)| {
            let decision = decision(rule, endpoint);
            Expectation {
                subject: Subject::Rule { protocol: Some(endpoint.protocol), demand: rule.demand.clone() },
                status: decision.status,
                severity: rule.severity,
                because: decision.because,
                endpoint: Some(endpoint.url.clone()),
                evidence: decision.evidence,
                origin: Some(RuleOrigin {
                    policy: policy.name.clone(),
                    id: rule.id.clone(),
                    because: rule.because.clone(),
                    source: rule.source.clone(),
                    reviewed: rule.reviewed.map(|day| day.to_string()).unwrap_or_default(),
                }),
            }
        })
        .collect()
}

fn decision(rule: &PolicyRule, endpoint: &EndpointReport) -> Decision {
    match &rule.demand {
        Demand::Methods { methods, wanted, which } => {
            let considered = considered(methods, *wanted, endpoint);
            if considered.is_empty() {
                return nothing_there(methods, *wanted, endpoint);
            }
            let decided = considered.into_iter().map(|method| {
                let rule = Rule { protocol: None, method: method.clone(), wanted: *wanted };
                (method, decide(&rule, endpoint))
            });
            together(decided.collect(), *which)
        }
        Demand::TlsAtLeast { version: floor } => tls(*floor, endpoint),
        Demand::ActiveSyncAtLeast { version: floor } => activesync(*floor, endpoint),
    }
}

/// The methods that a rule hangs on here. A kind means what was tried of it and what is offered of it: a password
/// method that is offered and was never tried leaves open whether passwords are taken.
fn considered(methods: &Methods, wanted: Wanted, endpoint: &EndpointReport) -> Vec<Method> {
    let kind = match methods {
        Methods::Named(list) => {
            return list.iter().filter(|method| kind::fits(method, endpoint.protocol)).cloned().collect();
        }
        Methods::Of(kind) => *kind,
    };
    let offered = login_offers(endpoint).map(|offer| &offer.method);
    let tried = endpoint.attempts.iter().filter(|attempt| wanted.needs_attempt() && was_wanted(attempt));
    let mut found: Vec<Method> = Vec::new();
    for method in tried.map(|attempt| &attempt.method).chain(offered) {
        if kind::kind(method) == Some(kind) && !found.contains(method) {
            found.push(method.clone());
        }
    }
    // For a state that one method shows, those that nobody tried take nothing away.
    let presented = |method: &Method| {
        let mut attempts = endpoint.attempts.iter().filter(|attempt| attempt.method == *method);
        attempts.any(|attempt| !matches!(attempt.outcome, Outcome::NotTried { .. }))
    };
    if matches!(wanted, Wanted::Usable | Wanted::Accepted) && found.iter().any(presented) {
        found.retain(presented);
    }
    found
}

fn nothing_there(methods: &Methods, wanted: Wanted, endpoint: &EndpointReport) -> Decision {
    let presents = match methods {
        Methods::Of(kind) => Some(*kind),
        Methods::Named(_) => None,
    };
    let heard = login_list(endpoint);
    match (wanted, heard) {
        (Wanted::Advertised, Some(lines)) => {
            Decision::new(VerdictStatus::Fail, Because::NoneAdvertised { presents }, Some(lines))
        }
        (Wanted::NotAdvertised, Some(lines)) => {
            Decision::new(VerdictStatus::Pass, Because::NoneAdvertised { presents }, Some(lines))
        }
        _ => match &endpoint.failure {
            Some(failure) => Decision::visit_ended(failure),
            None if wanted.needs_attempt() => Decision::unknown(Because::NoneTried { presents }),
            None => Decision::unknown(Because::NoList),
        },
    }
}

fn login_list(endpoint: &EndpointReport) -> Option<LineRange> {
    crate::login_lists(endpoint).next().map(|list| list.evidence)
}

/// Several decisions as one, told by those that decide.
fn together(decided: Vec<(Method, Decision)>, which: Which) -> Decision {
    let order = match which {
        Which::All => [VerdictStatus::Fail, VerdictStatus::Unknown, VerdictStatus::Pass],
        Which::Any => [VerdictStatus::Pass, VerdictStatus::Unknown, VerdictStatus::Fail],
    };
    let Some(status) = order.into_iter().find(|status| decided.iter().any(|(_, it)| it.status == *status))
    else {
        return Decision::unknown(Because::NothingTried);
    };
    let mut told: Vec<Told> = Vec::new();
    let mut evidence = None;
    for (method, decision) in decided.into_iter().filter(|(_, it)| it.status == status) {
        evidence = evidence.or(decision.evidence);
        match told.iter_mut().find(|told| told.because == decision.because) {
            Some(told) => told.methods.push(method),
            None => told.push(Told { methods: vec![method], because: decision.because }),
        }
    }
    Decision::new(status, Because::Together { told }, evidence)
}

fn tls(floor: TlsProtocol, endpoint: &EndpointReport) -> Decision {
    let older = || endpoint.tls_versions.iter().filter(move |asked| asked.version < floor);
    if let Some(taken) = older().find(|asked| asked.accepted() == Some(true)) {
        return Decision::new(
            VerdictStatus::Fail,
            Because::OldTlsAccepted { version: taken.version },
            taken.evidence(),
        );
    }
    if older().count() == 0 {
        return Decision::unknown(Because::TlsNotAsked);
    }
    if let Some(open) = older().find(|asked| asked.accepted().is_none()) {
        return Decision::unknown(Because::TlsUnclear { version: open.version });
    }
    let lines = older().find_map(TlsVersion::evidence);
    Decision::new(VerdictStatus::Pass, Because::NoOldTls { version: floor }, lines)
}

fn activesync(floor: (u16, u16), endpoint: &EndpointReport) -> Decision {
    let Some(fact) = endpoint.facts.iter().find(|fact| fact.name == "activesync-versions") else {
        return Decision::unknown(Because::NoActiveSyncVersions);
    };
    let old =
        fact.value.split(',').find(|text| activesync_version(text).is_some_and(|version| version < floor));
    let told = Because::ActiveSyncVersions { offered: fact.value.clone() };
    let status = if old.is_some() { VerdictStatus::Fail } else { VerdictStatus::Pass };
    Decision::new(status, told, Some(fact.evidence))
}
