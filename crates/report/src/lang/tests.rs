//! That nothing of ours is without its Japanese: every sentence of the data, every literal that reads like a sentence
//! in the code that writes into reports, and every phrase that the renderers ask for.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use mailprobe_probes::diagnose::clients::Layer;

use super::*;
use crate::{Format, Style, render, sample};
use mailprobe_judge::{Device, Policy};

thread_local! {
    static MISSING: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn note_missing(english: &str) {
    MISSING.with_borrow_mut(|missing| missing.push(english.to_owned()));
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    ja::TABLES.iter().copied().flatten().copied()
}

fn places(text: &str) -> Vec<String> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect()
}

#[test]
fn every_row_is_there_once_and_fills_every_place() {
    let mut seen = HashSet::new();
    for (english, japanese) in rows() {
        assert!(seen.insert(english), "twice: {english}");
        assert!(!japanese.is_empty(), "{english}");
        let known = ["TLS", "tls", "starttls", "STARTTLS", "OAuth", "ActiveSync", "SHA-256"];
        let translated = known.contains(&english) || !japanese.is_ascii();
        assert!(translated || english == "{} at {}", "{english}");
        let places_of_english = places(english).len();
        let mut used: Vec<usize> = places(japanese)
            .iter()
            .filter_map(|place| place.trim_end_matches(['~', '?']).parse().ok())
            .collect();
        used.sort_unstable();
        used.dedup();
        assert_eq!(used, (0..places_of_english).collect::<Vec<_>>(), "{english}");
    }
}

#[test]
fn addresses_flags_and_code_words_are_the_same_in_both_languages() {
    let is_code = |word: &str| {
        word.contains("://") || word.starts_with("--") || word.starts_with("Set-") || word.starts_with("Get-")
    };
    for (english, japanese) in rows() {
        for word in english.split([' ', '(', ')', ',', ';']).filter(|word| is_code(word)) {
            let word = word.trim_end_matches(['.', ':']);
            assert!(japanese.contains(word), "{word} is missing in the Japanese of: {english}");
        }
    }
}

#[test]
fn every_sentence_of_the_diagnosis_the_policies_and_the_devices_has_its_japanese() {
    let known: HashSet<&str> = rows().map(|(english, _)| english).collect();
    let policies = Policy::all_shipped();
    let because = policies.iter().flat_map(|policy| &policy.rules).map(|rule| rule.because.as_str());
    let devices = Device::shipped();
    let notes = devices.iter().map(|device| device.note.as_str()).filter(|note| !note.is_empty());
    let words = devices.iter().flat_map(|device| {
        let flows = device.oauth.iter().map(|flow| flow.name());
        flows.chain([device.class.name(), device.status.name()])
    });
    let diagnosis = mailprobe_probes::diagnose::sentences().map(|sentence| -> &str { sentence });
    let layers = Layer::ALL.iter().map(|layer| layer.title());
    let all: Vec<&str> = diagnosis.chain(because).chain(notes).chain(words).chain(layers).collect();
    let missing: Vec<&str> = all.into_iter().filter(|sentence| !known.contains(sentence)).collect();
    assert!(missing.is_empty(), "without Japanese:\n{}", missing.join("\n"));
}

/// Where sentences are written into reports, or out of them.
const WRITERS: &[&str] = &[
    "crates/judge/src/checked/certificate.rs",
    "crates/judge/src/checked/verdict.rs",
    "crates/judge/src/checked/why.rs",
    "crates/judge/src/expect.rs",
    "crates/judge/src/policy/decide.rs",
    "crates/judge/src/devices/against.rs",
    "crates/judge/src/devices/login.rs",
    "crates/judge/src/correlate/rules.rs",
    "crates/run/src/fronts.rs",
    "crates/run/src/sign_in_log.rs",
    "probes/src/probe/findings.rs",
    "probes/src/probe/merge.rs",
    "crates/report/src/columns.rs",
    "crates/report/src/conclusions.rs",
    "crates/report/src/devices.rs",
    "crates/report/src/difference.rs",
    "crates/report/src/groups.rs",
    "crates/report/src/markdown.rs",
    "crates/report/src/matrix.rs",
    "crates/report/src/meaning.rs",
    "crates/report/src/nagios.rs",
    "crates/report/src/summary.rs",
    "crates/report/src/text.rs",
    "crates/report/src/tls_versions.rs",
    "crates/report/src/transcript.rs",
    "crates/report/src/verdict.rs",
    "crates/report/src/wide.rs",
    "crates/report/src/words.rs",
    "crates/report/src/html/cell.rs",
    "crates/report/src/html/endpoint.rs",
    "crates/report/src/html/matrix.rs",
    "crates/report/src/html/mod.rs",
    "crates/report/src/html/parts.rs",
    "crates/report/src/html/statements.rs",
    "crates/report/src/html/times.rs",
    "src/explain/show.rs",
    "src/demo/difference.rs",
];

