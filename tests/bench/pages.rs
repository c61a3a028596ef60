//! How long the pages of a running canary take to open in headless Chromium; `tests/bench/dashboard` makes the canary.
//!   MAILPROBE_PAGES=http://HOST:PORT cargo test --test pages
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    missing_docs,
    dead_code
)]

#[path = "../canary_front/devtools.rs"]
mod devtools;
#[path = "../canary_front/network.rs"]
mod network;

use devtools::Chrome;
use serde_json::json;

const TARGET: &str = "document.querySelectorAll('.timeline').length > 0 && document.querySelector('.plot svg') && \
                      document.querySelectorAll('.visits li').length > 0";
/// The last of the spans of time.
const NINETY_DAYS: &str = "[...document.querySelectorAll('.spans input')].at(-1).click()";
/// What is opened, what shows that all of it is there, and what is pressed then.
const PAGES: [(&str, &str, &str, Option<&str>); 4] = [
    ("all targets", "/", "document.querySelectorAll('.row').length >= 50", None),
    ("a target, seven days", "/#/target/u00007", TARGET, None),
    ("a target, ninety days", "/#/target/u00007", TARGET, Some(NINETY_DAYS)),
    ("changes", "/#/changes", "document.querySelectorAll('.change').length >= 50", None),
];

fn main() {
    let pages = std::env::var("MAILPROBE_PAGES").expect("MAILPROBE_PAGES=http://HOST:PORT says whose");
    let mut chrome = Chrome::new();
    chrome.look(1280, false);
    // Chromium's own start is none of the page's business.
    chrome.open(&format!("{pages}/healthz"));
    for (what, place, ready, press) in PAGES {
        let mut took = [0.0; 5];
        for took in &mut took {
            *took = once(&mut chrome, &format!("{pages}{place}"), ready, press);
        }
        let first = took[0];
        took.sort_by(f64::total_cmp);
        println!("{what}: {first:.0} ms at first, {:.0} ms in the median of five", took[2]);
    }
}

/// Milliseconds until the page is there, or what was pressed is.
fn once(chrome: &mut Chrome, url: &str, ready: &str, press: Option<&str>) -> f64 {
    chrome.call("Page.navigate", &json!({ "url": "about:blank" }));
    chrome.call("Page.navigate", &json!({ "url": url }));
    chrome.wait(ready);
    let now = |chrome: &mut Chrome| chrome.eval("performance.now()").as_f64().unwrap();
    let Some(press) = press else { return now(chrome) };
    chrome.eval("document.querySelector('.plot').dataset.old = 'yes'");
    let begun = now(chrome);
    chrome.eval(press);
    chrome.wait("!document.querySelector('.plot').dataset.old && document.querySelector('.plot svg')");
    now(chrome) - begun
}
