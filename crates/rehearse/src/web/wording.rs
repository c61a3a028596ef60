//! How HTTP says what the tenant decided, where the scenario has no words of its own: status, header fields and the
//! public source of both.

use mailprobe_probes::model::{Cause, Protocol};

use super::super::Words;
use super::Site;

/// `OfficeDocs-Exchange`: Basic refused by policy looks like a wrong password, "no additional information is returned".
const BASIC: &str =
    "https://github.com/MicrosoftDocs/OfficeDocs-Exchange disable-basic-authentication-in-exchange-online.md";
/// The numbers and their words. The sentences around them are the usual ones.
const DIAGNOSTICS: &str = "https://github.com/MicrosoftDocs/office-developer-exchange-docs instrumenting-client-requests-for-ews-and-rest-in-exchange.md";
const SCOPE: &str = "https://github.com/ecederstrand/exchangelib/issues/1321";
const NO_PERMISSIONS: &str = "https://github.com/otris/ews-cpp/issues/148";
const POLICY: &str = "https://github.com/David-Barrett-MS/PowerShell-EWS-Scripts/issues/62";
const MS_ASHTTP: &str = "MS-ASHTTP section 2.2.2.1.1";
const THROTTLED: &str =
    "https://github.com/MicrosoftDocs/office-developer-exchange-docs ews-throttling-in-exchange.md";
const BUSY: &str = "https://github.com/mustang-im/mustang/issues/1105";
const RFC_9110: &str = "RFC 9110 section 15";

/// The usual words for a login that was not taken, or for one that HTTP itself refuses. `WWW-Authenticate` is not among
/// them: that is the site's.
pub(super) fn usual(site: &Site, protocol: Protocol, cause: Cause) -> Words {
    let sync = protocol == Protocol::ActiveSync;
    match cause {
        Cause::TokenInvalid => diagnosed(
            401,
            "2000001",
            "OAuth token submitted with the request cannot be parsed.",
            "invalid_token",
        ),
        Cause::TokenExpired => diagnosed(401, "2000002", "The access token has expired.", "token_expired"),
        Cause::TokenWrongAudience => {
            diagnosed(401, "2000003", "The audience claim value is invalid 'aud'.", "invalid_resource")
        }
        Cause::TokenWrongTenant => diagnosed(
            401,
            "2000004",
            "The tenant for tenant guid in the token does not exist.",
            "invalid_tenant",
        ),
        Cause::TokenWrongUser => diagnosed(
            401,
            "2000005",
            "The user specified by the user-context in the token does not exist.",
            "invalid_user",
        ),
        Cause::TokenMissingScope => Words {
            source: SCOPE.to_owned(),
            ..diagnosed(
                403,
                "2000008",
                "The token contains not enough scope to make this call.",
                "invalid_grant",
            )
        },
        Cause::ConsentRequired => {
            let reason = "The token contains no permissions, or permissions can not be understood.";
            Words { source: NO_PERMISSIONS.to_owned(), ..diagnosed(401, "2000008", reason, "invalid_grant") }
        }
        Cause::AppNotFound | Cause::AppCredentialInvalid => {
            diagnosed(401, "2000006", "The client in the token is not valid.", "invalid_client")
        }
        Cause::AccountLocked if sync => words(456, "", MS_ASHTTP),
        Cause::PasswordExpired if sync => words(457, "", MS_ASHTTP),
        Cause::ProtocolDisabled
        | Cause::ServiceRetired
        | Cause::AppBlocked
        | Cause::LocationBlocked
        | Cause::DeviceBlocked
        | Cause::NoMailboxPermission => words(403, "Forbidden", if sync { MS_ASHTTP } else { POLICY }),
        Cause::Throttled => {
            let mut words = words(503, "Service Unavailable", THROTTLED);
            words.headers.push(("Retry-After".to_owned(), site.retry_after_s.to_string()));
            if sync {
                words.headers.push(("X-MS-ASThrottle".to_owned(), "SyncCommands".to_owned()));
            }
            words
        }
        Cause::Temporary | Cause::MailboxUnavailable | Cause::MailboxInUse => {
            let mut words = words(503, "Service Unavailable", BUSY);
            words.headers.push(("x-proxyerrormessage".to_owned(), "The network is busy.".to_owned()));
            words
        }
        Cause::Redirect => redirect(site, protocol),
        Cause::ProvisioningRequired if sync => {
            words(449, "Retry after sending a PROVISION command", MS_ASHTTP)
        }
        Cause::BadRequest | Cause::ClientProtocolError => words(400, "Bad Request", RFC_9110),
        Cause::NoSuchMailbox => words(404, "Not Found", RFC_9110),
        Cause::TlsRequired => {
            words(403, "Forbidden ( The page must be viewed over a secure channel )", RFC_9110)
        }
        // All the others say no to a login, and HTTP has one way to say that.
        _ => words(401, "Unauthorized", BASIC),
    }
}

