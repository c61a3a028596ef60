//! What every HTTP service reads from an answer in the same way: the status, the words, where to go instead.

use super::diagnostics::{self, Diagnostics};
use super::{Reading, Verdict, XmlFlaw, challenge};
use crate::model::{HttpResponse, Reply, Trouble, harmless};

/// Characters of a sentence, a code or a URL that are kept.
const LONGEST: usize = 1024;
/// Bytes of a web page in which its title is looked for.
const TITLE_WITHIN: usize = 16 * 1024;

/// The first bytes of a text, up to a whole character.
pub(super) fn head(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A foreign text in one harmless line of bounded length.
pub(super) fn told(text: &str) -> String {
    harmless(head(text.trim(), LONGEST).as_bytes())
}

/// What the status alone decides, whatever the service; `None` where the content has to say.
pub(super) fn by_status(response: &HttpResponse) -> Option<Verdict> {
    let verdict = match response.status {
        200..=299 | 500 => return None,
        301 | 302 | 303 | 307 | 308 => match response.header("location") {
            Some(to) => Verdict::Redirect { to: told(to) },
            None => not_the_service(response),
        },
        // ActiveSync's redirect (MS-ASHTTP section 2.2.2.1.1), from the front end that all services share.
        451 => match response.header("x-ms-location").or_else(|| response.header("location")) {
            Some(to) => Verdict::Redirect { to: told(to) },
            None => not_the_service(response),
        },
        // The login module itself failed, or asks to come again: the credential has not been judged.
        401 if response.header("retry-after").is_some() || is_internal(response) => Verdict::Passing,
        // 403 is policy: service, app or licence. 456 and 457 are a blocked account and an expired password
        // (MS-ASHTTP section 2.2.2.1.1).
        401 | 403 | 456 | 457 => Verdict::Refused,
        408 | 425 | 429 | 502..=504 => Verdict::Passing,
        _ => not_the_service(response),
    };
    Some(verdict)
}

/// `2000007 internal_error`: the token was not judged.
fn is_internal(response: &HttpResponse) -> bool {
    let said = Diagnostics::of(response).unwrap_or_default();
    said.code.as_deref() == Some("2000007")
        || said.category.is_some_and(|category| category.eq_ignore_ascii_case("internal_error"))
}

/// An answer that is not of the service, and what it is instead.
pub(super) fn not_the_service(response: &HttpResponse) -> Verdict {
    let status = (response.status != 200).then(|| match response.reason.trim() {
        "" => format!("HTTP {}", response.status),
        reason => format!("HTTP {} {}", response.status, told(reason)),
    });
    let what = match (page_title(response), response.header("content-type")) {
        (Some(title), _) if title.is_empty() => Some("a web page".to_owned()),
        (Some(title), _) => Some(format!("a web page, \u{201c}{title}\u{201d}")),
        (None, Some(kind)) if !response.body.is_empty() => Some(told(kind)),
        _ => None,
    };
    let why = match (status, what) {
        (Some(status), Some(what)) => format!("{status}: {what}"),
        (Some(said), None) | (None, Some(said)) => said,
        (None, None) => "an empty answer".to_owned(),
    };
    Verdict::NotTheService { why }
}

/// What an answer is that should have been XML of the service. A 500 without comes from something in front of it,
/// and says nothing about the login.
pub(super) fn unread(response: &HttpResponse, flaw: XmlFlaw) -> Verdict {
    if response.status == 500 {
        return Verdict::Passing;
    }
    if page_title(response).is_some() || flaw == XmlFlaw::NotXml {
        return not_the_service(response);
    }
    let cause = match flaw {
        XmlFlaw::TooDeep => Trouble::NestedTooDeeply,
        XmlFlaw::TooMuch => Trouble::ReplyTooLarge,
        // What is cut where reading stops breaks off there.
        XmlFlaw::Broken if response.cut => {
            let why = "XML beyond the bounds of size, cut where reading stops".to_owned();
            return Verdict::BeyondBounds { cause: Trouble::ReplyTooLarge, why };
        }
        _ => return Verdict::NotTheService { why: flaw.to_string() },
    };
    Verdict::BeyondBounds { cause, why: flaw.to_string() }
}

/// The title of a web page, empty where it has none; `None` where this is no web page.
pub(super) fn page_title(response: &HttpResponse) -> Option<String> {
    let start = response.body.get(..TITLE_WITHIN).unwrap_or(&response.body);
    let page = String::from_utf8_lossy(start);
    let lower = page.to_ascii_lowercase();
    let declared =
        response.header("content-type").is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    let looks = lower.trim_start().starts_with("<!doctype html") || lower.trim_start().starts_with("<html");
    if !(declared && !response.body.is_empty() || looks) {
        return None;
    }
    let title = lower.find("<title").and_then(|at| {
        let open = at + lower.get(at..)?.find('>')? + 1;
        let length = lower.get(open..)?.find("</title")?;
        // ASCII lower case moves no byte, so the places are the same in both.
        page.get(open..open + length)
    });
    Some(told(head(title.unwrap_or_default().trim(), 120)))
}

/// The service's own part of a reading.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The service's code.
    pub(super) code: Option<String>,
    /// Its sentence.
    pub(super) text: Option<String>,
    /// Its facts.
    pub(super) facts: Vec<(&'static str, String)>,
}

/// A reading of the verdict, the service's words, and what the header tells. Where the service has no words of its
/// own, those of `x-ms-diagnostics` stand in, then the reason phrase.
pub(super) fn reading(response: &HttpResponse, verdict: Verdict, words: Words) -> Reading {
    let said = Diagnostics::of(response).unwrap_or_default();
    let text = words.text.filter(|text| !text.is_empty()).or(said.reason);
    let reply = Reply {
        status: response.status.to_string(),
        code: words.code.or(said.code).map(|code| told(&code)),
        enhanced: None,
        text: text.map_or_else(|| told(&response.reason), |text| told(&text)),
    };
    let mut facts: Vec<_> = words.facts.into_iter().map(|(name, value)| (name, told(&value))).collect();
    facts.extend(challenge::facts(&challenge::challenges(response.all("www-authenticate"))));
    facts.extend(diagnostics::facts(response));
    Reading { verdict, reply, facts }
}

/// A header field's value as a request may carry it; nothing where it would break out of its line.
pub(super) fn field(name: &'static str, value: &str) -> Option<(&'static str, String)> {
    let fits = !value.is_empty() && !value.chars().any(char::is_control);
    fits.then(|| (name, value.to_owned()))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// An answer, for tests.
    pub(in super::super) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> HttpResponse {
        HttpResponse {
            status,
            reason: String::new(),
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.as_bytes().to_vec(),
            cut: false,
        }
    }

    fn status(status: u16, headers: &[(&str, &str)]) -> Option<Verdict> {
        by_status(&answer(status, headers, ""))
    }

    #[test]
    fn a_status_decides_what_it_can_and_no_more() {
        assert_eq!(status(200, &[]), None);
        assert_eq!(status(500, &[]), None);
        for refused in [401, 403, 456, 457] {
            assert_eq!(status(refused, &[]), Some(Verdict::Refused), "{refused}");
        }
        for passing in [408, 429, 502, 503, 504] {
            assert_eq!(status(passing, &[]), Some(Verdict::Passing), "{passing}");
        }
        for other in [302, 400, 404, 405, 407, 413, 440, 451, 501, 505] {
            assert!(matches!(status(other, &[]), Some(Verdict::NotTheService { .. })), "{other}");
        }
    }

    #[test]
    fn a_401_that_did_not_judge_the_credential_is_no_refusal() {
        assert_eq!(status(401, &[("Retry-After", "30")]), Some(Verdict::Passing));
        let internal = "2000007;reason=\"An internal error occurred.\";error_category=\"internal_error\"";
        assert_eq!(status(401, &[("x-ms-diagnostics", internal)]), Some(Verdict::Passing));
        assert_eq!(status(401, &[("x-ms-diagnostics", "2000007")]), Some(Verdict::Passing));
        let word = "reason=\"x\";error_category=\"internal_error\"";
        assert_eq!(status(401, &[("x-ms-diagnostics", word)]), Some(Verdict::Passing));
        let expired = "2000002;reason=\"The token has expired.\";error_category=\"token_expired\"";
        assert_eq!(status(401, &[("x-ms-diagnostics", expired)]), Some(Verdict::Refused));
    }

    #[test]
    fn redirects_tell_where_to_harmlessly() {
        let to = |location: &str| Some(Verdict::Redirect { to: location.to_owned() });
        assert_eq!(status(302, &[("Location", "https://x/owa")]), to("https://x/owa"));
        assert_eq!(status(308, &[("location", "\u{1b}[31m")]), to("\\x1B[31m"));
        assert_eq!(status(451, &[("X-MS-Location", "https://y/")]), to("https://y/"));
    }

    #[test]
    fn a_web_page_is_called_by_its_title() {
        let page = "<!DOCTYPE html><HTML><Title class=x> Sign in\u{202e} </title>";
        let why = |response: &HttpResponse| match not_the_service(response) {
            Verdict::NotTheService { why } => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            why(&answer(200, &[("Content-Type", "text/html")], page)),
            "a web page, \u{201c}Sign in\\u{202e}\u{201d}"
        );
        assert_eq!(why(&answer(404, &[], "<html>")), "HTTP 404: a web page");
        assert_eq!(why(&answer(200, &[("Content-Type", "application/json")], "{}")), "application/json");
        assert_eq!(why(&answer(200, &[], "")), "an empty answer");
        assert_eq!(why(&answer(501, &[("Content-Type", "text/html")], "")), "HTTP 501");
    }

    #[test]
    fn no_header_field_breaks_out_of_its_line() {
        assert_eq!(field("X-AnchorMailbox", "a@b\r\nX-Evil: 1"), None);
        assert_eq!(field("X-AnchorMailbox", "a@b"), Some(("X-AnchorMailbox", "a@b".to_owned())));
    }
}
