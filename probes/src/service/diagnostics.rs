//! What Microsoft's front ends say beside the answer: the reason of a refused token, and what a support case needs.

use super::answer::head;
use crate::model::{HttpResponse, harmless};

/// Values of one header field that are kept.
const MOST_VALUES: usize = 8;
/// Characters of a header field's value, and of a reason, that are kept.
const LONGEST: usize = 512;
/// Bytes of `x-ms-diagnostics` that are looked at.
const LONGEST_FIELD: usize = 4096;
/// Pieces of `x-ms-diagnostics` that are looked at.
const MOST_PIECES: usize = 16;

/// `x-ms-diagnostics`: `2000003;reason="...";error_category="invalid_resource"`.
///
/// A healthy on-premises server says 4000000 `oauth_not_available` to an empty Bearer: a code is not yet a failure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    /// The number in front, digits only.
    pub code: Option<String>,
    /// The sentence. Harmless.
    pub reason: Option<String>,
    /// The word for the kind: `invalid_token`, `token_expired`, `invalid_resource`. Harmless.
    pub category: Option<String>,
}

impl Diagnostics {
    /// Reads one value of the field: the pieces in any order, each of them dispensable.
    pub fn read(value: &str) -> Self {
        let mut read = Self::default();
        for piece in pieces(head(value, LONGEST_FIELD)).into_iter().take(MOST_PIECES) {
            let (name, said) = piece.split_once('=').unwrap_or(("", piece));
            let (name, said) = (name.trim(), unquoted(said.trim()));
            let slot = if name.eq_ignore_ascii_case("reason") {
                &mut read.reason
            } else if name.eq_ignore_ascii_case("error_category") {
                &mut read.category
            } else if name.is_empty() && is_code(&said) {
                &mut read.code
            } else {
                continue;
            };
            if slot.is_none() && !said.is_empty() {
                *slot = Some(short(&said));
            }
        }
        read
    }

    /// What an answer carries, if it does.
    pub fn of(response: &HttpResponse) -> Option<Self> {
        response.header("x-ms-diagnostics").map(Self::read).filter(|read| *read != Self::default())
    }
}