fn redirect(site: &Site, protocol: Protocol) -> Words {
    if protocol == Protocol::ActiveSync {
        let mut words = words(451, "Redirect", MS_ASHTTP);
        let to = format!("https://{}/Microsoft-Server-ActiveSync", site.elsewhere);
        words.headers.push(("X-MS-Location".to_owned(), to));
        return words;
    }
    let mut words = words(302, "Found", RFC_9110);
    let path = match protocol {
        Protocol::Ews => "/EWS/Exchange.asmx",
        Protocol::Autodiscover => "/autodiscover/autodiscover.xml",
        _ => "/",
    };
    words.headers.push(("Location".to_owned(), format!("https://{}{path}", site.elsewhere)));
    words
}

fn words(status: u16, reason: &str, source: &str) -> Words {
    Words { status: Some(status), text: reason.to_owned(), source: source.to_owned(), ..Words::default() }
}

fn diagnosed(status: u16, code: &str, reason: &str, category: &str) -> Words {
    let text = if status == 403 { "Forbidden" } else { "Unauthorized" };
    let value = format!("{code};reason=\"{reason}\";error_category=\"{category}\"");
    Words { headers: vec![("x-ms-diagnostics".to_owned(), value)], ..words(status, text, DIAGNOSTICS) }
}

#[cfg(test)]
mod tests {
    use mailprobe_probes::model::HttpResponse;
    use mailprobe_probes::service::diagnostics::Diagnostics;
    use mailprobe_probes::service::{Ews, Service as _, Verdict};

    use super::*;

    fn heard(cause: Cause) -> HttpResponse {
        let words = usual(&Site::default(), Protocol::Ews, cause);
        HttpResponse { status: words.status.unwrap(), headers: words.headers, ..HttpResponse::default() }
    }

    #[test]
    fn every_cause_has_words_with_a_status_and_a_source() {
        for protocol in [Protocol::Ews, Protocol::ActiveSync, Protocol::Autodiscover, Protocol::Mapi] {
            for cause in Cause::ALL {
                let words = usual(&Site::default(), protocol, *cause);
                let status = words.status.unwrap();
                assert!((302..504).contains(&status), "{protocol} {cause}: {status}");
                assert!(!words.source.is_empty());
            }
        }
    }

    #[test]
    fn our_own_client_reads_the_reason_of_a_refused_token() {
        for (cause, code) in [
            (Cause::TokenInvalid, "2000001"),
            (Cause::TokenExpired, "2000002"),
            (Cause::TokenWrongAudience, "2000003"),
            (Cause::TokenWrongTenant, "2000004"),
            (Cause::TokenWrongUser, "2000005"),
            (Cause::TokenMissingScope, "2000008"),
        ] {
            let answer = heard(cause);
            assert_eq!(Diagnostics::of(&answer).unwrap().code.as_deref(), Some(code));
            assert_eq!(Ews.read_login(&answer).verdict, Verdict::Refused, "{cause}");
        }
        assert_eq!(Ews.read_login(&heard(Cause::Throttled)).verdict, Verdict::Passing);
        assert!(matches!(Ews.read_login(&heard(Cause::Redirect)).verdict, Verdict::Redirect { .. }));
    }
}
