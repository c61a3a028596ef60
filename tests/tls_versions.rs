//! Which versions of TLS a server takes, held against OpenSSL: `openssl s_server` with one version or several, and
//! what `openssl s_client` gets there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex};

use mailprobe_probes::model::{EndpointReport, Login, Phase, TlsAnswer, TlsProtocol, Trouble};
use mailprobe_probes::probe::{OpenGate, Options, Slots, Task, Tools, probe_for};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{
    BoxFuture, CancellationToken, Dial, Dialer, Io, Place, Resolver, ResolverSettings, Tls,
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use tempfile::TempDir;
use tokio::sync::Semaphore;

/// Lets OpenSSL speak TLS 1.0 and 1.1, which Debian's security level forbids.
const ANY_LEVEL: &str = "ALL:@SECLEVEL=0";

/// An RSA and an ECDSA certificate.
static IDENTITIES: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    for (name, key) in [("rsa", &["rsa:2048"][..]), ("ecdsa", &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])]
    {
        let path = |what: &str| folder.path().join(format!("{name}.{what}"));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-newkey"])
            .args(key)
            .arg("-keyout")
            .arg(path("key"))
            .arg("-out")
            .arg(path("pem"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    folder
});

fn identity(file: &str) -> PathBuf {
    IDENTITIES.path().join(file)
}

/// An `openssl s_server` on a free port; it ends with the test.
struct Server {
    child: Child,
    address: SocketAddr,
    /// Open as long as the server, which talks and listens there.
    _pipes: (ChildStdin, BufReader<ChildStdout>),
}

impl Server {
    fn new(name: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-cert"])
            .arg(identity(&format!("{name}.pem")))
            .arg("-key")
            .arg(identity(&format!("{name}.key")))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "s_server {arguments:?} does not start");
            if let Some(address) = line.trim().strip_prefix("ACCEPT ") {
                break address.parse().unwrap();
            }
        };
        let stdin = child.stdin.take().unwrap();
        Self { child, address, _pipes: (stdin, said) }
    }

    /// Whether `openssl s_client` gets a session of this version, and with which suite.
    fn to_openssl(&self, version: TlsProtocol) -> Option<String> {
        let flag = match version {
            TlsProtocol::Tls10 => "-tls1",
            TlsProtocol::Tls11 => "-tls1_1",
            TlsProtocol::Tls12 => "-tls1_2",
            TlsProtocol::Tls13 => "-tls1_3",
        };
        let address = self.address.to_string();
        let said = Command::new("openssl")
            .args(["s_client", "-connect", &address, flag, "-cipher", ANY_LEVEL])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        let suite = text.split("Cipher is ").nth(1).unwrap().lines().next().unwrap();
        (suite != "(NONE)").then(|| suite.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Dials, and writes down how many slots were free while it did.
#[derive(Default)]
struct Watched {
    slots: Option<Arc<Semaphore>>,
    free: Mutex<Vec<usize>>,
}

impl Dial for Watched {
    fn dial<'a>(&'a self, place: &'a Place) -> BoxFuture<'a, std::io::Result<Box<dyn Io>>> {
        self.free.lock().unwrap().extend(self.slots.iter().map(|slots| slots.available_permits()));
        Box::pin(async move { Dialer::default().dial(place).await })
    }
}

/// A visit up to the handshake that asks for the versions.
async fn visit(server: &Server, dialer: Arc<Watched>) -> EndpointReport {
    let roots: Vec<_> =
        ["rsa.pem", "ecdsa.pem"].map(|file| CertificateDer::from_pem_file(identity(file)).unwrap()).into();
    let tools = Tools {
        resolver: Arc::new(Resolver::new(ResolverSettings::default())),
        dialer: Arc::clone(&dialer) as _,
        tls: Tls::new(Some(&roots)).unwrap(),
        mechanisms: Registry::standard(),
        schemes: Schemes::standard(),
        gate: Arc::new(OpenGate),
        cancel: CancellationToken::new(),
    };
    let task = Task {
        endpoint: format!("imaps://{}", server.address).parse().unwrap(),
        address: None,
        mailbox: String::new(),
        login: Arc::new(Login::default()),
        options: Options { tls_versions: true, stop_after: Phase::Tls, ..Options::default() },
        slots: Slots(dialer.slots.iter().cloned().collect()),
    };
    probe_for(task.endpoint.protocol).unwrap().run(&task, &tools).await
}

fn accepted(report: &EndpointReport) -> Vec<Option<bool>> {
    report.tls_versions.iter().map(mailprobe_probes::model::TlsVersion::accepted).collect()
}

fn finding_ids(report: &EndpointReport) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.id.as_str()).collect()
}

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

