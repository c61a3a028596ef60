//! `DavMail`, a gateway from IMAP to EWS: whoever opens the INBOX in it has logged in at the tenant's EWS.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::checked::{check, verdict};
use crate::tenant::{ALICE, PASSWORD, Tenant, client};

const JAR: &str = "/usr/share/davmail/davmail.jar";
const TRUST: &str = "changeit";
/// curl's exit status for a refused login.
const LOGIN_DENIED: i32 = 67;
const LONGEST_START: Duration = Duration::from_secs(30);

/// A gateway before a tenant, in a process of its own.
struct DavMail {
    child: Child,
    port: u16,
}

impl DavMail {
    fn before(tenant: &Tenant) -> Self {
        let (trust, settings) = (tenant.file("trust.jks"), tenant.file("davmail.properties"));
        let (status, said) = client(
            "keytool",
            &[
                ["-importcert", "-noprompt", "-alias", "rehearsal", "-storetype", "JKS", "-storepass"]
                    .as_slice(),
                &[TRUST, "-keystore", &trust, "-file", &tenant.file("ca.pem")],
            ]
            .concat(),
        );
        assert_eq!(status, 0, "{said}");
        assert!(
            std::path::Path::new(JAR).exists(),
            "{JAR} is missing: tests/lab/install installs davmail-server"
        );
        // It takes 0 for its own default; with another's port it does not greet as DavMail.
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let lines = [
            "davmail.server=true".to_owned(),
            "davmail.mode=EWS".to_owned(),
            format!("davmail.url={}", tenant.url("https", "/EWS/Exchange.asmx")),
            "davmail.bindAddress=127.0.0.1".to_owned(),
            format!("davmail.imapPort={port}"),
            "davmail.popPort=\ndavmail.smtpPort=\ndavmail.ldapPort=\ndavmail.caldavPort=".to_owned(),
            "davmail.disableUpdateCheck=true".to_owned(),
            format!("davmail.logFilePath={}", tenant.file("davmail.log")),
        ];
        std::fs::write(&settings, lines.join("\n")).unwrap();
        let child = Command::new("java")
            .args(["-Xmx128m", "-XX:TieredStopAtLevel=1"])
            .arg(format!("-Duser.home={}", tenant.state().display()))
            .arg(format!("-Djavax.net.ssl.trustStore={trust}"))
            .arg(format!("-Djavax.net.ssl.trustStorePassword={TRUST}"))
            .args(["-jar", JAR, "-server", &settings])
            .current_dir(tenant.state())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut davmail = Self { child, port };
        davmail.wait_until_it_greets();
        davmail
    }

    fn wait_until_it_greets(&mut self) {
        let started = Instant::now();
        let connection = loop {
            if let Ok(connection) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)) {
                break connection;
            }
            assert_eq!(self.child.try_wait().unwrap(), None, "DavMail ended instead of listening");
            assert!(started.elapsed() < LONGEST_START, "DavMail does not listen");
            std::thread::yield_now();
        };
        connection.set_read_timeout(Some(LONGEST_START)).unwrap();
        let mut greeting = String::new();
        BufReader::new(connection).read_line(&mut greeting).unwrap();
        assert!(greeting.contains("DavMail"), "{greeting}");
    }

    /// What curl comes to that opens the INBOX through it.
    fn inbox(&self, password: &str) -> (i32, String) {
        let (login, url) = (format!("{ALICE}:{password}"), format!("imap://127.0.0.1:{}/INBOX", self.port));
        client("curl", &["-sS", "--max-time", "20", "-u", &login, "-X", "EXAMINE INBOX", &url])
    }
}

impl Drop for DavMail {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn davmail_opens_the_inbox_over_ews_by_password_where_the_scenario_and_our_check_say_so() {
    for (scenario, expected) in
        [("before-cutover", "in"), ("exchange-online-today", "out"), ("ews-retired", "out")]
    {
        let mut tenant = Tenant::of(scenario);
        let davmail = DavMail::before(&tenant);
        let (status, said) = davmail.inbox("wrong");
        assert_eq!(status, LOGIN_DENIED, "{scenario}, a wrong password: {said}");
        let (status, said) = davmail.inbox(PASSWORD);
        if expected == "in" {
            assert_eq!(status, 0, "{scenario}: {said}");
            assert!(said.contains("* 0 EXISTS"), "{scenario}: {said}");
        } else {
            assert_eq!(status, LOGIN_DENIED, "{scenario}: {said}");
        }
        let ews = format!("ews://localhost:{}", tenant.port("https"));
        let report = check(&tenant, PASSWORD, &[ews], &[]);
        assert_eq!(verdict(&report, 0, "password"), expected, "{scenario}: our check");
        drop(davmail);
        assert!(!tenant.end().everything().contains(PASSWORD), "{scenario}");
    }
}
