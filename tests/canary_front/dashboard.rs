//! The dashboard in a real browser: that everybody can read it, that it is quick, that it hears what happens, that it
//! asks nobody else, and that nothing a server says becomes markup.

use std::sync::Arc;

use mailprobe_canary::cell::{Standing, State};
use serde_json::Value;

use crate::devtools::Chrome;
use crate::fleet::{Fleet, HOSTILE, cell};
use crate::served::{Served, served};

const READY: &str = "document.querySelectorAll('.row').length > 0 && document.querySelector('.live.on')";
const TARGET: &str = "document.querySelectorAll('.timeline').length > 0 && document.querySelector('.plot svg') && \
                      document.querySelectorAll('.visits li').length > 0";
/// Pages by name: where, and what shows that it is there.
const PAGES: [(&str, &str, &str); 5] = [
    ("fleet", "#/", READY),
    ("target", "#/target/northwind-0005", TARGET),
    ("visit", "#/visit/5", "document.querySelectorAll('.transcript li').length > 0"),
    ("changes", "#/changes", "document.querySelectorAll('.change').length > 0"),
    ("health", "#/health", "document.querySelector('.sinks')"),
];

/// Opens one page after the other, and looks at it when it is there.
fn each_page(chrome: &mut Chrome, served: &Served, mut look: impl FnMut(&mut Chrome, &str)) {
    for (name, place, ready) in PAGES {
        chrome.open(&served.url(&format!("/{place}")));
        chrome.wait(ready);
        look(chrome, name);
    }
}

fn of(count: usize) -> (Arc<Fleet>, Served) {
    let fleet = Arc::new(Fleet::of(count));
    let served = served(fleet.clone());
    (fleet, served)
}

