//! An issuer on loopback whose answers are the test's: a closure, or our own simulated authority.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use mailprobe_probes::model::{Cause, Secret};
use mailprobe_rehearse::oauth::{
    App, AppSecret, Authority, Directory, Flow, People, Person, RealWorld, SigningKey,
};
use mailprobe_rehearse::web::{Request, Response};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer as Signer, KeyPair};
use rustls::pki_types::PrivateKeyDer;

pub(crate) const USER: &str = "alice@contoso.example";
pub(crate) const PASSWORD: &str = "correct-horse-7";
pub(crate) const SECRET: &str = "made-up-secret-of-an-app";
pub(crate) const PUBLIC: &str = "aaaaaaaa-0000-4000-8000-000000000001";
pub(crate) const DAEMON: &str = "aaaaaaaa-0000-4000-8000-000000000002";
pub(crate) const CERTIFIED: &str = "aaaaaaaa-0000-4000-8000-000000000003";
pub(crate) const TENANT: &str = "11111111-2222-4333-8444-555555555555";

struct Trust {
    ca: tempfile::NamedTempFile,
    config: Arc<rustls::ServerConfig>,
}

static TRUST: LazyLock<Trust> = LazyLock::new(|| {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "issuer's root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let root = params.self_signed(&key).unwrap();
    let signer = Signer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let leaf =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &signer).unwrap();
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

static SIGNING_KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());

/// An app's certificate and key, in one file.
pub(crate) static APP_PEM: LazyLock<(tempfile::NamedTempFile, String)> = LazyLock::new(|| {
    let key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
    let certificate = CertificateParams::new(vec!["app".to_owned()]).unwrap().self_signed(&key).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), certificate.pem() + &key.serialize_pem()).unwrap();
    (file, certificate.pem())
});

/// What an issuer does with a request.
pub(crate) enum Answer {
    Say(Response),
    /// A hundred octets at a time, for ever.
    Flood,
    /// Interim answers (1xx), for ever.
    Interim,
    /// Nothing, and the connection stays open.
    Never,
}

type Handler = dyn Fn(&Request) -> Answer + Send + Sync;

/// An issuer, its folder with configuration and state, and what it was asked.
pub(crate) struct Issuer {
    pub(crate) base: String,
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
    pub(crate) home: tempfile::TempDir,
}

impl Issuer {
    /// One that answers with this, told its own address first.
    pub(crate) fn with<H>(make: impl FnOnce(&str) -> H) -> Self
    where
        H: Fn(&Request) -> Answer + Send + Sync + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let handler: Arc<Handler> = Arc::new(make(&base));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (handler, log) = (Arc::clone(&handler), Arc::clone(&log));
                thread::spawn(move || serve(stream, &*handler, &log));
            }
        });
        Self { base, asked, home: tempfile::tempdir().unwrap() }
    }

    /// Our own simulated authority.
    pub(crate) fn simulated() -> Self {
        Self::simulated_with(|_| {})
    }

    pub(crate) fn simulated_with(change: impl FnOnce(&mut Directory)) -> Self {
        Self::with(|base| {
            let app = |client_id: &str| App {
                client_id: client_id.to_owned(),
                name: String::new(),
                secret: None,
                certificate: None,
                redirect_uris: vec!["http://127.0.0.1/".to_owned()],
                scopes: vec!["IMAP.AccessAsUser.All".to_owned()],
                roles: vec!["IMAP.AccessAsApp".to_owned()],
                user_consent: false,
            };
            let mut directory = Directory {
                base: base.to_owned(),
                domains: vec!["contoso.example".to_owned()],
                apps: vec![
                    app(PUBLIC),
                    App { secret: Some(AppSecret(Secret::new(SECRET))), ..app(DAEMON) },
                    App { certificate: Some(APP_PEM.1.clone()), ..app(CERTIFIED) },
                ],
                interval_s: 1,
                ..Directory::default()
            };
            change(&mut directory);
            let authority =
                Authority::new(directory, Arc::new(Town), Arc::new(RealWorld), SIGNING_KEY.clone());
            move |request: &Request| Answer::Say(authority.answer(request))
        })
    }

    /// One with a good configuration whose token endpoint answers with this.
    pub(crate) fn odd(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::with(|base| {
            let configuration = format!(
                "{{\"issuer\":\"{base}/{TENANT}/v2.0\",\"token_endpoint\":\"{base}/token\",\
                 \"authorization_endpoint\":\"{base}/authorize\",\"device_authorization_endpoint\":\"{base}/device\"}}"
            );
            move |request: &Request| {
                if request.path.ends_with("/openid-configuration") {
                    Answer::Say(Response::with_body(200, "application/json", configuration.as_bytes()))
                } else {
                    answer(request)
                }
            }
        })
    }

    /// Writes the configuration file: this issuer, and the rest of a profile.
    pub(crate) fn profile(&self, rest: &str) -> &Self {
        let text = format!("[oauth.a]\nissuer = \"{}/{TENANT}/v2.0\"\n{rest}", self.base);
        std::fs::write(self.home.path().join("mailprobe.toml"), text).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.home.path().join(name).to_str().unwrap().to_owned()
    }

    /// A command of ours with this issuer's trust, configuration and state.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailprobe"));
        command.env_clear().env("PATH", "/usr/bin:/bin").env("SECRET", SECRET).env("PW", PASSWORD);
        command.env("XDG_STATE_HOME", self.home.path()).args(arguments);
        command.args(["--config", &self.path("mailprobe.toml")]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The file with the authority that its certificate comes from.
    pub(crate) fn trust() -> String {
        TRUST.ca.path().to_str().unwrap().to_owned()
    }

    pub(crate) fn get_command(&self, more: &[&str]) -> Command {
        let mut command =
            self.command(&["token", "get", USER, "--oauth", "a", "--no-browser", "--timeout", "2"]);
        command.args(["--ca-file", &Self::trust()]).args(more);
        command
    }

    /// `token get`, to its end.
    pub(crate) fn get(&self) -> Said {
        Said::of(self.get_command(&[]).spawn().unwrap())
    }

    /// How often the token endpoint was asked.
    pub(crate) fn token_requests(&self) -> usize {
        self.asked
            .lock()
            .unwrap()
            .iter()
            .filter(|line| line.starts_with("POST") && line.contains("token"))
            .count()
    }
}

