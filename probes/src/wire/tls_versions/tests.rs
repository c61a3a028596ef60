//! Known answers. Those of OpenSSL are from Debian 12's `openssl s_server` 3.0.19, with an RSA certificate and
//! `openssl s_client -msg` asking; the commands stand beside them.

use proptest::prelude::*;
use tls_parser::{
    TlsExtension, TlsMessage, TlsMessageHandshake, parse_tls_client_hello_extensions, parse_tls_plaintext,
};

use super::*;
use crate::model::TlsProtocol::{self, Tls10, Tls11, Tls12, Tls13};

/// `s_server -cipher ALL:@SECLEVEL=0`, `s_client -tls1 -cipher ALL:@SECLEVEL=0`.
const HELLO_1_0: &str = "16 03 01 00 45
    02 00 00 41 03 01 99 8a ab 46 00 0b e7 06 be f2 a8 ed 31 cc b4 27 59 48 66 88 71 34 08 80 44 4f 57 4e 47 52 44 00
    00 c0 14 00 00 19 ff 01 00 01 00 00 0b 00 04 03 00 01 02 00 23 00 00 00 16 00 00 00 17 00 00";
/// The same with `-tls1_1`.
const HELLO_1_1: &str = "16 03 02 00 45
    02 00 00 41 03 02 73 7d 05 ec 11 57 93 7b ca 11 ef 68 ad 1f 23 82 15 f7 2a 25 85 18 73 02 44 4f 57 4e 47 52 44 00
    00 c0 14 00 00 19 ff 01 00 01 00 00 0b 00 04 03 00 01 02 00 23 00 00 00 16 00 00 00 17 00 00";
/// `s_server -tls1_2 -cipher AES128-SHA`, `s_client -tls1_2`.
const HELLO_1_2: &str = "16 03 03 00 3d
    02 00 00 39 03 03 8a fa 8c 51 c6 1b fa 22 7d e6 13 4b db d7 97 cf 79 59 59 f1 08 93 2f ec e5 b7 57 af ad d9 7a f9
    00 00 2f 00 00 11 ff 01 00 01 00 00 23 00 00 00 16 00 00 00 17 00 00";
/// RFC 8448 section 3, "send handshake record" of the server.
const HELLO_1_3: &str = "16 03 03 00 5a
    02 00 00 56 03 03 a6 af 06 a4 12 18 60 dc 5e 6e 60 24 9c d3 4c 95 93 0c 8a c5 cb 14 34 da c1 55 77 2e d3 e2 69 28
    00 13 01 00 00 2e 00 33 00 24 00 1d 00 20 c9 82 88 76 11 20 95 fe 66 76 2b db f7 c6 72 e1 56 d6 cc 25 3b 83 3d f1
    dd 69 b1 b0 4e 75 1f 0f 00 2b 00 02 03 04";
/// `s_server -groups P-256`, `s_client -tls1_3 -groups X25519:P-256`.
const RETRY_1_3: &str = "16 03 03 00 58
    02 00 00 54 03 03 cf 21 ad 74 e5 9a 61 11 be 1d 8c 02 1e 65 b8 91 c2 a2 11 16 7a bb 8c 5e 07 9e 09 e2 c8 a8 33 9c
    20 63 50 03 66 9d 1b 7f 5c f4 03 d5 68 40 e3 d0 f3 96 58 0a 42 87 90 89 48 71 33 ed 69 81 96 2d 37 13 02 00 00 0c
    00 2b 00 02 03 04 00 33 00 02 00 17";
/// `s_server -tls1_2`, `s_client -tls1 -cipher ALL:@SECLEVEL=0`.
const NO_SUCH_VERSION: &str = "15 03 01 00 02 02 46";
/// `s_server` with Debian's own security level, which forbids TLS 1.0: the same client.
const NOT_AT_THIS_LEVEL: &str = "15 03 01 00 02 02 50";

