//! What is said of a token, for people and for programs. Neither has the token in it, nor its signature.

use std::fmt::Write as _;

use mailprobe_probes::model::{Protocol, Severity};
use serde::Serialize;

use super::claims::{Claims, Look};
use super::judge::{NO_ROLE, Remark, moment, span};

#[derive(Serialize)]
struct Told<'a> {
    form: &'static str,
    chars: Option<usize>,
    what: Option<&'a str>,
    kind: Option<&'static str>,
    algorithm: Option<&'a str>,
    issuer: Option<&'a str>,
    audience: &'a [String],
    scopes: &'a [String],
    roles: &'a [String],
    tenant: Option<&'a str>,
    client: Option<&'a str>,
    user: Option<&'a str>,
    subject: Option<&'a str>,
    object: Option<&'a str>,
    uti: Option<&'a str>,
    request_id: Option<String>,
    session_id: Option<&'a str>,
    issued: Option<String>,
    not_before: Option<String>,
    expires: Option<String>,
    /// Null where what stands in the server decides.
    fits: Option<bool>,
    /// `fits`, `unclear` or `refused`.
    status: &'static str,
    remarks: Vec<ToldRemark<'a>>,
}

#[derive(Serialize)]
struct ToldRemark<'a> {
    id: &'a str,
    severity: Severity,
    cause: Option<&'static str>,
    protocols: Vec<&'static str>,
    title: &'a str,
    explanation: &'a str,
    remedy: &'a str,
}

fn kind(claims: &Claims) -> &'static str {
    if claims.is_id_token {
        "id-token"
    } else if claims.is_app_only {
        "app-only"
    } else {
        "delegated"
    }
}

/// What the remarks come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing speaks against the token.
    Fits,
    /// Whether it will be taken is decided by what stands in the server and not in the token.
    Unclear,
    /// It will be refused.
    Refused,
}

impl Status {
    /// Of a token with these remarks.
    pub fn of(remarks: &[Remark]) -> Self {
        if remarks.iter().any(|remark| remark.severity == Severity::Critical) {
            Self::Refused
        } else if remarks.iter().any(|remark| remark.id == NO_ROLE) {
            Self::Unclear
        } else {
            Self::Fits
        }
    }

    const fn fits(self) -> Option<bool> {
        match self {
            Self::Fits => Some(true),
            Self::Unclear => None,
            Self::Refused => Some(false),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::Unclear => "unclear",
            Self::Refused => "refused",
        }
    }
}

/// As indented JSON.
pub fn json(look: &Look, remarks: &[Remark]) -> String {
    let nothing = Claims::default();
    let (form, chars, what, claims) = match look {
        Look::Opaque { chars, why } => ("opaque", Some(*chars), Some(*why), None),
        Look::Jwt(claims) => ("jwt", None, None, Some(claims.as_ref())),
    };
    let of = claims.unwrap_or(&nothing);
    let told = Told {
        form,
        chars,
        what,
        kind: claims.map(kind),
        algorithm: claims.map(|claims| claims.algorithm.as_str()),
        issuer: of.issuer.as_deref(),
        audience: &of.audience,
        scopes: &of.scopes,
        roles: &of.roles,
        tenant: of.tenant.as_deref(),
        client: of.client.as_deref(),
        user: of.user.as_deref(),
        subject: of.subject.as_deref(),
        object: of.object.as_deref(),
        uti: of.token_id.as_deref(),
        request_id: of.request_id(),
        session_id: of.session.as_deref(),
        issued: of.issued.map(moment),
        not_before: of.not_before.map(moment),
        expires: of.expires.map(moment),
        fits: Status::of(remarks).fits(),
        status: Status::of(remarks).name(),
        remarks: remarks
            .iter()
            .map(|remark| ToldRemark {
                id: remark.id,
                severity: remark.severity,
                cause: remark.cause.map(mailprobe_probes::model::Cause::name),
                protocols: remark.protocols.iter().map(|protocol| protocol.name()).collect(),
                title: remark.title,
                explanation: &remark.explanation,
                remedy: remark.remedy,
            })
            .collect(),
    };
    let mut text = serde_json::to_string_pretty(&told).unwrap_or_default();
    text.push('\n');
    text
}

/// As text of 80 columns, where no value is longer.
pub fn text(look: &Look, remarks: &[Remark], protocols: &[Protocol], now: i64) -> String {
    let mut text = String::new();
    match look {
        Look::Opaque { chars, why } => {
            let _ = writeln!(text, "An opaque token of {chars} characters: {why}.");
            text.push_str("That is no error. Nothing can be said of it before a server has seen it.\n");
            return text;
        }
        Look::Jwt(claims) => claims_text(&mut text, claims, now),
    }
    text.push('\n');
    for remark in remarks {
        let mark = match remark.severity {
            Severity::Critical => '✗',
            Severity::Warning => '!',
            Severity::Info => '·',
        };
        let on = remark.protocols.iter().map(|protocol| protocol.name()).collect::<Vec<_>>().join(", ");
        let on = if on.is_empty() { on } else { format!(" ({on})") };
        let _ = writeln!(text, "{mark} {}{on} [{}]", remark.title, remark.id);
        fold(&mut text, "    ", &remark.explanation);
        fold(&mut text, "    ", &format!("Do: {}", remark.remedy));
    }
    if remarks.is_empty() {
        let on = protocols.iter().map(|protocol| protocol.name()).collect::<Vec<_>>().join(", ");
        let on = if on.is_empty() { String::new() } else { format!(" for {on}") };
        let _ =
            writeln!(text, "✓ Nothing speaks against it{on}. Whether a server takes it, only a check tells.");
    }
    text
}

fn claims_text(text: &mut String, claims: &Claims, now: i64) {
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{name:<11}{value}");
        }
    };
    line("token", &format!("JWT, {}, {}", kind(claims), claims.algorithm));
    line("issuer", claims.issuer.as_deref().unwrap_or_default());
    line("audience", &claims.audience.join(", "));
    line("scopes", &claims.scopes.join(" "));
    line("roles", &claims.roles.join(" "));
    line("tenant", claims.tenant.as_deref().unwrap_or_default());
    line("client", claims.client.as_deref().unwrap_or_default());
    line("user", claims.user.as_deref().or(claims.subject.as_deref()).unwrap_or_default());
    line("issued", &claims.issued.map(moment).unwrap_or_default());
    let left = |expires: i64| {
        let way = if expires > now { "from now" } else { "ago" };
        format!("{} ({} {way})", moment(expires), span(expires - now))
    };
    line("uti", claims.token_id.as_deref().unwrap_or_default());
    line("request id", &claims.request_id().unwrap_or_default());
    line("session id", claims.session.as_deref().unwrap_or_default());
    line("expires", &claims.expires.map(left).unwrap_or_default());
}

fn fold(text: &mut String, indent: &str, words: &str) {
    let mut line = indent.to_owned();
    for word in words.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > 80 && line.trim() != "" {
            let _ = writeln!(text, "{}", line.trim_end());
            indent.clone_into(&mut line);
        }
        line.push_str(word);
        line.push(' ');
    }
    let _ = writeln!(text, "{}", line.trim_end());
}