/// What a run said.
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    pub(crate) fn of(child: Child) -> Self {
        let output = child.wait_with_output().unwrap();
        let text = |octets: Vec<u8>| String::from_utf8(octets).unwrap();
        Self {
            status: output.status.code().unwrap_or(-1),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// The token, which stands alone on standard output.
    pub(crate) fn token(&self) -> &str {
        assert_eq!(self.status, 0, "{}", self.err);
        assert!(!self.err.contains(self.out.trim()), "the token is on standard error too");
        self.out.trim()
    }
}

fn serve(mut stream: TcpStream, handler: &Handler, log: &Mutex<Vec<String>>) {
    let mut tls = rustls::ServerConnection::new(Arc::clone(&TRUST.config)).unwrap();
    let mut stream = rustls::Stream::new(&mut tls, &mut stream);
    while let Some(request) = read(&mut stream) {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        log.lock().unwrap().push(format!("{} {} {body}", request.verb, request.path));
        match handler(&request) {
            Answer::Never => {
                // Until the other side hangs up.
                let _ = stream.read(&mut [0]);
                return;
            }
            Answer::Flood => {
                let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 52428800\r\n\r\n{\"a\":\"";
                let _ = stream.write_all(head.as_bytes());
                while stream.write_all(&[b'x'; 4096]).is_ok() {}
                return;
            }
            Answer::Interim => {
                let many = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1000);
                while stream.write_all(&many).is_ok() {}
                return;
            }
            Answer::Say(response) => {
                let mut head =
                    format!("HTTP/1.1 {} X\r\nContent-Length: {}\r\n", response.status, response.body.len());
                for (name, value) in &response.headers {
                    head.extend([name, ": ", value, "\r\n"]);
                }
                let whole = [head.as_bytes(), b"\r\n", &response.body].concat();
                if stream.write_all(&whole).and_then(|()| stream.flush()).is_err() {
                    return;
                }
            }
        }
    }
}

fn read(stream: &mut impl std::io::Read) -> Option<Request> {
    let (mut octets, mut chunk) = (Vec::new(), [0; 4096]);
    let end = loop {
        if let Some(end) = octets.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        octets.extend_from_slice(&chunk[..count]);
    };
    let head = String::from_utf8_lossy(&octets[..end]).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (verb, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(": ")).map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
    while octets.len() < end + length {
        let count = stream.read(&mut chunk).ok().filter(|count| *count > 0)?;
        octets.extend_from_slice(&chunk[..count]);
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    Some(Request {
        verb,
        path: path.to_owned(),
        query: query.to_owned(),
        headers,
        body: octets[end..].to_vec(),
        ..Request::default()
    })
}

/// One person with one password, who may not use a device code where the address says so.
struct Town;

impl People for Town {
    fn sign_in(&self, flow: Flow, client: &str, user: &str, password: &[u8]) -> Result<Person, Cause> {
        match (flow, password == PASSWORD.as_bytes()) {
            (_, false) => Err(Cause::BadCredentials),
            (Flow::Password, true) if user.starts_with("mfa") => Err(Cause::MfaRequired),
            _ => self.renew(client, user),
        }
    }

    fn renew(&self, _: &str, upn: &str) -> Result<Person, Cause> {
        Ok(Person { upn: upn.to_owned(), oid: "cccccccc-0000-4000-8000-000000000009".to_owned() })
    }
}