fn is_code(text: &str) -> bool {
    (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Splits at semicolons outside of quotes.
fn pieces(value: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut inside, mut escaped) = (0, false, false);
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            ';' if !inside => {
                found.extend(value.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(value.get(start..));
    found
}

fn unquoted(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"') else { return text.to_owned() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut plain = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        plain.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
    }
    plain
}

/// Header fields that tell which machine answered and why, with the names of their facts.
const FIELDS: &[(&str, &str)] = &[
    ("request-id", "request-id"),
    ("client-request-id", "client-request-id"),
    ("X-FEServer", "fe-server"),
    ("X-BEServer", "be-server"),
    ("X-CalculatedFETarget", "calculated-fe-target"),
    ("X-CalculatedBETarget", "calculated-be-target"),
    ("X-TargetBEServer", "target-be-server"),
    ("X-DiagInfo", "diag-info"),
    ("X-FEProxyInfo", "fe-proxy-info"),
    ("X-BackEndHttpStatus", "back-end-http-status"),
    ("X-ProxyErrorMessage", "proxy-error-message"),
    ("X-OWA-Version", "owa-version"),
    ("X-AutoDiscovery-Error", "autodiscovery-error"),
    ("X-MS-Location", "ms-location"),
    ("Retry-After", "retry-after"),
    ("Persistent-Auth", "persistent-auth"),
    ("Server", "server"),
    ("X-Powered-By", "powered-by"),
    ("Date", "date"),
];

/// What the answer's header tells, by name; several values of one field are joined by a comma.
pub fn facts(response: &HttpResponse) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    for (field, name) in FIELDS {
        let mut values: Vec<String> = Vec::new();
        for value in response.all(field).take(MOST_VALUES) {
            let value = short(value.trim());
            if !value.is_empty() && !values.contains(&value) {
                values.push(value);
            }
        }
        if !values.is_empty() {
            facts.push((*name, values.join(", ")));
        }
    }
    if let Some(Diagnostics { code, reason, category }) = Diagnostics::of(response) {
        let named =
            [("diagnostics-code", code), ("diagnostics-reason", reason), ("diagnostics-category", category)];
        facts.extend(named.into_iter().filter_map(|(name, value)| Some((name, value?))));
    }
    facts
}

fn short(text: &str) -> String {
    harmless(text.chars().take(LONGEST).collect::<String>().as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Code, reason and category, `-` for what is missing.
    fn read(value: &str) -> [String; 3] {
        let Diagnostics { code, reason, category } = Diagnostics::read(value);
        [code, reason, category].map(|part| part.unwrap_or_else(|| "-".into()))
    }

    #[test]
    fn recorded_values_are_taken_apart() {
        // Exchange Online, a token for another resource, public record of 2017.
        let audience = "The audience claim value is invalid 'aud'.";
        let value = format!("2000003;reason=\"{audience}\";error_category=\"invalid_resource\"");
        assert_eq!(read(&value), ["2000003", audience, "invalid_resource"]);
        // exchangelib issue 1321: no category.
        let scope = "The token contains not enough scope to make this call.";
        assert_eq!(read(&format!("2000008;reason=\"{scope}\"")), ["2000008", scope, "-"]);
        // A healthy on-premises answer to an empty Bearer, public record of 2024.
        let flighting = "Flighting is not enabled for domain 'mail.dummy.uk'.";
        let value = format!("4000000;reason=\"{flighting}\";error_category=\"oauth_not_available\"");
        assert_eq!(read(&value), ["4000000", flighting, "oauth_not_available"]);
    }

    #[test]
    fn pieces_may_be_missing_or_in_another_order_and_semicolons_may_be_in_quotes() {
        let value = " error_category=invalid_token ; reason = \"a;b \\\"c\\\"\";2000001";
        assert_eq!(read(value), ["2000001", "a;b \"c\"", "invalid_token"]);
        assert_eq!(read("reason=\"no end; of it"), ["-", "no end; of it", "-"]);
        assert_eq!(read(";;=;what=ever;\"\""), ["-", "-", "-"]);
        assert_eq!(read("2000001;2000002;reason=a;reason=b"), ["2000001", "a", "-"]);
    }

    #[test]
    fn what_a_support_case_needs_is_told_by_name() {
        let response = HttpResponse {
            headers: [
                ("request-id", "7d86d893-adc8-4200-b285-bf2bb35644a8"),
                ("x-feserver", "DM5PR13CA0042"),
                ("X-Powered-By", "ASP.NET"),
                ("X-FEServer", "MWHPR18CA0031"),
                ("X-BackEndHttpStatus", "401"),
                ("X-BackEndHttpStatus", "401"),
                ("X-DiagInfo", "DM5PR18MB1004\u{1b}[2J"),
                ("Set-Cookie", "exchangecookie=secret"),
                ("x-ms-diagnostics", "2000001;reason=\"x\""),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
            ..HttpResponse::default()
        };
        let told = facts(&response);
        let get = |name: &str| told.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str());
        assert_eq!(get("fe-server"), Some("DM5PR13CA0042, MWHPR18CA0031"));
        assert_eq!(get("back-end-http-status"), Some("401"));
        assert_eq!(get("diag-info"), Some("DM5PR18MB1004\\x1B[2J"));
        assert_eq!(get("diagnostics-code"), Some("2000001"));
        assert_eq!(told.len(), 7, "no cookie, nothing invented: {told:?}");
    }

    #[test]
    fn what_is_long_is_cut() {
        let long = format!("2000001;reason=\"{}\"", "x".repeat(100_000));
        assert_eq!(Diagnostics::read(&long).reason.unwrap().len(), LONGEST);
        assert_eq!(Diagnostics::read(&"9".repeat(50)).code, None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_makes_it_panic(value in "\\PC{0,120}|[0-9;=\"\\\\a]{0,120}") {
            let read = Diagnostics::read(&value);
            prop_assert!(read.code.is_none_or(|code| code.len() <= 12));
        }
    }
}
