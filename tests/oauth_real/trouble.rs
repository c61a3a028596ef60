//! Issuers that answer HTML, fifty megabytes, or never: one clear message each, soon, and no loop.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::issuer::{Issuer, Reply};
use crate::lab;
use crate::profile::Profile;

const HTML: &str = "<!doctype html><title>Welcome</title><p>Please sign in to the hotel's network";
/// What it is called, and what is done.
type Case = (&'static str, fn() -> Reply);

const FLOOD: usize = 50 << 20;

/// An issuer whose metadata is in order, and whose token endpoint does that.
fn honest_until(token: fn() -> Reply) -> Issuer {
    Issuer::new(move |url, path, _| match path {
        "/.well-known/openid-configuration" => {
            let metadata = json!({"issuer": url, "token_endpoint": format!("{url}/token"),
                "authorization_endpoint": format!("{url}/authorize"), "response_types_supported": ["code"]});
            Reply::Says(200, "application/json", metadata.to_string())
        }
        _ => token(),
    })
}

#[test]
fn an_issuer_that_misbehaves_costs_one_message_and_little_time() {
    let replies: [Case; 4] = [
        ("html", || Reply::Says(200, "text/html", HTML.to_owned())),
        ("html and an error", || Reply::Says(502, "text/html", HTML.to_owned())),
        ("50 MB", || Reply::Floods(FLOOD)),
        ("never", || Reply::Waits),
    ];
    for (what, reply) in replies {
        for (place, issuer) in
            [("metadata", Issuer::new(move |_, _, _| reply())), ("token endpoint", honest_until(reply))]
        {
            let more = "client_secret_env = \"SECRET\"";
            let profile = Profile::at(&issuer.url, "daemon", "client-credentials", more).impatient();
            let begun = Instant::now();
            let said = profile.get().says();
            let story = format!("{what} from the {place}: {}{}", said.out, said.err);
            assert!(said.status == 3 && said.out.is_empty(), "{story}");
            assert_eq!(said.err.matches("mailprobe: no token:").count(), 1, "{story}");
            assert!(said.err.contains("issuer"), "{story}");
            assert!(!said.err.contains("panicked") && said.err.len() < 4000, "{story}");
            assert!(!said.err.contains(&lab::text("secrets/client.secret")), "{story}");
            // Two seconds of patience, some requests, and a busy machine.
            assert!(begun.elapsed() < Duration::from_secs(20), "{story}");
            let asked = issuer.asked();
            assert!(asked.len() <= 4, "{what} from the {place}: {asked:?}");
        }
    }
}
