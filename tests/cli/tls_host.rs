//! An IMAP server behind a certificate with a flaw, which takes any password and remembers every word.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::{ServerConnection, StreamOwned};

use crate::identity::{self, Flaw};

/// A port of its own, served until the test ends.
pub(crate) struct TlsHost {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl TlsHost {
    pub(crate) fn new(flaw: Flaw) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = Arc::clone(&heard);
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                let ears = Arc::clone(&ears);
                std::thread::spawn(move || serve(stream, flaw, &ears));
            }
        });
        Self { port, heard }
    }

    /// The endpoint by the name that a good certificate is for, and where the name leads.
    pub(crate) fn arguments(&self, ca: &Path) -> Vec<String> {
        vec![
            "--endpoint".into(),
            format!("imaps://{}:{}", identity::HOST, self.port),
            "--resolve".into(),
            format!("{}:127.0.0.1", identity::HOST),
            "--ca-file".into(),
            ca.to_str().unwrap().into(),
        ]
    }

    /// Whether a login was begun.
    pub(crate) fn saw_a_login(&self) -> bool {
        let heard = self.heard.lock().unwrap();
        heard.iter().any(|line| line.contains("AUTHENTICATE") || line.contains("LOGIN "))
    }
}

/// Writes the root that the good certificates lead to.
pub(crate) fn write_root(path: &Path) {
    let text = STANDARD.encode(identity::root());
    std::fs::write(path, format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"))
        .unwrap();
}

fn serve(stream: TcpStream, flaw: Flaw, heard: &Mutex<Vec<String>>) {
    let config = identity::identity(flaw).config(&rustls::version::TLS13);
    let stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
    let mut lines = BufReader::new(stream);
    // A client that hangs up is no matter of this server's.
    let say = |lines: &mut BufReader<StreamOwned<ServerConnection, TcpStream>>, text: &str| {
        lines.get_mut().write_all(text.as_bytes()).is_ok()
    };
    if !say(&mut lines, "* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello\r\n") {
        return;
    }
    let mut line = String::new();
    while matches!(lines.read_line(&mut line), Ok(1..)) {
        heard.lock().unwrap().push(line.clone());
        let tag = line.split(' ').next().unwrap_or_default().to_owned();
        let answer = if line.contains("CAPABILITY") {
            format!("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\n{tag} OK done\r\n")
        } else if line.contains("SELECT") || line.contains("EXAMINE") {
            format!("* 0 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n")
        } else {
            format!("{tag} OK done\r\n")
        };
        if !say(&mut lines, &answer) {
            return;
        }
        line.clear();
    }
}
