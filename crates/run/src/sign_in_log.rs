//! Where a run's logins are found in Entra's sign-in log, which holds less than one thinks.
//!
//! An entry is one check of a credential by Entra, or one issue of a token. A password that Exchange refuses before it asks
//! Entra leaves none, and a token leaves none when it is used, taken or not: its entry is of its issue, found by the request
//! ID that the token carries. What EWS and `ActiveSync` send as `request-id` names a request at their front end and is in no
//! sign-in log (<https://learn.microsoft.com/en-us/entra/identity/monitoring-health/concept-sign-ins>).

use mailprobe_probes::model::{Attempt, Cause, EndpointReport, Finding, Kind, Outcome, Report, Severity};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;

use crate::plan::TokenIssue;

/// Refusals that Entra decides: it was asked, and has an entry. Of any other refusal nothing is claimed.
const BY_ENTRA: &[Cause] = &[
    Cause::BadCredentials,
    Cause::PasswordExpired,
    Cause::AccountLocked,
    Cause::AccountDisabled,
    Cause::MfaRequired,
    Cause::AppPasswordRequired,
    Cause::WebLoginRequired,
    Cause::SecurityDefaults,
    Cause::ConditionalAccess,
    Cause::LocationBlocked,
    Cause::ConsentRequired,
];

/// Where the log has the passwords of `account` and the tokens that were presented to Microsoft's front ends.
pub(super) fn findings(report: &Report, account: &str, issues: &[TokenIssue]) -> Vec<Finding> {
    let microsoft: Vec<&EndpointReport> =
        report.endpoints.iter().filter(|endpoint| endpoint.is_microsoft_cloud()).collect();
    let mut findings: Vec<Finding> = passwords(report, account, &microsoft).into_iter().collect();
    for issue in issues {
        let was_presented = |endpoint: &&&EndpointReport| {
            issue.protocols.contains(&endpoint.protocol)
                && tried(endpoint, Kind::Token)
                    .any(|attempt| !matches!(attempt.outcome, Outcome::NotTried { .. }))
        };
        if microsoft.iter().any(|endpoint| was_presented(&endpoint)) {
            findings.extend(token(issue));
        }
    }
    findings
}

fn finding(id: &str, title: &str, explanation: String, remedy: &str) -> Finding {
    Finding {
        id: id.to_owned(),
        severity: Severity::Info,
        title: title.to_owned(),
        explanation,
        remedy: remedy.to_owned(),
        endpoint: None,
        evidence: None,
    }
}

fn passwords(report: &Report, account: &str, microsoft: &[&EndpointReport]) -> Option<Finding> {
    let mut apps: Vec<&str> = Vec::new();
    for endpoint in microsoft {
        let app = endpoint.protocol.sign_in_name();
        if tried(endpoint, Kind::Password).any(|attempt| was_asked(&attempt.outcome)) && !apps.contains(&app)
        {
            apps.push(app);
        }
    }
    (!apps.is_empty()).then(|| {
        finding(
            "sign-in-log",
            "Where to find these logins in the tenant's sign-in log",
            format!("User {account}, from {} on, client app {}.", report.started_at, apps.join(" or ")),
            "Entra admin center, Sign-in logs: add the filters User, Date and Client app; the entry's failure reason \
             says which rule decided. If there is no entry, Exchange refused the password before it asked Entra.",
        )
    })
}

/// Whether Entra was asked about a password, as far as the answer tells.
fn was_asked(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Accepted { .. } => true,
        Outcome::Refused { diagnosis, .. } => BY_ENTRA.contains(&diagnosis.first()),
        Outcome::Inconclusive { .. } | Outcome::NotTried { .. } => false,
    }
}

