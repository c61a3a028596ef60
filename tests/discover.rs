//! `mailprobe discover`, and checks of what it finds. The names are dnsmasq's; the hosts are all behind one scripted
//! proxy, which has every one of them on it, so that nobody outside is asked.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unnecessary_wraps
)]

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;
use tempfile::TempDir;

/// A name server of its own.
struct Dns {
    child: Child,
    address: SocketAddr,
}

impl Dns {
    fn new(records: &[&str]) -> Self {
        let address = UdpSocket::bind("127.0.10.54:0").unwrap().local_addr().unwrap();
        let mut child = Command::new("/usr/sbin/dnsmasq")
            .args([
                "--keep-in-foreground",
                "--no-resolv",
                "--no-hosts",
                "--conf-file=/dev/null",
                "--bind-interfaces",
            ])
            .args(["--pid-file=", "--log-facility=-", "--cache-size=0", "--listen-address=127.0.10.54"])
            .arg(format!("--port={}", address.port()))
            .args(records.iter().map(|record| format!("--{record}")))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("dnsmasq: {error}: run tests/lab/install"));
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("started") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "dnsmasq does not start with {records:?}");
        }
        // It is left to write on.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()).ok());
        Self { child, address }
    }
}

impl Drop for Dns {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Answers the request of this head to this `https://host` or `http://host`; `None` hangs up.
type Answer = dyn Fn(&str, &str) -> Option<Vec<u8>> + Send + Sync;

/// Every host there is, behind a proxy.
struct Internet {
    address: SocketAddr,
    folder: TempDir,
    /// `host:port` of every CONNECT, and the head of every request with its place in front.
    asked: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<String>>>,
    served: Served,
}

impl Internet {
    fn new(hosts: &[&str], answer: impl Fn(&str, &str) -> Option<Vec<u8>> + Send + Sync + 'static) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = authority.self_signed(&key).unwrap();
        let issuer = Issuer::new(authority, key);
        let names: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
        let key = KeyPair::generate().unwrap();
        let leaf = CertificateParams::new(names.clone()).unwrap().signed_by(&key, &issuer).unwrap();
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(
                    vec![leaf.der().clone()],
                    PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
                )
                .unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), root.pem()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, requests) = (Arc::default(), Arc::default());
        let served = Served {
            names,
            config: Arc::new(config),
            asked: Arc::clone(&asked),
            requests: Arc::clone(&requests),
            answer: Arc::new(answer),
        };
        let serving = served.clone();
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let serving = serving.clone();
                std::thread::spawn(move || serving.proxy(stream));
            }
        });
        Self { address, folder, asked, requests, served }
    }

    /// The same hosts without the proxy: a TLS server that takes every connection for `https://host`.
    fn direct(&self, host: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served = self.served.clone();
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let served = served.clone();
                std::thread::spawn(move || served.secured(stream, host));
            }
        });
        address
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The hosts somebody wanted to be connected to.
    fn visited(&self) -> Vec<String> {
        let mut hosts: Vec<String> = self.asked.lock().unwrap().clone();
        hosts.sort();
        hosts.dedup();
        hosts
    }
}

#[derive(Clone)]
struct Served {
    names: Vec<String>,
    config: Arc<ServerConfig>,
    asked: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<String>>>,
    answer: Arc<Answer>,
}

impl Served {
    fn proxy(&self, mut stream: TcpStream) {
        let connect = head(&mut stream);
        let Some(target) = connect.split(' ').nth(1).map(str::to_owned) else { return };
        self.asked.lock().unwrap().push(target.clone());
        self.requests.lock().unwrap().push(connect);
        let (host, port) = target.rsplit_once(':').unwrap();
        if !self.names.iter().any(|name| name == host) || !["80", "443"].contains(&port) {
            stream.write_all(b"HTTP/1.1 502 nobody there\r\n\r\n").ok();
            return;
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        if port == "80" {
            self.serve(&mut stream, &format!("http://{host}"));
        } else {
            self.secured(stream, host);
        }
    }

    fn secured(&self, stream: TcpStream, host: &str) {
        let connection = ServerConnection::new(Arc::clone(&self.config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        self.serve(&mut stream, &format!("https://{host}"));
        stream.conn.send_close_notify();
        stream.flush().ok();
    }

    fn serve(&self, stream: &mut (impl Read + Write), place: &str) {
        let request = head(stream);
        if request.is_empty() {
            return;
        }
        self.requests.lock().unwrap().push(format!("{place} {request}"));
        if let Some(answer) = (self.answer)(place, &request) {
            stream.write_all(&answer).ok();
            stream.flush().ok();
        }
    }
}

/// Reads to the empty line; less where the other side hangs up.
fn head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut octet = [0];
    while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut octet), Ok(1)) {
        head.push(octet[0]);
    }
    String::from_utf8(head).unwrap()
}

