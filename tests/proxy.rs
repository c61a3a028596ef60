//! The way through a proxy: scripted ones that do one thing each, and two real ones, tinyproxy and microsocks.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use mailprobe_probes::model::{
    Direction, EndpointReport, Login, Method, Phase, Proxy, Secret, TlsAnswer, Trouble,
};
use mailprobe_probes::probe::{OpenGate, Options, Slots, Task, Tools, probe_for};
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;
use mailprobe_probes::wire::{CancellationToken, Dialer, Override, Proxied, Resolver, ResolverSettings, Tls};

const PASSWORD: &str = "hunter2-of-the-proxy";
const GREETING: &str = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] here is the server\r\n";

/// A proxy: a thread that serves so many connections by a script, and gives what each has read.
struct Scripted {
    address: SocketAddr,
    heard: JoinHandle<Vec<Vec<u8>>>,
}

impl Scripted {
    fn new(visits: usize, serve: impl Fn(&mut TcpStream) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let heard = std::thread::spawn(move || {
            (0..visits).map(|_| serve(&mut listener.accept().unwrap().0)).collect()
        });
        Self { address, heard }
    }

    /// Answers CONNECT with these bytes, and hangs up.
    fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::new(1, move |stream| {
            let request = head(stream);
            stream.write_all(&answer).ok();
            request
        })
    }

    fn heard(self) -> Vec<String> {
        self.heard.join().unwrap().iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }
}

/// Reads to the empty line.
fn head(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.extend_from_slice(&exactly::<1>(stream));
    }
    head
}

fn exactly<const N: usize>(stream: &mut TcpStream) -> [u8; N] {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes).unwrap();
    bytes
}

/// The IMAP server at the end of the tunnel, after its greeting.
fn be_the_server(stream: &TcpStream) {
    let mut out = stream;
    for line in BufReader::new(stream).lines().map_while(Result::ok) {
        let (tag, command) = line.split_once(' ').unwrap();
        let untagged = if command == "LOGOUT" { "* BYE" } else { "* CAPABILITY IMAP4rev1 AUTH=PLAIN" };
        // After LOGOUT nobody need listen.
        write!(out, "{untagged}\r\n{tag} OK done\r\n").ok();
    }
}

