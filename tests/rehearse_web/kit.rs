//! A small tenant behind real listeners, and the programs that visit it.

use std::net::SocketAddr;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use mailprobe_probes::model::{Cause, Protocol, Secret};
use mailprobe_rehearse::oauth::{
    App, AppSecret, Authority, Directory, Flow, People, Person, RealWorld, SigningKey,
};
use mailprobe_rehearse::web::serve::{Limits, Server};
use mailprobe_rehearse::web::{self, Ports, Request, Seen, Site};
use mailprobe_rehearse::{Bench, Presented, Ruling, Words};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

pub(crate) const USER: &str = "alice@contoso.example";
pub(crate) const PASSWORD: &str = "correct-horse-7";
pub(crate) const PUBLIC: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub(crate) const DAEMON: &str = "aaaaaaaa-0000-4000-8000-000000000002";
pub(crate) const CERTIFIED: &str = "aaaaaaaa-0000-4000-8000-000000000003";
pub(crate) const SECRET: &str = "made-up-secret-of-an-app";

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// One for all tenants: making one takes its time.
static SIGNING_KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());

/// A CA as PEM in a file, and a server configuration for `localhost` that it signed.
struct Trust {
    ca: tempfile::NamedTempFile,
    config: Arc<rustls::ServerConfig>,
}

static TRUST: LazyLock<Trust> = LazyLock::new(|| {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    // By default everybody has the same name, and OpenSSL takes the server for its own CA.
    params.distinguished_name.push(DnType::CommonName, "rehearsal root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let leaf =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    let ca = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(ca.path(), root.pem()).unwrap();
    Trust { ca, config: Arc::new(config) }
});

/// Where the CA is.
pub(crate) fn ca() -> String {
    TRUST.ca.path().to_str().unwrap().to_owned()
}

/// An app's key and certificate, as OpenSSL makes them.
pub(crate) struct AppKey {
    pub(crate) key: tempfile::NamedTempFile,
    certificate: String,
}

pub(crate) static APP_KEY: LazyLock<AppKey> = LazyLock::new(|| {
    let key = tempfile::NamedTempFile::new().unwrap();
    let path = key.path().to_str().unwrap();
    let arguments =
        ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", path, "-subj", "/CN=app", "-days", "2"];
    let certificate = run("openssl", &arguments);
    AppKey { key, certificate }
});

/// What the tenant does with a right password, by protocol; tokens are the authority's business.
struct Town {
    basic: Cause,
    authority: Mutex<Option<Arc<Authority>>>,
}

impl Bench for Town {
    fn rule(&self, protocol: Protocol, presented: &Presented<'_>) -> Ruling {
        let cause = match presented {
            Presented::Password { .. } if self.basic != Cause::Accepted => self.basic,
            Presented::Password { user, password } => match (*user, *password == PASSWORD.as_bytes()) {
                (USER, true) => Cause::Accepted,
                _ => Cause::BadCredentials,
            },
            Presented::Token { user, token } => {
                let authority = self.authority.lock().unwrap().clone().unwrap();
                authority.validate_for(token, protocol, *user).map_or_else(|cause| cause, |_| Cause::Accepted)
            }
            Presented::Nothing => Cause::NotAuthenticated,
        };
        Ruling { cause, mailbox: Some(USER.to_owned()), shut: None }
    }

    fn words(&self, _: Protocol, _: Cause) -> Words {
        Words::default()
    }
}

impl People for Town {
    fn sign_in(&self, _: Flow, client_id: &str, user: &str, password: &[u8]) -> Result<Person, Cause> {
        if password == PASSWORD.as_bytes() { self.renew(client_id, user) } else { Err(Cause::BadCredentials) }
    }

    fn renew(&self, _: &str, upn: &str) -> Result<Person, Cause> {
        let oid = "cccccccc-0000-4000-8000-000000000009".to_owned();
        if upn == USER { Ok(Person { upn: upn.to_owned(), oid }) } else { Err(Cause::NoSuchUser) }
    }
}

/// A tenant that listens.
pub(crate) struct Tenant {
    pub(crate) https: u16,
    pub(crate) http: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// Ended when dropped, and their connections with them.
    _doors: JoinSet<()>,
}

impl Tenant {
    pub(crate) fn new() -> Self {
        Self::with(Cause::Accepted, |_| {}, Limits::default())
    }

    /// With this fate of passwords, another site, other limits.
    pub(crate) fn with(basic: Cause, change: impl FnOnce(&mut Site), limits: Limits) -> Self {
        let _inside = RUNTIME.enter();
        let bind = || RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let (secure, clear) = (bind(), bind());
        let port = |listener: &TcpListener| listener.local_addr().unwrap().port();
        let (https, http) = (port(&secure), port(&clear));
        let town = Arc::new(Town { basic, authority: Mutex::default() });
        let people: Arc<dyn People> = town.clone();
        let authority =
            Arc::new(Authority::new(directory(http), people, Arc::new(RealWorld), SIGNING_KEY.clone()));
        *town.authority.lock().unwrap() = Some(Arc::clone(&authority));
        let mut site = Site { ports: Ports { https, http, ..Ports::default() }, ..Site::default() };
        change(&mut site);
        let site = Arc::new(site);
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let record = Arc::clone(&seen);
        let server = Arc::new(Server {
            handler: Arc::new(move |request: Request| {
                let response = if authority.owns(&request.path) {
                    authority.answer(&request)
                } else {
                    web::answer(town.as_ref(), &site, &request)
                };
                Box::pin(std::future::ready(response))
            }),
            watcher: Arc::new(move |_: SocketAddr, seen: &Seen| record.lock().unwrap().push(seen.clone())),
            limits,
        });
        let mut doors = JoinSet::new();
        doors.spawn(door(secure, Some(TlsAcceptor::from(Arc::clone(&TRUST.config))), Arc::clone(&server)));
        doors.spawn(door(clear, None, server));
        Self { https, http, seen, _doors: doors }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// An address of the token endpoint.
    pub(crate) fn login(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/contoso.example/{path}", self.http)
    }

    pub(crate) fn web(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.https)
    }

    /// What the token endpoint says to this form, through curl.
    pub(crate) fn form(&self, path: &str, form: &[(&str, &str)]) -> serde_json::Value {
        let fields: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut arguments = vec!["-s".to_owned()];
        for field in fields {
            arguments.extend(["--data-urlencode".to_owned(), field]);
        }
        arguments.push(self.login(path));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        serde_json::from_str(&run("curl", &arguments)).unwrap()
    }

    /// A token of alice's with this scope.
    pub(crate) fn token(&self, scope: &str) -> String {
        let said = self.form(
            "oauth2/v2.0/token",
            &[
                ("grant_type", "password"),
                ("client_id", PUBLIC),
                ("username", USER),
                ("password", PASSWORD),
                ("scope", scope),
            ],
        );
        said["access_token"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned()
    }
}

/// Takes every connection; the doors of `rehearse` itself, with their bounds, are looked at in `tests/rehearse`.
async fn door(listener: TcpListener, tls: Option<TlsAcceptor>, server: Arc<Server>) {
    let mut visits = JoinSet::new();
    while let Ok((stream, peer)) = listener.accept().await {
        let (tls, server) = (tls.clone(), Arc::clone(&server));
        visits.spawn(async move {
            match tls {
                None => server.talk(stream, peer).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        server.talk(stream, peer).await;
                    }
                }
            }
        });
    }
}

