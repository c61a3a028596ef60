//! Every form with a hostile server in it, and what Alertmanager reads.

use serde_json::Value;

use super::Form;
use crate::alert::message::Message;
use crate::alert::notice::{Notice, Subject};
use crate::alert::tests::{SECOND, cell, notice};
use crate::cell::{Standing, State};

const HOSTILE: &str = "<!channel> <@U1> *b* `c` [x](http://evil) </b> {{x}}\u{1b}[31m\r\nBcc: all@example.com\r\n\r\n\u{202e} \"q\" \\";

fn hostile() -> Notice {
    let mut notice = notice(
        "a",
        1_000 * SECOND,
        Some(&cell(State::Refused, Standing::Met)),
        &cell(State::Usable, Standing::NotMet),
    )
    .unwrap();
    if let Subject::Cell { key, before, after, .. } = &mut notice.subject {
        key.endpoint = format!("imaps://{HOSTILE}");
        after.answer = HOSTILE.repeat(100);
        after.remedy = HOSTILE.to_owned();
        after.causes = vec![HOSTILE.to_owned()];
        if let Some(before) = before {
            before.answer = HOSTILE.to_owned();
        }
    }
    notice
}

/// Every string of a document, with the name that it stands under.
fn strings<'v>(value: &'v Value, under: &'v str, found: &mut Vec<(&'v str, &'v str)>) {
    match value {
        Value::String(text) => found.push((under, text)),
        Value::Array(all) => all.iter().for_each(|one| strings(one, under, found)),
        Value::Object(all) => all.iter().for_each(|(name, one)| strings(one, name, found)),
        _ => {}
    }
}

#[test]
fn a_message_has_no_control_character_no_line_end_and_an_end() {
    let message = Message::of(&hostile());
    for text in message.lines.iter().map(|(_, line)| line).chain([&message.headline, &message.subject()]) {
        assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'), "{text:?}");
        assert!(text.chars().count() <= 600, "{}", text.len());
    }
    assert!(
        message.labels.len() <= 8 && message.labels.iter().all(|(_, value)| value.chars().count() <= 200)
    );
}

#[test]
fn slack_interprets_nothing_that_a_server_said() {
    let document = Form::Slack.document(&hostile(), 0);
    assert!(!document["text"].as_str().unwrap().contains('<'), "{document}");
    assert_eq!(document["mrkdwn"], false);
    for block in document["blocks"].as_array().unwrap() {
        for text in [&block["text"], &block["elements"][0]["text"]].into_iter().filter(|text| !text.is_null())
        {
            assert_eq!(text["type"], "plain_text", "{block}");
            assert!(text["text"].as_str().unwrap().chars().count() <= 2_800);
        }
    }
}

#[test]
fn teams_reads_no_markdown_in_what_a_server_said() {
    let document = Form::Teams.document(&hostile(), 0);
    let card = &document["attachments"][0]["content"];
    assert_eq!((&document["type"], &card["type"]), (&"message".into(), &"AdaptiveCard".into()));
    for block in card["body"].as_array().unwrap() {
        assert_eq!(block["type"], "RichTextBlock", "a TextBlock and a FactSet read Markdown");
        assert!(block["inlines"].as_array().unwrap().iter().all(|run| run["type"] == "TextRun"));
    }
    assert_eq!(card["actions"][0]["url"], "https://canary.example.com/mail/#/target/a");
}

#[test]
fn no_form_carries_a_line_end_or_a_control_character_from_a_server() {
    for form in [Form::Alertmanager, Form::Slack, Form::Teams] {
        let document = form.document(&hostile(), 0);
        let mut found = Vec::new();
        strings(&document, "", &mut found);
        for (under, text) in found {
            assert!(
                !text.contains("\nBcc") && !text.contains('\u{1b}') && !text.contains('\u{202e}'),
                "{form:?} {under}: {text:?}"
            );
        }
    }
    // Our own form hands the notice over as it is; JSON has no other reading of it.
    let document = Form::Json.document(&hostile(), 0);
    assert_eq!(document["message"]["status"], "firing");
    assert_eq!(serde_json::from_value::<Notice>(document["notice"].clone()).unwrap(), hostile());
}

#[test]
fn an_alert_begins_moves_and_ends_under_labels_that_stay_the_same() {
    let usable = || cell(State::Usable, Standing::NotMet);
    let opens = notice("a", 1_000 * SECOND, Some(&cell(State::Refused, Standing::Met)), &usable()).unwrap();
    let moves = notice("a", 2_000 * SECOND, Some(&usable()), &cell(State::Shut, Standing::NotMet)).unwrap();
    let closes = notice("a", 3_000 * SECOND, Some(&usable()), &cell(State::Refused, Standing::Met)).unwrap();
    let now = 5_000 * SECOND;
    let begun = Form::Alertmanager.document(&opens, now);
    assert_eq!(begun.as_array().unwrap().len(), 1);
    assert_eq!(begun[0]["labels"]["state"], "usable");
    assert_eq!(begun[0]["startsAt"], "1970-01-01T00:16:40Z");
    assert_eq!(begun[0]["endsAt"], "1970-01-01T01:28:20Z", "five minutes ahead of now");
    let next = Form::Alertmanager.document(&moves, now);
    assert_eq!(
        (&next[0]["labels"], &next[0]["endsAt"]),
        (&begun[0]["labels"], &"1970-01-01T00:33:20Z".into())
    );
    assert_eq!((&next[1]["labels"]["state"], next.as_array().unwrap().len()), (&"shut".into(), 2));
    let ended = Form::Alertmanager.document(&closes, now);
    assert_eq!((&ended[0]["labels"], ended.as_array().unwrap().len()), (&begun[0]["labels"], 1));
    assert_eq!(ended[0]["endsAt"], "1970-01-01T00:50:00Z");
    assert!(
        begun[0]["annotations"]["answer_before"].is_string() && begun[0]["annotations"]["do"].is_string()
    );
}
