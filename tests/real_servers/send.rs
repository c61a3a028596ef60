//! A real message through Postfix: what its own log says became of it.

use mailprobe_probes::model::{Outcome, Session};

use crate::lab;
use crate::visits::{Visit, attempt, cell};

#[tokio::test]
async fn postfix_takes_the_message_under_the_id_that_the_report_names() {
    for url in [lab::smtps("postfix"), lab::smtp("postfix")] {
        let mut visit = Visit::new(&url).only(&["PLAIN", "XOAUTH2"]);
        visit.options.send_to = Some("someone@example.net".to_owned());
        let report = visit.run().await;
        for method in ["PLAIN", "XOAUTH2"] {
            assert_eq!(cell(&report, method), "usable", "{method} on {url}: {:?}", report.failure);
            let Outcome::Accepted { session: Session::Sent { message_id, .. }, .. } =
                &attempt(&report, method).outcome
            else {
                panic!("{:?}", attempt(&report, method));
            };
            let id = format!("message-id={message_id}");
            assert!(lab::log("postfix").contains(&id), "the server's log does not know {id}");
        }
    }
}

#[tokio::test]
async fn whom_the_server_does_not_let_send_has_sent_nothing() {
    let mut visit = Visit::new(&lab::smtps("postfix")).password("wrong").only(&["PLAIN"]);
    visit.options.send_to = Some("someone@example.net".to_owned());
    let report = visit.run().await;
    assert_eq!(cell(&report, "PLAIN"), "bad-credentials");
    assert!(!report.transcript.iter().any(|line| line.text.starts_with("MAIL FROM")));
}