fn bytes(hex: &str) -> Vec<u8> {
    hex.split_whitespace().map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

fn chosen(cipher: &str, retry: bool) -> Heard {
    Heard::Chosen { cipher: cipher.to_owned(), retry }
}

#[test]
fn a_server_hello_of_each_version_is_read_as_soon_as_it_is_whole() {
    for (hex, version, expected) in [
        (HELLO_1_0, Tls10, chosen("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", false)),
        (HELLO_1_1, Tls11, chosen("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", false)),
        (HELLO_1_2, Tls12, chosen("TLS_RSA_WITH_AES_128_CBC_SHA", false)),
        (HELLO_1_3, Tls13, chosen("TLS_AES_128_GCM_SHA256", false)),
        (RETRY_1_3, Tls13, chosen("TLS_AES_256_GCM_SHA384", true)),
    ] {
        let whole = bytes(hex);
        for end in 0..whole.len() {
            assert_eq!(read(&whole[..end], false, version), None, "{version}, {end} octets");
        }
        assert_eq!(read(&whole, false, version), Some(expected.clone()));
        let more = [whole, bytes(HELLO_1_0)].concat();
        assert_eq!(read(&more, false, version), Some(expected), "what comes behind it does not matter");
    }
}

#[test]
fn a_server_hello_in_several_records_is_one() {
    let whole = bytes(HELLO_1_2);
    let mut pieces = Vec::new();
    for piece in whole[5..].chunks(7) {
        pieces.extend_from_slice(&[22, 3, 3, 0, u8::try_from(piece.len()).unwrap()]);
        pieces.extend_from_slice(piece);
    }
    assert_eq!(read(&pieces, false, Tls12), Some(chosen("TLS_RSA_WITH_AES_128_CBC_SHA", false)));
}

#[test]
fn a_server_hello_of_another_version_is_a_no_that_names_it() {
    for (hex, offered, said) in [
        (HELLO_1_0, Tls11, "TLS 1.0"),
        (HELLO_1_2, Tls10, "TLS 1.2"),
        (HELLO_1_2, Tls13, "TLS 1.2"),
        (HELLO_1_3, Tls12, "TLS 1.3"),
    ] {
        assert_eq!(read(&bytes(hex), false, offered), Some(Heard::Other(said.to_owned())));
    }
    let mut ssl3 = bytes("16 03 00 00 2a 02 00 00 26 03 00");
    ssl3.extend_from_slice(&[7; 32]);
    ssl3.extend_from_slice(&[0, 0, 5, 0]);
    assert_eq!(read(&ssl3, false, Tls10), Some(Heard::Other("SSL 3.0".to_owned())));
}

#[test]
fn an_alert_is_named_and_an_unknown_one_numbered() {
    let alert = |name: &str, vague| Some(Heard::Alert { name: name.to_owned(), vague });
    assert_eq!(read(&bytes(NO_SUCH_VERSION), false, Tls10), alert("ProtocolVersion", false));
    assert_eq!(read(&bytes(NOT_AT_THIS_LEVEL), false, Tls10), alert("InternalError", true));
    assert_eq!(read(&bytes("15 03 03 00 02 02 28"), false, Tls12), alert("HandshakeFailure", false));
    assert_eq!(read(&bytes("15 03 03 00 02 02 c8"), false, Tls12), alert("number 200", false));
    assert_eq!(read(&bytes("15 03 03 00 02 02 70"), false, Tls12), alert("UnrecognizedName", true));
    assert_eq!(read(&bytes("15 03 03 00 02 01 00"), false, Tls12), alert("CloseNotify", true));
}

#[test]
fn a_warning_of_an_unknown_name_does_not_hide_the_server_hello_behind_it() {
    let warning = bytes("15 03 01 00 02 01 70");
    assert_eq!(read(&warning, false, Tls10), None);
    let both = [warning.clone(), bytes(HELLO_1_0)].concat();
    assert_eq!(read(&both, false, Tls10), Some(chosen("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", false)));
    let alone = Heard::Alert { name: "UnrecognizedName".to_owned(), vague: true };
    assert_eq!(read(&warning, true, Tls10), Some(alone));
}

#[test]
fn what_is_not_tls_is_quoted_up_to_its_first_line_end() {
    let said = |text: &str| Some(Heard::NotTls(text.to_owned()));
    assert_eq!(
        read(b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n", false, Tls12),
        said("HTTP/1.1 400 Bad Request")
    );
    assert_eq!(read(b"* OK Dov", false, Tls12), None, "the line may go on");
    assert_eq!(read(b"* OK Dov", true, Tls12), said("* OK Dov"));
    assert_eq!(read(b"\x1b[2J\n", false, Tls12), said("\\x1B[2J"));
    assert_eq!(
        read(b"\x16 is what a record begins with, too\n", false, Tls12),
        said("\\x16 is what a record begins with, too")
    );
    assert_eq!(read(&[b'x'; 500], false, Tls12), said(&"x".repeat(80)));
    assert_eq!(read(b"", true, Tls12), Some(Heard::Nothing));
}

#[test]
fn what_only_begins_like_tls_decides_nothing() {
    for (hex, what) in [
        ("16 03 03 ff ff", "a TLS record of 65535 octets, which is too long"),
        ("17 03 03 00 01 00", "a TLS record of type 23 in place of a ServerHello"),
        ("14 03 03 00 01 01", "a TLS record of type 20 in place of a ServerHello"),
        ("15 03 03 00 01 02", "a TLS alert that is no alert"),
        ("16 03 03 00 04 0b 00 00 00", "a TLS handshake message of type 11 in place of a ServerHello"),
        ("16 03 03 00 04 02 ff ff ff", "a ServerHello of 16777215 octets, which is too long"),
        ("16 03 03 00 06 02 00 00 02 03 03", "a ServerHello that cannot be read"),
        ("15 03 03 00 02 01 70 68 65", "something that is not TLS behind a TLS record"),
    ] {
        assert_eq!(read(&bytes(hex), false, Tls12), Some(Heard::Broken(what.to_owned())), "{hex}");
    }
    let half = &bytes(HELLO_1_2)[..30];
    assert_eq!(
        read(half, true, Tls12),
        Some(Heard::Broken("the end in the middle of a TLS message".to_owned()))
    );
}

#[test]
fn a_server_hello_that_lies_about_its_parts_decides_nothing() {
    let unreadable = Some(Heard::Broken("a ServerHello that cannot be read".to_owned()));
    // The length of the session id.
    let mut lying = bytes(HELLO_1_2);
    lying[43] = 33;
    assert_eq!(read(&lying, false, Tls12), unreadable);
    // The length of the extensions.
    let mut lying = bytes(HELLO_1_3);
    lying[48] = 0x2d;
    assert_eq!(read(&lying, false, Tls13), unreadable);
    // A suite that nobody offered.
    let mut lying = bytes(HELLO_1_2);
    lying[45] = 0x01;
    let what = "a ServerHello with TLS_RSA_WITH_NULL_MD5, which was not offered";
    assert_eq!(read(&lying, false, Tls12), Some(Heard::Broken(what.to_owned())));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_makes_the_reader_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        front in prop::sample::select(vec!["", "16 03 03 00 40", "16 03 03 00 5a 02 00 00 56 03 03", "15 03 01", HELLO_1_3]),
        keep in 0_usize..100,
        over: bool,
        version in prop::sample::select(TlsProtocol::ALL),
    ) {
        let mut stream = self::bytes(front);
        stream.truncate(keep);
        stream.extend_from_slice(&bytes);
        let heard = read(&stream, over, version);
        prop_assert!(heard.is_some() || !over, "the end always decides");
    }
}

fn parsed(bytes: &[u8]) -> (u16, Vec<u16>, Vec<TlsExtension<'_>>) {
    let (rest, record) = parse_tls_plaintext(bytes).unwrap();
    assert!(rest.is_empty());
    assert_eq!((record.hdr.version.0, record.msg.len()), (0x0301, 1));
    let TlsMessage::Handshake(TlsMessageHandshake::ClientHello(hello)) = &record.msg[0] else { panic!() };
    let (rest, extensions) = parse_tls_client_hello_extensions(hello.ext.unwrap()).unwrap();
    assert!(rest.is_empty());
    (hello.version.0, hello.ciphers.iter().map(|cipher| cipher.0).collect(), extensions)
}

#[test]
fn a_hello_offers_one_version_and_no_other() {
    for version in TlsProtocol::ALL {
        let hello = hello(*version, "imap.example.com", &[[1; 32], [2; 32], [3; 32]]);
        // Servers are known that choke on hellos from 256 octets on (RFC 7685).
        assert!(hello.len() - 5 < 256, "{version}: {} octets", hello.len());
        let (legacy, suites, extensions) = parsed(&hello);
        let asks_for: Vec<u16> = extensions
            .iter()
            .filter_map(|extension| match extension {
                TlsExtension::SupportedVersions(versions) => Some(versions.iter().map(|version| version.0)),
                _ => None,
            })
            .flatten()
            .collect();
        let of_1_3 = suites.iter().filter(|suite| **suite >> 8 == 0x13).count();
        if *version == Tls13 {
            assert_eq!((legacy, asks_for.as_slice(), of_1_3), (0x0303, &[0x0304][..], suites.len()));
        } else {
            assert_eq!((legacy, asks_for.as_slice(), of_1_3), (version.code(), &[][..], 0));
            assert_eq!(suites.last(), Some(&0x00ff), "renegotiation is signalled");
        }
    }
}

#[test]
fn a_host_is_named_where_it_has_a_name() {
    let named = |host: &str| {
        let hello = hello(Tls12, host, &[[0; 32]; 3]);
        let (_, _, extensions) = parsed(&hello);
        extensions.iter().find_map(|extension| match extension {
            TlsExtension::SNI(names) => Some(names[0].1.to_vec()),
            _ => None,
        })
    };
    assert_eq!(named("imap.example.com").as_deref(), Some(&b"imap.example.com"[..]));
    assert_eq!((named("192.0.2.1"), named("2001:db8::1")), (None, None));
}
