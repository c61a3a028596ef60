//! The dashboard's files, compiled in. No file of it is made by a tool, and none names another host.

use std::fmt::Write as _;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use super::pages::Pages;

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Path, type, content.
const FILES: &[(&str, &str, &str)] = &[
    ("/", "text/html; charset=utf-8", include_str!("assets/index.html")),
    ("/style.css", "text/css; charset=utf-8", include_str!("assets/style.css")),
    ("/icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
    ("/app.js", SCRIPT, include_str!("assets/app.js")),
    ("/api.js", SCRIPT, include_str!("assets/api.js")),
    ("/dom.js", SCRIPT, include_str!("assets/dom.js")),
    ("/words.js", SCRIPT, include_str!("assets/words.js")),
    ("/fleet.js", SCRIPT, include_str!("assets/fleet.js")),
    ("/target.js", SCRIPT, include_str!("assets/target.js")),
    ("/changes.js", SCRIPT, include_str!("assets/changes.js")),
    ("/plots.js", SCRIPT, include_str!("assets/plots.js")),
    ("/visit.js", SCRIPT, include_str!("assets/visit.js")),
];

pub(super) fn router() -> Router<Pages> {
    FILES.iter().fold(Router::new(), |router, (path, kind, content)| {
        let tag = tag(content);
        router.route(path, get(move |headers: HeaderMap| async move { file(&headers, kind, &tag, content) }))
    })
}

fn tag(content: &str) -> String {
    let digest = Sha256::digest(content);
    let hex = digest.iter().take(8).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    format!("\"{hex}\"")
}

fn file(headers: &HeaderMap, kind: &'static str, tag: &str, content: &'static str) -> Response {
    // Asked each time and seldom sent: a new version is there with the next look.
    let about =
        [(CONTENT_TYPE, kind.to_owned()), (CACHE_CONTROL, "no-cache".to_owned()), (ETAG, tag.to_owned())];
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known == tag) {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    (about, content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_names_another_host_or_has_code_in_its_markup() {
        for (path, _, content) in FILES {
            // Names of XML vocabularies are no addresses.
            let content = content.replace("http://www.w3.org/2000/svg", "");
            for word in
                ["http://", "https://", "//cdn", "innerHTML", "outerHTML", "insertAdjacentHTML", "eval("]
            {
                assert!(!content.contains(word), "{path} has {word}");
            }
            if *path == "/" {
                for word in ["style=", "onclick", "<style", "javascript:"] {
                    assert!(!content.contains(word), "{path} has {word}");
                }
            }
        }
    }

    #[test]
    fn every_protocol_and_every_state_has_a_name_of_its_own_on_the_dashboard() {
        let (_, _, words) = FILES.iter().find(|(path, ..)| *path == "/words.js").unwrap();
        let table = |name: &str| {
            let (_, rest) = words.split_once(&format!("export const {name} = {{")).unwrap();
            rest.split_once("};").unwrap().0
        };
        let has = |table: &str, name: &str| {
            table.contains(&format!("{name}: ")) || table.contains(&format!("\"{name}\": "))
        };
        for protocol in mailprobe_probes::model::Protocol::ALL {
            assert!(has(table("PROTOCOLS"), protocol.name()), "{protocol}");
        }
        for state in crate::cell::State::ALL {
            assert!(has(table("STATES"), state.name()), "{state}");
        }
    }

    #[test]
    fn every_module_that_one_imports_is_served() {
        for (path, _, content) in FILES {
            for import in content.split("from \"./").skip(1) {
                let name = format!("/{}", import.split('"').next().unwrap());
                assert!(FILES.iter().any(|(path, ..)| *path == name), "{path} imports {name}");
            }
        }
    }
}