fn page(status: &str, fields: &str, body: &str) -> Option<Vec<u8>> {
    Some(format!("HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes())
}

fn nothing_there() -> Option<Vec<u8>> {
    page("404 Not Found", "", "")
}

struct Said {
    status: i32,
    out: String,
    err: String,
}

impl Said {
    /// The discovery, held against its schema; or the report of a check.
    fn json(&self) -> Value {
        let found: Value = serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err));
        if found.get("sources").is_some() {
            let schema: Value = serde_json::from_str(mailprobe::discover::SCHEMA).unwrap();
            let problems: Vec<String> = jsonschema::validator_for(&schema)
                .unwrap()
                .iter_errors(&found)
                .map(|error| error.to_string())
                .collect();
            assert!(problems.is_empty(), "{problems:?}: {found}");
        }
        found
    }
}

fn run(arguments: &[&str], dns: SocketAddr, internet: &Internet) -> Said {
    let proxy = format!("http://me@{}", internet.address);
    run_without_proxy(
        &[arguments, &["--proxy", &proxy, "--proxy-password-env", "PROXY_PASSWORD"]].concat(),
        dns,
        internet,
    )
}

fn run_without_proxy(arguments: &[&str], dns: SocketAddr, internet: &Internet) -> Said {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_mailprobe"))
        .env_clear()
        .env("PROXY_PASSWORD", "hunter2-of-the-proxy")
        // Whoever listened to these would find nobody.
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env("ALL_PROXY", "http://127.0.0.1:1")
        .env("RUST_BACKTRACE", "0")
        .args(arguments)
        .args(["--dns-server", &dns.to_string(), "--ca-file", internet.ca().to_str().unwrap()])
        .output()
        .unwrap();
    let said = Said {
        status: status.code().unwrap(),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    };
    assert!(!said.out.contains("hunter2") && !said.err.contains("hunter2"), "{}{}", said.out, said.err);
    assert!(!said.out.contains('\u{1b}') && !said.err.contains('\u{1b}'), "{}{}", said.out, said.err);
    said
}

fn discover(subject: &str, more: &[&str], dns: &Dns, internet: &Internet) -> Said {
    run(&[&["discover", subject], more].concat(), dns.address, internet)
}

fn urls(found: &Value) -> Vec<&str> {
    found["endpoints"].as_array().unwrap().iter().map(|endpoint| endpoint["url"].as_str().unwrap()).collect()
}

fn request<'a>(found: &'a Value, part: &str) -> &'a Value {
    let requests = found["requests"].as_array().unwrap();
    requests
        .iter()
        .find(|asked| asked["url"].as_str().unwrap().contains(part))
        .unwrap_or_else(|| panic!("{part}: {found}"))
}

