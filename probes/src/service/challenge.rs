//! `WWW-Authenticate`, read (RFC 9110 section 11.6.1): what a server says it takes.
//!
//! Several challenges may stand in one field, and the comma that parts them is the comma that parts the parameters
//! of one of them. What follows a comma is a parameter if an equals sign follows its name, else a new scheme.

use super::answer::head;
use crate::model::{Method, Offer, harmless};

/// More challenges than these are not looked at.
const MOST_CHALLENGES: usize = 32;
/// More parameters of one challenge than these are not kept.
const MOST_PARAMS: usize = 32;
/// Bytes of one field value that are looked at. An NTLM challenge of a real forest is well below.
const LONGEST_FIELD: usize = 16 * 1024;
/// Characters of a parameter's value that are kept.
const LONGEST_VALUE: usize = 2048;
/// Characters of a name that are kept.
const LONGEST_NAME: usize = 64;

/// One challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme as the server spells it. Schemes compare without case.
    pub scheme: String,
    /// Data in one piece, base64 mostly: `NTLM TlRMTVNT...`.
    pub token68: Option<String>,
    /// Parameters in order, names as spelled, values without their quotes. Harmless.
    pub params: Vec<(String, String)>,
}

impl Challenge {
    /// Whether this is the scheme of that name.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The first parameter of that name.
    pub fn param(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Every challenge in every value of the field, in order. What fits no rule is skipped up to the next comma.
pub fn challenges<'a>(values: impl IntoIterator<Item = &'a str>) -> Vec<Challenge> {
    let mut found = Vec::new();
    for value in values {
        if found.len() >= MOST_CHALLENGES {
            break;
        }
        Cursor(head(value, LONGEST_FIELD)).read(&mut found);
    }
    found
}

/// What the challenges offer, one for each, twice where a scheme stands twice.
pub fn offers(challenges: &[Challenge]) -> Vec<Offer> {
    let offer = |challenge: &Challenge| Offer {
        token: challenge.scheme.clone(),
        method: Method::http(&challenge.scheme),
    };
    challenges.iter().map(offer).collect()
}

const FACTS: &[(&str, &str, &str)] = &[
    ("Bearer", "client_id", "bearer-client-id"),
    ("Bearer", "trusted_issuers", "bearer-trusted-issuers"),
    ("Bearer", "token_types", "bearer-token-types"),
    ("Bearer", "authorization_uri", "bearer-authorization-uri"),
    ("Bearer", "realm", "bearer-realm"),
    ("Bearer", "scope", "bearer-scope"),
    ("Bearer", "error", "bearer-error"),
    ("Bearer", "error_description", "bearer-error-description"),
    ("Bearer", "claims", "bearer-claims"),
    ("Basic", "realm", "basic-realm"),
];

/// What the challenges tell beside their names; what is empty tells nothing.
pub fn facts(challenges: &[Challenge]) -> Vec<(&'static str, String)> {
    let mut facts: Vec<(&'static str, String)> = Vec::new();
    for challenge in challenges {
        for (scheme, param, name) in FACTS {
            let value = challenge.param(param).filter(|value| challenge.is(scheme) && !value.is_empty());
            if let Some(value) = value
                && !facts.iter().any(|(n, v)| n == name && v == value)
            {
                facts.push((name, value.to_owned()));
            }
        }
    }
    facts
}

/// What is still to be read of one field value.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn read(&mut self, found: &mut Vec<Challenge>) {
        // Parameters belong to the last scheme of this field, never to one of another.
        let first = found.len();
        loop {
            self.skip(|c| c == ',' || is_space(c));
            if self.0.is_empty() {
                return;
            }
            let name = self.take(is_tchar);
            if name.is_empty() {
                self.skip(|c| c != ',');
                continue;
            }
            if let Some(value) = self.value() {
                let params = found.get_mut(first..).and_then(<[Challenge]>::last_mut).map(|c| &mut c.params);
                if let Some(params) = params.filter(|params| params.len() < MOST_PARAMS) {
                    params.push((short(name, LONGEST_NAME), value));
                }
                continue;
            }
            if found.len() >= MOST_CHALLENGES {
                return;
            }
            let token68 = self.token68();
            found.push(Challenge { scheme: short(name, LONGEST_NAME), token68, params: Vec::new() });
        }
    }

    /// The value behind `BWS "=" BWS`, where one follows; else nothing is taken.
    fn value(&mut self) -> Option<String> {
        let rest = self.0.trim_start_matches(is_space).strip_prefix('=')?.trim_start_matches(is_space);
        self.0 = rest;
        if let Some(quoted) = rest.strip_prefix('"') {
            self.0 = quoted;
            return Some(self.quoted());
        }
        Some(short(self.take(|c| c != ',' && !is_space(c)), LONGEST_VALUE))
    }

    /// The inside of a quoted string (RFC 9110 section 5.6.4); one without an end goes to the end.
    fn quoted(&mut self) -> String {
        let mut value = String::new();
        let mut chars = self.0.char_indices();
        let mut end = self.0.len();
        while let Some((at, c)) = chars.next() {
            let c = match c {
                '"' => {
                    end = at + 1;
                    break;
                }
                '\\' => chars.next().map_or('\\', |(_, escaped)| escaped),
                c => c,
            };
            value.push(c);
        }
        self.0 = self.0.get(end..).unwrap_or_default();
        short(&value, LONGEST_VALUE)
    }

    /// Data in one piece behind a scheme: it stands alone up to the next comma.
    fn token68(&mut self) -> Option<String> {
        let rest = self.0.strip_prefix(is_space)?.trim_start_matches(is_space);
        let end = rest.find([',', ' ', '\t']).unwrap_or(rest.len());
        let (data, after) = rest.split_at(end);
        let body = data.trim_end_matches('=');
        let after = after.trim_start_matches(is_space);
        let whole = !body.is_empty()
            && body.chars().all(|c| c.is_ascii_alphanumeric() || "-._~+/".contains(c))
            && (after.is_empty() || after.starts_with(','));
        if !whole {
            return None;
        }
        self.0 = after;
        Some(data.to_owned())
    }

    fn skip(&mut self, which: impl Fn(char) -> bool) {
        self.0 = self.0.trim_start_matches(which);
    }

    fn take(&mut self, which: impl Fn(char) -> bool) -> &'a str {
        let end = self.0.find(|c| !which(c)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(end);
        self.0 = rest;
        taken
    }
}

fn is_space(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// RFC 9110 section 5.6.2.
fn is_tchar(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

fn short(text: &str, most: usize) -> String {
    harmless(text.chars().take(most).collect::<String>().as_bytes())
}

#[cfg(test)]
#[path = "challenge_tests.rs"]
mod tests;
