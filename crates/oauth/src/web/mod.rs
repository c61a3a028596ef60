//! HTTP that is no evidence: documents and tokens, by reqwest, with our names, our trust and our proxy.
//!
//! It follows no redirect, takes no proxy from the environment and ends the handshake where there is no trust,
//! whatever `--insecure` says: what it fetches is believed.

use std::error::Error as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::{HttpResponse, Proxy, harmless};
use mailprobe_probes::wire::{Redactor, Resolver};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::Mistake;
use mailprobe_probes::wire::Reach;

/// Header fields of an answer that are looked at.
const MOST_FIELDS: usize = 64;

/// A client, and what must not be seen of it.
pub struct Web {
    client: reqwest::Client,
    redactor: Redactor,
}

/// An answer.
pub struct Page {
    /// Status code.
    pub status: u16,
    /// The content.
    pub body: Vec<u8>,
    /// Whether the content went on.
    pub cut: bool,
}

struct Names(Arc<Resolver>);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = Arc::clone(&self.0);
        Box::pin(async move {
            let found = resolver.addresses(name.as_str(), 443).await.map_err(|failure| failure.detail)?;
            // Port 0 stands for the one of the URL.
            Ok(Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

impl Web {
    /// A client that waits so long for a connection, and so long for a whole answer.
    ///
    /// # Errors
    /// TLS or a proxy that cannot be set up.
    pub fn new(
        reach: &Reach,
        proxy: Option<&Proxy>,
        connect_timeout: Duration,
        timeout: Duration,
    ) -> Result<Self, Mistake> {
        let mut redactor = Redactor::default();
        let mut builder = Self::builder(reach, connect_timeout, timeout)?.https_only(true);
        if let Some(proxy) = proxy {
            let mut through = reqwest::Proxy::all(proxy.to_string()).map_err(|error| failed(&error))?;
            if let Some((user, password)) = proxy.user.as_deref().zip(proxy.password.as_ref()) {
                redactor.learn(password.expose());
                let password = std::str::from_utf8(password.expose())
                    .map_err(|_| Mistake::new("the proxy password is no UTF-8 text"))?;
                through = through.basic_auth(user, password);
            }
            builder = builder.proxy(through);
        }
        Ok(Self { client: builder.build().map_err(|error| failed(&error))?, redactor })
    }

    /// What every client of ours begins with: our names, our trust, no redirect and no proxy. Without TLS it speaks where
    /// the URL says so, unless that is forbidden.
    pub fn builder(
        reach: &Reach,
        connect_timeout: Duration,
        timeout: Duration,
    ) -> Result<reqwest::ClientBuilder, Mistake> {
        let tls = reach.tls.strict().map_err(|error| Mistake::new(error.to_string()))?;
        Ok(reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(Names(Arc::clone(&reach.resolver))))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("mailprobe/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect_timeout)
            .timeout(timeout))
    }

    /// Fetches a page, and reads at most so many octets of it.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub async fn get(&self, url: &str, most: usize) -> Result<Page, String> {
        let asked = self.client.get(url).header("accept", "application/json").send().await;
        let answer = self.read(asked, most).await?;
        Ok(Page { status: answer.status, body: answer.body, cut: answer.cut })
    }

    /// Posts a form that is encoded already, and reads at most so many octets of the answer.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub async fn post_form(&self, url: &str, form: String, most: usize) -> Result<HttpResponse, String> {
        let asked = self
            .client
            .post(url)
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        self.read(asked.send().await, most).await
    }

    async fn read(
        &self,
        asked: reqwest::Result<reqwest::Response>,
        most: usize,
    ) -> Result<HttpResponse, String> {
        let mut response = asked.map_err(|error| self.words(&error))?;
        let headers = response.headers().iter().take(MOST_FIELDS);
        let mut answer = HttpResponse {
            status: response.status().as_u16(),
            headers: headers
                .map(|(name, value)| {
                    (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
                })
                .collect(),
            ..HttpResponse::default()
        };
        while let Some(chunk) = response.chunk().await.map_err(|error| self.words(&error))? {
            let room = most.saturating_sub(answer.body.len());
            answer.body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
            if chunk.len() > room {
                answer.cut = true;
                break;
            }
        }
        Ok(answer)
    }

    /// The innermost sentence of an error: reqwest's own names the URL and nothing else.
    fn words(&self, error: &reqwest::Error) -> String {
        if error.is_timeout() {
            return "no answer in time".to_owned();
        }
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            text = inner.to_string();
            source = inner.source();
        }
        let text = harmless(text.as_bytes());
        self.redactor.scrub_str(&text).unwrap_or(text)
    }
}

fn failed(error: &reqwest::Error) -> Mistake {
    Mistake::new(format!("HTTP cannot be set up: {error}"))
}
