//! A fleet behind the pages: as many targets as wanted, with a past that is computed rather than stored.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use mailprobe_canary::alert::Mood;
use mailprobe_canary::cell::{Cell, CellKey, Standing, State};
use mailprobe_canary::source::{
    Answer, Change, Counters, Health, Latency, News, NoProbe, Source, Visit, Wanted,
};
use mailprobe_canary::view::{CellView, Micros, TargetView};
use mailprobe_probes::model::Report;
use mailprobe_probes::wire::BoxFuture;
use tokio::sync::broadcast;

pub(crate) const MINUTE: Micros = 60 * 1_000_000;
pub(crate) const HOUR: Micros = 60 * MINUTE;
pub(crate) const DAY: Micros = 24 * HOUR;

/// What a hostile server says: markup, mentions, terminal codes, quotes, directions, line ends.
pub(crate) const HOSTILE: &str = "</script><img src=x onerror=\"document.title='owned'\"> <!channel> [x](javascript:alert(1)) \u{1b}]0;owned\u{7} \u{202e}gnp.exe \"q\" \\ \r\nBcc: all@example.com {{7*7}} ${jndi}";

pub(crate) fn now() -> Micros {
    Timestamp::now().as_microsecond()
}

pub(crate) fn cell(state: State, standing: Standing, answer: &str) -> Cell {
    let refused = state == State::Refused;
    Cell {
        state,
        advertised: !refused,
        causes: match state {
            State::Refused => vec!["basic-disabled".into()],
            State::Unreachable | State::NotKnown => vec!["connection-refused".into()],
            _ => Vec::new(),
        },
        answer: answer.to_owned(),
        remedy: if refused {
            "Use a token; passwords are switched off for this protocol.".into()
        } else {
            String::new()
        },
        standing,
    }
}

pub(crate) fn key(target: &str, endpoint: &str, method: &str) -> CellKey {
    CellKey {
        target: target.to_owned(),
        module: "all".to_owned(),
        endpoint: endpoint.to_owned(),
        method: method.to_owned(),
    }
}

/// Everything the pages ask for, from memory.
pub(crate) struct Fleet {
    targets: Mutex<Vec<Arc<TargetView>>>,
    reports: Vec<Report>,
    changes: Mutex<Vec<Change>>,
    news: broadcast::Sender<News>,
    pub(crate) health: Mutex<Health>,
    pub(crate) asked: Mutex<Vec<(String, String, Duration)>>,
    pub(crate) broken: bool,
}

const ENDPOINTS: [(&str, &[&str]); 4] = [
    ("imaps://outlook.office365.com:993", &["-", "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"]),
    ("pop3s://outlook.office365.com:995", &["-", "PLAIN", "USER-PASS", "XOAUTH2"]),
    ("smtp://smtp.office365.com:587", &["-", "PLAIN", "LOGIN", "XOAUTH2"]),
    ("ews://outlook.office365.com/EWS/Exchange.asmx", &["-", "Basic", "Bearer"]),
];

impl Fleet {
    pub(crate) fn of(count: usize) -> Self {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/samples.jsonl");
        let reports = std::fs::read_to_string(path).unwrap();
        let reports = reports.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let now = now();
        let targets: Vec<Arc<TargetView>> = (0..count).map(|at| Arc::new(target(at, now))).collect();
        let changes =
            targets.iter().enumerate().flat_map(|(at, target)| past(at, target, now)).collect::<Vec<_>>();
        let mut changes = changes;
        changes.sort_by_key(|change| change.at);
        for (id, change) in (1..).zip(&mut changes) {
            change.id = id;
        }
        Self {
            targets: Mutex::new(targets),
            reports,
            changes: Mutex::new(changes),
            news: broadcast::channel(64).0,
            health: Mutex::new(Health { ready: true, problems: Vec::new() }),
            asked: Mutex::default(),
            broken: false,
        }
    }

    /// One cell of one target becomes another, and everybody hears of it.
    pub(crate) fn change(&self, name: &str, method: &str, to: Cell) -> Change {
        let mut targets = self.targets.lock().unwrap();
        let target = targets.iter_mut().find(|target| target.name == name).unwrap();
        let mut view = (**target).clone();
        let seen = now();
        let place = view.cells.iter_mut().find(|view| view.key.method == method).unwrap();
        let before = std::mem::replace(&mut place.cell, to.clone());
        let before_since = Some(std::mem::replace(&mut place.since, seen));
        place.seen = seen;
        let change = Change {
            id: 1_000_000,
            key: place.key.clone(),
            at: seen,
            visit: Some(1),
            before: Some(before),
            before_since,
            after: to,
            confirmed_after: 2,
        };
        status(&view.cells).clone_into(&mut view.status);
        *target = Arc::new(view);
        drop(targets);
        self.changes.lock().unwrap().push(change.clone());
        let _ = self.news.send(News::Target(name.to_owned()));
        let _ = self.news.send(News::Change(Box::new(change.clone())));
        change
    }
}

