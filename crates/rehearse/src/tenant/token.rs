//! What a token claims, where it is a JWT (RFC 7519). The signature is not looked at: a rehearsal has no secrets to
//! protect, and tokens for it can be written by hand.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mailprobe_probes::model::{Cause, Protocol};
use serde_json::{Map, Value};

/// Longest payload that is looked into, octets of base64.
const LONGEST: usize = 32 * 1024;
/// The application id of Exchange Online, which stands for its resource in version 1 tokens.
const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";

/// What matters of a token.
pub(super) struct Claims {
    /// For whom.
    pub(super) user: Option<String>,
    /// The client id.
    pub(super) app: Option<String>,
    /// Whether it belongs to an app and no person.
    pub(super) of_app: bool,
    audiences: Vec<String>,
    scopes: Vec<String>,
    from: Option<u64>,
    until: Option<u64>,
}

impl Claims {
    /// Reads three parts in base64url, the middle one a JSON object.
    pub(super) fn read(token: &str) -> Option<Self> {
        let mut parts = token.split('.');
        let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || payload.len() > LONGEST {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let claims: Map<String, Value> = serde_json::from_slice(&bytes).ok()?;
        let text = |key: &str| claims.get(key).and_then(Value::as_str).map(str::to_owned);
        let list = |key: &str| match claims.get(key) {
            Some(Value::String(text)) => text.split(' ').map(str::to_owned).collect(),
            Some(Value::Array(values)) => {
                values.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
            }
            _ => Vec::new(),
        };
        let moment = |key: &str| claims.get(key).and_then(Value::as_u64);
        let (scopes, roles) = (list("scp"), list("roles"));
        let user = ["upn", "preferred_username", "unique_name", "email"].into_iter().find_map(text);
        Some(Self {
            of_app: user.is_none() && !roles.is_empty(),
            user,
            app: text("appid").or_else(|| text("azp")),
            audiences: list("aud"),
            scopes: scopes.into_iter().chain(roles).collect(),
            from: moment("nbf"),
            until: moment("exp"),
        })
    }

    /// Whether it is for this protocol and for now.
    pub(super) fn judge(&self, protocol: Protocol, now: u64) -> Result<(), Cause> {
        let ours = |audience: &String| {
            let host = audience.strip_prefix("https://").unwrap_or(audience).trim_end_matches('/');
            audience == EXCHANGE
                || ["outlook.office.com", "outlook.office365.com", "ps.outlook.com"].contains(&host)
                || host.starts_with("outlook") && host.contains(".office365.")
                || host == "partner.outlook.cn"
        };
        if self.until.is_some_and(|until| until <= now) || self.from.is_some_and(|from| from > now + 300) {
            return Err(Cause::TokenExpired);
        }
        if !self.audiences.is_empty() && !self.audiences.iter().any(ours) {
            return Err(Cause::TokenWrongAudience);
        }
        let wanted: &[&str] = match protocol {
            Protocol::Imap => &["IMAP.AccessAsUser.All", "IMAP.AccessAsApp"],
            Protocol::Pop3 => &["POP.AccessAsUser.All", "POP.AccessAsApp"],
            Protocol::Smtp => &["SMTP.Send", "SMTP.SendAsApp"],
            Protocol::Ews => &["EWS.AccessAsUser.All", "full_access_as_app"],
            Protocol::ActiveSync => &["EAS.AccessAsUser.All"],
            _ => return Ok(()),
        };
        let has = |scope: &String| wanted.iter().any(|wanted| scope.rsplit('/').next() == Some(wanted));
        if self.scopes.iter().any(has) { Ok(()) } else { Err(Cause::TokenMissingScope) }
    }
}
