//! `ActiveSync` of `SOGo`, the one real server of it in the lab.

use mailprobe_probes::model::Stage;

use crate::http::{both, curl, facts, requests, said, settles_at};
use crate::lab;
use crate::visits::{Visit, attempt, offered};

const PATH: &str = "/Microsoft-Server-ActiveSync";

fn sogo() -> Visit {
    Visit::new(&lab::web("eas", "sogo"))
}

/// With leave to enter a device into the mailbox's list.
fn posting() -> Visit {
    let mut visit = sogo();
    visit.options.http.activesync_post = true;
    visit
}

fn url() -> String {
    lab::web("https", "sogo") + PATH
}

#[tokio::test]
async fn options_tell_what_is_offered_and_take_the_password() {
    let report = sogo().run().await;
    assert_eq!(offered(&report, Stage::AfterTls), ["Basic"], "which it writes `basic`");
    assert_eq!(said(&report, "Basic"), "accepted", "nothing was posted, so nothing was opened");
    assert!(attempt(&report, "Basic").advertised);
    assert_eq!(facts(&report, "activesync-server"), ["14.1"]);
    assert_eq!(facts(&report, "activesync-versions"), ["2.5,12.0,12.1,14.0,14.1"]);
    let commands = facts(&report, "activesync-commands")[0].split(',').collect::<Vec<_>>();
    assert!(commands.contains(&"FolderSync") && commands.contains(&"SendMail"), "{commands:?}");
    assert!(!commands.contains(&"Provision"), "not listed, although it is answered: {commands:?}");
}

#[tokio::test]
async fn foldersync_opens_the_mailbox_where_a_post_is_allowed() {
    let report = posting().run().await;
    assert_eq!(said(&report, "Basic"), "usable");
    let folders: usize = facts(&report, "activesync-folders")[0].parse().unwrap();
    assert!(folders >= 5, "INBOX, Drafts, Sent, Trash, Junk and more: {folders}");
    let quirky = posting().user(lab::fact("QUIRKY")).password(&lab::password("quirky")).run().await;
    assert_eq!(said(&quirky, "Basic"), "usable", "quote, backslash, blank, tilde, percent, colon, umlaut");
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_curl_sees_the_same() {
    for (password, cell, status) in
        [(lab::password("alice"), "accepted", 200), ("astray".into(), "refused 401", 401)]
    {
        let report = sogo().password(&password).only(&["Basic"]).run().await;
        assert_eq!(said(&report, "Basic"), cell);
        let login = both(lab::fact("ALICE"), &password);
        assert_eq!(curl(&url(), &["--request", "OPTIONS", "--basic", "--user", &login]), status);
    }
}

#[tokio::test]
async fn schemes_at_which_it_drops_the_connection_got_no_answer_and_the_server_lives_on() {
    let report = sogo().only(&["Basic", "NTLM", "Bearer"]).run().await;
    for method in ["NTLM", "Bearer"] {
        // What Apache in front of it says for it.
        assert_eq!(said(&report, method), "? 502", "{method}");
        assert!(!attempt(&report, method).advertised, "{method}");
    }
    assert_eq!(said(&report, "Basic"), "accepted");
    let token = format!("Authorization: Bearer {}", lab::token("good"));
    assert_eq!(curl(&url(), &["--request", "OPTIONS", "--header", &token]), 502);
    let login = both(lab::fact("ALICE"), &lab::password("alice"));
    assert_eq!(curl(&url(), &["--request", "OPTIONS", "--ntlm", "--user", &login]), 502);
}

#[tokio::test]
async fn without_the_front_end_the_drop_itself_is_seen() {
    let url = format!("eas+plain://{}:{}/SOGo{PATH}", lab::address("sogo"), lab::fact("SOGO_PORT"));
    let mut visit = Visit::new(&url).only(&["Basic", "Bearer"]);
    visit.options.allow_plaintext = true;
    let report = visit.run().await;
    assert_eq!(said(&report, "Bearer"), "? connection-closed");
    assert_eq!(said(&report, "Basic"), "accepted");
}

#[tokio::test]
async fn an_attempt_is_one_options_and_the_mailbox_one_post_by_the_servers_count() {
    for (source, post) in [("127.77.3.3", 0), ("127.77.3.4", 1)] {
        let marks: [(&[&str], usize); 5] = [
            (&["OPTIONS /Microsoft-Server-ActiveSync HTTP/1.1", " - 401"], 1),
            (&["OPTIONS", " Bearer 401"], 1),
            (&["OPTIONS", " Basic 200"], 1),
            (&["POST", "Cmd=FolderSync", " Basic 200"], post),
            (&["HTTP/1.1"], 3 + post),
        ];
        let earlier = marks.map(|(pieces, _)| requests("sogo", source, pieces));
        let visit = if post == 1 { posting() } else { sogo() };
        visit.only(&["Basic"]).from(source).run().await;
        for ((pieces, more), earlier) in marks.into_iter().zip(earlier) {
            settles_at("sogo", source, pieces, earlier, more);
        }
    }
}
