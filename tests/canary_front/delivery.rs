//! From the history's outbox to receivers that take, refuse, hang and crash.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mailprobe_canary::alert::sink::{Bearer, Command, Email, Form, Mailer, Poster, Sink, Webhook, mailbox};
use mailprobe_canary::alert::{
    About, Change, Deliverer, Entry, Expiring, How, NewAlert, Notice, Outbox, Pace, Phase, Route, Settings,
    Severity, Subject, compose,
};
use mailprobe_canary::cell::{Standing, State};
use mailprobe_canary::history::{History, NewChange, Record};
use mailprobe_canary::view::Micros;
use mailprobe_probes::model::{Secret, Transport};
use mailprobe_probes::wire::Reach;
use mailprobe_probes::wire::{BoxFuture, CancellationToken};
use mailprobe_run::plan::{Family, Network};
use mailprobe_run::reach;
use tempfile::TempDir;

use crate::fleet::{HOSTILE, cell, key, now};
use crate::lab;
use crate::receiver::{Manner, taker};

const PATIENT: Duration = Duration::from_mins(1);

fn pace() -> Pace {
    Pace {
        timeout: Duration::from_millis(500),
        first_wait: Duration::from_millis(20),
        longest_wait: Duration::from_millis(100),
        look: Duration::from_millis(20),
        repeat: None,
        storm_share: 0.2,
    }
}

pub(crate) fn here() -> Reach {
    let ca = lab::file("certs/ca.pem");
    let roots = rustls_pem(&ca);
    reach(&Network {
        overrides: Vec::new(),
        dns_server: None,
        source_address: None,
        family: Family::Any,
        all_addresses: false,
        ca_certs: Some(roots),
        proxy: None,
    })
    .unwrap()
}

fn rustls_pem(path: &std::path::Path) -> Vec<rustls::pki_types::CertificateDer<'static>> {
    use rustls::pki_types::pem::PemObject as _;
    rustls::pki_types::CertificateDer::pem_file_iter(path).unwrap().collect::<Result<_, _>>().unwrap()
}

pub(crate) fn webhook(url: &str, form: Form) -> Arc<dyn Sink> {
    let poster = Poster::new(&here(), &Secret::new(url), None, PATIENT).unwrap();
    Arc::new(Webhook { form, poster })
}

fn settings(sinks: &[&str]) -> Settings {
    let route = |sink: &&str| Route { sink: (*sink).to_owned(), groups: Vec::new(), least: Severity::Info };
    Settings {
        routes: sinks.iter().map(route).collect(),
        external_url: Some("https://canary.example.com/".parse().unwrap()),
        group_wait: Duration::ZERO,
    }
}

/// A history in a folder of its own, and the way into it.
pub(crate) struct Store {
    folder: TempDir,
    pub(crate) history: History,
}

impl Store {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let history = Self::open(&folder).await;
        Self { folder, history }
    }

    async fn open(folder: &TempDir) -> History {
        History::open(&format!("sqlite:{}", folder.path().join("canary.db").display())).await.unwrap()
    }

    /// The program dies here: nothing is closed, nothing is said.
    async fn crash(self) -> Self {
        let Self { folder, history } = self;
        drop(history);
        let history = Self::open(&folder).await;
        Self { folder, history }
    }

    /// A confirmed change with its notices, in one transaction as the watch writes it.
    pub(crate) async fn change(&self, target: &str, opens: bool, sinks: &[&str]) {
        let (refused, usable) =
            (cell(State::Refused, Standing::Met, "NO"), cell(State::Usable, Standing::NotMet, HOSTILE));
        let (before, after) = if opens { (refused, usable) } else { (usable, refused) };
        let key = key(target, "imaps://outlook.office365.com:993", "PLAIN");
        let change = Change {
            key: &key,
            at: now(),
            before: Some(&before),
            before_since: Some(now() - 1_000_000),
            after: &after,
        };
        let about = About { mailbox: "alice@example.com", groups: &[], quiet_until: None };
        let alerts: Vec<NewAlert> = compose(&change, &about, &settings(sinks));
        assert_eq!(alerts.len(), sinks.len());
        let change = NewChange {
            key: key.clone(),
            at: change.at,
            before_since: None,
            before: Some(before),
            after,
            confirmed_after: 2,
            alerts,
        };
        let record = Record {
            target: target.to_owned(),
            module: "all".to_owned(),
            started_at: now(),
            status: "fail".to_owned(),
            changes: vec![change],
            ..Record::default()
        };
        self.history.write(&[record]).await.unwrap();
    }

    pub(crate) fn outbox(&self) -> Arc<dyn Outbox> {
        Arc::new(self.history.outbox(|| 1_000, |_| true))
    }
}

