//! What stands in front of every page: who may come in, under which name, and what a browser must not do with an answer.

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::access::Verdict;
use super::pages::{Pages, plain};

/// Asks for the key, where there is one.
pub(super) async fn access(State(pages): State<Pages>, mut request: Request, next: Next) -> Response {
    let Some(access) = &pages.settings.access else { return next.run(request).await };
    match access.judge(request.headers()).await {
        Verdict::Allowed => {
            request.headers_mut().remove(AUTHORIZATION);
            next.run(request).await
        }
        Verdict::Denied => {
            let mut answer =
                plain(StatusCode::UNAUTHORIZED, "A name and a password, or a token.\n".to_owned());
            let challenge = HeaderValue::from_static(access.challenge());
            answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
            answer
        }
        Verdict::Busy => plain(StatusCode::TOO_MANY_REQUESTS, "Too many guesses; try again.\n".to_owned()),
    }
}

/// Without a key, a page of this machine is open to every web site that gives itself a name with a loopback address, and
/// `/probe` to every link: so names are this machine's, and what another site asks for is refused.
pub(super) async fn host(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
        && headers.get("sec-fetch-mode").is_none_or(|mode| mode != "navigate")
    {
        return plain(StatusCode::FORBIDDEN, "Another site asked for this.\n".to_owned());
    }
    // Another port of this machine is the same site, and its pages are not ours either.
    let own = |site: &HeaderValue| site == "same-origin" || site == "none";
    if request.uri().path() == "/probe" && headers.get("sec-fetch-site").is_some_and(|site| !own(site)) {
        return plain(StatusCode::FORBIDDEN, "Another site asked for this visit.\n".to_owned());
    }
    let ours = pages.settings.external_url.as_ref().and_then(url::Url::host_str);
    if pages.settings.access.is_none() && !is_ours(headers, ours) {
        let remedy = "This page is for this machine: ask for it as localhost, or set external_url.\n";
        return plain(StatusCode::MISDIRECTED_REQUEST, remedy.to_owned());
    }
    next.run(request).await
}

fn is_ours(headers: &HeaderMap, external: Option<&str>) -> bool {
    let Some(given) = headers.get(HOST).and_then(|value| value.to_str().ok()) else { return true };
    let Ok(url) = url::Url::parse(&format!("http://{given}")) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => {
            name == "localhost" || name.ends_with(".localhost") || Some(name) == external
        }
        // A number cannot be rebound.
        Some(url::Host::Ipv4(_) | url::Host::Ipv6(_)) => true,
        None => false,
    }
}

/// What a browser must not do with an answer.
pub(super) async fn headers(mut answer: Response) -> Response {
    const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                          manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                          require-trusted-types-for 'script'; trusted-types 'none'";
    const FIXED: [(&str, &str); 6] = [
        ("content-security-policy", POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ];
    for (name, value) in FIXED {
        answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    answer
}