/// Reads the advertisement of a server that is not there, by way of the proxy. No name server answers, so that
/// whoever asks one fails.
fn visit(
    proxy: &str,
    address: SocketAddr,
    more: impl FnOnce(&mut Task, &mut ResolverSettings),
) -> EndpointReport {
    let mut proxy: Proxy = proxy.replace("PROXY", &address.to_string()).parse().unwrap();
    proxy.password = proxy.user.is_some().then(|| Secret::new(PASSWORD));
    let login = Login { authcid: "alice".into(), authzid: None, password: None, token: None };
    let mut task = Task {
        endpoint: "imap+plain://imap.example.com".parse().unwrap(),
        address: None,
        mailbox: String::new(),
        login: Arc::new(login),
        options: Options { stop_after: Phase::Capability, ..Options::default() },
        slots: Slots::default(),
    };
    let nobody: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let mut settings = ResolverSettings { server: Some(nobody), ..ResolverSettings::default() };
    more(&mut task, &mut settings);
    let resolver = Arc::new(Resolver::new(settings));
    let root = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap().cert.der().clone();
    let tools = Tools {
        dialer: Arc::new(Proxied::new(proxy, Arc::clone(&resolver), Arc::new(Dialer::default()))),
        resolver,
        tls: Tls::new(Some(&[root])).unwrap(),
        mechanisms: Registry::standard(),
        schemes: Schemes::standard(),
        gate: Arc::new(OpenGate),
        cancel: CancellationToken::new(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let report = runtime.block_on(probe_for(task.endpoint.protocol).unwrap().run(&task, &tools));
    let json = serde_json::to_string(&report).unwrap();
    let read = serde_json::from_str::<EndpointReport>(&json).unwrap();
    assert_eq!(EndpointReport { findings: report.findings.clone(), ..read }, report);
    assert!(!json.contains(PASSWORD) && !json.contains("aHVudGVyMi1vZi10aGUtcHJveHk"), "{json}");
    let shown = format!("{}://{address}", json_scheme(&report));
    assert_eq!((report.proxy.as_deref(), report.peer.as_deref()), (Some(shown.as_str()), None));
    report
}

fn json_scheme(report: &EndpointReport) -> &str {
    report.proxy.as_deref().unwrap().split_once("://").unwrap().0
}

fn plain(proxy: &str, address: SocketAddr) -> EndpointReport {
    visit(proxy, address, |_, _| {})
}

#[track_caller]
fn assert_failed(report: &EndpointReport, cause: Trouble, words: &[&str]) {
    let failure = report.failure.as_ref().expect("a failure");
    assert_eq!((failure.phase, failure.cause), (Phase::Connect, cause), "{failure:?}");
    for word in words {
        assert!(failure.detail.contains(word), "{word}: {failure:?}");
    }
    // The proxy's words are no server's.
    assert!(
        report.transcript.iter().all(|line| line.direction == Direction::Note) && report.greeting.is_none()
    );
}

#[track_caller]
fn assert_read(report: &EndpointReport) {
    assert_eq!(report.failure, None);
    assert_eq!(report.greeting.as_deref(), Some(GREETING.trim_end()));
    assert!(report.advertised[0].offers.iter().any(|offer| offer.method.name() == "PLAIN"));
}

#[test]
fn a_greeting_in_the_same_packet_as_the_answer_to_connect_is_the_servers() {
    let proxy = Scripted::new(1, |stream| {
        let request = head(stream);
        let answer = format!("HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\n\r\n{GREETING}");
        stream.write_all(answer.as_bytes()).unwrap();
        be_the_server(stream);
        request
    });
    assert_read(&plain("http://PROXY", proxy.address));
    let wanted = "CONNECT imap.example.com:143 HTTP/1.1\r\nHost: imap.example.com:143\r\n\r\n";
    assert_eq!(proxy.heard(), [wanted]);
}

#[test]
fn the_user_goes_to_the_proxy_and_nowhere_else() {
    let proxy = Scripted::new(1, |stream| {
        let request = head(stream);
        stream.write_all(format!("HTTP/1.0 200\n\n{GREETING}").as_bytes()).unwrap();
        be_the_server(stream);
        request
    });
    assert_read(&plain("http://me@PROXY", proxy.address));
    // printf 'me:hunter2-of-the-proxy' | base64
    assert!(
        proxy.heard()[0].contains("\r\nProxy-Authorization: Basic bWU6aHVudGVyMi1vZi10aGUtcHJveHk=\r\n\r\n")
    );
}

#[test]
fn a_proxy_that_asks_who_comes_is_told_apart_from_a_server_that_does() {
    let answer = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\n\
                  proxy-authenticate: Basic realm=\"corp\"\r\nWWW-Authenticate: Digest\r\n\r\n";
    let proxy = Scripted::answering(answer);
    let report = plain("http://PROXY", proxy.address);
    let words = ["407 Proxy Authentication Required", "NTLM and Basic realm=\"corp\"", "no user was given"];
    assert_failed(&report, Trouble::ProxyAuthRequired, &words);
    assert!(!report.failure.unwrap().detail.contains("Digest"));
}

#[test]
fn a_proxy_that_repeats_its_password_does_not_get_it_into_the_report() {
    let reason =
        format!("HTTP/1.1 407 not {PASSWORD}\r\nProxy-Authenticate: Basic realm=\"{PASSWORD}\"\r\n\r\n");
    let proxy = Scripted::answering(reason);
    let report = plain("http://me@PROXY", proxy.address);
    assert_failed(&report, Trouble::ProxyAuthRequired, &["\u{2039}secret\u{203a}", "were not taken"]);
    // In the greeting, too: whoever runs the proxy can speak for a server without TLS.
    let proxy = Scripted::new(1, |stream| {
        let request = head(stream);
        stream
            .write_all(
                format!("HTTP/1.1 200 OK\r\n\r\n* OK [CAPABILITY IMAP4rev1] {PASSWORD}\r\n").as_bytes(),
            )
            .unwrap();
        be_the_server(stream);
        request
    });
    let report = plain("http://me@PROXY", proxy.address);
    assert_eq!(report.greeting.as_deref(), Some("* OK [CAPABILITY IMAP4rev1] \u{2039}secret\u{203a}"));
}

#[test]
fn a_proxy_that_does_not_connect_is_quoted() {
    for status in ["403 Forbidden", "502 Bad Gateway", "301 Moved Permanently"] {
        let proxy = Scripted::answering(format!("HTTP/1.1 {status}\r\nVia: x\r\n\r\n<html>"));
        assert_failed(
            &plain("http://PROXY", proxy.address),
            Trouble::ProxyRefused,
            &[status, "http://127.0.0.1"],
        );
    }
}

#[test]
fn what_is_no_proxy_is_seen_at_once() {
    let cases: &[(&[u8], &str)] = &[
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak HTTP: its answer begins with SSH-2"),
        (b"\x1b[2J!", "does not speak HTTP: its answer begins with \\x1B[2J!"),
        (b"HTTP/1.1 OK then\r\n\r\n", "is not HTTP: HTTP/1.1 OK then"),
        (b"HTTP/1.1 2000 x\r\n\r\n", "is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nVia", "closed the connection within its answer: HTTP/1.1 200 OK"),
        (b"", "closed the connection without an answer"),
    ];
    for (answer, words) in cases {
        let proxy = Scripted::answering(*answer);
        assert_failed(&plain("http://PROXY", proxy.address), Trouble::ProxyFailed, &[words]);
    }
}

#[test]
fn a_header_without_end_is_read_for_16_kib() {
    let proxy = Scripted::new(1, |stream| {
        let request = head(stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\n").unwrap();
        while stream.write_all(b"X-More: and more\r\n").is_ok() {}
        request
    });
    assert_failed(&plain("http://PROXY", proxy.address), Trouble::ProxyFailed, &["more than 16384 octets"]);
}

#[test]
fn a_silent_proxy_costs_the_time_to_connect_and_is_named() {
    let proxy = Scripted::new(1, |stream| {
        let mut heard = Vec::new();
        stream.read_to_end(&mut heard).unwrap();
        heard
    });
    let short = Duration::from_millis(100);
    let report = visit("http://PROXY", proxy.address, |task, _| task.options.connect_timeout = short);
    assert_failed(
        &report,
        Trouble::Timeout,
        &["through the proxy http://127.0.0.1", "no answer within 0.1 s"],
    );
}

#[test]
fn a_proxy_that_is_not_there_is_no_server_that_refuses() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_failed(&plain("http://PROXY", closed), Trouble::ProxyFailed, &["Connection refused"]);
}

#[test]
fn a_server_that_hangs_up_behind_a_good_proxy_is_the_servers_failure() {
    let proxy = Scripted::answering("HTTP/1.1 200 OK\r\n\r\n");
    let failure = plain("http://PROXY", proxy.address).failure.unwrap();
    assert_eq!((failure.phase, failure.cause), (Phase::Greeting, Trouble::ConnectionClosed));
}

/// The client's greeting and its choice of methods, RFC 1928 section 3.
fn methods(stream: &mut TcpStream) -> Vec<u8> {
    let [version, count] = exactly(stream);
    assert_eq!(version, 5);
    (0..count).map(|_| exactly::<1>(stream)[0]).collect()
}

/// The request, RFC 1928 section 4: address type, address, port.
fn request(stream: &mut TcpStream) -> (u8, Vec<u8>, u16) {
    let [version, command, _, kind] = exactly(stream);
    assert_eq!((version, command), (5, 1));
    let length = match kind {
        1 => 4,
        3 => exactly::<1>(stream)[0].into(),
        _ => 16,
    };
    let address = (0..length).map(|_| exactly::<1>(stream)[0]).collect();
    (kind, address, u16::from_be_bytes(exactly(stream)))
}

/// A reply of RFC 1928 section 6.
fn reply(code: u8) -> Vec<u8> {
    vec![5, code, 0, 1, 0, 0, 0, 0, 0, 0]
}

#[test]
fn socks5h_gives_the_proxy_the_name_and_leaves_the_greeting_to_the_server() {
    let proxy = Scripted::new(1, |stream| {
        assert_eq!(methods(stream), [0]);
        stream.write_all(&[5, 0]).unwrap();
        let (kind, name, port) = request(stream);
        stream.write_all(&[reply(0), GREETING.into()].concat()).unwrap();
        be_the_server(stream);
        assert_eq!((kind, port), (3, 143));
        name
    });
    assert_read(&plain("socks5h://PROXY", proxy.address));
    assert_eq!(proxy.heard(), ["imap.example.com"]);
}

#[test]
fn socks5_gives_the_proxy_the_address() {
    let proxy = Scripted::new(1, |stream| {
        methods(stream);
        stream.write_all(&[5, 0]).unwrap();
        let (kind, address, _) = request(stream);
        stream.write_all(&[reply(0), GREETING.into()].concat()).unwrap();
        be_the_server(stream);
        assert_eq!(kind, 1);
        address
    });
    let pinned = Override { host: "imap.example.com".into(), port: None, address: [65, 66, 67, 68].into() };
    let report = visit("socks5://PROXY", proxy.address, |_, settings| settings.overrides = vec![pinned]);
    assert_read(&report);
    assert_eq!(proxy.heard(), ["ABCD"]);
}

#[test]
fn socks5_takes_a_user_where_it_asks_for_one() {
    for (status, taken) in [(0_u8, true), (1, false)] {
        let proxy = Scripted::new(1, move |stream| {
            assert!(methods(stream).contains(&2));
            stream.write_all(&[5, 2]).unwrap();
            let [_, length] = exactly(stream);
            let mut heard: Vec<u8> = (0..length).map(|_| exactly::<1>(stream)[0]).collect();
            heard.push(b':');
            let [length] = exactly(stream);
            heard.extend((0..length).map(|_| exactly::<1>(stream)[0]));
            stream.write_all(&[1, status]).unwrap();
            if status == 0 {
                request(stream);
                stream.write_all(&[reply(0), GREETING.into()].concat()).unwrap();
                be_the_server(stream);
            }
            heard
        });
        let report = plain("socks5h://me@PROXY", proxy.address);
        if taken {
            assert_read(&report);
        } else {
            assert_failed(&report, Trouble::ProxyAuthRequired, &["does not take the user and password"]);
        }
        assert_eq!(proxy.heard(), [format!("me:{PASSWORD}")]);
    }
}

#[test]
fn socks5_that_wants_a_user_and_gets_none_says_so() {
    let proxy = Scripted::new(1, |stream| {
        let offered = methods(stream);
        stream.write_all(&[5, 0xff]).unwrap();
        offered
    });
    assert_failed(
        &plain("socks5h://PROXY", proxy.address),
        Trouble::ProxyAuthRequired,
        &["no user was given"],
    );
}

#[test]
fn a_refusal_of_socks5_is_named_by_its_code() {
    let codes = [
        (1, "General SOCKS server failure"),
        (2, "not allowed by ruleset"),
        (3, "Network unreachable"),
        (4, "Host unreachable"),
        (5, "Connection refused"),
        (6, "TTL expired"),
    ];
    for (code, words) in codes {
        let proxy = Scripted::new(1, move |stream| {
            methods(stream);
            stream.write_all(&[5, 0]).unwrap();
            request(stream);
            stream.write_all(&reply(code)).unwrap();
            Vec::new()
        });
        assert_failed(
            &plain("socks5h://PROXY", proxy.address),
            Trouble::ProxyRefused,
            &[words, "socks5h://"],
        );
    }
}

#[test]
fn what_is_no_socks5_proxy_is_seen_at_once() {
    for (answer, words) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "does not speak SOCKS5"),
        (&[5, 7], "does not speak SOCKS5"),
        (&[5], "closed the connection within"),
        (&[5, 0, 4, 0, 0, 1, 0, 0, 0, 0, 0, 0], "does not speak SOCKS5"),
        (&[5, 0, 5, 0, 0, 9, 0, 0, 0, 0, 0, 0], "does not speak SOCKS5"),
    ] {
        let proxy = Scripted::new(1, move |stream| {
            methods(stream);
            stream.write_all(answer).ok();
            stream.shutdown(std::net::Shutdown::Write).ok();
            let mut heard = Vec::new();
            stream.read_to_end(&mut heard).ok();
            heard
        });
        assert_failed(&plain("socks5h://PROXY", proxy.address), Trouble::ProxyFailed, &[words]);
    }
}