fn token(issue: &TokenIssue) -> Option<Finding> {
    let whose = issue.whose.as_deref()?;
    let whom = match &issue.issued {
        Some(issued) => format!("{whose}, {issued}"),
        None => whose.to_owned(),
    };
    let session = issue.session_id.as_deref();
    let explanation = match (&issue.request_id, &issue.token_id, session) {
        (Some(id), _, Some(session)) => format!("Issued to {whom}. Request ID {id}, session ID {session}."),
        (Some(id), _, None) => format!("Issued to {whom}. Request ID {id}."),
        (None, Some(id), Some(session)) => {
            format!("Issued to {whom}. Unique token identifier {id}, session ID {session}.")
        }
        (None, Some(id), None) => format!("Issued to {whom}. Unique token identifier {id}."),
        (None, None, Some(session)) => format!("Issued to {whom}. Session ID {session}."),
        (None, None, None) => format!("Issued to {whom}."),
    };
    Some(if issue.is_app_only {
        finding(
            "sign-in-log-token",
            "The token's issue is in the service principal sign-ins",
            explanation,
            "Entra admin center, Sign-in logs, Service principal sign-ins: filter by application or Request ID. The entry has \
             no user and no client app. It is of the token's issue; using the token leaves none, accepted or refused.",
        )
    } else {
        finding(
            "sign-in-log-token",
            "The token's issue is in the user sign-ins",
            explanation,
            "Entra admin center, Sign-in logs, User sign-ins (interactive or non-interactive): filter by User and Request ID. \
             The entry is of the token's issue; using the token leaves none, accepted or refused.",
        )
    })
}

/// The attempts that present secrets of one kind.
fn tried(endpoint: &EndpointReport, kind: Kind) -> impl Iterator<Item = &Attempt> {
    let (mechanisms, schemes) = (Registry::standard(), Schemes::standard());
    let of_kind = move |method| mechanisms.kind(method).or_else(|| schemes.kind(method)) == Some(kind);
    endpoint.attempts.iter().filter(move |attempt| of_kind(&attempt.method))
}

#[cfg(test)]
mod tests {
    use mailprobe_probes::model::{Fact, LineRange, Protocol, Skip};

    use super::*;
    use mailprobe_judge::sample::{self, opened, tried};

    const IMAP: &str = "imaps://outlook.office365.com";
    const EWS: &str = "ews://outlook.office365.com";
    const LINES: LineRange = LineRange { first: 1, last: 1 };

    fn endpoint(url: &str, method: &str) -> EndpointReport {
        tried(url, vec![(method, opened())])
    }

    fn refused(url: &str, method: &str, cause: Cause) -> EndpointReport {
        tried(url, vec![(method, sample::refused(cause))])
    }

    fn told(endpoints: Vec<EndpointReport>, issues: &[TokenIssue]) -> Vec<Finding> {
        let mut report = crate::mailbox::empty_report("alice@contoso.com");
        report.endpoints = endpoints;
        findings(&report, "svc@contoso.com", issues)
    }

    fn explanation(endpoints: Vec<EndpointReport>) -> Option<String> {
        told(endpoints, &[]).into_iter().next().map(|finding| finding.explanation)
    }

    #[test]
    fn a_password_is_found_by_account_date_and_the_logs_name_of_the_protocol() {
        let mut ews = endpoint(EWS, "Bearer");
        ews.facts.push(Fact { name: "request-id".into(), value: "5cd2".into(), evidence: LINES });
        let said = explanation(vec![endpoint(IMAP, "PLAIN"), ews]).unwrap();
        assert!(
            said.starts_with("User svc@contoso.com, from ") && said.ends_with("client app IMAP4."),
            "{said}"
        );
        // A front end's id of a request is in no sign-in log.
        assert!(!said.contains("5cd2"), "{said}");
    }