/// The string literals of a file's code, tests and comments left out, as the compiler sees them.
fn literals(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let mut found = Vec::new();
    let mut chars = code.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.peek() == Some(&'/') => {
                chars.by_ref().find(|c| *c == '\n');
            }
            // A quotation mark as a character.
            '"' if before == '\'' => {}
            '"' => {
                let mut literal = String::new();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => match chars.next().unwrap() {
                            '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                            'n' => literal.push('\n'),
                            other => literal.push(other),
                        },
                        c => literal.push(c),
                    }
                }
                found.push(literal);
            }
            _ => {}
        }
        before = c;
    }
    found
}

/// Without markup, and with every place of a format string empty, as the catalogue writes it.
fn as_catalogued(literal: &str) -> String {
    let mut text = String::new();
    let mut rest = literal;
    while let Some(at) = rest.find(['{', '<']) {
        let (before, behind) = rest.split_at(at);
        text.push_str(before);
        let end = if behind.starts_with('{') { '}' } else { '>' };
        text.push_str(if end == '}' { "{}" } else { "" });
        rest = behind.split_once(end).map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    text
}

/// Whether people read it: two words beside each other, or a sentence.
fn is_prose(text: &str) -> bool {
    let is_word =
        |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic() || "',;.:".contains(c));
    text.split([' ', '\n']).filter(is_word).count() > 1
}

#[test]
fn no_sentence_in_the_code_that_writes_reports_is_without_its_japanese() {
    // What a reader of the code needs, and what only programs read.
    const NOT_SAID: &[&str] = &[
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
        "MAILPROBE UNKNOWN - {}",
        "{}; {}, and it may try that first",
        "it knows {}; {}",
    ];
    // A literal may be a sentence, what is said of a method, what is followed by a number, or a noun that is counted.
    let has_row = |text: &str| {
        let forms =
            [text.to_owned(), format!("{{}} {text}"), format!("{text} {{}}"), format!("{{}} {text}s")];
        forms.iter().any(|form| catalogue().phrases.contains_key(form.as_str()))
    };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut missing = Vec::new();
    for file in WRITERS {
        for literal in literals(&root.join(file)) {
            let text = as_catalogued(&literal);
            let text = text.trim_matches(['\n', ' ', ';']);
            let reason = literal.contains("reason = ") || NOT_SAID.contains(&text);
            if is_prose(text) && !reason && !has_row(text) && !has_row(&literal) {
                missing.push(format!("{file}: {text}"));
            }
        }
    }
    assert!(missing.is_empty(), "without Japanese:\n{}", missing.join("\n"));
}

#[test]
fn no_page_is_half_translated() {
    let style = Style { verbose: true, lang: Lang::Ja, ..Style::PLAIN };
    for format in [Format::Text, Format::Wide, Format::Html, Format::Markdown, Format::Nagios] {
        let shown = render(format, &sample::every(), &style);
        assert!(shown.contains("拒否"), "{}", format.name());
        for report in sample::every() {
            render(format, std::slice::from_ref(&report), &style);
        }
    }
    let missing = MISSING.take();
    assert!(missing.is_empty(), "asked for and not there: {missing:?}");
}

#[test]
fn what_programs_read_is_english_in_every_language() {
    let reports = sample::every();
    for format in [Format::Json, Format::Jsonl, Format::Csv, Format::Junit, Format::Prometheus] {
        let in_both =
            [Lang::En, Lang::Ja].map(|lang| render(format, &reports, &Style { lang, ..Style::PLAIN }));
        assert_eq!(in_both[0], in_both[1], "{}", format.name());
    }
}

