//! Reports and explanations in Japanese: asked for, or by the locale.

use std::fs;

use crate::lab;
use crate::tool::{check, mailprobe};

/// Two English words beside each other, outside what a server said. Names and code words stand alone.
fn english(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut quoted = false;
    let mut run: Vec<&str> = Vec::new();
    for word in text.split([' ', '\n']) {
        if quoted {
            quoted = !word.contains('\u{201d}');
            continue;
        }
        quoted = word.contains('\u{201c}') && !word.contains('\u{201d}');
        let is_word = word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
        if is_word {
            run.push(word);
        } else {
            if run.len() > 1 {
                found.push(run.join(" "));
            }
            run.clear();
        }
    }
    found
}

#[test]
fn a_check_in_japanese_leaves_english_to_the_server_and_to_names() {
    let folder = tempfile::tempdir().unwrap();
    let stored = folder.path().join("run.json");
    let json = format!("json={}", stored.display());
    let smtp = lab::smtp("postfix");
    let wrong = ["--password-env", "WRONG", "--token-env", "TOKEN", "--methods", "PLAIN,LOGIN,XOAUTH2"];
    let judged = ["--policy", "modern-only", "--expect", "XOAUTH2=usable", "--tls-versions"];
    let out = ["-o", "text", "-o", &json, "--lang", "ja"];
    let arguments = [&wrong[..], &judged, &out, &["--endpoint", &smtp]].concat();
    let said = check(&lab::imaps("modern"), &arguments).env("WRONG", "wrong").say();
    assert!(said.out.contains("結果の意味") && said.out.contains("対処: "), "{}{}", said.out, said.err);
    assert_eq!(english(&said.out), Vec::<String>::new(), "{}", said.out);
    let stored = stored.to_str().unwrap();
    for form in ["wide", "markdown", "nagios"] {
        let shown = mailprobe(&["report", stored, "-o", form, "--lang", "ja"]).say();
        assert!(!shown.out.is_ascii() && shown.err.is_empty(), "{form}: {}{}", shown.out, shown.err);
    }
    let devices = mailprobe(&["devices", stored, "--lang", "ja"]).say();
    assert!(devices.out.contains("判断不可") && devices.out.contains("試していません"), "{}", devices.out);
    let text = fs::read_to_string(stored).unwrap();
    assert!(!text.contains("対処") && text.contains("The server"), "what is stored is English");
}

#[test]
fn the_flag_stands_before_the_locale_and_the_locale_before_english() {
    let report = ["report", "examples/after-cutover.json"];
    let in_japanese = |text: &str| text.contains("結果の意味");
    assert!(in_japanese(&mailprobe(&report).env("LANG", "ja_JP.UTF-8").say().out));
    assert!(!in_japanese(&mailprobe(&report).say().out));
    let asked = [&report[..], &["--lang", "en"]].concat();
    assert!(!in_japanese(&mailprobe(&asked).env("LANG", "ja_JP.UTF-8").say().out));
    let plain = mailprobe(&report).env("LANG", "ja_JP.UTF-8").env("LC_ALL", "C").say();
    assert!(!in_japanese(&plain.out), "{}", plain.out);
    let unknown = mailprobe(&["explain", "NO x", "--lang", "tlh"]).say();
    assert!(unknown.status == 2 && unknown.err.contains("en, ja"), "{}", unknown.err);
}

#[test]
fn an_explanation_as_json_is_in_the_language_asked_for_and_its_names_are_not() {
    let said =
        mailprobe(&["explain", "NO Basic authentication is disabled.", "-o", "json", "--lang", "ja"]).say();
    let said = said.json();
    assert_eq!(said["causes"][0], "basic-disabled");
    assert_eq!(
        said["explanation"],
        "ここではパスワード (Basic) 認証が無効になっています。パスワードは検証されていません。"
    );
    let form = mailprobe(&["report", "examples/after-cutover.json", "-o", "json", "--lang", "ja"]).say();
    assert_eq!(form.out, mailprobe(&["report", "examples/after-cutover.json", "-o", "json"]).say().out);
}

#[test]
fn a_difference_in_japanese_names_both_answers() {
    let diff = ["diff", "examples/before-cutover.json", "examples/after-cutover.json", "--lang", "ja"];
    let said = mailprobe(&diff).say();
    assert_eq!(said.status, 1);
    assert!(said.out.contains("停止 2 · 不明 0 · 復旧 0"), "{}", said.out);
    assert_eq!(said.out.matches("NO [ALERT] Unsupported").count(), 2, "{}", said.out);
    assert_eq!(english(&said.out), Vec::<String>::new(), "{}", said.out);
}
