//! A sign-in by a browser on this machine: authorization code with PKCE (RFC 7636, S256) and a loopback redirect
//! (RFC 8252 section 7.3).
//!
//! The listener takes one kind of request, bounded in size and time, and answers with a page that holds nothing of it.
//! A redirect whose state is not ours is refused and said; the sign-in that we began may still come.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header;
use hyper::http;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use mailprobe_probes::model::Secret;
use mailprobe_probes::wire::Redactor;
use parking_lot::Mutex;
use subtle::ConstantTimeEq as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use url::Url;

use super::answer;
use super::assertion::random_word;
use super::talk::Talk;
use super::trouble::TokenTrouble;
use crate::Mistake;
use crate::profile::Profile;

/// Octets of a request that are read: codes have up to two thousand.
const MOST: usize = 16 * 1024;
/// How long one request may take to arrive. Browsers open connections that they do not use.
const PATIENCE: Duration = Duration::from_secs(20);
/// Connections at once.
const AT_ONCE: usize = 16;
/// Redirects with a state that is not ours, after which it is over.
const MOST_FORGED: u32 = 5;

/// What it takes.
pub(super) struct SignIn<'a> {
    pub(super) profile: &'a Profile,
    pub(super) mailbox: &'a str,
    pub(super) scopes: &'a [String],
    pub(super) authorization: &'a Url,
    pub(super) issuer: &'a str,
}

/// The code, and what goes with it to the token endpoint.
pub(super) struct Code {
    pub(super) secret: Secret,
    pub(super) redirect: String,
    pub(super) verifier: Secret,
}

/// Sends a person to the issuer and waits for the redirect.
pub(super) async fn sign_in(
    asking: &SignIn<'_>,
    talk: &dyn Talk,
    longest: Duration,
) -> Result<Code, TokenTrouble> {
    let (state, verifier) = (random_word()?, random_word()?);
    let profile = asking.profile;
    let authority = profile.authority();
    let unusable = |error: std::io::Error| {
        TokenTrouble::Usage(Mistake::new(format!(
            "cannot listen on 127.0.0.1 port {} for the redirect: {error}",
            profile.redirect_port
        )))
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, profile.redirect_port)).await.map_err(unusable)?;
    let port = listener.local_addr().map_err(unusable)?.port();
    // Where `localhost` means ::1 to the browser; a machine without IPv6 does without.
    let other = TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await.ok();
    let name = authority.map_or("127.0.0.1", |authority| authority.loopback);
    let redirect = format!("http://{name}:{port}{}", profile.redirect_path);
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
    let mut url = asking.authorization.clone();
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("response_type", "code").append_pair("client_id", &profile.client_id);
        query.append_pair("redirect_uri", &redirect);
        if !asking.scopes.is_empty() {
            query.append_pair("scope", &asking.scopes.join(" "));
        }
        if let Some(resource) = &profile.resource {
            query.append_pair("resource", resource);
        }
        query.append_pair("state", &state);
        query.append_pair("code_challenge", &challenge).append_pair("code_challenge_method", "S256");
        query.append_pair("login_hint", asking.mailbox);
        for (name, value) in authority.map_or(&[][..], |authority| authority.extra) {
            query.append_pair(name, value);
        }
    }
    let (sender, mut arrived) = mpsc::channel(AT_ONCE);
    let serving = tokio::spawn(serve(listener, other, profile.redirect_path.clone(), state, sender));
    talk.sign_in_at(url.as_str());
    let waited = tokio::time::timeout(longest, wait(&mut arrived, asking, talk)).await;
    serving.abort();
    let code = waited.map_err(|_| {
        TokenTrouble::Failed(format!("nobody signed in within {} minutes", longest.as_secs().div_ceil(60)))
    })??;
    Ok(Code { secret: code, redirect, verifier: Secret::new(verifier) })
}

