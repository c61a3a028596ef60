//! What the attempt gate is told: once a password is on the wire, a server that does not answer for it may have
//! counted it; before that, nothing a server does costs an attempt.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use mailprobe_probes::model::{Phase, Secret, Trouble};
use mailprobe_probes::probe::{Admission, Gate, Pass, PasswordVerdict};
use mailprobe_probes::wire::BoxFuture;
use mailprobe_run::AttemptGate;

use crate::support::{Script, Visit};

#[derive(Clone, Default)]
struct Book(Arc<Mutex<Vec<PasswordVerdict>>>);

impl Gate for Book {
    fn admit<'a>(&'a self, _: &'a str, _: &'a str, _: &'a Secret) -> BoxFuture<'a, Admission> {
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

/// Visits IMAP, which takes the password, and then POP3 with these answers to the logins one behind the other; says how often
/// POP3 was shown the password and what the report has of the methods there, in alphabetical order.
fn behind_one_that_took_it(budget: u32, answers: &'static [&str]) -> (usize, Vec<String>) {
    let gate = Arc::new(AttemptGate::new(budget));
    let mut imap = Visit::clear(&["PLAIN"]);
    imap.gate = Arc::clone(&gate) as _;
    let taken = imap.run(Script::new().plain().accepted().inbox_opens());
    assert_eq!(taken.report.attempts[0].outcome.word(), "accepted", "{}", taken.transcript());

    let shown = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&shown);
    let mut pop3 = Visit::pop3_clear(&["PLAIN", "LOGIN", "USER-PASS"]);
    pop3.gate = gate;
    let seen = pop3.unchecked(Box::new(move |_| {
        let counter = Arc::clone(&counter);
        let script = Script::new().line("+OK ready");
        Some(script.serve(move |line| match line.split(' ').next().unwrap_or_default() {
            "CAPA" => b"+OK\r\nUSER\r\nSASL PLAIN LOGIN\r\n.\r\n".to_vec(),
            "USER" => b"+OK\r\n".to_vec(),
            "AUTH" if line == "AUTH LOGIN" => b"+ VXNlcm5hbWU6\r\n".to_vec(),
            "STAT" => b"+OK 0 0\r\n".to_vec(),
            "QUIT" => b"+OK bye\r\n".to_vec(),
            // The name that LOGIN asks for first.
            _ if line == "YWxpY2VAZXhhbXBsZS5jb20=" => b"+ UGFzc3dvcmQ6\r\n".to_vec(),
            _ => format!("{}\r\n", answers[counter.fetch_add(1, Ordering::SeqCst)]).into_bytes(),
        }))
    }));
    seen.check_report();
    let mut words: Vec<_> =
        seen.report.attempts.iter().map(|attempt| attempt.outcome.word().to_owned()).collect();
    // Nobody promises who comes second.
    words.sort();
    (shown.load(Ordering::SeqCst), words)
}

#[test]
fn a_password_that_one_endpoint_took_costs_one_bad_attempt_at_another_that_calls_it_wrong() {
    const WRONG: &str = "-ERR [AUTH] Authentication failed.";
    let (shown, words) = behind_one_that_took_it(1, &[WRONG; 3]);
    assert_eq!((shown, words), (1, ["not-tried", "not-tried", "refused"].map(str::to_owned).to_vec()));
    let (shown, words) = behind_one_that_took_it(2, &[WRONG; 3]);
    assert_eq!((shown, words), (2, ["not-tried", "refused", "refused"].map(str::to_owned).to_vec()));
}

#[test]
fn an_endpoint_that_took_the_password_by_one_method_may_refuse_the_others_and_costs_nothing() {
    let answers =
        &["+OK welcome", "-ERR [AUTH] Authentication failed.", "-ERR [AUTH] Authentication failed."];
    let (shown, words) = behind_one_that_took_it(1, answers);
    assert_eq!((shown, words), (3, ["accepted", "refused", "refused"].map(str::to_owned).to_vec()));
}

/// A gate with a fault: the second one who asks brings it down.
#[derive(Default)]
struct Faulty(std::sync::atomic::AtomicU32);

impl Gate for Faulty {
    fn admit<'a>(&'a self, _: &'a str, _: &'a str, _: &'a Secret) -> BoxFuture<'a, Admission> {
        let number = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Box::pin(async move {
            assert_ne!(number, 1, "a fault of ours");
            mailprobe_probes::probe::OpenGate.admit("", "", &Secret::new("")).await
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