/// Delivery that runs until this is dropped.
pub(crate) struct Running {
    pub(crate) deliverer: Deliverer,
    cancel: CancellationToken,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

pub(crate) fn run(outbox: Arc<dyn Outbox>, pace: Pace, sinks: Vec<(&str, Arc<dyn Sink>)>) -> Running {
    let deliverer = Deliverer::new(outbox, pace, now);
    let cancel = CancellationToken::new();
    let sinks = sinks.into_iter().map(|(name, sink)| (name.to_owned(), sink)).collect();
    let (running, until) = (deliverer.clone(), cancel.clone());
    tokio::spawn(async move { running.run(sinks, until).await });
    Running { deliverer, cancel }
}

/// Until it is so, or a minute has passed.
async fn until(what: &str, mut is: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is().await {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(PATIENT, waiting).await.is_ok(), "{what} did not come true");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sink_that_hangs_and_one_that_refuses_delay_nobody_and_show_in_health() {
    let (good, bad, gone) =
        (taker(Manner::Takes), taker(Manner::Refuses("403 Forbidden")), taker(Manner::Hangs));
    let store = Store::new().await;
    let names = ["good", "bad", "gone", "nobody"];
    store.change("sales", true, &names).await;
    let nobody = "http://127.0.0.1:1/secret-part";
    let running = run(
        store.outbox(),
        pace(),
        vec![
            ("good", webhook(&good.url, Form::Json)),
            ("bad", webhook(&bad.url, Form::Slack)),
            ("gone", webhook(&gone.url, Form::Teams)),
            ("nobody", webhook(nobody, Form::Json)),
        ],
    );
    let (head, got) = good.got.recv_timeout(PATIENT).unwrap();
    assert!(head.to_lowercase().contains("content-type: application/json"), "{head}");
    assert_eq!(got["message"]["status"], "firing");
    assert_eq!(got["message"]["link"], "https://canary.example.com/#/target/sales");
    until("trouble is seen", async || {
        running.deliverer.moods().iter().filter(|(_, mood)| mood.trouble.is_some()).count() == 3
    })
    .await;
    let moods: HashMap<String, _> = running.deliverer.moods().into_iter().collect();
    assert_eq!(
        moods["bad"].trouble.as_deref().map(|words| words.starts_with("it answered 403: ")),
        Some(true),
        "{moods:?}"
    );
    assert!(moods["gone"].trouble.as_ref().unwrap().contains("took longer"), "{moods:?}");
    assert!(moods["nobody"].trouble.is_some() && moods["good"].trouble.is_none());
    for (_, mood) in running.deliverer.moods() {
        let said = mood.trouble.unwrap_or_default();
        assert!(!said.contains("secret-part") && !said.contains('\u{1b}'), "{said}");
    }
    until("it is still waiting", async || store.outbox().pending("bad", 9).await.unwrap()[0].attempts > 1)
        .await;
    assert_eq!(store.outbox().pending("good", 9).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_before_a_crash_is_told_after_it() {
    let good = taker(Manner::Takes);
    let store = Store::new().await;
    store.change("sales", true, &["good"]).await;
    let store = store.crash().await;
    let _running = run(store.outbox(), pace(), vec![("good", webhook(&good.url, Form::Json))]);
    let (_, got) = good.got.recv_timeout(PATIENT).unwrap();
    assert_eq!(got["notice"]["subject"]["key"]["target"], "sales");
    until("it is written down", async || store.outbox().pending("good", 9).await.unwrap().is_empty()).await;
}

/// The history is gone between the sink's answer and the note that it was told.
struct Forgetful {
    inner: Arc<dyn Outbox>,
    forgets: AtomicBool,
}

impl Outbox for Forgetful {
    fn pending<'a>(&'a self, sink: &'a str, most: usize) -> BoxFuture<'a, Result<Vec<Entry>, String>> {
        self.inner.pending(sink, most)
    }
    fn delivered<'a>(&'a self, ids: &'a [i64], how: How, at: Micros) -> BoxFuture<'a, Result<(), String>> {
        if self.forgets.swap(false, Ordering::Relaxed) {
            return Box::pin(async { Err("the disk is full".to_owned()) });
        }
        self.inner.delivered(ids, how, at)
    }
    fn announced<'a>(&'a self, ids: &'a [i64]) -> BoxFuture<'a, Result<(), String>> {
        self.inner.announced(ids)
    }
    fn failed<'a>(
        &'a self,
        ids: &'a [i64],
        error: &'a str,
        next: Micros,
    ) -> BoxFuture<'a, Result<(), String>> {
        self.inner.failed(ids, error, next)
    }
    fn told<'a>(&'a self, sink: &'a str) -> BoxFuture<'a, Result<Vec<(Notice, How)>, String>> {
        self.inner.told(sink)
    }
    fn is_watched(&self, subject: &Subject) -> bool {
        self.inner.is_watched(subject)
    }
    fn targets(&self) -> usize {
        self.inner.targets()
    }
    fn news(&self) -> tokio::sync::watch::Receiver<()> {
        self.inner.news()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_delivery_and_its_note_tells_twice_and_never_not_at_all() {
    let good = taker(Manner::Takes);
    let store = Store::new().await;
    store.change("sales", true, &["good"]).await;
    let outbox = Arc::new(Forgetful { inner: store.outbox(), forgets: AtomicBool::new(true) });
    let _running = run(outbox, pace(), vec![("good", webhook(&good.url, Form::Json))]);
    let first = good.got.recv_timeout(PATIENT).unwrap().1;
    assert_eq!(first, good.got.recv_timeout(PATIENT).unwrap().1, "the same words again");
    until("it is written down", async || store.outbox().pending("good", 9).await.unwrap().is_empty()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_comes_back_gets_everything_in_order_and_the_end_too() {
    let slow = taker(Manner::Comes(3));
    let store = Store::new().await;
    store.change("sales", true, &["slow"]).await;
    let _running = run(store.outbox(), pace(), vec![("slow", webhook(&slow.url, Form::Json))]);
    assert_eq!(slow.got.recv_timeout(PATIENT).unwrap().1["message"]["status"], "firing");
    store.change("sales", false, &["slow"]).await;
    let ended = slow.got.recv_timeout(PATIENT).unwrap().1;
    assert_eq!(ended["message"]["status"], "resolved");
    assert_eq!(
        ended["message"]["headline"],
        "sales: PLAIN on imaps://outlook.office365.com:993 went from usable to refused"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn three_hundred_of_a_thousand_targets_are_one_message() {
    let good = taker(Manner::Takes);
    let store = Store::new().await;
    for at in 0..300 {
        store.change(&format!("t{at}"), true, &["good"]).await;
    }
    let _running = run(store.outbox(), pace(), vec![("good", webhook(&good.url, Form::Json))]);
    let (_, got) = good.got.recv_timeout(PATIENT).unwrap();
    assert_eq!(got["message"]["headline"], "300 of 1000 targets changed within a minute");
    assert!(good.got.recv_timeout(Duration::from_millis(300)).is_err(), "and no other");
}

/// Delivers while `during` lasts, and to the end of what was being said then, as a clean stop does.
async fn delivering(outbox: Arc<dyn Outbox>, sink: Arc<dyn Sink>, during: impl AsyncFnOnce()) {
    delivering_at(now, outbox, sink, during).await;
}

/// The same by another clock.
async fn delivering_at(
    clock: fn() -> Micros,
    outbox: Arc<dyn Outbox>,
    sink: Arc<dyn Sink>,
    during: impl AsyncFnOnce(),
) {
    let (deliverer, cancel) = (Deliverer::new(outbox, pace(), clock), CancellationToken::new());
    let until = cancel.clone();
    let running = tokio::spawn(async move { deliverer.run(vec![("good".to_owned(), sink)], until).await });
    during().await;
    cancel.cancel();
    running.await.unwrap();
}

/// Something that is told by itself whatever else goes on.
async fn expires(store: &Store, name: &str) {
    let notice = Notice {
        phase: Phase::Opens,
        severity: Severity::Warning,
        at: now(),
        subject: Subject::Expiry {
            what: Expiring::Certificate,
            name: name.to_owned(),
            at: now(),
            remedy: String::new(),
        },
        link: None,
    };
    let alerts = vec![NewAlert { sink: "good".to_owned(), notice, due: now() }];
    store.history.write(&[Record { started_at: now(), alerts, ..Record::default() }]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_is_told_once_over_restarts_and_what_is_part_of_it_stays_known() {
    let good = taker(Manner::Takes);
    let mut store = Store::new().await;
    for at in 0..300 {
        store.change(&format!("t{at}"), true, &["good"]).await;
    }
    let headline = || good.got.recv_timeout(PATIENT).unwrap().1["message"]["headline"].clone();
    let sink = || webhook(&good.url, Form::Json);
    delivering(store.outbox(), sink(), async || {
        assert_eq!(headline(), "300 of 1000 targets changed within a minute");
    })
    .await;
    for restart in ["first.example", "second.example"] {
        store = store.crash().await;
        expires(&store, restart).await;
        delivering(store.outbox(), sink(), async || {
            let said = headline();
            assert!(said.as_str().unwrap().starts_with(&format!("The certificate of {restart} ")), "{said}");
        })
        .await;
    }
    // What the storm stands for is open, and it is known after the restart without being told.
    store = store.crash().await;
    let often = Pace { repeat: Some(Duration::from_millis(50)), ..pace() };
    let _running = run(store.outbox(), often, vec![("good", sink())]);
    assert_eq!(headline(), "302 alerts are still open");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_whose_members_stay_down_is_resolved_with_the_last_of_them() {
    let good = taker(Manner::Takes);
    let mut store = Store::new().await;
    for at in 0..5 {
        store.change(&format!("t{at}"), true, &["good"]).await;
    }
    let said = || {
        let message = good.got.recv_timeout(PATIENT).unwrap().1["message"].clone();
        (message["status"].as_str().unwrap().to_owned(), message["headline"].as_str().unwrap().to_owned())
    };
    let words = |status: &str, headline: &str| (status.to_owned(), headline.to_owned());
    let few = |store: &Store| -> Arc<dyn Outbox> { Arc::new(store.history.outbox(|| 5, |_| true)) };
    let sink = || webhook(&good.url, Form::Json);
    delivering(few(&store), sink(), async || {
        assert_eq!(said(), words("firing", "5 of 5 targets changed within a minute"));
    })
    .await;
    let calm = || now() + 11 * 60 * 1_000_000;
    delivering_at(calm, few(&store), sink(), async || {
        let settled = "Nothing new for ten minutes, and problems remain: 5 of 5 targets changed";
        assert_eq!(said(), words("firing", settled));
    })
    .await;
    // After a restart it is known from its members alone.
    store = store.crash().await;
    delivering_at(calm, few(&store), sink(), async || {
        for at in 0..5 {
            store.change(&format!("t{at}"), false, &["good"]).await;
            let back =
                format!("t{at}: PLAIN on imaps://outlook.office365.com:993 went from usable to refused");
            assert_eq!(said(), words("resolved", &back));
        }
        assert_eq!(said(), words("resolved", "The change of many targets has settled: 5 of 5 changed"));
    })
    .await;
    assert_eq!(few(&store).pending("good", 9).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storm_that_blows_over_resolves_nothing_of_the_one_before_it() {
    let good = taker(Manner::Takes);
    let store = Store::new().await;
    let few = || -> Arc<dyn Outbox> { Arc::new(store.history.outbox(|| 5, |_| true)) };
    let sink = || webhook(&good.url, Form::Json);
    let status = || good.got.recv_timeout(PATIENT).unwrap().1["message"]["status"].clone();
    let calm = || now() + 11 * 60 * 1_000_000;
    for (targets, comes_back) in [("down", false), ("back", true)] {
        for at in 0..5 {
            store.change(&format!("{targets}{at}"), true, &["good"]).await;
        }
        delivering(few(), sink(), async || assert_eq!(status(), "firing", "{targets} began")).await;
        for at in 0..if comes_back { 5 } else { 0 } {
            store.change(&format!("{targets}{at}"), false, &["good"]).await;
        }
        delivering_at(calm, few(), sink(), async || assert_eq!(status(), "firing", "{targets} settled"))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_reminded_of_what_is_open_and_not_of_what_is_over() {
    let good = taker(Manner::Takes);
    let store = Store::new().await;
    for (target, opens) in [("sales", true), ("press", true), ("press", false)] {
        store.change(target, opens, &["good"]).await;
        let running = run(store.outbox(), pace(), vec![("good", webhook(&good.url, Form::Json))]);
        good.got.recv_timeout(PATIENT).unwrap();
        until("it is written down", async || store.outbox().pending("good", 9).await.unwrap().is_empty())
            .await;
        drop(running);
    }
    // After a restart, from the history alone.
    let store = store.crash().await;
    let often = Pace { repeat: Some(Duration::from_millis(50)), ..pace() };
    let _running = run(store.outbox(), often, vec![("good", webhook(&good.url, Form::Json))]);
    let (_, got) = good.got.recv_timeout(PATIENT).unwrap();
    assert_eq!(got["message"]["headline"], "1 alert is still open");
    assert!(got["message"]["lines"][0][1].as_str().unwrap().starts_with("sales: PLAIN"), "{got}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_of_what_is_watched_no_more() {
    let good = taker(Manner::Takes);
    let store = Store::new().await;
    for target in ["left", "sales"] {
        store.change(target, true, &["good"]).await;
    }
    let watched = |subject: &Subject| !matches!(subject, Subject::Cell { key, .. } if key.target == "left");
    let outbox = Arc::new(store.history.outbox(|| 1_000, watched));
    let often = Pace { repeat: Some(Duration::from_millis(50)), ..pace() };
    let _running = run(outbox, often, vec![("good", webhook(&good.url, Form::Json))]);
    let reminder = std::iter::from_fn(|| Some(good.got.recv_timeout(PATIENT).unwrap().1))
        .find(|got| got["message"]["status"] == "reminder")
        .unwrap();
    assert_eq!(reminder["message"]["headline"], "1 alert is still open");
    assert!(reminder["message"]["lines"][0][1].as_str().unwrap().starts_with("sales: PLAIN"), "{reminder}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_reads_json_and_is_ended_when_it_takes_too_long() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("got.json");
    let shell = |script: &str| -> Arc<dyn Sink> {
        let arguments = vec!["-c".to_owned(), script.to_owned(), "sh".to_owned(), file.display().to_string()];
        Arc::new(Command { program: "sh".to_owned(), arguments })
    };
    let store = Store::new().await;
    store.change("sales", true, &["good", "bad", "gone", "missing"]).await;
    let missing = Arc::new(Command { program: "/no/such/program".to_owned(), arguments: Vec::new() });
    let running = run(
        store.outbox(),
        pace(),
        vec![
            ("good", shell("cat >\"$1.new\" && mv \"$1.new\" \"$1\"")),
            ("bad", shell("printf 'out of \\033[31mpaper\\nmore' >&2; exit 3")),
            ("gone", shell("exec sleep 600")),
            ("missing", missing),
        ],
    );
    until("the command has it", async || file.exists()).await;
    let got: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(got["message"]["status"], "firing");
    assert_eq!(got["notice"]["subject"]["after"]["answer"], HOSTILE, "as JSON, and in no argument");
    until("trouble is seen", async || {
        running.deliverer.moods().iter().filter(|(_, mood)| mood.trouble.is_some()).count() == 3
    })
    .await;
    let moods: HashMap<String, _> = running.deliverer.moods().into_iter().collect();
    let said = moods["bad"].trouble.clone().unwrap();
    assert!(
        said.contains("exit status: 3") && said.contains("out of \\x1B[31mpaper") && !said.contains("more"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn postfix_takes_the_mail_by_implicit_tls_and_by_starttls_and_hostile_words_make_no_header() {
    let store = Store::new().await;
    store.change("sales", true, &["tls", "starttls", "wrong", "clear"]).await;
    let mailer = |transport, port: &str, password: &str| Mailer {
        host: lab::address("postfix").to_owned(),
        port: lab::fact(port).parse().unwrap(),
        transport,
        login: Some((lab::fact("ALICE").to_owned(), Secret::new(password))),
    };
    let email = |mailer| -> Arc<dyn Sink> {
        Arc::new(Email {
            mailer,
            from: mailbox(&format!("mailprobe <{}>", lab::fact("ALICE"))).unwrap(),
            to: vec![mailbox("someone@example.net").unwrap()],
            reach: here(),
        })
    };
    let password = lab::password("alice");
    let slow = Pace { timeout: Duration::from_secs(30), ..pace() };
    let running = run(
        store.outbox(),
        slow,
        vec![
            ("tls", email(mailer(Transport::ImplicitTls, "SMTPS_PORT", &password))),
            ("starttls", email(mailer(Transport::StartTls, "SMTP_PORT", &password))),
            ("wrong", email(mailer(Transport::StartTls, "SMTP_PORT", "astray-password"))),
            ("clear", email(mailer(Transport::Plaintext, "SMTP_PORT", &password))),
        ],
    );
    until("both mails are taken", async || {
        running.deliverer.moods().iter().filter(|(_, mood)| mood.taken == 1).count() == 2
    })
    .await;
    until("trouble is seen", async || {
        running.deliverer.moods().iter().filter(|(_, mood)| mood.trouble.is_some()).count() == 2
    })
    .await;
    let moods: HashMap<String, _> = running.deliverer.moods().into_iter().collect();
    let said = moods["wrong"].trouble.clone().unwrap();
    assert!(said.starts_with("the login failed") && !said.contains("astray"), "{said}");
    assert!(moods["clear"].trouble.as_ref().unwrap().contains("without TLS"), "{moods:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_goes_along_and_never_in_the_clear() {
    let good = taker(Manner::Takes);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "a-token\n").unwrap();
    let poster = |url: &str| {
        let bearer = Some(Bearer(file.path().to_owned()));
        Poster::new(&here(), &Secret::new(url), bearer, PATIENT)
    };
    let store = Store::new().await;
    store.change("sales", true, &["good"]).await;
    let sink = Arc::new(Webhook { form: Form::Json, poster: poster(&good.url).unwrap() });
    let _running = run(store.outbox(), pace(), vec![("good", sink)]);
    let (head, _) = good.got.recv_timeout(PATIENT).unwrap();
    assert!(head.to_lowercase().contains("authorization: bearer a-token\r\n"), "{head}");
    for url in ["http://chat.example.com/hook", "ftp://chat.example.com/", "nonsense"] {
        assert!(poster(url).is_err(), "{url}");
    }
}
