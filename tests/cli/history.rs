//! `history`: what a canary wrote down is told in lines, in JSON and as reports; what is not there is a sentence.

use mailprobe_canary::cell::{Cell, CellKey, Standing, State};
use mailprobe_canary::history::{History, NewChange, Record};
use mailprobe_canary::view::CellView;

use crate::tool::{Said, mailprobe};

const AT: i64 = 1_795_000_000_000_000;

fn cell(state: State, cause: &str, answer: &str) -> Cell {
    Cell {
        state,
        advertised: true,
        causes: vec![cause.to_owned()],
        answer: answer.to_owned(),
        remedy: "Use a token.".to_owned(),
        standing: Standing::NotMet,
    }
}

fn stdout(arguments: &[&str]) -> String {
    let Said { status, out, err } = mailprobe(arguments).say();
    assert_eq!(status, 0, "{err}");
    out
}

/// The one message of a mistake.
fn mistake(arguments: &[&str]) -> String {
    let said = mailprobe(arguments).say();
    assert_eq!((said.status, said.out.as_str()), (2, ""), "{}", said.err);
    said.err
}

/// A history of one target: a password that opened the mailbox, and is refused at the second visit.
fn written(folder: &std::path::Path) -> String {
    let file = folder.join("history.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let history = History::open(&format!("sqlite:{}", file.display())).await.unwrap();
        let key = CellKey {
            target: "alice".into(),
            module: "default".into(),
            endpoint: "imaps://imap.example.com".into(),
            method: "PLAIN".into(),
        };
        let (good, bad) = (
            cell(State::Usable, "accepted", "OK"),
            cell(State::Refused, "basic-disabled", "NO Basic authentication is disabled.\u{1b}[31m"),
        );
        let report = std::fs::read_to_string("examples/after-cutover.json").unwrap();
        for (number, (before, after)) in
            [(None, good.clone()), (Some(good), bad.clone())].into_iter().enumerate()
        {
            let at = AT + i64::try_from(number).unwrap() * 60_000_000;
            let change = NewChange {
                key: key.clone(),
                at,
                before,
                before_since: (number == 1).then_some(AT),
                after: after.clone(),
                confirmed_after: 2,
                alerts: Vec::new(),
            };
            let record = Record {
                target: "alice".into(),
                module: "default".into(),
                started_at: at,
                elapsed_ms: 41,
                status: if number == 0 { "pass" } else { "fail" }.into(),
                report: Some(report.clone()),
                seen: Some(at),
                cells: vec![CellView { key: key.clone(), cell: after, since: at, seen: at, turning: None }],
                changes: vec![change],
                ..Record::default()
            };
            history.write(&[record]).await.unwrap();
        }
        history.close().await;
    });
    file.to_str().unwrap().to_owned()
}

#[test]
fn changes_visits_and_cells_are_told_latest_first_and_harmless() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path());
    let told = |of: &str, more: &[&str]| stdout(&[&["history", of, "--file", &file], more].concat());
    let changes = told("changes", &[]);
    assert_eq!(changes.matches("PLAIN on imaps://imap.example.com").count(), 2, "{changes}");
    let refused = "was usable [accepted] “OK” since 2026-11-18 11:06:40 UTC\n  is  refused [basic-disabled] “NO Basic authentication is disabled.";
    assert!(changes.contains(refused) && !changes.contains('\u{1b}'), "{changes}");
    assert!(changes.find("is  refused").unwrap() < changes.find("is  usable").unwrap(), "{changes}");
    assert_eq!(told("changes", &["--limit", "1"]).matches("PLAIN on").count(), 1);
    assert!(changes.ends_with("was not known\n  is  usable [accepted] “OK”\n"), "{changes}");
    assert_eq!(told("changes", &["--target", "bob"]), "");
    let visits = told("visits", &["-o", "json"]);
    let latest: serde_json::Value = serde_json::from_str(visits.lines().next().unwrap()).unwrap();
    assert_eq!((&latest["status"], &latest["elapsed_ms"]), (&"fail".into(), &41.into()));
    let targets = told("targets", &[]);
    assert!(
        targets.starts_with("alice: failing\n  default PLAIN on imaps://imap.example.com: refused"),
        "{targets}"
    );
}

#[test]
fn a_visits_report_comes_in_every_form_and_all_of_it_as_json_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(folder.path());
    let page = stdout(&["history", "show", "2", "--file", &file, "-o", "html"]);
    assert!(page.starts_with("<!doctype html>") && page.contains("alice@lab.test"), "{page}");
    let export = stdout(&["history", "export", "--file", &file]);
    let rows: Vec<serde_json::Value> =
        export.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| rows.iter().filter(|row| row.get(kind).is_some()).count();
    assert_eq!((of("cell"), of("change"), of("visit")), (1, 2, 2), "{export}");
    // Of a target whose visits pass, the latest report alone is kept.
    let kept: Vec<bool> =
        rows.iter().filter(|row| row.get("visit").is_some()).map(|row| row["report"].is_object()).collect();
    assert_eq!(kept, [true, false]);
}

#[test]
fn what_is_not_there_is_a_sentence_and_no_new_history() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("none.db");
    let nowhere = nowhere.to_str().unwrap();
    let message = mistake(&["history", "changes", "--file", nowhere]);
    assert!(message.contains("there is no history at") && message.contains("when it starts"), "{message}");
    assert!(!std::path::Path::new(nowhere).exists(), "asking made one");
    let file = written(folder.path());
    let message = mistake(&["history", "show", "99", "--file", &file]);
    assert!(message.contains("there is no visit 99"), "{message}");
    let message = mistake(&["history", "changes", "--file", &file, "--since", "yesterday"]);
    assert!(message.contains("write a span (30m, 12h, 7d)"), "{message}");
    for (since, why) in [
        ("2100-01-01", "later than now"),
        ("9999-12-31T23:59:59Z", "later than now"),
        ("1969-12-31", "before 1970"),
        ("-9999-01-01", "unexpected argument"),
        ("99999999999999999d", "write a span"),
    ] {
        let message = mistake(&["history", "changes", "--file", &file, "--since", since]);
        assert!(message.contains(why), "{since}: {message}");
    }
}