fn findings(found: &Value) -> Vec<&str> {
    found["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}

const EXCHANGE: [&str; 7] = [
    "local=/corp.test/",
    "local=/outlook.com/",
    "mx-host=corp.test,corp-test.mail.protection.outlook.com,10",
    "host-record=autodiscover.outlook.com,127.0.0.9",
    "cname=autodiscover.corp.test,autodiscover.outlook.com",
    "host-record=corp.test,127.0.0.9",
    "srv-host=_pop3s._tcp.corp.test,,,",
];

const CLOUD: [&str; 6] = [
    "corp.test",
    "autodiscover.corp.test",
    "autodiscover-s.outlook.com",
    "outlook.office365.com",
    "login.microsoftonline.com",
    "elsewhere.test",
];

/// Exchange Online, as far as it answers without credentials.
fn exchange(place: &str, request: &str) -> Option<Vec<u8>> {
    let path = request.split(' ').nth(1).unwrap();
    let json = |protocol: &str, url: &str| {
        page("200 OK", "", &format!("{{\"Protocol\":\"{protocol}\",\"Url\":\"{url}\"}}"))
    };
    if place.contains("login.microsoftonline.com") {
        assert_eq!(path, "/corp.test/v2.0/.well-known/openid-configuration");
        return page(
            "200 OK",
            "",
            r#"{"issuer":"https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0",
                "token_endpoint":"https://login.microsoftonline.com/1/oauth2/v2.0/token",
                "device_authorization_endpoint":"https://login.microsoftonline.com/1/oauth2/v2.0/devicecode"}"#,
        );
    }
    match path.split_once("?Protocol=").map(|(_, protocol)| protocol) {
        Some("EWS") => json("EWS", "https://outlook.office365.com/EWS/Exchange.asmx"),
        Some("ActiveSync") => json("ActiveSync", "https://outlook.office365.com/Microsoft-Server-ActiveSync"),
        Some(_) => page(
            "404 Not Found",
            "",
            r#"{"ErrorCode":"ProtocolNotSupported","ErrorMessage":"not \u001b[2J here"}"#,
        ),
        None if place == "http://autodiscover.corp.test" => page(
            "302 Found",
            "Location: https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml\r\n",
            "",
        ),
        None if place == "https://corp.test" => nothing_there(),
        None => page(
            "401 Unauthorized",
            "WWW-Authenticate: Bearer client_id=\"x\"\r\nWWW-Authenticate: Basic realm=\"\"\r\n",
            "",
        ),
    }
}

#[test]
fn a_tenant_of_exchange_online_is_found_with_everybody_who_says_so() {
    let dns = Dns::new(&EXCHANGE);
    let internet = Internet::new(&CLOUD, exchange);
    let said = discover("alice@corp.test", &["-o", "json"], &dns, &internet);
    assert_eq!(said.status, 0, "{}", said.err);
    let found = said.json();
    assert_eq!(
        (&found["schema"], &found["domain"], &found["exists"]),
        (&1.into(), &"corp.test".into(), &true.into())
    );
    assert_eq!(found["provider"]["name"], "exchange-online");
    assert_eq!(
        found["provider"]["because"],
        "autodiscover.corp.test is an alias of autodiscover.outlook.com"
    );
    let wanted = [
        "imaps://outlook.office365.com:993",
        "pop3s://outlook.office365.com:995",
        "smtp://smtp.office365.com:587",
        "ews://outlook.office365.com:443/EWS/Exchange.asmx",
        "eas://outlook.office365.com:443/Microsoft-Server-ActiveSync",
        "autodiscover://autodiscover-s.outlook.com:443/autodiscover/autodiscover.xml",
        "autodiscover://autodiscover.corp.test:443/autodiscover/autodiscover.xml",
    ];
    assert_eq!(urls(&found), wanted);
    let ews = &found["endpoints"][3]["said_by"];
    assert_eq!(ews.as_array().unwrap().len(), 3, "table, own host, provider's host: {ews}");
    assert_eq!(
        ews[1]["at"],
        "https://autodiscover.corp.test/autodiscover/autodiscover.json/v1.0/alice@corp.test?Protocol=EWS"
    );
    assert_eq!(
        found["openid"]["issuer"],
        "https://login.microsoftonline.com/11111111-1111-1111-1111-111111111111/v2.0"
    );
    assert!(found["openid"]["device_authorization_endpoint"].as_str().unwrap().ends_with("devicecode"));
    // What wants credentials is listed with its schemes, and got none.
    let pox = request(&found, "https://autodiscover.corp.test/autodiscover/autodiscover.xml");
    assert_eq!((&pox["status"], &pox["schemes"]), (&401.into(), &serde_json::json!(["Bearer", "Basic"])));
    let plain = request(&found, "http://autodiscover.corp.test/");
    assert_eq!(
        plain["redirects"],
        serde_json::json!(["https://autodiscover-s.outlook.com/autodiscover/autodiscover.xml"])
    );
    // The record that denies POP3 stands against the table.
    assert_eq!(findings(&found), ["srv-denies-service"]);
    let requests = internet.requests.lock().unwrap().join("\n");
    assert!(!requests.to_ascii_lowercase().contains("\r\nauthorization:"), "{requests}");
    let allowed = [
        "corp.test:443",
        "autodiscover.corp.test:80",
        "autodiscover.corp.test:443",
        "autodiscover-s.outlook.com:443",
        "outlook.office365.com:443",
        "login.microsoftonline.com:443",
    ];
    assert!(
        internet.visited().iter().all(|host| allowed.contains(&host.as_str())),
        "{:?}",
        internet.visited()
    );
    let connects: Vec<&str> = requests
        .split('\n')
        .filter(|line| line.starts_with("Proxy-Authorization") || line.starts_with("proxy-authorization"))
        .collect();
    assert_eq!(
        connects.len(),
        internet.asked.lock().unwrap().len(),
        "every connection went through the proxy as its user"
    );
}

#[test]
fn the_text_says_the_same_and_names_what_is_not_offered() {
    let dns = Dns::new(&EXCHANGE);
    let internet = Internet::new(&CLOUD, exchange);
    let said = discover("alice@corp.test", &[], &dns, &internet);
    assert_eq!(said.status, 0, "{}", said.err);
    for part in [
        "exchange-online: Exchange Online",
        "imaps://outlook.office365.com:993\n      provider-table  exchange-online",
        "Bearer, Basic",
        "_pop3s._tcp.corp.test\n      the record says that there is no such service",
        "[srv-denies-service]",
        "7 endpoints found.",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let verbose = discover("alice@corp.test", &["-v"], &dns, &internet).out;
    assert!(verbose.contains("ProtocolNotSupported: not \\x1B[2J here"), "{verbose}");
}

#[test]
fn a_domain_alone_is_not_asked_about_as_an_address() {
    let dns = Dns::new(&EXCHANGE);
    let internet = Internet::new(&CLOUD, exchange);
    let found = discover("corp.test", &["-o", "json"], &dns, &internet).json();
    assert!(urls(&found).contains(&"imaps://outlook.office365.com:993"));
    assert!(!internet.requests.lock().unwrap().iter().any(|request| request.contains("autodiscover.json")));
}

#[test]
fn srv_records_are_endpoints_and_the_domain_vouches_for_its_own_hosts_only() {
    let dns = Dns::new(&[
        "local=/corp.test/",
        "host-record=corp.test,127.0.0.9",
        "srv-host=_imaps._tcp.corp.test,imap.corp.test,1993,0,1",
        "srv-host=_imap._tcp.corp.test,imap.corp.test,1143,0,1",
        "srv-host=_submissions._tcp.corp.test,mail.elsewhere.test,465,0,1",
        "srv-host=_autodiscover._tcp.corp.test,mail.corp.test,4443,0,1",
    ]);
    let internet = Internet::new(&["corp.test"], |_, _| nothing_there());
    let found = discover("alice@corp.test", &["-o", "json"], &dns, &internet).json();
    let wanted =
        ["imaps://imap.corp.test:1993", "imap://imap.corp.test:1143", "smtps://mail.elsewhere.test:465"];
    assert_eq!(urls(&found), wanted);
    assert_eq!(
        found["endpoints"][0]["said_by"],
        serde_json::json!([{"source": "srv", "at": "_imaps._tcp.corp.test"}])
    );
    assert_eq!(findings(&found), ["outside-the-domain"]);
    assert!(internet.visited().contains(&"mail.corp.test:4443".to_owned()), "{:?}", internet.visited());
    // A check visits the first two, and says why not the third.
    let arguments = ["check", "alice@corp.test", "--discover", "--advertised-only", "-o", "json", "-q"];
    let said = run(&arguments, dns.address, &internet);
    let report = said.json();
    let checked: Vec<&str> = report["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|endpoint| endpoint["url"].as_str().unwrap())
        .collect();
    assert_eq!(checked, &wanted[..2]);
    assert!(said.err.contains("smtps://mail.elsewhere.test:465 is not checked"), "{}", said.err);
    let failure = &report["endpoints"][0]["failure"];
    assert_eq!((&failure["phase"], &failure["cause"]), (&"connect".into(), &"proxy-refused".into()));
    assert!(!internet.visited().iter().any(|host| host.contains("elsewhere")), "{:?}", internet.visited());
}

#[test]
fn a_check_of_a_provider_prefers_implicit_tls_and_names_what_it_cannot_probe() {
    let dns = Dns::new(&["local=/gmail.com/", "host-record=gmail.com,127.0.0.9"]);
    let internet = Internet::new(&[], |_, _| nothing_there());
    let arguments = ["check", "alice@gmail.com", "--discover", "--advertised-only", "-o", "json", "-q"];
    let said = run(&arguments, dns.address, &internet);
    let report = said.json();
    let checked: Vec<&str> = report["endpoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|endpoint| endpoint["url"].as_str().unwrap())
        .collect();
    assert_eq!(
        checked,
        ["imaps://imap.gmail.com:993", "pop3s://pop.gmail.com:995", "smtps://smtp.gmail.com:465"]
    );
    assert!(said.err.contains("smtp://smtp.gmail.com:587 is left out"), "{}", said.err);
}

#[test]
fn no_such_name_no_answer_and_nothing_found_are_three_things() {
    let dns = Dns::new(&["local=/nosuch.test/", "local=/quiet.test/", "host-record=quiet.test,127.0.0.9"]);
    let internet = Internet::new(&["quiet.test", "autodiscover.quiet.test"], |_, _| nothing_there());
    let said = discover("a@nosuch.test", &[], &dns, &internet);
    assert!(
        said.status == 1 && said.out.contains("nothing found: the name nosuch.test does not exist."),
        "{}",
        said.out
    );
    let said = discover("a@quiet.test", &[], &dns, &internet);
    let wanted = "nothing found: the name quiet.test exists, and nobody says where its mail services are.";
    assert!(said.status == 1 && said.out.contains(wanted), "{} {}", said.status, said.out);
    // dnsmasq refuses names that are none of its own.
    let said = discover("a@refused.test", &[], &dns, &internet);
    let wanted = "could not find out: DNS did not answer for refused.test.";
    assert!(said.status == 3 && said.out.contains(wanted), "{} {}", said.status, said.out);
    let nobody: SocketAddr = "127.0.10.54:9".parse().unwrap();
    let said = run(&["discover", "a@corp.test", "--connect-timeout", "0.5"], nobody, &internet);
    assert!(
        said.status == 3 && said.out.contains("DNS did not answer for corp.test"),
        "{} {}",
        said.status,
        said.out
    );
    let said = run(&["check", "a@nosuch.test", "--discover"], dns.address, &internet);
    assert!(said.status == 3 && said.err.contains("no endpoint to check for a@nosuch.test"), "{}", said.err);
}

/// One answer of `autodiscover.corp.test` to the question for EWS.
fn answered(
    answer: impl Fn(&str, &str) -> Option<Vec<u8>> + Send + Sync + 'static,
    more: &[&str],
) -> (Value, Internet) {
    let dns = Dns::new(&[
        "local=/corp.test/",
        "host-record=corp.test,127.0.0.9",
        "srv-host=_imaps._tcp.corp.test,imap.corp.test,993,0,1",
    ]);
    let internet = Internet::new(&CLOUD, move |place, request| {
        if place == "https://autodiscover.corp.test" && request.contains("Protocol=EWS")
            || request.contains("/again")
        {
            answer(place, request)
        } else {
            nothing_there()
        }
    });
    let found = discover("alice@corp.test", &[&["-o", "json"], more].concat(), &dns, &internet).json();
    assert_eq!(urls(&found), ["imaps://imap.corp.test:993"], "nothing came of it");
    (request(&found, "Protocol=EWS").clone(), internet)
}

fn redirect(to: &str) -> Option<Vec<u8>> {
    page("302 Found", &format!("Location: {to}\r\n"), "")
}

#[test]
fn a_redirect_is_followed_by_the_rules_and_to_hosts_that_somebody_names() {
    let cases = [
        ("/again", "circle"),
        ("http://autodiscover.corp.test/again", "out of TLS"),
        (
            "https://elsewhere.test/again",
            "neither the address nor DNS nor the provider table names that host",
        ),
        ("https://corp.test.elsewhere.test/again", "neither the address nor DNS"),
        ("https://me:hunter3@corp.test/again", "a user or a password"),
        ("javascript:alert(1)", "out of TLS"),
    ];
    for (to, why) in cases {
        let (asked, internet) = answered(move |_, _| redirect(to), &[]);
        assert_eq!(asked["outcome"], "failed", "{to}: {asked}");
        assert!(asked["detail"].as_str().unwrap().contains(why), "{to}: {asked}");
        assert!(
            !internet.visited().iter().any(|host| host.contains("elsewhere")),
            "{:?}",
            internet.visited()
        );
    }
    let step = |_: &str, request: &str| {
        let at: usize =
            request.split("/again").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).unwrap_or(0);
        redirect(&format!("https://corp.test/again{}", at + 1))
    };
    let (asked, _) = answered(step, &[]);
    assert!(asked["detail"].as_str().unwrap().contains("more than 10 redirects"), "{asked}");
    assert_eq!(asked["redirects"].as_array().unwrap().len(), 10);
}

#[test]
fn an_answer_that_is_none_is_named_and_bounded() {
    let (asked, _) = answered(|_, _| page("200 OK", "", "<html><body>Welcome</body></html>"), &[]);
    assert_eq!(asked["detail"], "200 and no answer of this service: <html><body>Welcome</body></html>");
    let (asked, _) = answered(|_, _| page("200 OK", "", &"x".repeat(10 << 20)), &[]);
    assert!(asked["detail"].as_str().unwrap().contains("larger than any"), "{asked}");
    let (asked, _) = answered(|_, _| Some(b"SSH-2.0-OpenSSH\r\n".to_vec()), &[]);
    assert_eq!(asked["failure"]["cause"], "protocol-violation", "{asked}");
    let (asked, _) = answered(|_, _| None, &[]);
    assert_eq!(asked["failure"]["cause"], "connection-closed", "{asked}");
    let plain = r#"{"Protocol":"EWS","Url":"http://outlook.office365.com/EWS/Exchange.asmx"}"#;
    let (asked, _) = answered(move |_, _| page("200 OK", "", plain), &[]);
    assert!(asked["detail"].as_str().unwrap().contains("is no https address"), "{asked}");
}

#[test]
fn without_a_proxy_names_are_ours_and_pinned_addresses_hold() {
    let internet = Internet::new(&["mail.corp.test"], exchange);
    let port = internet.direct("mail.corp.test").port();
    let record = format!("srv-host=_autodiscover._tcp.corp.test,mail.corp.test,{port},0,1");
    let dns = Dns::new(&["local=/corp.test/", &record]);
    let arguments = ["discover", "alice@corp.test", "-o", "json", "--resolve", "mail.corp.test:127.0.0.1"];
    let found = run_without_proxy(&arguments, dns.address, &internet).json();
    let expected = [
        "ews://outlook.office365.com:443/EWS/Exchange.asmx".to_owned(),
        "eas://outlook.office365.com:443/Microsoft-Server-ActiveSync".to_owned(),
        format!("autodiscover://mail.corp.test:{port}/autodiscover/autodiscover.xml"),
    ];
    assert_eq!(urls(&found), expected, "the place that SRV announces answers in the second version, too");
    let own = request(&found, "https://autodiscover.corp.test/");
    assert_eq!((&own["outcome"], &own["failure"]["cause"]), (&"nothing".into(), &"no-such-host".into()));
    let requests = internet.requests.lock().unwrap().join("\n");
    assert!(requests.contains(&format!("\r\nHost: mail.corp.test:{port}\r\n")), "{requests}");
    assert!(internet.visited().is_empty());
}

#[test]
fn a_slow_answer_costs_the_timeout_and_not_the_discovery() {
    // For ever; the thread ends with the test.
    let slow = |_: &str, _: &str| loop {
        std::thread::park();
    };
    let (asked, _) = answered(slow, &["--timeout", "0.3"]);
    assert_eq!(asked["failure"]["cause"], "timeout", "{asked}");
}

#[test]
fn nobody_is_asked_whose_certificate_is_not_trusted() {
    let dns = Dns::new(&["local=/corp.test/", "host-record=corp.test,127.0.0.9"]);
    let internet = Internet::new(&["corp.test", "autodiscover.corp.test"], exchange);
    let stranger = Internet::new(&[], |_, _| None);
    std::fs::copy(stranger.ca(), internet.ca()).unwrap();
    let said = discover("alice@corp.test", &["-o", "json"], &dns, &internet);
    let found = said.json();
    assert_eq!((said.status, urls(&found).len()), (3, 0));
    assert_eq!(request(&found, "Protocol=EWS")["failure"]["cause"], "certificate-untrusted");
    let asked = internet.requests.lock().unwrap().clone();
    assert!(!asked.iter().any(|request| request.starts_with("https://")), "{asked:?}");
    let found = discover("alice@corp.test", &["-o", "json", "--insecure"], &dns, &internet).json();
    assert!(urls(&found).contains(&"ews://outlook.office365.com:443/EWS/Exchange.asmx"), "{found}");
}

#[test]
fn an_openid_configuration_is_believed_with_trust_only() {
    let dns = Dns::new(&EXCHANGE);
    let internet = Internet::new(&CLOUD, exchange);
    let stranger = Internet::new(&[], |_, _| None);
    std::fs::copy(stranger.ca(), internet.ca()).unwrap();
    let found = discover("alice@corp.test", &["-o", "json", "--insecure"], &dns, &internet).json();
    assert_eq!(found["openid"], Value::Null);
    let sources = found["sources"].as_array().unwrap();
    let openid = sources.iter().find(|source| source["source"] == "openid").unwrap();
    assert_eq!(openid["outcome"], "failed");
    assert!(openid["detail"].as_str().unwrap().contains("invalid peer certificate"), "{openid}");
}

#[test]
fn sources_that_disagree_are_findings() {
    let dns = Dns::new(&[
        "local=/corp.test/",
        "local=/outlook.com/",
        "host-record=corp.test,127.0.0.9",
        "mx-host=corp.test,aspmx.l.google.com,10",
        "host-record=autodiscover.outlook.com,127.0.0.9",
        "cname=autodiscover.corp.test,autodiscover.outlook.com",
        "srv-host=_imaps._tcp.corp.test,imap.corp.test,993,0,1",
        "srv-host=_autodiscover._tcp.corp.test,mail.corp.test,443,0,1",
    ]);
    let on_premises = r#"{"Protocol":"EWS","Url":"https://mail.corp.test/EWS/Exchange.asmx"}"#;
    let internet = Internet::new(&CLOUD, move |_, request| {
        if request.contains("Protocol=EWS") { page("200 OK", "", on_premises) } else { nothing_there() }
    });
    let found = discover("alice@corp.test", &["-o", "json"], &dns, &internet).json();
    let wanted = [
        "srv-contradicts",
        "autodiscover-places-differ",
        "autodiscover-contradicts-provider",
        "providers-differ",
    ];
    assert_eq!(findings(&found), wanted, "{found}");
}

#[test]
fn odd_addresses_reach_the_server_in_one_piece() {
    let dns = Dns::new(&["local=/xn--wtqs30n.test/", "host-record=xn--wtqs30n.test,127.0.0.9"]);
    let internet = Internet::new(&["autodiscover.xn--wtqs30n.test"], |_, _| nothing_there());
    let found = discover("\"a@b/?\"@\u{90f5}\u{4fbf}.test", &["-o", "json"], &dns, &internet).json();
    assert_eq!(found["domain"], "xn--wtqs30n.test");
    let requests = internet.requests.lock().unwrap().join("\n");
    let path =
        "GET /autodiscover/autodiscover.json/v1.0/%22a@b%2F%3F%22@xn--wtqs30n.test?Protocol=EWS HTTP/1.1";
    assert!(requests.contains(path), "{requests}");
}

#[test]
fn mistakes_are_named_before_anybody_is_asked() {
    let dns: SocketAddr = "127.0.10.54:9".parse().unwrap();
    let internet = Internet::new(&[], |_, _| None);
    let cases: [(&[&str], &str); 8] = [
        (&["discover", "a@[192.0.2.1]"], "IP address for a domain"),
        (&["discover", "https://corp.test"], "neither an address nor a domain"),
        (&["discover", "corp.test", "-o", "wide"], "discover writes text and json"),
        (&["discover", "corp.test", "--resolve", "corp.test:192.0.2.1"], "has no effect, for the proxy"),
        (&["check", "a@corp.test"], "--endpoint imaps://imap.corp.test, --provider NAME or --discover"),
        (
            &["check", "a@corp.test", "--provider", "nobody"],
            "unknown provider `nobody`: use one of exchange-online",
        ),
        (&["plan", "a@corp.test", "--discover"], "plan opens no connection"),
        (&["check", "alice", "--discover"], "`alice` is not a mailbox"),
    ];
    for (arguments, words) in cases {
        let said = run(arguments, dns, &internet);
        assert!(said.status == 2 && said.err.contains(words), "{arguments:?}: {} {}", said.status, said.err);
    }
    assert!(internet.visited().is_empty());
    let said =
        run(&["plan", "a@corp.test", "--provider", "exchange-online", "--advertised-only"], dns, &internet);
    assert!(
        said.status == 0 && said.out.contains("imaps://outlook.office365.com:993"),
        "{}{}",
        said.out,
        said.err
    );
}