#[tokio::test]
async fn what_we_say_is_accepted_is_what_openssl_gets() {
    for (arguments, expected) in [
        (&["-cipher", ANY_LEVEL, "-tls1"][..], [YES, NO, NO, NO]),
        (&["-cipher", ANY_LEVEL, "-tls1_1"], [NO, YES, NO, NO]),
        (&["-cipher", ANY_LEVEL, "-tls1_2"], [NO, NO, YES, NO]),
        (&["-tls1_3"], [NO, NO, NO, YES]),
        (&["-cipher", ANY_LEVEL, "-no_tls1_3"], [YES, YES, YES, NO]),
        (&["-cipher", ANY_LEVEL, "-no_tls1", "-no_tls1_1"], [NO, NO, YES, YES]),
        (&["-cipher", ANY_LEVEL], [YES, YES, YES, YES]),
        // Debian's own settings.
        (&[], [NO, NO, YES, YES]),
    ] {
        for identity in ["rsa", "ecdsa"] {
            let server = Server::new(identity, arguments);
            let openssl: Vec<Option<bool>> =
                TlsProtocol::ALL.iter().map(|version| Some(server.to_openssl(*version).is_some())).collect();
            let report = visit(&server, Arc::default()).await;
            let ours = accepted(&report);
            assert_eq!(ours, openssl, "{identity} {arguments:?}: {:#?}", report.tls_versions);
            assert_eq!(ours, expected, "{identity} {arguments:?}: {:#?}", report.tls_versions);
        }
    }
}

#[tokio::test]
async fn a_server_of_tls_1_0_alone_fails_the_visit_and_is_still_described() {
    let server = Server::new("rsa", &["-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0"]);
    let report = visit(&server, Arc::default()).await;
    let failure = report.failure.as_ref().unwrap();
    assert_eq!((failure.phase, failure.cause), (Phase::Tls, Trouble::TlsVersion), "{failure:?}");
    assert_eq!(accepted(&report), [YES, NO, NO, NO]);
    let TlsAnswer::Accepted { cipher, words, evidence } = &report.tls_versions[0].answer else { panic!() };
    assert_eq!((cipher.as_str(), words.as_str()), ("TLS_RSA_WITH_AES_128_CBC_SHA", "ServerHello"));
    assert_eq!(
        server.to_openssl(TlsProtocol::Tls10).as_deref(),
        Some("AES128-SHA"),
        "OpenSSL's name for the same"
    );
    let line = &report.transcript[usize::try_from(evidence.last).unwrap() - 1];
    assert_eq!(
        (line.text.as_str(), line.connection),
        ("TLS 1.0: ServerHello, TLS_RSA_WITH_AES_128_CBC_SHA", 2)
    );
    assert_eq!(finding_ids(&report), ["legacy-tls-accepted", "modern-tls-missing"]);
    assert!(report.findings[0].explanation.contains("TLS 1.0 alone"), "{:?}", report.findings[0]);
}

#[tokio::test]
async fn a_server_of_today_gives_no_finding() {
    let report = visit(&Server::new("ecdsa", &[]), Arc::default()).await;
    assert_eq!((report.failure.as_ref(), accepted(&report)), (None, vec![NO, NO, YES, YES]));
    assert_eq!(report.tls.unwrap().version, "TLSv1.3", "the visit itself went on as without the question");
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn a_server_that_wants_another_key_first_takes_tls_1_3() {
    let report = visit(&Server::new("rsa", &["-tls1_3", "-groups", "P-384"]), Arc::default()).await;
    assert_eq!(accepted(&report), [NO, NO, NO, YES]);
    assert_eq!(report.tls_versions[3].words(), "HelloRetryRequest");
}

#[tokio::test]
async fn every_connection_waits_for_its_slot() {
    let slots = Arc::new(Semaphore::new(1));
    let dialer = Arc::new(Watched { slots: Some(slots), free: Mutex::default() });
    let report = visit(&Server::new("rsa", &[]), Arc::clone(&dialer)).await;
    assert_eq!(accepted(&report), [NO, NO, YES, YES]);
    assert_eq!(*dialer.free.lock().unwrap(), [0; 5], "the visit's connection, and one for each version");
}