fn status(cells: &[CellView]) -> &'static str {
    if cells.iter().any(|view| view.cell.standing == Standing::NotMet) { "fail" } else { "pass" }
}

fn target(at: usize, now: Micros) -> TargetView {
    let name = format!("{}-{at:04}", ["contoso", "fabrikam", "northwind"][at % 3]);
    let spot = i64::try_from(at).unwrap();
    let broken = at % 97 == 5;
    let mut cells = Vec::new();
    for (endpoint, methods) in ENDPOINTS {
        for method in methods {
            let (state, standing, answer) = match *method {
                "-" if at % 200 == 7 && endpoint.starts_with("smtp") => {
                    (State::Unreachable, Standing::NoRule, "connect: Connection refused (os error 111)")
                }
                "PLAIN" if at % 200 == 7 && endpoint.starts_with("smtp") => {
                    (State::NotKnown, Standing::Undecided, "connect: Connection refused (os error 111)")
                }
                "-" => (State::Reached, Standing::NoRule, ""),
                "XOAUTH2" | "Bearer" => (State::Usable, Standing::Met, "OK AUTHENTICATE completed."),
                "OAUTHBEARER" => (State::Offered, Standing::NoRule, ""),
                "PLAIN" if endpoint.starts_with("smtp") => {
                    (State::Accepted, Standing::NoRule, "235 2.7.0 Authentication successful")
                }
                _ if broken && *method == "Basic" => (State::Usable, Standing::NotMet, "200 OK"),
                _ if at == 5 => (State::Refused, Standing::Met, HOSTILE),
                _ => (
                    State::Refused,
                    Standing::Met,
                    "NO LOGIN failed. BasicAuthBlocked: Basic Authentication is disabled.",
                ),
            };
            let since = now - DAY - spot * HOUR % (80 * DAY);
            let turning =
                (at == 5 && *method == "PLAIN").then(|| (cell(State::Usable, Standing::NotMet, "OK"), 1));
            cells.push(CellView {
                key: key(&name, endpoint, method),
                cell: cell(state, standing, answer),
                since,
                seen: now - spot % 300 * 1_000_000,
                turning,
            });
        }
    }
    let status = match at % 200 {
        _ if broken => "fail",
        7 => "unknown",
        11 => "throttled",
        13 => "maintenance",
        _ => status(&cells),
    };
    TargetView {
        mailbox: format!("canary{at}@{}.example", ["contoso", "fabrikam", "northwind"][at % 3]),
        groups: vec![
            ["contoso", "fabrikam", "northwind"][at % 3].to_owned(),
            if at.is_multiple_of(2) { "europe" } else { "americas" }.to_owned(),
        ],
        status: status.to_owned(),
        last_visit: Some(now - spot % 300 * 1_000_000),
        next_visit: Some(now + (300 - spot % 300) * 1_000_000),
        elapsed_ms: Some(640 + u64::try_from(at).unwrap() * 37 % 900),
        cells,
        name,
    }
}

/// Ninety days of changes: a few a target.
fn past(at: usize, target: &TargetView, now: Micros) -> Vec<Change> {
    let spot = i64::try_from(at).unwrap();
    let mut changes = Vec::new();
    for (number, view) in
        target.cells.iter().enumerate().filter(|(number, _)| (number + at).is_multiple_of(5))
    {
        let number = i64::try_from(number).unwrap();
        let other = cell(
            match view.cell.state {
                State::Usable => State::Refused,
                State::Reached => State::Unreachable,
                _ => State::Usable,
            },
            Standing::NoRule,
            "OK LOGIN completed.",
        );
        let mut at = view.since;
        let (mut after, mut before) = (view.cell.clone(), other);
        for step in 0..3 {
            changes.push(Change {
                id: 0,
                key: view.key.clone(),
                at,
                visit: Some(1 + number),
                before: Some(before.clone()),
                before_since: None,
                after: after.clone(),
                confirmed_after: 2,
            });
            at -= (6 + spot % 90 + number * 7 + step * 31) * HOUR;
            if at < now - 90 * DAY {
                break;
            }
            std::mem::swap(&mut after, &mut before);
        }
    }
    changes
}

impl Source for Fleet {
    fn targets(&self) -> Vec<Arc<TargetView>> {
        self.targets.lock().unwrap().clone()
    }

    fn target(&self, name: &str) -> Option<Arc<TargetView>> {
        self.targets.lock().unwrap().iter().find(|target| target.name == name).cloned()
    }

