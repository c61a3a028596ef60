//! DNS servers that mean harm: names that point at themselves, and more records than anybody has.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, UdpSocket};
use std::sync::Arc;

use crate::program::check;
use crate::server::good;

/// Answers every question over UDP and TCP with a header that counts so many records, the question, and these octets.
fn dns(records: u16, octets: impl Into<Vec<u8>>, truncated: bool) -> String {
    let octets: Arc<Vec<u8>> = Arc::new(octets.into());
    // Both protocols on one port: whichever the kernel gives first has to be free for the other.
    let (udp, tcp) = loop {
        let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
            break (udp, tcp);
        }
    };
    let address = udp.local_addr().unwrap().to_string();
    let by_tcp = Arc::clone(&octets);
    std::thread::spawn(move || {
        let mut question = [0; 512];
        while let Ok((length, from)) = udp.recv_from(&mut question) {
            let answer = if truncated {
                message(&question[..length], 0, &[], true)
            } else {
                message(&question[..length], records, &octets, false)
            };
            udp.send_to(&answer[..answer.len().min(1200)], from).ok();
        }
    });
    std::thread::spawn(move || {
        for mut stream in tcp.incoming().map_while(Result::ok) {
            let octets = Arc::clone(&by_tcp);
            std::thread::spawn(move || {
                let mut length = [0; 2];
                while stream.read_exact(&mut length).is_ok() {
                    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
                    stream.read_exact(&mut question).ok();
                    let answer = message(&question, records, &octets, false);
                    stream.write_all(&u16::try_from(answer.len()).unwrap().to_be_bytes()).ok();
                    stream.write_all(&answer).ok();
                }
            });
        }
    });
    address
}

fn message(question: &[u8], records: u16, octets: &[u8], truncated: bool) -> Vec<u8> {
    // The name's labels, its end, type and class.
    let mut end = 12;
    while question[end] != 0 {
        end += usize::from(question[end]) + 1;
    }
    let flags = if truncated { 0x83 } else { 0x81 };
    let header = [question[0], question[1], flags, 0x80, 0, 1];
    [&header[..], &records.to_be_bytes(), &[0; 4], &question[12..end + 5], octets].concat()
}

/// An A record of the name in question, at this address.
fn a_record(address: [u8; 4]) -> Vec<u8> {
    [&[0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4][..], &address].concat()
}

/// The visit to a name that this server knows, with a good server beside it.
fn asked(server: &str, more: &[&str]) -> serde_json::Value {
    let good = good();
    let urls = ["imap+plain://hostile.example:1".to_owned(), good.url("imap+plain")];
    let more = [&["--dns-server", server, "--timeout", "6", "--methods", "PLAIN"], more].concat();
    let said = check(&urls, &more);
    assert_eq!(said.attempt(&urls[1], "PLAIN")["session"]["state"], "opened", "{}", said.out);
    assert!(said.took < std::time::Duration::from_secs(8), "it took {:?}", said.took);
    said.report()
}

#[test]
fn names_that_lead_to_themselves_or_nowhere_are_no_answer() {
    let rest = [0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1];
    // A pointer to itself, one forward, one beyond the end, and a label of another kind.
    for name in [[0xc0, 0x21], [0xc0, 0x30], [0xff, 0xff], [0x80, 0x01]] {
        let report = asked(&dns(1, [&name[..], &rest].concat(), false), &[]);
        assert_eq!(report["endpoints"][0]["failure"]["cause"], "resolver-failed", "{name:x?}");
    }
}

#[test]
fn a_chain_of_eight_thousand_pointers_under_every_name_of_an_answer_is_followed_without_a_stack() {
    // A text record whose content is pointers, each to the one in front of it, and names that begin at the last.
    let start = 12 + 21 + 12;
    let mut pointers = vec![0_u8, 0];
    while start + pointers.len() < 0x3ff0 {
        let before = u16::try_from(start + pointers.len() - 2).unwrap();
        pointers.extend((0xc000 | before).to_be_bytes());
    }
    let last = (0xc000 | u16::try_from(start + pointers.len() - 2).unwrap()).to_be_bytes();
    let length = u16::try_from(pointers.len()).unwrap().to_be_bytes();
    let mut octets = [&[0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60, length[0], length[1]][..], &pointers].concat();
    let record = [&last[..], &[0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]].concat();
    let names = (60_000 - octets.len()) / record.len();
    octets.extend(record.repeat(names));
    let report = asked(&dns(u16::try_from(names + 1).unwrap(), octets, true), &[]);
    let failure = &report["endpoints"][0]["failure"];
    assert!(failure["phase"] == "resolve" || failure["cause"] == "connection-refused", "{failure}");
}

#[test]
fn of_four_thousand_addresses_the_first_are_visited() {
    let records: Vec<u8> =
        (0..4000_u16).flat_map(|n| a_record([127, 1, n.to_be_bytes()[0], n.to_be_bytes()[1]])).collect();
    let server = dns(4000, records, true);
    let report = asked(&server, &[]);
    assert_eq!(
        report["endpoints"][0]["failure"]["cause"], "connection-refused",
        "one address where one is asked for"
    );
    let all = asked(&server, &["--all-addresses"]);
    let visited = all["endpoints"].as_array().unwrap().len() - 1;
    assert_eq!(visited, 64);
}