#[test]
fn composed_sentences_are_told_and_foreign_ones_are_left_alone() {
    let told = |english: &str| Lang::Ja.tell(english).into_owned();
    assert_eq!(told("refused as basic-disabled"), "basic-disabled として拒否されました");
    assert_eq!(
        told("PLAIN, LOGIN: refused as basic-disabled; XOAUTH2: accepted"),
        "PLAIN, LOGIN: basic-disabled として拒否されました; XOAUTH2: 受付"
    );
    assert_eq!(
        told("XOAUTH2 is offered and accepted, until 2027-04-01: Our own reason. [ours/rule]"),
        "XOAUTH2 は提示され、受け付けられます。ただし 2027-04-01 まで: Our own reason. [ours/rule]"
    );
    for foreign in
        ["Our scanners stay on Basic.", "NO LOGIN failed.", "mail works on Monday", ": x", "; ; ", ""]
    {
        assert_eq!(told(foreign), foreign);
    }
    assert_eq!(Lang::En.tell("refused as basic-disabled"), "refused as basic-disabled");
}

#[test]
fn what_the_other_cells_say_is_told_whole() {
    let told = |english: &str| Lang::Ja.tell(english).into_owned();
    let settled = "The same token is accepted on imaps://a.example:993: SMTP is switched off for the mailbox, or the \
                   token lacks its scope.";
    let explanation =
        format!("Exchange refused the token without naming a reason. The other cells say more: {settled}");
    let finding = format!(
        "{settled} Settles XOAUTH2 on smtp://a.example:587, lines 4-9 (refused); OAUTHBEARER on \
         smtp://a.example:587, lines 10-12 (refused). Read: XOAUTH2 on imaps://a.example:993, lines 3-5 (accepted)."
    );
    let sign_in =
        "User alice@contoso.com, from 2026-11-21T19:40:12Z on, client app IMAP4 or Authenticated SMTP.";
    let issue = "Issued to alice@contoso.com, 2026-11-27 15:04 UTC. Request ID 0b0f3c1e-1111-4a4a-9c9c-000000000002, session ID 1f.";
    let open = "Either Exchange does not grant the application the right, or the mailbox is outside its scope, or the grant has not \
                taken effect yet, which takes 30 minutes to 2 hours. Leaves open XOAUTH2 on smtp://a.example:587, lines 4-9 \
                (refused). Read: the claims of the token.";
    let no_role = "It has neither roles nor scp. With RBAC for Applications the right stands in Exchange and not in the token: \
                   smtp needs Application SMTP.SendAsApp; ews needs Application EWS.AccessAsApp.";
    let other_role = "It has the roles Mail.Send, and not the one that is needed here. With RBAC for Applications the right stands \
                      in Exchange and not in the token: smtp needs Application SMTP.SendAsApp.";
    for english in [explanation.as_str(), &finding, sign_in, issue, open, no_role, other_role] {
        let japanese = told(english);
        for word in [
            "The ", "Settles", "Leaves", "Read", "lines", "accepted", "refused", " on ", "from ", "Request",
            "needs",
        ] {
            assert!(!japanese.contains(word), "{word} in {japanese}");
        }
    }
}

#[test]
fn a_hostile_sentence_costs_no_more_than_its_length() {
    let nested = "it knows ".repeat(1_500);
    Lang::Ja.tell(&nested);
    Lang::Ja.tell(&"; ".repeat(8_000));
    Lang::Ja.tell(&"a: ".repeat(5_000));
    let long = "refused as ".repeat(10_000);
    assert_eq!(Lang::Ja.tell(&long), long);
}

#[test]
fn the_locale_decides_in_the_order_that_posix_gives() {
    let of = |set: &[(&str, &str)]| {
        Lang::of_locale(|name| set.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned()))
    };
    assert_eq!(of(&[("LANG", "ja_JP.UTF-8")]), Lang::Ja);
    assert_eq!(of(&[("LANG", "ja_JP.UTF-8"), ("LC_ALL", "C.UTF-8")]), Lang::En);
    assert_eq!(of(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "ja_JP.utf8@x")]), Lang::Ja);
    assert_eq!(of(&[("LC_ALL", ""), ("LANG", "ja")]), Lang::Ja);
    assert_eq!(of(&[("LANG", "ja_JP.eucJP")]), Lang::En, "its encoding could not show it");
    assert_eq!(of(&[("LANG", "jam_JM.UTF-8")]), Lang::En);
    assert_eq!(of(&[]), Lang::En);
}
