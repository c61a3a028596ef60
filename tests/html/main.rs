//! The HTML report in a real browser: what stands in its document, that it asks nobody for anything, that it
//! runs nothing, and that everybody can read it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod browser;
mod document;

use std::path::Path;

use browser::Browser;
use document::Document;
use mailprobe_probes::model::Report;
use mailprobe_report::lang::Lang;
use mailprobe_report::{Format, Style, render};

/// Every sample report, a hostile one among them.
fn samples() -> Vec<Report> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/samples.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn page() -> String {
    page_in(Lang::En)
}

fn page_in(lang: Lang) -> String {
    render(Format::Html, &samples(), &Style { lang, ..Style::PLAIN })
}

#[test]
fn the_page_loads_without_a_complaint_and_asks_nobody() {
    let browser = Browser::new();
    let seen = browser.load(&page(), &[]);
    assert_eq!(seen.console, Vec::<String>::new());
    assert_eq!(seen.asked, Vec::<String>::new());
    assert!(seen.dom.contains("mallory\\x1B]0;owned"), "the hostile report is there, as text");
}

/// What the test above looks at would show a page that is not like ours.
#[test]
fn a_page_that_fetches_or_runs_something_is_noticed() {
    let browser = Browser::new();
    let fetching = "<!doctype html><title>x</title><img src=\"http://elsewhere.test/pixel\">";
    let asked = browser.load(fetching, &[]).asked;
    assert!(asked.iter().any(|line| line.contains("elsewhere.test")), "{asked:?}");
    for hostile in ["<script>1</script>", "<img src=\"http://elsewhere.test/pixel\">", "<p onclick=\"x()\">x"]
    {
        let page = page().replacen("<main", &format!("{hostile}<main"), 1);
        let seen = browser.load(&page, &[]);
        assert!(
            seen.console.iter().any(|line| line.contains("Content Security Policy")),
            "{hostile}: {:?}",
            seen.console
        );
        assert_eq!(seen.asked, Vec::<String>::new(), "the page's policy holds: {hostile}");
    }
}

/// Whether an address is one that our own rules name to read more on. A report cannot bring another.
fn is_page_to_read(link: &str) -> bool {
    samples().iter().flat_map(|report| &report.endpoints).flat_map(|endpoint| &endpoint.attempts).any(
        |attempt| {
            let rule = attempt.outcome.diagnosis().map(|diagnosis| diagnosis.rule.as_str());
            rule.and_then(mailprobe_probes::diagnose::read_more).is_some_and(|address| address == link)
        },
    )
}

#[test]
fn hostile_words_make_no_element() {
    let document = Document::read(&Browser::new().load(&page(), &[]).dom);
    let known = [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "header",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "p",
        "main",
        "section",
        "article",
        "span",
        "strong",
        "small",
        "bdi",
        "ul",
        "li",
        "dl",
        "dt",
        "dd",
        "code",
        "blockquote",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "svg",
        "rect",
        "footer",
    ];
    for element in &document.elements {
        assert!(known.contains(&element.name.as_str()), "<{}> has no business here", element.name);
        for (name, value) in &element.attributes {
            assert!(!name.starts_with("on") && name != "style" && name != "src", "{name}={value}");
            let ours = value.starts_with('#') || is_page_to_read(value);
            assert!(name != "href" || ours, "a link leads out of the page: {value}");
        }
    }
}

#[test]
fn tables_details_headings_and_links_are_in_order() {
    let document = Document::read(&Browser::new().load(&page(), &[]).dom);
    let ids = document.all("id");
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(ids.len(), once.len(), "an identifier stands twice");
    for label in document.all("aria-labelledby") {
        assert!(ids.contains(&label), "{label} labels nothing");
    }
    for link in document.all("href").into_iter().filter(|link| !is_page_to_read(link)) {
        assert!(ids.contains(&link.trim_start_matches('#')), "{link} leads nowhere");
    }
    for (at, element) in document.elements.iter().enumerate() {
        let next = document.elements.get(at + 1).map_or("", |next| next.name.as_str());
        match element.name.as_str() {
            "th" => assert!(matches!(element.get("scope"), Some("row" | "col")), "{element:?}"),
            "details" => assert_eq!(next, "summary"),
            "table" => assert_eq!(next, "caption"),
            "svg" => assert_eq!(document.elements[at - 1].get("aria-hidden"), Some("true"), "{element:?}"),
            _ if element.get("tabindex") == Some("0") => {
                let named = element.get("aria-labelledby").is_some();
                assert!(element.get("role") == Some("region") && named, "{element:?}");
            }
            _ => {}
        }
    }
    let count = |name: &str| document.elements.iter().filter(|element| element.name == name).count();
    assert_eq!((count("h1"), count("main"), count("title")), (1, 1, 1));
    assert_eq!(document.elements[0].get("lang"), Some("en"));
    let mut level = 0;
    for element in &document.elements {
        if let Some(next) = element.name.strip_prefix('h').and_then(|rest| rest.parse::<u32>().ok()) {
            assert!(next <= level + 1, "h{next} after h{level}");
            level = next;
        }
    }
    let first = document.elements.iter().find(|element| element.name == "a").unwrap();
    assert_eq!(first.get("href"), Some("#main"), "the first stop of the keyboard skips to the report");
}

#[test]
fn the_page_says_which_language_it_is_in_and_has_the_same_parts_in_both() {
    let browser = Browser::new();
    let [english, japanese] =
        [Lang::En, Lang::Ja].map(|lang| Document::read(&browser.load(&page_in(lang), &[]).dom));
    assert_eq!(japanese.elements[0].get("lang"), Some("ja"));
    let names = |document: &Document| {
        document.elements.iter().map(|element| element.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&english), names(&japanese));
    assert_eq!(english.all("href"), japanese.all("href"));
}

#[test]
fn it_fits_from_320_pixels_on_and_is_legible_by_day_and_by_night() {
    let browser = Browser::new();
    for (lang, night) in [(Lang::En, false), (Lang::En, true), (Lang::Ja, false), (Lang::Ja, true)] {
        for width in [320, 390, 768, 1280, 1920] {
            let seen = browser.inspect(&page_in(lang), width, night, "");
            assert_eq!(seen["night"], night, "the browser's colours are as asked for");
            assert_eq!(seen["wide"].to_string(), "[]", "{width} pixels");
            assert!(seen["width"].as_u64().unwrap() <= width, "{width} pixels: {seen}");
            assert_eq!(seen["faint"].to_string(), "[]", "too little contrast at night {night}");
            assert!(seen["texts"].as_u64().unwrap() > 500, "{seen}");
        }
    }
}

#[test]
fn a_link_into_a_folded_part_unfolds_it() {
    let browser = Browser::new();
    assert_eq!(browser.inspect(&page(), 800, false, "#m0e0a0")["open"], true);
    assert_eq!(browser.inspect(&page(), 800, false, "#m0e0l7")["open"], true, "a line of a transcript");
    assert_eq!(browser.inspect(&page(), 800, false, "")["open"], serde_json::Value::Null);
}