#[test]
fn it_fits_from_320_pixels_on_and_is_legible_by_day_and_by_night() {
    let (_, served) = of(300);
    let mut chrome = Chrome::new();
    each_page(&mut chrome, &served, |chrome, name| {
        for (width, night) in
            [(320, false), (390, true), (768, false), (1280, false), (1280, true), (1920, true)]
        {
            chrome.look(width, night);
            chrome.eval("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
            let label = format!("{name}-{width}{}", if night { "-night" } else { "" });
            chrome.picture(&label);
            let wide = chrome.eval("document.documentElement.scrollWidth");
            assert!(wide.as_u64().unwrap() <= u64::from(width), "{label} is {wide} wide");
            let seen = chrome.eval(include_str!("legible.js"));
            assert_eq!(seen["faint"].to_string(), "[]", "too little contrast on {label}");
            assert_eq!(seen["small"].to_string(), "[]", "too small to be hit on {label}");
            assert!(seen["texts"].as_u64().unwrap() > 10, "{label}: {seen}");
        }
    });
    assert_eq!(chrome.complaints, Vec::<String>::new());
}

#[test]
fn no_request_leaves_the_pages_own_origin() {
    let (_, served) = of(20);
    let mut chrome = Chrome::new();
    each_page(&mut chrome, &served, |_, _| {});
    let own = served.url("/");
    assert!(chrome.asked.iter().filter(|url| *url != "about:blank").count() > 20, "{:?}", chrome.asked);
    for url in chrome.asked.iter().filter(|url| *url != "about:blank") {
        assert!(url.starts_with(&own), "{url}");
    }
    // What the test above looks at would show a page that asks elsewhere; the policy stops it all the same.
    chrome.eval("fetch('http://elsewhere.test/').catch(() => 'stopped')");
    assert!(
        chrome.complaints.iter().any(|said| said.contains("Content Security Policy")),
        "{:?}",
        chrome.complaints
    );
}

#[test]
fn on_paper_it_is_black_on_white_whole_and_without_what_cannot_be_pressed() {
    let (_, served) = of(30);
    let mut chrome = Chrome::new();
    each_page(&mut chrome, &served, |chrome, name| {
        let paper = chrome.on_paper();
        chrome.picture(&format!("{name}-paper"));
        let wide = chrome.eval("document.documentElement.scrollWidth");
        assert!(
            wide.as_u64().unwrap() <= u64::from(paper),
            "{name} is {wide} wide: the rest would be cut off"
        );
        assert_eq!(chrome.eval(include_str!("legible.js"))["faint"].to_string(), "[]", "{name}");
        assert_eq!(
            chrome.eval("getComputedStyle(document.body).backgroundColor"),
            "rgb(255, 255, 255)",
            "{name}"
        );
        let pressed = "[...document.querySelectorAll('nav, .live, .skip, .filters, .spans, .more')].some((one) => one.checkVisibility())";
        assert_eq!(chrome.eval(pressed), false, "{name}");
    });
}

/// What makes it quick, in numbers that no machine changes; `tests/bench/dashboard` measures how quick.
#[test]
fn however_many_targets_a_page_shows_fifty_and_asks_for_little() {
    let mut chrome = Chrome::new();
    let mut asked = Vec::new();
    for count in [200, 2_000] {
        let (_, served) = of(count);
        chrome.asked.clear();
        chrome.open(&served.url("/"));
        chrome.wait(READY);
        assert_eq!(chrome.eval("document.querySelectorAll('.row').length"), 50);
        let elements = chrome.eval("document.getElementsByTagName('*').length").as_u64().unwrap();
        assert!(elements < 5_000, "{count} targets: {elements} elements");
        let of_targets = format!("{}?", served.url("/api/v1/targets"));
        let again = chrome
            .asked
            .iter()
            .filter(|url| url.starts_with(&of_targets) || **url == of_targets[..of_targets.len() - 1]);
        assert_eq!(again.count(), 1, "the list is asked for once: {:?}", chrome.asked);
        asked.push(chrome.asked.len());
    }
    assert_eq!(asked[0], asked[1], "ten times the targets, and no request more");
}

#[test]
fn what_changes_is_seen_and_said_while_one_looks() {
    let (fleet, served) = of(30);
    let mut chrome = Chrome::new();
    chrome.open(&served.url("/"));
    chrome.wait(READY);
    fleet.change("contoso-0003", "Basic", cell(State::Usable, Standing::NotMet, "200 OK"));
    chrome.wait("document.querySelector('[data-name=\"contoso-0003\"] .badge.bad')");
    chrome.wait("document.getElementById('said').textContent === 'contoso-0003 is now failing'");
    chrome.wait("document.querySelector('.changes .change .name').textContent === 'contoso-0003'");
    chrome.open(&served.url("/#/target/contoso-0003"));
    chrome.wait(TARGET);
    chrome.wait("document.querySelector('.live.on')");
    assert_eq!(chrome.eval("document.querySelectorAll('.cell.against').length"), 1);
    fleet.change("contoso-0003", "Basic", cell(State::Refused, Standing::Met, "401"));
    chrome.wait("document.querySelectorAll('.cell.against').length === 0");
    chrome.wait("document.getElementById('said').textContent.startsWith('contoso-0003 changed')");
}

#[test]
fn what_cannot_be_checked_says_why_on_its_row_and_each_cell_that_a_rule_is_about_is_drawn() {
    let (_, served) = of(30);
    let mut chrome = Chrome::new();
    chrome.open(&served.url("/"));
    chrome.wait(READY);
    let row = chrome.eval("document.querySelector('[data-name=\"fabrikam-0007\"]').textContent");
    let row = row.as_str().unwrap();
    assert!(row.contains("unclear") && row.contains("connection refused, began"), "{row}");
    chrome.open(&served.url("/#/target/fabrikam-0007"));
    chrome.wait(TARGET);
    let cells = |method: &str| {
        format!(
            "[...document.querySelectorAll('.matrix tbody tr')].find((row) => row.querySelector('th').textContent === '{method}')\
             .textContent"
        )
    };
    let plain = chrome.eval(&cells("PLAIN"));
    assert!(plain.as_str().unwrap().contains("not checked, connection refused"), "{plain}");
    let endpoint = chrome.eval(&cells("Endpoint"));
    assert!(endpoint.as_str().unwrap().contains("unreachable, connection refused"), "{endpoint}");
    chrome.picture("unclear");
}

#[test]
fn a_dozen_tabs_of_it_starve_none() {
    let (_, served) = of(3);
    let mut chrome = Chrome::new();
    for _ in 0..12 {
        chrome.open(&served.url("/"));
        chrome.wait(READY);
    }
    // Eight that are open at once, of which one is looked at.
    for _ in 0..8 {
        chrome.tab(&served.url("/"));
        chrome.wait("document.querySelectorAll('.row').length === 3");
        chrome.wait("document.querySelector('.live.on')");
    }
}

#[test]
fn filter_search_and_order_find_one_of_many() {
    let (_, served) = of(2_000);
    let mut chrome = Chrome::new();
    chrome.open(&served.url("/"));
    chrome.wait(READY);
    let first = "document.querySelector('.row').dataset.name";
    assert_eq!(
        chrome.eval("document.querySelector('.row').classList.contains('bad')"),
        true,
        "trouble is first"
    );
    chrome.eval("document.getElementById('search').value = 'canary1234@'; document.getElementById('search').dispatchEvent(new Event('input'))");
    assert_eq!(chrome.eval("document.querySelectorAll('.row').length"), 1);
    assert_eq!(chrome.eval(first), "fabrikam-1234");
    assert_eq!(chrome.eval("document.getElementById('found').textContent"), "1 target of 2,000");
    chrome.eval("document.getElementById('search').value = ''; document.getElementById('search').dispatchEvent(new Event('input'))");
    chrome.eval("document.getElementById('group').value = 'fabrikam'; document.getElementById('group').dispatchEvent(new Event('change'))");
    assert_eq!(
        chrome.eval(
            "[...document.querySelectorAll('.row')].every((row) => row.dataset.name.startsWith('fabrikam'))"
        ),
        true
    );
    assert_eq!(chrome.eval("document.querySelectorAll('.row').length"), 50, "a page of rows");
    chrome.eval("document.querySelector('.more').click()");
    assert_eq!(chrome.eval("document.querySelectorAll('.row').length"), 100);
    chrome.eval("document.querySelector('.tile.bad').click()");
    assert_eq!(
        chrome.eval("[...document.querySelectorAll('.row')].every((row) => row.classList.contains('bad'))"),
        true
    );
    assert_eq!(chrome.eval("document.querySelector('.tile.bad').getAttribute('aria-pressed')"), "true");
}

#[test]
fn the_keyboard_gets_everywhere_and_headings_landmarks_and_labels_are_in_order() {
    let (_, served) = of(30);
    let mut chrome = Chrome::new();
    each_page(&mut chrome, &served, |chrome, name| {
        let seen = chrome.eval(include_str!("order.js"));
        assert_eq!(seen["wrong"].to_string(), "[]", "{name}");
        assert_eq!(
            (&seen["h1"], &seen["main"], &seen["header"]),
            (&1.into(), &1.into(), &1.into()),
            "{name}"
        );
    });
    chrome.open(&served.url("/"));
    chrome.wait(READY);
    chrome.press("Tab", 9);
    assert_eq!(chrome.eval("document.activeElement.textContent"), "Skip to the content");
    chrome.press("Enter", 13);
    chrome.wait("document.activeElement.id === 'main'");
    chrome.wait(READY);
    chrome.open(&served.url("/#/target/contoso-0003"));
    chrome.wait(TARGET);
    chrome.eval("document.querySelector('.cell').focus()");
    chrome.press("Enter", 13);
    chrome.wait("document.activeElement.getAttribute('aria-pressed') === 'true'");
    chrome.wait("document.querySelector('.story-of[aria-live]:not([hidden]) h3')");
}

#[test]
fn hostile_words_are_words() {
    let (_, served) = of(30);
    let mut chrome = Chrome::new();
    for (_, place, ready) in [PAGES[0], PAGES[1], PAGES[2], PAGES[4]] {
        chrome.open(&served.url(&format!("/{place}")));
        chrome.wait(ready);
        if place.starts_with("#/target") {
            chrome.eval("[...document.querySelectorAll('.cell')].find((cell) => cell.textContent.includes('refused')).click()");
            let shown = chrome.eval("document.querySelector('.story-of .answer').textContent");
            assert_eq!(
                shown,
                mailprobe_probes::model::harmless(HOSTILE.as_bytes()),
                "the server's words, as words, and what acts made visible"
            );
        }
        assert_ne!(chrome.eval("document.title"), "owned");
        assert_eq!(
            chrome.eval("document.querySelectorAll('main img, main script, main iframe, main style').length"),
            0
        );
        let links =
            chrome.eval("[...document.querySelectorAll('main a')].map((link) => link.getAttribute('href'))");
        for link in links.as_array().unwrap() {
            assert!(link.as_str().unwrap().starts_with("#/"), "{link}");
        }
    }
    assert_eq!(chrome.complaints, Vec::<String>::new());
}

#[test]
fn a_page_that_is_not_there_says_so_and_one_without_its_server_too() {
    let (_, served) = of(3);
    let mut chrome = Chrome::new();
    chrome.open(&served.url("/#/target/nobody"));
    chrome.wait("document.querySelector('h1')?.textContent === 'That cannot be shown'");
    chrome.wait("document.querySelector('.live.on')");
    drop(served);
    chrome.wait("document.querySelector('.live .word').textContent === 'not connected'");
    let _: Value = chrome.eval("1");
}
