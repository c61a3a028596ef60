use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

use super::*;
use crate::wire::Redactor;

fn request() -> HttpRequest {
    HttpRequest {
        verb: "POST",
        path: "/EWS/Exchange.asmx".into(),
        headers: vec![("user-agent", "mailprobe/0".into()), ("ms-asprotocolversion", "16.1".into())],
        body: b"<a/>\n".to_vec(),
    }
}

fn basic() -> Command {
    Command::clear("Basic ").and_secret("YWxpY2U6aHVudGVyMjI=", "user alice, password 8 chars")
}

/// Asks a server that says `answer` and then hangs up; gives what it heard, what came of it, and the log.
async fn asked(answer: &[u8]) -> (Vec<u8>, Result<Answered, Failure>, Vec<String>) {
    let (ours, mut theirs) = duplex(1 << 20);
    let mut redactor = Redactor::default();
    redactor.learn(b"hunter22");
    let log = Log::new(Instant::now(), 1, redactor);
    let stream: Tap<Box<dyn Io>> = Tap::new(Box::new(ours), log.clone());
    let mut connection = HttpConnection::new(stream, 4096).await.unwrap();
    let answer = answer.to_vec();
    let serving = tokio::spawn(async move {
        let mut heard = vec![0; 4096];
        let read = theirs.read(&mut heard).await.unwrap();
        heard.truncate(read);
        let _ = theirs.write_all(&answer).await;
        let _ = theirs.shutdown().await;
        heard
    });
    let request = request();
    let answered = connection.ask(Phase::Auth, &request, "mail.example", Some(&basic())).await;
    drop(connection);
    let heard = serving.await.unwrap();
    let lines = log.finish().iter().map(|line| format!("{} {}", line.direction.mark(), line.text)).collect();
    (heard, answered, lines)
}

#[tokio::test]
async fn what_was_declared_is_what_went_out_octet_by_octet() {
    let (heard, ..) = asked(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let (_, declared) = message(&request(), "mail.example", Some(&basic())).unwrap();
    assert_eq!(String::from_utf8(heard).unwrap(), String::from_utf8(declared.wire().to_vec()).unwrap());
}

#[tokio::test]
async fn the_transcript_shows_every_line_of_both_sides_and_no_secret() {
    let answer = b"HTTP/1.1 401 Token expired\r\nWWW-Authenticate: Basic Realm=\"\"\r\nX-Odd : yes\r\n\
        WWW-Authenticate: NTLM\r\nContent-Length: 9\r\n\r\nhunter22!";
    let (_, answered, lines) = asked(answer).await;
    let Answered { response, lines: range } = answered.unwrap();
    assert_eq!((response.status, response.reason.as_str()), (401, "Token expired"));
    assert_eq!(response.all("www-authenticate").collect::<Vec<_>>(), ["Basic Realm=\"\"", "NTLM"]);
    assert_eq!(
        lines,
        [
            "-> POST /EWS/Exchange.asmx HTTP/1.1",
            "-> Host: mail.example",
            "-> User-Agent: mailprobe/0",
            "-> Ms-Asprotocolversion: 16.1",
            "-> Content-Length: 5",
            "-> Authorization: Basic ‹user alice, password 8 chars›",
            "-> ",
            "-> <a/>",
            "<- HTTP/1.1 401 Token expired",
            "<- WWW-Authenticate: Basic Realm=\"\"",
            "<- X-Odd : yes",
            "<- WWW-Authenticate: NTLM",
            "<- Content-Length: 9",
            "<- ",
            "<- ‹secret›!",
        ]
    );
    assert_eq!(range, LineRange::new(1, 15));
}

#[tokio::test]
async fn what_is_not_http_is_named_and_never_taken_for_an_answer() {
    let many = "X-Field: y\r\n".repeat(200);
    let long = format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "y".repeat(MOST_HEAD * 2));
    let cases: [(&[u8], Trouble); 7] = [
        (b"220 mail.example.com ESMTP\r\n", Trouble::ProtocolViolation),
        (b"", Trouble::ConnectionClosed),
        (b"HTTP/1.1 200 OK\r\nX: y", Trouble::ConnectionClosed),
        (b"HTTP/1.1 2000 OK\r\n\r\n", Trouble::ProtocolViolation),
        (format!("HTTP/1.1 200 OK\r\n{many}\r\n").as_bytes().to_vec().leak(), Trouble::ReplyTooLarge),
        (long.into_bytes().leak(), Trouble::ReplyTooLarge),
        (
            b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff",
            Trouble::ProtocolViolation,
        ),
    ];
    for (answer, cause) in cases {
        let (_, answered, lines) = asked(answer).await;
        let shown = &answer[..40.min(answer.len())];
        assert_eq!(answered.unwrap_err().cause, cause, "{:?} {lines:?}", String::from_utf8_lossy(shown));
    }
}

#[tokio::test]
async fn content_is_cut_at_the_bound_and_where_it_breaks_off() {
    let endless = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(10_000));
    let response = asked(endless.as_bytes()).await.1.unwrap().response;
    assert_eq!((response.body.len(), response.cut), (4096, true));
    let garbage = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nmore";
    let response = asked(garbage).await.1.unwrap().response;
    assert_eq!((response.body.as_slice(), response.cut), (b"hello".as_slice(), true));
    let short = b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhello";
    let response = asked(short).await.1.unwrap().response;
    assert_eq!((response.body.as_slice(), response.cut), (b"hello".as_slice(), true));
}