async fn wait(
    arrived: &mut mpsc::Receiver<Came>,
    asking: &SignIn<'_>,
    talk: &dyn Talk,
) -> Result<Secret, TokenTrouble> {
    let mut forged = 0;
    while let Some(came) = arrived.recv().await {
        match came {
            Came::Forged => {
                forged += 1;
                talk.note("a redirect came with a state that is not of this sign-in, and was refused");
                if forged >= MOST_FORGED {
                    break;
                }
            }
            Came::Error(error, description) => {
                let refusal = answer::refusal(0, &error, &description, None, &Redactor::default());
                return Err(TokenTrouble::Refused(Box::new(refusal)));
            }
            // RFC 9207: another issuer's code goes to nobody.
            Came::Code(_, Some(issuer)) if issuer != asking.issuer => {
                return Err(TokenTrouble::Failed(
                    "the redirect is from another issuer than the one that was asked (iss)".into(),
                ));
            }
            Came::Code(code, _) => return Ok(code),
        }
    }
    Err(TokenTrouble::Failed(format!(
        "{MOST_FORGED} redirects came with a state that is not of this sign-in: somebody forges them; begin again"
    )))
}

/// What a redirect brought.
enum Came {
    Code(Secret, Option<String>),
    Error(String, String),
    Forged,
}

async fn serve(
    listener: TcpListener,
    other: Option<TcpListener>,
    path: String,
    state: String,
    sender: mpsc::Sender<Came>,
) {
    let mut running = tokio::task::JoinSet::new();
    loop {
        let accepted = match &other {
            Some(other) => tokio::select! {
                accepted = listener.accept() => accepted,
                accepted = other.accept() => accepted,
            },
            None => listener.accept().await,
        };
        let Ok((stream, _)) = accepted else { return };
        if running.len() >= AT_ONCE {
            running.join_next().await;
        }
        let (path, state, sender) = (path.clone(), state.clone(), sender.clone());
        running.spawn(tokio::time::timeout(PATIENCE, one(stream, path, state, sender)));
    }
}

/// One connection and its one request. What it brought is handed on when its page has been written: whoever has the code stops
/// the listener.
async fn one(stream: TcpStream, path: String, state: String, sender: mpsc::Sender<Came>) {
    let brought = Mutex::new(None);
    let service = service_fn(|request: Request<Incoming>| {
        let (came, status, sentence) = read(&request, &path, &state);
        *brought.lock() = came;
        std::future::ready(page(status, sentence))
    });
    let served = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(MOST)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    drop(served);
    if let Some(came) = brought.into_inner() {
        sender.send(came).await.ok();
    }
}

/// What a request brought, and what the browser is told.
fn read(request: &Request<Incoming>, path: &str, state: &str) -> (Option<Came>, StatusCode, &'static str) {
    if request.method() != Method::GET {
        return (None, StatusCode::BAD_REQUEST, "This is no redirect of a sign-in.");
    }
    if request.uri().path() != path {
        return (None, StatusCode::NOT_FOUND, "There is nothing here.");
    }
    let query = request.uri().query().unwrap_or_default().as_bytes();
    let value = |name: &str| {
        url::form_urlencoded::parse(query)
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    };
    let ours = value("state").is_some_and(|shown| bool::from(shown.as_bytes().ct_eq(state.as_bytes())));
    let failed = "The sign-in failed. mailprobe says why in its terminal.";
    let (came, status, sentence) = match (ours, value("error"), value("code").filter(|code| !code.is_empty()))
    {
        (false, _, _) => (
            Came::Forged,
            StatusCode::BAD_REQUEST,
            "This redirect does not belong to the sign-in that mailprobe began.",
        ),
        (true, Some(error), _) => {
            let description = value("error_description").unwrap_or_default();
            (Came::Error(error, description), StatusCode::BAD_REQUEST, failed)
        }
        (true, None, Some(code)) => (
            Came::Code(Secret::new(code), value("iss")),
            StatusCode::OK,
            "You are signed in. You can close this page.",
        ),
        (true, None, None) => (
            Came::Error("invalid_response".into(), "the redirect has neither a code nor an error".into()),
            StatusCode::BAD_REQUEST,
            failed,
        ),
    };
    (Some(came), status, sentence)
}

/// A page that holds nothing of the request.
fn page(status: StatusCode, sentence: &str) -> http::Result<Response<Full<Bytes>>> {
    let page = format!("<!doctype html><meta charset=utf-8><title>mailprobe</title><p>{sentence}</p>\n");
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'")
        .header(header::REFERRER_POLICY, "no-referrer")
        .body(Full::new(Bytes::from(page)))
}
