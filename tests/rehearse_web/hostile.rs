//! Requests that nobody sends by accident: they are answered or dropped, and the next one is served.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use mailprobe_probes::model::Cause;
use mailprobe_rehearse::web::serve::Limits;

use crate::kit::{Tenant, short};

fn connect(tenant: &Tenant) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", tenant.http)).unwrap();
    // A guard: what hangs fails.
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// What comes back until the server hangs up.
fn answer(tenant: &Tenant, request: &[u8]) -> String {
    let mut stream = connect(tenant);
    // A server that has heard enough may hang up in the middle.
    let _ = stream.write_all(request);
    rest(&mut stream)
}

fn rest(stream: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let mut some = [0; 4096];
    loop {
        match stream.read(&mut some) {
            Ok(0) => break,
            Ok(count) => heard.extend_from_slice(&some[..count]),
            Err(error) => {
                assert!(
                    !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut),
                    "it hangs"
                );
                break;
            }
        }
    }
    String::from_utf8_lossy(&heard).into_owned()
}

fn status(heard: &str) -> &str {
    heard.get(9..12).unwrap_or("none")
}

/// The tenant still answers.
fn lives(tenant: &Tenant) {
    let heard = answer(
        tenant,
        b"POST /EWS/Exchange.asmx HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    );
    assert_eq!(status(&heard), "401", "{heard}");
}

#[test]
fn heads_beyond_the_bounds_are_refused() {
    let tenant = Tenant::with(Cause::Accepted, |_| {}, short());
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "a".repeat(200_000));
    assert_eq!(status(&answer(&tenant, long.as_bytes())), "431");
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: a\r\n".repeat(200));
    assert_eq!(status(&answer(&tenant, many.as_bytes())), "431");
    let uri = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(100_000));
    assert!(["414", "431"].contains(&status(&answer(&tenant, uri.as_bytes()))));
    for nonsense in [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"EHLO x\r\n\r\n", b"\0\0\0\0\r\n\r\n"] {
        assert!(["400", "none"].contains(&status(&answer(&tenant, nonsense))));
    }
    lives(&tenant);
}

#[test]
fn bodies_beyond_the_bounds_are_refused_before_they_are_read_and_while_they_are() {
    let tenant = Tenant::with(Cause::Accepted, |_| {}, short());
    let announced = b"POST /EWS/Exchange.asmx HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n";
    assert_eq!(status(&answer(&tenant, announced)), "413");
    let mut chunked =
        b"POST /EWS/Exchange.asmx HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..20 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.extend_from_slice(&vec![b'a'; 0x10000]);
        chunked.extend_from_slice(b"\r\n");
    }
    let mut stream = connect(&tenant);
    let _ = stream.write_all(&chunked);
    // The answer may be lost in the reset that follows unread octets.
    assert!(["413", "none"].contains(&status(&rest(&mut stream))));
    let bad =
        b"POST /EWS/Exchange.asmx HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n";
    assert_eq!(status(&answer(&tenant, bad)), "400");
    lives(&tenant);
}

#[test]
fn whoever_goes_silent_is_left() {
    let tenant = Tenant::with(Cause::Accepted, |_| {}, short());
    assert!(["408", "none"].contains(&status(&answer(&tenant, b"POST /EWS/Exch"))), "in the head");
    let half = b"POST /EWS/Exchange.asmx HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc";
    assert_eq!(status(&answer(&tenant, half)), "408", "in the content");
    assert_eq!(answer(&tenant, b""), "", "at once");
    lives(&tenant);
}

#[test]
fn a_connection_serves_so_many_requests_and_ends() {
    let tenant = Tenant::with(Cause::Accepted, |_| {}, Limits { requests: 3, ..Limits::default() });
    let request = b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n".repeat(5);
    let heard = answer(&tenant, &request);
    assert_eq!(heard.matches("HTTP/1.1 404").count(), 3, "{heard}");
    assert_eq!(heard.matches("Connection: close").count(), 1);
}

#[test]
fn deep_xml_and_broken_wbxml_are_answered() {
    let tenant = Tenant::new();
    let post = |path: &str, body: &[u8]| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nMS-ASProtocolVersion: 16.1\r\n\
             Authorization: Basic YWxpY2VAY29udG9zby5leGFtcGxlOmNvcnJlY3QtaG9yc2UtNw==\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        answer(&tenant, &[head.as_bytes(), body].concat())
    };
    let deep = "<a>".repeat(100_000);
    assert_eq!(status(&post("/EWS/Exchange.asmx", deep.as_bytes())), "500");
    assert!(post("/autodiscover/autodiscover.xml", deep.as_bytes()).contains("<ErrorCode>600"));
    let bomb = b"<!DOCTYPE x [<!ENTITY a \"aaaa\">]><Autodiscover>&a;</Autodiscover>";
    assert!(post("/autodiscover/autodiscover.xml", bomb).contains("<ErrorCode>600"));
    let sync = "/Microsoft-Server-ActiveSync?Cmd=FolderSync&DeviceId=a&DeviceType=b";
    let broken = post(sync, &[&[3, 1, 0x6a, 0][..], &vec![0x45; 100_000]].concat());
    assert!(broken.contains("\x03102"), "{broken}");
    lives(&tenant);
}
