//! What the attempt gate is told: once a password is on the wire, a server that does not answer for it may have
//! counted it; before that, nothing a server does costs an attempt.

use std::sync::{Arc, Mutex};

use mailprobe_probes::model::{Phase, Secret, Trouble};
use mailprobe_probes::probe::{Admission, Gate, Pass, PasswordVerdict};
use mailprobe_probes::wire::BoxFuture;

use crate::support::{Script, Visit};

#[derive(Clone, Default)]
struct Book(Arc<Mutex<Vec<PasswordVerdict>>>);

impl Gate for Book {
    fn admit<'a>(&'a self, _: &'a str, _: &'a Secret) -> BoxFuture<'a, Admission> {
        let entry = Box::new(self.clone());
        Box::pin(async move { Admission::Go(entry as Box<dyn Pass>) })
    }
}

impl Pass for Book {
    fn settle(self: Box<Self>, verdict: PasswordVerdict) {
        self.0.lock().unwrap().push(verdict);
    }
}

fn told(mut visit: Visit, script: Script) -> PasswordVerdict {
    let book = Book::default();
    visit.gate = Arc::new(book.clone());
    visit.run(script);
    let told = book.0.lock().unwrap();
    assert_eq!(told.len(), 1, "one presentation, one verdict");
    told[0]
}

fn ready() -> Script {
    Script::new().ready("IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN AUTH=SCRAM-SHA-256")
}

#[test]
fn a_challenge_that_nobody_can_answer_counts_where_the_password_went_before_it() {
    let plain =
        ready().command("AUTHENTICATE PLAIN *").line("+ bW9yZT8=").client("*").line("{tag} BAD cancelled");
    assert_eq!(told(Visit::clear(&["PLAIN"]), plain), PasswordVerdict::MayBeWrong);
    let third = ready()
        .command("AUTHENTICATE LOGIN")
        .line("+ VXNlcm5hbWU6")
        .client("*")
        .line("+ UGFzc3dvcmQ6")
        .client("*")
        .line("+ YWdhaW4/")
        .client("*")
        .line("{tag} BAD cancelled");
    assert_eq!(told(Visit::clear(&["LOGIN"]), third), PasswordVerdict::MayBeWrong);
}

#[test]
fn silence_and_hanging_up_count_where_the_password_is_on_the_wire() {
    let sent = || ready().command("AUTHENTICATE PLAIN *");
    assert_eq!(told(Visit::clear(&["PLAIN"]), sent()), PasswordVerdict::MayBeWrong);
    assert_eq!(told(Visit::clear(&["PLAIN"]), sent().close()), PasswordVerdict::MayBeWrong);
}

#[test]
fn what_happens_before_the_password_goes_costs_nothing() {
    let prompt = || ready().command("AUTHENTICATE LOGIN");
    assert_eq!(told(Visit::clear(&["LOGIN"]), prompt()), PasswordVerdict::NotLookedAt, "no prompt came");
    let scram = ready().command("AUTHENTICATE SCRAM-SHA-256 *").line("+ bm9uc2Vuc2U=").client("*");
    let scram = scram.line("{tag} BAD cancelled");
    assert_eq!(told(Visit::clear(&["SCRAM-SHA-256"]), scram), PasswordVerdict::NotLookedAt);
    let user = Script::new().line("+OK ready").client("CAPA").raw("+OK\r\nUSER\r\n.\r\n");
    let user = user.client("USER *").line("-ERR unknown user");
    assert_eq!(told(Visit::pop3_clear(&["USER-PASS"]), user), PasswordVerdict::NotLookedAt);
}

#[test]
fn a_policy_an_outage_and_a_wrong_password_are_told_as_they_are() {
    let answered =
        |line: &str| told(Visit::clear(&["PLAIN"]), ready().command("AUTHENTICATE PLAIN *").line(line));
    assert_eq!(answered("{tag} NO Basic authentication is disabled."), PasswordVerdict::NotLookedAt);
    assert_eq!(answered("{tag} NO [UNAVAILABLE] back end is down"), PasswordVerdict::NotLookedAt);
    assert_eq!(answered("{tag} NO [AUTHENTICATIONFAILED] no"), PasswordVerdict::MayBeWrong);
    assert_eq!(answered("{tag} NO for a reason nobody knows"), PasswordVerdict::MayBeWrong);
}

/// A gate with a fault: the second one who asks brings it down.
#[derive(Default)]
struct Faulty(std::sync::atomic::AtomicU32);

impl Gate for Faulty {
    fn admit<'a>(&'a self, _: &'a str, _: &'a Secret) -> BoxFuture<'a, Admission> {
        let number = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Box::pin(async move {
            assert_ne!(number, 1, "a fault of ours");
            mailprobe_probes::probe::OpenGate.admit("", &Secret::new("")).await
        })
    }
}

#[test]
fn a_fault_of_ours_on_one_connection_leaves_the_others_and_is_said() {
    for methods in [["PLAIN", "LOGIN-COMMAND"], ["LOGIN-COMMAND", "PLAIN"]] {
        let mut visit = Visit::clear(&methods);
        visit.gate = Arc::new(Faulty::default());
        let seen = visit.unchecked(Box::new(|_| {
            Some(Script::new().ready("IMAP4rev1 SASL-IR AUTH=PLAIN").serve(|line| match line {
                line if line.contains("AUTHENTICATE") || line.contains(" LOGIN ") => {
                    b"{tag} OK [CAPABILITY IMAP4rev1] welcome\r\n".to_vec()
                }
                line if line.contains("EXAMINE") => b"{tag} OK [READ-ONLY] done\r\n".to_vec(),
                _ => Vec::new(),
            }))
        }));
        seen.check_report();
        let words: Vec<&str> = seen.report.attempts.iter().map(|attempt| attempt.outcome.word()).collect();
        assert_eq!(words, ["accepted", "inconclusive"], "{}", seen.transcript());
        seen.assert_inconclusive(methods[1], Phase::Session, Trouble::Bug);
        assert!(seen.transcript().contains("mailprobe itself failed"), "{}", seen.transcript());
    }
}
