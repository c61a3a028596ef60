//! A thousand people of one tenant at the same moment, over every protocol and inside TLS: each gets the answer that is
//! meant for her, and the record has each of them once.

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::crowd::connector;
use crate::tenant::Tenant;

const PEOPLE: usize = 1000;
const DOORS: &[&str] = &["imaps", "pop3s", "smtps", "https"];

/// Every third has forgotten the password.
const fn knows(number: usize) -> bool {
    !number.is_multiple_of(3)
}

struct Caller {
    number: usize,
    stream: BufReader<TlsStream<TcpStream>>,
}

impl Caller {
    async fn at(number: usize, port: u16, connector: TlsConnector) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = BufReader::new(connector.connect(name, stream).await.unwrap());
        Self { number, stream }
    }

    fn user(&self) -> String {
        format!("user{}@rehearsal.test", self.number)
    }

    fn password(&self) -> String {
        format!("{} of {}", if knows(self.number) { "secret" } else { "wrong" }, self.number)
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).await.unwrap();
        line
    }

    async fn says(&mut self, text: &str) -> String {
        self.stream.get_mut().write_all(text.as_bytes()).await.unwrap();
        self.line().await
    }

    /// Logs in, and says whether that was taken, after everything that is hers alone came back to her.
    async fn logs_in(&mut self, door: &str) -> bool {
        let (number, user, password) = (self.number, self.user(), self.password());
        match door {
            "imaps" => {
                let answer = self.says(&format!("tag{number} LOGIN {user} \"{password}\"\r\n")).await;
                assert!(answer.starts_with(&format!("tag{number} ")), "{number}: {answer}");
                answer.contains(" OK ")
            }
            "pop3s" => {
                assert!(self.says(&format!("USER {user}\r\n")).await.starts_with("+OK"));
                self.says(&format!("PASS {password}\r\n")).await.starts_with("+OK")
            }
            "smtps" => {
                assert_eq!(self.says("AUTH LOGIN\r\n").await, "334 VXNlcm5hbWU6\r\n");
                let user = format!("{}\r\n", STANDARD.encode(user));
                assert_eq!(self.says(&user).await, "334 UGFzc3dvcmQ6\r\n");
                self.says(&format!("{}\r\n", STANDARD.encode(password))).await.starts_with("235 ")
            }
            _ => {
                let login = STANDARD.encode(format!("{user}:{password}"));
                let id = format!("00000000-0000-4000-8000-{number:012}");
                let request = format!(
                    "OPTIONS /Microsoft-Server-ActiveSync HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\n\
                     client-request-id: {id}\r\nreturn-client-request-id: true\r\nConnection: close\r\n\r\n"
                );
                self.stream.get_mut().write_all(request.as_bytes()).await.unwrap();
                let mut answer = String::new();
                self.stream.read_to_string(&mut answer).await.unwrap();
                assert!(answer.contains(&id), "{number}: {answer}");
                answer.starts_with("HTTP/1.1 200 ")
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_people_at_once_are_all_served_and_nobody_gets_the_answer_of_another() {
    let mut scenario = String::from("extends = \"before-cutover\"\n");
    for number in 0..PEOPLE {
        let person = format!(
            "[[mailbox]]\naddress = \"user{number}@rehearsal.test\"\npassword = \"secret of {number}\"\n"
        );
        scenario.write_str(&person).unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("thousand.toml");
    std::fs::write(&path, scenario).unwrap();
    let mut tenant = Tenant::with(path.to_str().unwrap(), &["--ca-out", "CA", "-q"]);
    let connector = connector(&tenant);
    let everybody = Arc::new(Barrier::new(PEOPLE));
    let mut callers = JoinSet::new();
    for number in 0..PEOPLE {
        let (connector, everybody) = (connector.clone(), Arc::clone(&everybody));
        let door = DOORS[number % DOORS.len()];
        let port = tenant.port(door);
        callers.spawn(async move {
            let mut caller = Caller::at(number, port, connector).await;
            if door != "https" {
                assert!(!caller.line().await.is_empty(), "{number} was not greeted");
            }
            // All are open before anybody says a word.
            everybody.wait().await;
            assert_eq!(caller.logs_in(door).await, knows(number), "{number} over {door}");
            everybody.wait().await;
        });
    }
    // The first that fails ends the test: the others would wait for her.
    while let Some(caller) = callers.join_next().await {
        caller.unwrap();
    }
    let ended = tenant.end();
    assert_eq!(ended.report["turned_away"].as_u64(), Some(0));
    let connections = ended.report["connections"].as_array().unwrap();
    assert_eq!(connections.len(), PEOPLE);
    let mut seen = vec![false; PEOPLE];
    for connection in connections {
        let [login] = &connection["logins"].as_array().unwrap()[..] else { panic!("{connection}") };
        let user = login["user"].as_str().unwrap();
        let number = user.strip_prefix("user").and_then(|rest| rest.strip_suffix("@rehearsal.test"));
        let number: usize = number.unwrap().parse().unwrap();
        assert!(!std::mem::replace(&mut seen[number], true), "{user} twice");
        assert_eq!(login["matched"], knows(number), "{login}");
        let protocol = ["imap", "pop3", "smtp", "activesync"][number % DOORS.len()];
        assert_eq!(connection["protocol"], protocol, "{user}");
    }
}