fn directory(http: u16) -> Directory {
    let app = |client_id: &str, secret: Option<&str>| App {
        client_id: client_id.to_owned(),
        name: "Rehearsal".to_owned(),
        secret: secret.map(|secret| AppSecret(Secret::new(secret))),
        certificate: None,
        redirect_uris: vec!["http://localhost/back".to_owned()],
        scopes: ["IMAP.AccessAsUser.All", "EWS.AccessAsUser.All", "EAS.AccessAsUser.All"]
            .map(str::to_owned)
            .to_vec(),
        roles: vec!["full_access_as_app".to_owned()],
        user_consent: false,
    };
    Directory {
        base: format!("http://127.0.0.1:{http}"),
        domains: vec!["contoso.example".to_owned()],
        apps: vec![
            app(PUBLIC, None),
            app(DAEMON, Some(SECRET)),
            App { certificate: Some(APP_KEY.certificate.clone()), ..app(CERTIFIED, None) },
        ],
        ..Directory::default()
    }
}

/// What a program says on standard output; it has half a minute.
pub(crate) fn run(program: &str, arguments: &[&str]) -> String {
    let output = output(program, arguments, &[]);
    assert!(output.status.success(), "{program}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn output(program: &str, arguments: &[&str], env: &[(&str, &str)]) -> Output {
    Command::new("timeout")
        .arg("30")
        .arg(program)
        .args(arguments)
        .envs(env.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// Short ones, for what is to be cut off.
pub(crate) fn short() -> Limits {
    Limits { read_time: Duration::from_millis(300), ..Limits::default() }
}
