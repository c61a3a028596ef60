//! Taking a token apart. Split at dots, base64url, JSON: a library that checks `alg` or a signature on the way would see
//! less than the servers do.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE_NO_PAD, URL_SAFE_NO_PAD_INDIFFERENT};
use mailprobe_probes::model::harmless;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// Largest part that is decoded, octets of base64.
const LARGEST: usize = 32 * 1024;
/// Characters of a value that are kept.
const KEPT: usize = 200;
/// Values of a list that are kept.
const MOST: usize = 64;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Not a JWT. Normal for personal accounts and Google.
    Opaque {
        /// Its length.
        chars: usize,
        /// What it looks like, where that is known.
        why: &'static str,
    },
    /// A JWT with these claims.
    Jwt(Box<Claims>),
}

/// The claims that matter. Every text is harmless and cut.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// `alg` of the header.
    pub algorithm: String,
    /// `iss`.
    pub issuer: Option<String>,
    /// `aud`, one or many.
    pub audience: Vec<String>,
    /// `scp` or `scope`: what a person allowed the client to do.
    pub scopes: Vec<String>,
    /// `roles`: what an administrator allowed the application to do by itself.
    pub roles: Vec<String>,
    /// `tid`.
    pub tenant: Option<String>,
    /// `appid`, `azp` or `client_id`.
    pub client: Option<String>,
    /// `upn`, `unique_name`, `preferred_username` or `email`: an address alone.
    pub user: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `oid`.
    pub object: Option<String>,
    /// `uti`: the *unique token identifier* of Entra's sign-in log. [`Claims::request_id`] reads it.
    pub token_id: Option<String>,
    /// `sid`: the *session ID* of the sign-in log.
    pub session: Option<String>,
    /// `exp`, seconds since 1970.
    pub expires: Option<i64>,
    /// `nbf`.
    pub not_before: Option<i64>,
    /// `iat`.
    pub issued: Option<i64>,
    /// An application's own token: `idtyp` says so, or there are roles and no scope, or neither and nobody who signed in.
    pub is_app_only: bool,
    /// It is an ID token, which says who signed in and opens nothing.
    pub is_id_token: bool,
}

impl Look {
    /// Takes a token apart.
    pub fn at(token: &[u8]) -> Self {
        let opaque = |why| Self::Opaque {
            chars: std::str::from_utf8(token).map_or(token.len(), |text| text.chars().count()),
            why,
        };
        let Ok(text) = std::str::from_utf8(token) else { return opaque("no text") };
        let parts: Vec<&str> = text.trim().split('.').take(6).collect();
        match parts.as_slice() {
            [header, content, _] => match (object(header), object(content)) {
                (Some(header), Some(content)) => Self::Jwt(Box::new(Claims::of(&header, &content))),
                _ => opaque("no JWT"),
            },
            [header, _, _, _, _] if object(header).is_some() => opaque("an encrypted JWT"),
            _ if text.starts_with("EwB") || text.starts_with("EwA") => {
                opaque("the form of Microsoft's personal accounts")
            }
            _ if text.starts_with("ya29.") => opaque("the form of Google's"),
            _ => opaque("no JWT"),
        }
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    if part.is_empty() || part.len() > LARGEST {
        return None;
    }
    let json = Zeroizing::new(URL_SAFE_NO_PAD_INDIFFERENT.decode(part).ok()?);
    serde_json::from_slice(&json).ok()
}

fn tame(text: &str) -> String {
    harmless(text.as_bytes()).chars().take(KEPT).collect()
}

/// One text, or many, or words with spaces between them.
fn list(value: Option<&Value>, split: bool) -> Vec<String> {
    let texts: Vec<&str> = match value {
        Some(Value::String(text)) if split => text.split_whitespace().collect(),
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    texts.into_iter().take(MOST).map(tame).collect()
}

/// Claims that name a person.
const PERSON: &[&str] = &["upn", "unique_name", "preferred_username", "email", "username"];

/// Whether an application signed in by itself. Entra says so in `idtyp` where the token was asked to; else a scope means a
/// person, roles alone an application, and with neither the application is its own subject and object
/// (<https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference>).
fn is_app_only(claims: &Map<String, Value>, no_scope: bool, no_role: bool) -> bool {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    match text("idtyp") {
        Some("app") => return true,
        Some("user") => return false,
        _ if !no_scope => return false,
        _ if !no_role => return true,
        _ => {}
    }
    // An ID token has a nonce, and a person in it.
    if text("nonce").is_some() || PERSON.iter().any(|name| text(name).is_some()) {
        return false;
    }
    match (text("sub"), text("oid")) {
        (Some(subject), Some(object)) => subject == object,
        // By secret or by certificate, as no client does that a person signs in to without one.
        _ => ["appidacr", "azpacr"].iter().any(|name| matches!(text(name), Some("1" | "2"))),
    }
}

impl Claims {
    /// The *request ID* that Entra's sign-in log has for the issue of this token: `uti`, sixteen octets in base64url, as a
    /// .NET `Guid`, whose first three groups are little-endian
    /// (<https://azuread.github.io/MSIdentityTools/commands/ConvertFrom-MsIdUniqueTokenIdentifier>).
    pub fn request_id(&self) -> Option<String> {
        let octets = URL_SAFE_NO_PAD.decode(self.token_id.as_deref()?).ok()?;
        let [a0, a1, a2, a3, b0, b1, c0, c1, d @ ..] = <[u8; 16]>::try_from(octets).ok()?;
        let first = u32::from_le_bytes([a0, a1, a2, a3]);
        let (second, third) = (u16::from_le_bytes([b0, b1]), u16::from_le_bytes([c0, c1]));
        let rest = u64::from_be_bytes(d);
        let (fourth, fifth) = (rest >> 48, rest & 0xffff_ffff_ffff);
        Some(format!("{first:08x}-{second:04x}-{third:04x}-{fourth:04x}-{fifth:012x}"))
    }

    fn of(header: &Map<String, Value>, claims: &Map<String, Value>) -> Self {
        let text = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| claims.get(*name)?.as_str())
                .filter(|text| !text.is_empty())
                .map(tame)
        };
        // A NumericDate may have a fraction (RFC 7519 section 2).
        #[expect(clippy::cast_possible_truncation, reason = "it saturates, and a date that far out is none")]
        let date = |name: &str| {
            let value = claims.get(name)?;
            value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))
        };
        let mut scopes = list(claims.get("scp").or_else(|| claims.get("scope")), true);
        let roles = list(claims.get("roles"), true);
        scopes.dedup();
        let addresses = PERSON.iter().filter_map(|name| claims.get(*name)?.as_str());
        Self {
            algorithm: header.get("alg").and_then(Value::as_str).map(tame).unwrap_or_default(),
            issuer: text(&["iss"]),
            audience: list(claims.get("aud"), false),
            tenant: text(&["tid"]),
            client: text(&["appid", "azp", "client_id"]),
            // Guests have `live.com#` before it.
            user: addresses
                .map(|text| text.rsplit('#').next().unwrap_or(text))
                .find(|text| text.contains('@'))
                .map(tame),
            subject: text(&["sub"]),
            object: text(&["oid"]),
            token_id: text(&["uti"]),
            session: text(&["sid"]),
            expires: date("exp"),
            not_before: date("nbf"),
            issued: date("iat"),
            is_app_only: is_app_only(claims, scopes.is_empty(), roles.is_empty()),
            is_id_token: claims.contains_key("nonce") && scopes.is_empty() && roles.is_empty(),
            scopes,
            roles,
        }
    }
}