    #[test]
    fn a_login_that_exchange_refuses_before_it_asks_entra_is_not_looked_for_in_the_log() {
        let imap = |cause| refused(IMAP, "PLAIN", cause);
        for cause in [
            Cause::BasicDisabled,
            Cause::ProtocolDisabled,
            Cause::SmtpAuthDisabledMailbox,
            Cause::SmtpAuthDisabledTenant,
            Cause::MechanismUnsupported,
            Cause::TlsRequired,
            Cause::Unexplained,
        ] {
            assert_eq!(explanation(vec![imap(cause)]), None, "{cause:?}");
        }
        for cause in [Cause::BadCredentials, Cause::ConditionalAccess, Cause::MfaRequired] {
            assert!(explanation(vec![imap(cause)]).unwrap().contains("client app IMAP4"), "{cause:?}");
        }
        let mut spent = imap(Cause::BadCredentials);
        spent.attempts[0].outcome = Outcome::NotTried { skip: Skip::Budget };
        assert_eq!(explanation(vec![spent]), None, "the budget");
    }

    fn issue(protocol: Protocol) -> TokenIssue {
        TokenIssue {
            protocols: vec![protocol],
            whose: Some("alice@contoso.com".into()),
            issued: Some("2026-11-27 15:04 UTC".into()),
            token_id: Some("HjwPCxERSkqcnAAAAAAAAg".into()),
            request_id: Some("0b0f3c1e-1111-4a4a-9c9c-000000000002".into()),
            session_id: Some("1f".into()),
            ..TokenIssue::default()
        }
    }

    #[test]
    fn a_tokens_entry_is_of_its_issue_whatever_the_server_says_to_it() {
        for presented in [endpoint(IMAP, "XOAUTH2"), refused(IMAP, "XOAUTH2", Cause::TokenInvalid)] {
            let [finding] = told(vec![presented], &[issue(Protocol::Imap)]).try_into().unwrap();
            assert_eq!(
                finding.explanation,
                "Issued to alice@contoso.com, 2026-11-27 15:04 UTC. Request ID \
                 0b0f3c1e-1111-4a4a-9c9c-000000000002, session ID 1f."
            );
            assert!(finding.title.ends_with("in the user sign-ins"), "{}", finding.title);
            assert!(finding.remedy.contains("using the token leaves none"), "{}", finding.remedy);
        }
    }

    #[test]
    fn an_applications_token_is_among_the_service_principals() {
        let issue = TokenIssue {
            is_app_only: true,
            whose: Some("app-id".into()),
            session_id: None,
            ..issue(Protocol::Ews)
        };
        let [finding] = told(vec![endpoint(EWS, "Bearer")], &[issue]).try_into().unwrap();
        assert!(finding.title.ends_with("service principal sign-ins"), "{}", finding.title);
        assert!(finding.explanation.starts_with("Issued to app-id, "), "{}", finding.explanation);
        assert!(finding.remedy.contains("no user and no client app"), "{}", finding.remedy);
    }

    #[test]
    fn an_identifier_that_is_no_id_is_told_as_it_is_and_nothing_is_made_of_it() {
        let odd = TokenIssue {
            request_id: None,
            token_id: Some("odd".into()),
            session_id: None,
            ..issue(Protocol::Imap)
        };
        let [finding] = told(vec![endpoint(IMAP, "XOAUTH2")], &[odd]).try_into().unwrap();
        assert!(finding.explanation.ends_with("Unique token identifier odd."), "{}", finding.explanation);
    }

    #[test]
    fn nothing_is_claimed_of_what_microsoft_never_saw() {
        assert_eq!(explanation(vec![endpoint("imaps://imap.example.com", "PLAIN")]), None);
        let elsewhere = endpoint("imaps://imap.example.com", "XOAUTH2");
        let other_protocol = endpoint(EWS, "Bearer");
        let mut not_tried = endpoint(IMAP, "XOAUTH2");
        not_tried.attempts[0].outcome = Outcome::NotTried { skip: Skip::UntrustedForbidden };
        assert_eq!(told(vec![elsewhere, other_protocol, not_tried], &[issue(Protocol::Imap)]), []);
    }
}
