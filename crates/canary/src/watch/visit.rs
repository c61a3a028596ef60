//! One visit: secrets read anew, the run, the verdict.

use std::sync::Arc;
use std::time::Duration;

use mailprobe_probes::model::{Kind, Login, Outcome, Report, Secret};
use mailprobe_probes::probe::Tools;
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::CancellationToken;

use super::Ways;
use crate::budget::{Memory, VisitGate};
use crate::config::Watched;
use crate::expiry::{self, End};
use crate::history::{History, SecretRow};
use crate::view::Micros;
use mailprobe_judge as judge;
use mailprobe_run::preflight;
use mailprobe_run::{self as run, Shared};

/// What a visit is made with.
pub(super) struct Job {
    pub(super) watched: Arc<Watched>,
    pub(super) ways: Ways,
    pub(super) shared: Arc<Shared>,
    pub(super) memory: Arc<Memory>,
    pub(super) history: History,
    pub(super) cancel: CancellationToken,
    pub(super) now: Micros,
    /// Less time than the module gives, for a visit that somebody waits for.
    pub(super) within: Option<Duration>,
    pub(super) ahead: Duration,
}

/// What came of it.
pub(super) struct Seen {
    pub(super) watched: Arc<Watched>,
    pub(super) began: Micros,
    /// The report with its verdict; or why there is none.
    pub(super) report: Result<Report, NoVisit>,
    /// What is known of the password now and was not before; the latest last.
    pub(super) secrets: Vec<SecretRow>,
    /// How often a token was presented.
    pub(super) tokens: u64,
    /// When the token ends.
    pub(super) token: Option<End>,
}

/// Why nobody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoVisit {
    /// The secrets, or what gets tokens, cannot be used: in these words.
    Secrets(String),
    /// A fault of ours ended the visit.
    Fault,
}

impl NoVisit {
    /// What stands among the causes of a cell.
    pub(super) const fn cause(&self) -> &'static str {
        match self {
            Self::Secrets(_) => "secrets-unreadable",
            Self::Fault => "bug",
        }
    }

    /// For people.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Secrets(words) => words,
            Self::Fault => "the visit failed by a fault of this program; please report this",
        }
    }
}

impl Seen {
    /// A visit of which nothing came.
    pub(super) const fn nothing(watched: Arc<Watched>, began: Micros, why: NoVisit) -> Self {
        Self { watched, began, report: Err(why), secrets: Vec::new(), tokens: 0, token: None }
    }
}

impl Job {
    pub(super) async fn run(self) -> Seen {
        let watched = Arc::clone(&self.watched);
        let nothing = |words| Seen::nothing(Arc::clone(&watched), self.now, NoVisit::Secrets(words));
        let login = match self.login().await {
            Ok(login) => Arc::new(login),
            Err(words) => return nothing(words),
        };
        let mut visit = self.watched.standing.visit.clone();
        visit.login = Arc::clone(&login);
        if let Some(within) = self.within {
            let options = &mut visit.options;
            options.visit_timeout = options.visit_timeout.min(within);
            options.reply_timeout = options.reply_timeout.min(within);
            options.connect_timeout = options.connect_timeout.min(within);
        }
        let gate = VisitGate::new(Arc::clone(&self.memory), self.history.clone(), self.now);
        // A token that is not to be had is a finding of the report.
        let prepared = preflight::prepare(&mut visit, self.ways.tokens.as_deref(), &gate.of_issuer()).await;
        let mut secrets: Vec<SecretRow> = gate.told_by_issuer().into_iter().collect();
        if let Err(error) = prepared {
            return Seen { secrets, ..nothing(error.to_string()) };
        }
        let tools = Tools {
            resolver: Arc::clone(&self.ways.reach.resolver),
            dialer: Arc::clone(&self.ways.reach.dialer),
            tls: self.ways.reach.tls.clone(),
            mechanisms: Registry::standard(),
            schemes: Schemes::standard(),
            gate: Arc::new(gate),
            cancel: self.cancel.clone(),
        };
        let mut report = run::visit(visit, tools, &self.shared).await;
        report.verdict =
            judge::judge_by(&report, &self.watched.standing.expectations, &self.watched.policies, None);
        let learn = |secret: &Secret| self.memory.learn(&login.authcid, secret, &report, self.now);
        secrets.extend(login.password.as_ref().and_then(learn));
        let name = &self.watched.target.name;
        let token = login.token.as_ref().and_then(|token| expiry::token(name, token, self.ahead));
        let tokens = presented_tokens(&report);
        Seen { watched: Arc::clone(&watched), began: self.now, report: Ok(report), secrets, tokens, token }
    }

    /// The secrets as they are now, read on a thread that may wait.
    async fn login(&self) -> Result<Login, String> {
        let standing = self.watched.standing.clone();
        if !standing.has_secret() {
            return Ok((*standing.visit.login).clone());
        }
        match tokio::task::spawn_blocking(move || standing.login()).await {
            Ok(read) => read.map_err(|error| error.to_string()),
            Err(_) => Err("reading the secrets failed; please report this".to_owned()),
        }
    }
}

fn presented_tokens(report: &Report) -> u64 {
    let attempts = report.endpoints.iter().flat_map(|endpoint| &endpoint.attempts);
    let presented = attempts.filter(|attempt| {
        judge::kind(&attempt.method) == Some(Kind::Token)
            && !matches!(attempt.outcome, Outcome::NotTried { .. })
    });
    u64::try_from(presented.count()).unwrap_or(u64::MAX)
}