    fn last(&self, target: &str) -> Vec<(String, Arc<Report>)> {
        let hostile = target.ends_with("-0005");
        let report = if hostile {
            self.reports.iter().find(|report| report.mailbox.contains("mallory"))
        } else {
            self.reports.first()
        };
        report
            .map(|report| ("all".to_owned(), Arc::new(mailprobe_canary::metrics::slim(report))))
            .into_iter()
            .collect()
    }

    fn health(&self) -> Health {
        self.health.lock().unwrap().clone()
    }

    fn counters(&self) -> Counters {
        Counters {
            passwords: 7,
            tokens: 9,
            visits: vec![("pass".into(), 40), ("fail".into(), 2)],
            changes: 3,
            throttled: 1,
            started: now() - DAY,
            reload_accepted: true,
            reloaded: now() - HOUR,
            overdue_ms: 1_500,
        }
    }

    fn sinks(&self) -> Vec<(String, Mood)> {
        let ill = Mood { taken: 3, failures: 4, waiting: 2, trouble: Some(HOSTILE.to_owned()) };
        vec![("pager".into(), Mood { taken: 12, ..Mood::default() }), ("team-chat".into(), ill)]
    }

    fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    fn probe<'a>(
        &'a self,
        target: &'a str,
        module: &'a str,
        within: Duration,
    ) -> BoxFuture<'a, Result<Report, NoProbe>> {
        Box::pin(async move {
            if self.target(target).is_none() {
                return Err(NoProbe::Target);
            }
            if !matches!(module, "" | "all" | "busy") {
                return Err(NoProbe::Module);
            }
            self.asked.lock().unwrap().push((target.to_owned(), module.to_owned(), within));
            if module == "busy" {
                return Err(NoProbe::NotNow("the mailbox is being visited".into()));
            }
            let hostile = target.ends_with("-0005");
            let report = if hostile {
                self.reports.iter().find(|report| report.mailbox.contains("mallory"))
            } else {
                self.reports.first()
            };
            Ok(report.unwrap().clone())
        })
    }

    fn changes(&self, wanted: Wanted) -> Answer<'_, Vec<Change>> {
        Box::pin(async move {
            if self.broken {
                return Err("disk I/O error at /secret/path".into());
            }
            let changes = self.changes.lock().unwrap();
            let fits = |change: &&Change| {
                wanted.target.as_ref().is_none_or(|target| *target == change.key.target)
                    && wanted.since.is_none_or(|since| change.at >= since)
                    && wanted.until.is_none_or(|until| change.at < until)
                    && wanted.before_id.is_none_or(|id| change.id < id)
            };
            Ok(changes.iter().rev().filter(fits).take(wanted.limit).cloned().collect())
        })
    }

    fn visits<'a>(&'a self, target: &'a str, _: Option<i64>, limit: usize) -> Answer<'a, Vec<Visit>> {
        Box::pin(async move {
            let now = now();
            let visit = |at: i64| Visit {
                id: at,
                target: target.to_owned(),
                module: "all".into(),
                started_at: now - at * 5 * MINUTE,
                elapsed_ms: 640 + u64::try_from(at).unwrap() * 17 % 300,
                status: if at == 3 { "fail" } else { "pass" }.into(),
                telling: false,
                kept: at < 9,
            };
            Ok((1..).map(visit).take(limit).collect())
        })
    }

    fn visit(&self, id: i64) -> Answer<'_, Option<(Visit, Option<String>)>> {
        Box::pin(async move {
            let target = self.targets.lock().unwrap()[5].name.clone();
            let visit = Visit {
                id,
                target,
                module: "all".into(),
                started_at: now() - HOUR,
                elapsed_ms: 812,
                status: "fail".into(),
                telling: false,
                kept: true,
            };
            let report = usize::try_from(id).ok().and_then(|id| self.reports.get(id));
            Ok(report.map(|report| (visit, serde_json::to_string(report).ok())))
        })
    }

    fn latencies<'a>(&'a self, _: &'a str, since: Micros, stretches: u32) -> Answer<'a, Vec<Latency>> {
        Box::pin(async move {
            let width = (now() - since) / i64::from(stretches);
            let wave = |at: u32| u64::from(at * at * 7919 % 211) + u64::from(at % 24) * 9;
            Ok((0..stretches)
                .map(|at| Latency {
                    from: since + i64::from(at) * width,
                    visits: 12,
                    not_passed: u64::from(at % 41 == 17),
                    min_ms: 480 + wave(at) / 2,
                    mean_ms: 640 + wave(at),
                    max_ms: 760 + wave(at) * 2,
                })
                .collect())
        })
    }
}
