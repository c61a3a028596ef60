//! Visits to the lab's servers with the library, from a source address of their own so that the servers'
//! logs can be read for one test alone.

use std::net::IpAddr;
use std::sync::Arc;

use mailprobe_probes::model::{Attempt, EndpointReport, Login, Method, Outcome, Secret, Stage};
use mailprobe_probes::probe::{Gate, OpenGate, Options, Slots, Task, Tools, probe_for};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{CancellationToken, Dialer, Resolver, ResolverSettings, Tls};
use mailprobe_run::AttemptGate;
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use crate::lab;

/// A visit that is being prepared.
pub(crate) struct Visit {
    pub(crate) url: String,
    pub(crate) login: Login,
    pub(crate) options: Options,
    pub(crate) source: Option<IpAddr>,
    pub(crate) gate: Arc<dyn Gate>,
    pub(crate) trust: bool,
}

impl Visit {
    /// alice with her password and a good token.
    pub(crate) fn new(url: &str) -> Self {
        let login = Login {
            authcid: lab::fact("ALICE").into(),
            password: Some(Secret::new(lab::password("alice"))),
            token: Some(Secret::new(lab::token("good"))),
            ..Login::default()
        };
        Self {
            url: url.into(),
            login,
            options: Options::default(),
            source: None,
            gate: Arc::new(OpenGate),
            trust: true,
        }
    }

    pub(crate) fn password(mut self, password: &str) -> Self {
        self.login.password = Some(Secret::new(password));
        self
    }

    pub(crate) fn token(mut self, kind: &str) -> Self {
        self.login.token = Some(Secret::new(lab::token(kind)));
        self
    }

    pub(crate) fn user(mut self, user: &str) -> Self {
        self.login.authcid = user.into();
        self
    }

    pub(crate) fn only(mut self, methods: &[&str]) -> Self {
        self.options.methods = methods.iter().map(|name| Method::from_name(name)).collect();
        self
    }

    pub(crate) fn from(mut self, source: &str) -> Self {
        self.source = Some(source.parse().unwrap());
        self
    }

    pub(crate) fn gated(mut self, budget: u32) -> Self {
        self.gate = Arc::new(AttemptGate::new(budget));
        self
    }

    pub(crate) async fn run(self) -> EndpointReport {
        let root = if self.trust { "certs/ca.pem" } else { "certs/selfsigned.pem" };
        let ca: Vec<_> = CertificateDer::pem_file_iter(lab::file(root)).unwrap().flatten().collect();
        let tools = Tools {
            resolver: Arc::new(Resolver::new(ResolverSettings::default())),
            dialer: Arc::new(Dialer { source: self.source }),
            tls: Tls::new(Some(&ca)).unwrap(),
            mechanisms: Registry::standard(),
            schemes: Schemes::standard(),
            gate: self.gate,
            cancel: CancellationToken::new(),
        };
        let task = Task {
            endpoint: self.url.parse().unwrap(),
            address: None,
            mailbox: self.login.authcid.clone(),
            login: Arc::new(self.login),
            options: self.options,
            slots: Slots::default(),
        };
        probe_for(task.endpoint.protocol).unwrap().run(&task, &tools).await
    }
}

pub(crate) fn attempt<'a>(report: &'a EndpointReport, method: &str) -> &'a Attempt {
    let method = Method::from_name(method);
    let found = report.attempts.iter().find(|attempt| attempt.method == method);
    found.unwrap_or_else(|| panic!("{method} was not tried on {}: {:?}", report.url, report.failure))
}

/// One word for a cell: `usable`, `shut`, `accepted`, the first cause of a refusal, the trouble, or the skip.
pub(crate) fn cell(report: &EndpointReport, method: &str) -> String {
    let outcome = &attempt(report, method).outcome;
    match outcome {
        Outcome::Accepted { .. } => match outcome.usable() {
            Some(true) => "usable".into(),
            Some(false) => "shut".into(),
            None => "accepted".into(),
        },
        Outcome::Refused { diagnosis, .. } => diagnosis.first().name().into(),
        Outcome::Inconclusive { failure, .. } => format!("? {}", failure.cause.name()),
        Outcome::NotTried { skip } => format!("- {}", skip.name()),
    }
}

/// The offered methods of a stage in order, repeats included.
pub(crate) fn offered(report: &EndpointReport, stage: Stage) -> Vec<String> {
    let lists = report.advertised.iter().filter(|list| list.stage == stage);
    lists.flat_map(|list| &list.offers).map(|offer| offer.method.name().to_owned()).collect()
}

/// Whether a login by this method got in and the mailbox opened; not, if it was never a question.
pub(crate) fn gets_in(report: &EndpointReport, method: &str) -> bool {
    let found = report.attempts.iter().find(|attempt| attempt.method.name() == method);
    found.is_some_and(|attempt| attempt.outcome.usable() == Some(true))
}

/// Reads until it is so: a log may be written by another process than the one that has answered.
pub(crate) fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
    while !holds() {
        assert!(std::time::Instant::now() < deadline, "not within five seconds: {what}");
        std::thread::yield_now();
    }
}
