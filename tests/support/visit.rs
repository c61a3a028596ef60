//! Runs a probe against scripts.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use mailprobe_probes::model::{Login, Method, Secret};
use mailprobe_probes::probe::{Gate, OpenGate, Options, Slots, Task, Tools, probe_for};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{CancellationToken, Resolver, ResolverSettings, Tls};

use super::server::{Cut, Scripts, Server};
use super::{Script, Seen, root};

pub(crate) const USER: &str = "alice@example.com";
pub(crate) const PASSWORD: &str = "correct-horse-7";
pub(crate) const TOKEN: &str = "ya29.a-token-that-nobody-may-see";

/// How long a visit may take by the wall clock before the test says that it hangs.
const GUARD: Duration = Duration::from_secs(30);

/// A visit: where to, as whom, and how.
pub(crate) struct Visit {
    pub(crate) url: &'static str,
    pub(crate) login: Login,
    pub(crate) options: Options,
    pub(crate) cancel: CancellationToken,
    pub(crate) cut: Arc<Cut>,
    pub(crate) gate: Arc<dyn Gate>,
    /// Done first, on the thread of the visit.
    pub(crate) before: Box<dyn FnOnce() + Send>,
    tcp: bool,
}

impl Visit {
    fn to(url: &'static str, methods: &[&str]) -> Self {
        let options = Options {
            methods: methods.iter().map(|name| Method::from_name(name)).collect(),
            ..Options::default()
        };
        let login = Login {
            authcid: USER.into(),
            password: Some(Secret::new(PASSWORD)),
            token: Some(Secret::new(TOKEN)),
            ..Login::default()
        };
        let cut: Arc<Cut> = Arc::new(|bytes: &[u8]| vec![bytes.to_vec()]);
        Self {
            url,
            login,
            options,
            cancel: CancellationToken::new(),
            cut,
            gate: Arc::new(OpenGate),
            before: Box::new(|| {}),
            tcp: false,
        }
    }

    /// Without TLS, with leave to send secrets all the same.
    pub(crate) fn clear(methods: &[&str]) -> Self {
        let mut visit = Self::to("imap+plain://imap.example.com:143", methods);
        visit.options.allow_plaintext = true;
        visit
    }

    /// Any endpoint, with every method.
    pub(crate) fn at(url: &'static str) -> Self {
        Self::to(url, &[])
    }

    /// HTTP without TLS, with leave to send secrets all the same: `ews`, `eas` or `autodiscover`.
    pub(crate) fn http_clear(service: &str, methods: &[&str]) -> Self {
        let url: &'static str = match service {
            "ews" => "ews+plain://imap.example.com",
            "eas" => "eas+plain://imap.example.com",
            _ => "autodiscover+plain://imap.example.com",
        };
        let mut visit = Self::to(url, methods);
        visit.options.allow_plaintext = true;
        visit
    }

    /// TLS from the first byte.
    pub(crate) fn tls(methods: &[&str]) -> Self {
        Self::to("imaps://imap.example.com:993", methods)
    }

    /// STARTTLS.
    pub(crate) fn starttls(methods: &[&str]) -> Self {
        Self::to("imap://imap.example.com:143", methods)
    }

    /// POP3: TLS from the first byte.
    pub(crate) fn pop3s(methods: &[&str]) -> Self {
        Self::to("pop3s://imap.example.com:995", methods)
    }

    /// POP3 with STLS.
    pub(crate) fn pop3(methods: &[&str]) -> Self {
        Self::to("pop3://imap.example.com:110", methods)
    }

    /// POP3 without TLS, with leave to send secrets all the same.
    pub(crate) fn pop3_clear(methods: &[&str]) -> Self {
        let mut visit = Self::to("pop3+plain://imap.example.com:110", methods);
        visit.options.allow_plaintext = true;
        visit
    }

    /// SMTP: TLS from the first byte.
    pub(crate) fn smtps(methods: &[&str]) -> Self {
        Self::to("smtps://imap.example.com:465", methods)
    }

    /// SMTP with STARTTLS.
    pub(crate) fn smtp(methods: &[&str]) -> Self {
        Self::to("smtp://imap.example.com:587", methods)
    }

    /// SMTP without TLS, with leave to send secrets all the same.
    pub(crate) fn smtp_clear(methods: &[&str]) -> Self {
        let mut visit = Self::to("smtp+plain://imap.example.com:25", methods);
        visit.options.allow_plaintext = true;
        visit
    }

    /// Over real sockets, by the real clock, with little patience.
    pub(crate) fn over_tcp(mut self) -> Self {
        self.tcp = true;
        self.options.reply_timeout = Duration::from_secs(5);
        self
    }

    pub(crate) fn insecure(mut self) -> Self {
        self.options.insecure = true;
        self
    }

    pub(crate) fn password(mut self, password: &str) -> Self {
        self.login.password = Some(Secret::new(password));
        self
    }

    /// Runs the visit; the server takes exactly one connection.
    pub(crate) fn run(self, script: Script) -> Seen {
        let seen = self.run_many(once(script));
        assert_eq!(seen.heard.len(), 1, "one connection");
        seen
    }

    /// Runs the visit against a server that has a script for every connection, or refuses it.
    pub(crate) fn run_many(self, scripts: impl FnMut(usize) -> Option<Script> + Send + 'static) -> Seen {
        let seen = self.unchecked(Box::new(scripts));
        seen.check();
        seen
    }

    /// Runs the visit and checks nothing but that it ends.
    pub(crate) fn unchecked(self, scripts: Scripts) -> Seen {
        let (done, result) = mpsc::channel();
        let visiting = thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().start_paused(!self.tcp).build();
            let _ = done.send(runtime.unwrap().block_on(self.visit(scripts)));
        });
        match result.recv_timeout(GUARD) {
            Ok(seen) => seen,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("the visit hangs"),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let panic = visiting.join().expect_err("nothing was sent");
                std::panic::resume_unwind(panic)
            }
        }
    }

    async fn visit(self, scripts: Scripts) -> Seen {
        (self.before)();
        let secrets = [&self.login.password, &self.login.token]
            .into_iter()
            .flatten()
            .map(|secret| secret.expose().to_vec())
            .collect();
        let server = Server::new(scripts, (!self.tcp).then_some(64 * 1024), self.cut);
        let task = Task {
            endpoint: self.url.parse().unwrap(),
            address: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            mailbox: self.login.authcid.clone(),
            login: Arc::new(self.login),
            options: self.options,
            slots: Slots::default(),
        };
        let tools = Tools {
            resolver: Arc::new(Resolver::new(ResolverSettings::default())),
            dialer: Arc::clone(&server) as _,
            tls: Tls::new(Some(&[root()])).unwrap(),
            mechanisms: Registry::standard(),
            schemes: Schemes::standard(),
            gate: self.gate,
            cancel: self.cancel,
        };
        let report = probe_for(task.endpoint.protocol).expect("a probe").run(&task, &tools).await;
        Seen { report, heard: server.conversations().await, secrets }
    }
}

/// One script for one connection.
pub(crate) fn once(script: Script) -> Scripts {
    let mut script = Some(script);
    Box::new(move |_| Some(script.take().expect("one connection, not more")))
}