#[test]
fn versions_of_tls_are_asked_for_through_the_proxy_too() {
    // One connection of the visit and one for each version; all of them meet an alert in place of a handshake.
    let proxy = Scripted::new(5, |stream| {
        let request = head(stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        exactly::<5>(stream);
        stream.write_all(&[0x15, 3, 3, 0, 2, 2, 70]).ok();
        request
    });
    let report = visit("http://PROXY", proxy.address, |task, _| {
        task.endpoint = "imaps://imap.example.com".parse().unwrap();
        task.options.tls_versions = true;
    });
    assert_eq!(report.failure.unwrap().cause, Trouble::TlsVersion);
    assert!(
        report.tls_versions.iter().all(|asked| matches!(asked.answer, TlsAnswer::Refused { .. })),
        "{:?}",
        report.tls_versions
    );
    assert_eq!(proxy.heard().len(), 5);
}

#[test]
fn the_first_connection_that_came_through_speaks_for_the_server() {
    let count = std::sync::atomic::AtomicUsize::new(1);
    let proxy = Scripted::new(4, move |stream| {
        let request = head(stream);
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        write!(stream, "HTTP/1.1 200 OK\r\n\r\n* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] number {number}\r\n")
            .unwrap();
        be_the_server(stream);
        request
    });
    let report = visit("http://PROXY", proxy.address, |task, _| {
        let login = Login::clone(&task.login);
        task.login = Arc::new(Login { password: Some(Secret::new("of the mailbox")), ..login });
        task.options.methods = vec![Method::sasl("PLAIN"), Method::sasl("LOGIN")];
        (task.options.stop_after, task.options.allow_plaintext) = (Phase::Auth, true);
    });
    assert!(report.transcript.iter().any(|line| line.connection == 2), "{report:?}");
    assert!(report.greeting.unwrap().ends_with("number 1"));
}

/// A real proxy; it ends with the test.
struct Real(Child);

impl Drop for Real {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// Starts a program on a free port and waits until it listens there, for at most five seconds.
fn started(port: u16, command: &mut Command) -> Real {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut real = Real(child.unwrap_or_else(|error| panic!("{command:?}: {error}: run tests/lab/install")));
    let listens = format!("0100007F:{port:04X} 00000000:0000 0A");
    let until = std::time::Instant::now() + Duration::from_secs(5);
    while !std::fs::read_to_string("/proc/net/tcp").unwrap().contains(&listens) {
        assert!(
            real.0.try_wait().unwrap().is_none() && until > std::time::Instant::now(),
            "{command:?} does not start"
        );
        std::thread::yield_now();
    }
    real
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server behind the proxy.
fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            stream.write_all(GREETING.as_bytes()).unwrap();
            be_the_server(&stream);
        }
    });
    address
}

