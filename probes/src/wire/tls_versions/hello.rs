//! The `ClientHello` that offers one version and no other.

use std::net::IpAddr;

use crate::model::TlsProtocol;

/// What TLS 1.3 offers (RFC 8446 appendix B.4).
const SUITES_1_3: &[u16] = &[0x1301, 0x1302, 0x1303];
/// What TLS 1.2 alone can use: AEAD, and CBC with SHA-2; ECDHE, DHE, RSA, by ECDSA, RSA and DSA certificates.
const SUITES_1_2: &[u16] = &[
    0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc02b, 0xc02f, 0x009f, 0xccaa, 0x009e, 0x00a3, 0x00a2, 0xc024, 0xc028,
    0xc023, 0xc027, 0x006b, 0x0067, 0x009d, 0x009c, 0x003d, 0x003c,
];
/// What every version up to TLS 1.2 can use: AES, Camellia, 3DES and RC4, as servers of that time had them.
const SUITES_1_0: &[u16] = &[
    0xc00a, 0xc014, 0xc009, 0xc013, 0x0039, 0x0038, 0x0033, 0x0032, 0x0035, 0x002f, 0x0084, 0x0041, 0xc008,
    0xc012, 0x0016, 0x0013, 0x000a, 0xc007, 0xc011, 0x0005, 0x0004,
];
/// `TLS_EMPTY_RENEGOTIATION_INFO_SCSV` (RFC 5746 section 3.3): no suite, and never chosen.
const SCSV: u16 = 0x00ff;
/// X25519, P-256, P-384, P-521 (RFC 8422, RFC 8446 section 4.2.7).
const GROUPS: &[u16] = &[0x001d, 0x0017, 0x0018, 0x0019];
/// ECDSA, PSS, PKCS#1 and DSA, SHA-2 before SHA-1 (RFC 8446 section 4.2.3, RFC 5246 section 7.4.1.4.1).
const SIGNATURES: &[u16] =
    &[0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0202];

/// Whether a server was free to choose this suite.
pub(super) fn offers(version: TlsProtocol, suite: u16) -> bool {
    suites(version).any(|offered| offered == suite)
}

fn suites(version: TlsProtocol) -> impl Iterator<Item = u16> {
    let (newest, rest): (&[u16], &[u16]) = match version {
        TlsProtocol::Tls13 => (SUITES_1_3, &[]),
        TlsProtocol::Tls12 => (SUITES_1_2, SUITES_1_0),
        TlsProtocol::Tls10 | TlsProtocol::Tls11 => (&[], SUITES_1_0),
    };
    newest.iter().chain(rest).copied()
}

/// The hello for one version, as a record. `random` is the client's random, its session id and its key share: any 32 octets are
/// an X25519 key, and nobody computes with it.
pub(crate) fn hello(version: TlsProtocol, host: &str, random: &[[u8; 32]; 3]) -> Vec<u8> {
    let [client_random, session_id, key_share] = random;
    let is_1_3 = version == TlsProtocol::Tls13;
    let mut body = Vec::with_capacity(256);
    // TLS 1.3 is asked for in an extension, behind the number of TLS 1.2 (RFC 8446 section 4.1.2).
    let legacy = if is_1_3 { TlsProtocol::Tls12.code() } else { version.code() };
    body.extend_from_slice(&legacy.to_be_bytes());
    body.extend_from_slice(client_random);
    with_length::<1>(&mut body, |body| body.extend_from_slice(if is_1_3 { session_id } else { &[] }));
    with_length::<2>(&mut body, |body| {
        numbers(body, suites(version).chain((!is_1_3).then_some(SCSV)));
    });
    // No compression.
    body.extend_from_slice(&[1, 0]);
    with_length::<2>(&mut body, |body| extensions(body, version, host, key_share));

    let mut record = vec![22];
    // The number that every server knows, whatever is offered inside (RFC 8446 section 5.1).
    record.extend_from_slice(&TlsProtocol::Tls10.code().to_be_bytes());
    with_length::<2>(&mut record, |record| {
        record.push(1);
        with_length::<3>(record, |record| record.extend_from_slice(&body));
    });
    record
}

fn extensions(body: &mut Vec<u8>, version: TlsProtocol, host: &str, key_share: &[u8; 32]) {
    let mut extension = |number: u16, fill: &dyn Fn(&mut Vec<u8>)| {
        body.extend_from_slice(&number.to_be_bytes());
        with_length::<2>(body, |body| fill(body));
    };
    // An address is no name to ask for (RFC 6066 section 3).
    if host.parse::<IpAddr>().is_err() {
        extension(0, &|body| {
            with_length::<2>(body, |body| {
                body.push(0);
                with_length::<2>(body, |body| body.extend_from_slice(host.as_bytes()));
            });
        });
    }
    extension(10, &|body| with_length::<2>(body, |body| numbers(body, GROUPS.iter().copied())));
    if version >= TlsProtocol::Tls12 {
        extension(13, &|body| with_length::<2>(body, |body| numbers(body, SIGNATURES.iter().copied())));
    }
    if version == TlsProtocol::Tls13 {
        extension(43, &|body| {
            with_length::<1>(body, |body| body.extend_from_slice(&version.code().to_be_bytes()));
        });
        extension(45, &|body| body.extend_from_slice(&[1, 1]));
        extension(51, &|body| {
            with_length::<2>(body, |body| {
                numbers(body, GROUPS.iter().copied().take(1));
                with_length::<2>(body, |body| body.extend_from_slice(key_share));
            });
        });
    } else {
        // Points are uncompressed (RFC 8422 section 5.1.2); the extended master secret (RFC 7627).
        extension(11, &|body| body.extend_from_slice(&[1, 0]));
        extension(23, &|_| {});
    }
}

fn numbers(body: &mut Vec<u8>, numbers: impl Iterator<Item = u16>) {
    body.extend(numbers.flat_map(u16::to_be_bytes));
}

/// Puts the length of what `fill` writes in front of it, in so many octets.
fn with_length<const OCTETS: usize>(body: &mut Vec<u8>, fill: impl FnOnce(&mut Vec<u8>)) {
    let at = body.len();
    body.resize(at + OCTETS, 0);
    fill(body);
    let length = (body.len() - at - OCTETS).to_be_bytes();
    let last = length.get(length.len() - OCTETS..).unwrap_or_default();
    if let Some(place) = body.get_mut(at..at + OCTETS) {
        place.copy_from_slice(last);
    }
}
