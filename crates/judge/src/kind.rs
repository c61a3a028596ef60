//! What a method presents, by its name alone: a stored report names methods of servers that this build may not know.

use mailprobe_probes::model::{Kind, Method, Protocol};

/// Methods that present a password, or something made from one.
const PASSWORD: &[&str] = &[
    "PLAIN",
    "LOGIN",
    "LOGIN-COMMAND",
    "USER-PASS",
    "APOP",
    "Basic",
    "Digest",
    "CRAM-MD5",
    "DIGEST-MD5",
    "NTLM",
    "SCRAM-SHA-1",
    "SCRAM-SHA-1-PLUS",
    "SCRAM-SHA-224",
    "SCRAM-SHA-224-PLUS",
    "SCRAM-SHA-256",
    "SCRAM-SHA-256-PLUS",
    "SCRAM-SHA-384",
    "SCRAM-SHA-384-PLUS",
    "SCRAM-SHA-512",
    "SCRAM-SHA-512-PLUS",
];

/// Methods that present an OAuth access token.
const TOKEN: &[&str] = &["XOAUTH2", "OAUTHBEARER", "Bearer"];

/// Methods that present neither: tickets, certificates, nothing.
const NEITHER: &[&str] = &["GSSAPI", "GS2-KRB5", "GSS-SPNEGO", "Negotiate", "EXTERNAL", "ANONYMOUS"];

/// What a method presents; `None` where it is neither, or the name is not known.
pub fn kind(method: &Method) -> Option<Kind> {
    let among = |list: &[&str]| list.iter().any(|name| name.eq_ignore_ascii_case(method.name()));
    if among(TOKEN) {
        Some(Kind::Token)
    } else if among(PASSWORD) || method.name().starts_with("SCRAM-") {
        Some(Kind::Password)
    } else {
        None
    }
}

/// Every name that a policy or a profile may use.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    [PASSWORD, TOKEN, NEITHER].into_iter().flatten().copied()
}

/// Whether a policy or a profile may use a name, in any case.
pub fn knows_method(name: &str) -> bool {
    names().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether a method can be used over a protocol.
pub(super) fn fits(method: &Method, protocol: Protocol) -> bool {
    let http = !matches!(protocol, Protocol::Imap | Protocol::Pop3 | Protocol::Smtp);
    match method {
        Method::LoginCommand => protocol == Protocol::Imap,
        Method::UserPass | Method::Apop => protocol == Protocol::Pop3,
        Method::Http(_) => http,
        // One name means the SASL mechanism and the HTTP scheme.
        Method::Sasl(name) => !http || name == "NTLM",
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_sorted_by_its_name_in_any_case() {
        for (name, expected) in [
            ("login-command", Some(Kind::Password)),
            ("bearer", Some(Kind::Token)),
            ("SCRAM-SHA3-512", Some(Kind::Password)),
            ("GSSAPI", None),
            ("X-OWN", None),
        ] {
            assert_eq!(kind(&Method::from_name(name)), expected, "{name}");
        }
        assert!(fits(&Method::from_name("Basic"), Protocol::Ews));
        assert!(!fits(&Method::from_name("PLAIN"), Protocol::ActiveSync));
        assert!(!fits(&Method::from_name("USER-PASS"), Protocol::Imap));
    }
}