fn at(address: SocketAddr) -> impl Fn(&mut Task, &mut ResolverSettings) {
    move |task, _| task.endpoint = format!("imap+plain://localhost:{}", address.port()).parse().unwrap()
}

#[test]
fn tinyproxy_connects_asks_for_its_user_and_forbids_ports() {
    let (server, port) = (server(), free_port());
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("tinyproxy.conf");
    let lines = format!(
        "Port {port}\nListen 127.0.0.1\nTimeout 10\nLogFile \"{}\"\nBasicAuth me {}\nConnectPort {}\n",
        folder.path().join("log").display(),
        PASSWORD,
        server.port()
    );
    std::fs::write(&config, lines).unwrap();
    let _proxy = started(port, Command::new("tinyproxy").arg("-d").arg("-c").arg(&config));
    let proxy: SocketAddr = ([127, 0, 0, 1], port).into();
    let report = visit("http://PROXY", proxy, at(server));
    assert_failed(
        &report,
        Trouble::ProxyAuthRequired,
        &["407 Proxy Authentication Required", "Basic realm="],
    );
    assert_read(&visit("http://me@PROXY", proxy, at(server)));
    let report = visit("http://you@PROXY", proxy, at(server));
    assert_failed(&report, Trouble::ProxyAuthRequired, &["were not taken"]);
    let other = visit("http://me@PROXY", proxy, |task, _| {
        task.endpoint = "imap+plain://localhost:9".parse().unwrap();
    });
    assert_failed(&other, Trouble::ProxyRefused, &["403"]);
}

#[test]
fn microsocks_connects_for_its_user_alone_and_says_who_does_not_answer() {
    let (server, port) = (server(), free_port());
    let arguments = ["-i", "127.0.0.1", "-p", &port.to_string(), "-u", "me", "-P", PASSWORD];
    let _proxy = started(port, Command::new("microsocks").args(arguments));
    let proxy: SocketAddr = ([127, 0, 0, 1], port).into();
    assert_read(&visit("socks5h://me@PROXY", proxy, at(server)));
    assert_failed(
        &visit("socks5h://PROXY", proxy, at(server)),
        Trouble::ProxyAuthRequired,
        &["no user was given"],
    );
    assert_failed(
        &visit("socks5h://you@PROXY", proxy, at(server)),
        Trouble::ProxyAuthRequired,
        &["does not take the user and password"],
    );
    let closed: SocketAddr = ([127, 0, 0, 1], free_port()).into();
    assert_failed(
        &visit("socks5h://me@PROXY", proxy, at(closed)),
        Trouble::ProxyRefused,
        &["Connection refused"],
    );
}
