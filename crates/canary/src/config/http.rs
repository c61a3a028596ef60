//! The `[http]` table: where the pages are served, and to whom.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use toml::Spanned;
use url::Url;

use super::file;
use super::path;
use crate::http::{Access, Exposure};
use mailprobe_judge::{Mistakes, Written, shown};

/// How the pages are served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Http {
    /// The address listened on.
    pub listen: SocketAddr,
    /// Chain and key of our own TLS, where we speak it.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// `NAME:HASH` lines.
    pub basic: Option<PathBuf>,
    /// One token.
    pub bearer: Option<PathBuf>,
    /// Where the pages are reached from outside.
    pub external_url: Option<Url>,
}

pub(super) fn http(
    written: &Written<'_>,
    folder: &Path,
    table: &Spanned<file::Http>,
    mistakes: &mut Mistakes,
) -> Option<Http> {
    let (span, http) = (table.span(), table.get_ref());
    let listen = match &http.listen {
        None => Some(SocketAddr::from(([127, 0, 0, 1], 9325))),
        Some(text) => mistakes.keep(text.get_ref().parse().map_err(|_| {
            let shown = shown(text.get_ref());
            written.error(&text.span(), format!("`{shown}` is no address: write one as 127.0.0.1:9325"))
        })),
    };
    let external_url = http.external_url.as_ref().map(|text| {
        let url = Url::parse(text.get_ref()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        mistakes.keep(url.ok_or_else(|| {
            let shown = shown(text.get_ref());
            written.error(&text.span(), format!("`{shown}` is no http or https URL"))
        }))
    });
    let tls = match (&http.cert, &http.key) {
        (None, None) => None,
        (Some(cert), Some(key)) => Some((path(folder, cert.get_ref()), path(folder, key.get_ref()))),
        _ => {
            mistakes.note(written.error(&span, "`cert` and `key` belong together: give both or neither"));
            return None;
        }
    };
    let file = |text: Option<&file::Text>| text.map(|text| path(folder, text.get_ref()));
    let (basic, bearer) = (file(http.basic_auth_file.as_ref()), file(http.bearer_file.as_ref()));
    let listen = listen?;
    let exposure = Exposure {
        address: listen.ip(),
        tls: tls.is_some(),
        behind_proxy: http.behind_proxy,
        access: basic.is_some() || bearer.is_some(),
    };
    mistakes.keep(exposure.check().map_err(|words| written.error(&span, words)));
    // Read now, so that a mistake in them is told before anything runs.
    let access = Access::read(basic.as_deref(), bearer.as_deref());
    mistakes.keep(access.map_err(|words| written.error(&span, words)));
    if let Some((cert, key)) = &tls {
        let tls = crate::http::tls(cert, key);
        mistakes.keep(tls.map_err(|words| written.error(&span, words)));
    }
    Some(Http { listen, tls, basic, bearer, external_url: external_url.flatten() })
}
