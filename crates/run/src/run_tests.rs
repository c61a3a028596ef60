//! A list is gone through while the run goes on, and not before.

use std::cell::Cell;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use mailprobe_probes::wire::{BoxFuture, Io, Place};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::plan::request::{Connections, Credentials, Methods, Targets};
use crate::plan::{Limits, Request, Source, World};

/// Nobody listens anywhere.
struct Nowhere;

impl Dial for Nowhere {
    fn dial<'a>(&'a self, _: &'a Place) -> BoxFuture<'a, io::Result<Box<dyn Io>>> {
        Box::pin(async { Err(io::ErrorKind::ConnectionRefused.into()) })
    }
}

/// An IMAP server that refuses every login, and counts them.
#[derive(Clone, Default)]
struct Refusing(Arc<AtomicUsize>);

impl Dial for Refusing {
    fn dial<'a>(&'a self, _: &'a Place) -> BoxFuture<'a, io::Result<Box<dyn Io>>> {
        let logins = Arc::clone(&self.0);
        Box::pin(async move {
            let (client, server) = tokio::io::duplex(4096);
            tokio::spawn(async move {
                let (from, mut to) = tokio::io::split(server);
                to.write_all(b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n").await.ok();
                let mut lines = tokio::io::BufReader::new(from).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    logins.fetch_add(usize::from(line.contains("AUTHENTICATE")), Ordering::SeqCst);
                    let tag = line.split(' ').next().unwrap();
                    to.write_all(format!("{tag} NO AUTHENTICATE failed.\r\n").as_bytes()).await.ok();
                }
            });
            Ok(Box::new(client) as Box<dyn Io>)
        })
    }
}

const AT_ONCE: u32 = 4;

/// A plan of a list with this many rows, from standard input, that reads advertisements.
fn planned(rows: usize) -> Plan {
    let row = |number: usize| format!("u{number}@fleet.example,imap+plain://127.0.0.1:1\n");
    let list: String = std::iter::once("mailbox,endpoint\n".to_owned()).chain((1..=rows).map(row)).collect();
    let methods = Methods { advertised_only: true, ..Methods::default() };
    resolved(list, Request { methods, ..Request::default() })
}

/// The plan of a list from standard input; `PW` holds a password.
fn resolved(list: String, request: Request) -> Plan {
    let request = Request { targets: Targets { list: Some("-".into()), ..Targets::default() }, ..request };
    let mut stdin = io::Cursor::new(list);
    let mut world = World {
        env: &|name| (name == "PW").then(|| "wrong".into()),
        stdin: &mut stdin,
        prompt: &|_| Err(io::ErrorKind::NotConnected.into()),
    };
    let plan = with_abilities(|abilities| Plan::resolve(&request, &mut world, abilities)).unwrap();
    Plan { limits: Limits { run: AT_ONCE, ..plan.limits }, ..plan }
}

/// Carries out these visits; the mailboxes that were reported, and how it ended.
fn carried_out(
    plan: &Plan,
    dialer: Arc<dyn Dial>,
    visits: impl Iterator<Item = Result<Visit, PlanError>>,
    mut finished: impl FnMut(usize, &Report),
) -> Result<(), PlanError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut tools = tools(plan, CancellationToken::new()).unwrap();
    tools.dialer = dialer;
    let progress = Progress::new(0, false);
    runtime.block_on(check_all(visits, plan, &tools, &progress, |index, report| finished(index, &report)))
}

#[test]
fn a_visit_is_made_when_it_begins_and_no_earlier() {
    const ROWS: usize = 1000;
    let plan = planned(ROWS);
    assert_eq!(plan.visits.len(), ROWS);
    let standard = Standard::new();
    let abilities = standard.abilities();
    let made = Cell::new(0_usize);
    let visits = plan.visits.iter(&abilities).inspect(|_| made.set(made.get() + 1));
    let (mut done, mut held) = (0_usize, 0_usize);
    carried_out(&plan, Arc::new(Nowhere), visits, |index, report| {
        assert_eq!(report.mailbox, format!("u{}@fleet.example", index + 1));
        held = held.max(made.get() - done);
        done += 1;
    })
    .unwrap();
    assert_eq!((made.get(), done), (ROWS, ROWS));
    assert_eq!(held, AT_ONCE as usize, "of {ROWS} rows, at most so many are held as visits");
}

#[test]
fn a_list_that_cannot_be_read_again_ends_the_run_behind_what_had_begun() {
    let plan = planned(9);
    let standard = Standard::new();
    let abilities = standard.abilities();
    let broken = || PlanError::new(Setting::Targets, words!["cannot read standard input: broken"]);
    let visits = plan.visits.iter(&abilities).enumerate();
    let visits = visits.map(|(index, visit)| if index == 6 { Err(broken()) } else { visit });
    let mut done = Vec::new();
    let ended = carried_out(&plan, Arc::new(Nowhere), visits, |index, _| done.push(index));
    done.sort_unstable();
    assert_eq!((ended, done), (Err(broken()), vec![0, 1, 2, 3, 4, 5]));
}

#[test]
fn visits_are_the_same_whenever_they_are_gone_through() {
    let plan = planned(5000);
    with_abilities(|abilities| {
        let names = || plan.visits.iter(abilities).map(|visit| visit.unwrap().mailbox);
        assert!(names().eq(names()));
        // Two who read it at once are not in each other's way.
        let (mut one, mut other) = (names(), names().skip(4000));
        assert_eq!(other.next().unwrap(), "u4001@fleet.example");
        assert_eq!(one.next().unwrap(), "u1@fleet.example");
        assert_eq!(other.next().unwrap(), "u4002@fleet.example");
        assert_eq!(one.count(), 4999);
    });
}

#[test]
fn an_account_in_rows_far_apart_is_shown_one_wrong_password() {
    const ROWS: usize = 300;
    let row = |number: usize| {
        let login = if number % (ROWS - 1) == 1 { "Shared".to_owned() } else { format!("u{number}") };
        format!("u{number}@fleet.example,imap+plain://127.0.0.{}:143,{login}\n", number % 250 + 1)
    };
    let head = "mailbox,endpoint,login_name\n".to_owned();
    let list = std::iter::once(head).chain((1..=ROWS).map(row)).collect();
    let request = Request {
        login: Credentials { password: Some(Source::Env("PW".into())), ..Credentials::default() },
        methods: Methods { only: Some(vec!["PLAIN".into()]), ..Methods::default() },
        network: Connections { allow_plaintext: true, ..Connections::default() },
        ..Request::default()
    };
    let plan = resolved(list, request);
    let standard = Standard::new();
    let abilities = standard.abilities();
    let server = Refusing::default();
    let mut words = vec![String::new(); ROWS];
    let dialer = Arc::new(server.clone());
    carried_out(&plan, dialer, plan.visits.iter(&abilities), |index, report| {
        words[index] = report.endpoints[0].attempts[0].outcome.word().to_owned();
    })
    .unwrap();
    assert_eq!(server.0.load(Ordering::SeqCst), ROWS - 1);
    assert!(words[..ROWS - 1].iter().all(|word| word == "refused"), "{words:?}");
    assert_eq!(words[ROWS - 1], "not-tried");
}
