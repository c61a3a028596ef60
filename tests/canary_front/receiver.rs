//! A receiver of webhooks: takes, refuses, or hangs, and remembers what it was sent.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};

use serde_json::Value;

/// How it behaves.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "each suite asks for what it needs")]
pub(crate) enum Manner {
    Takes,
    Refuses(&'static str),
    Hangs,
    /// Refuses so many, then takes.
    Comes(usize),
}

pub(crate) struct Taker {
    pub(crate) url: String,
    /// What it was sent, with the fields in front.
    pub(crate) got: Receiver<(String, Value)>,
}

pub(crate) fn taker(manner: Manner) -> Taker {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook/secret-part", listener.local_addr().unwrap());
    let (send, got) = channel();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        let mut asked = 0;
        for stream in listener.incoming().map_while(Result::ok) {
            asked += 1;
            match manner {
                Manner::Hangs => held.push(stream),
                Manner::Refuses(status) => answer(stream, status, None),
                Manner::Comes(after) if asked <= after => answer(stream, "503 Busy", None),
                Manner::Takes | Manner::Comes(_) => answer(stream, "200 OK", Some(&send)),
            }
        }
    });
    Taker { url, got }
}

fn answer(stream: TcpStream, status: &str, told: Option<&Sender<(String, Value)>>) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or_default() == 0 {
            return;
        }
    }
    let length =
        head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    let mut body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut body).unwrap();
    if let Some(told) = told {
        let _ = told.send((head, serde_json::from_slice(&body).unwrap()));
    }
    let said = "no: secret-part \u{1b}[31m";
    let _ = write!(
        reader.into_inner(),
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{said}",
        said.len()
    );
}
