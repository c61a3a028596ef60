use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;
use crate::model::Secret;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(&pair.iter().collect::<String>(), 16).unwrap()).collect()
}

/// MS-NLMP section 4.2.4.3, `CHALLENGE_MESSAGE`.
const SPECIFIED: &str = "4e544c4d5353500002000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000 \
    2400240044000000 060070170000000f 530065007200760065007200 02000c0044006f006d00610069006e00 \
    01000c00530065007200760065007200 00000000";

/// A real Exchange 2010 SP2 on Windows Server 2008 R2: GNOME/evolution-ews
/// `tests/traces/Exchange2010_SP2/camel/folder/create_existing_folder`.
const EXCHANGE: &str = "TlRMTVNTUAACAAAADAAMADgAAAAFgoECVOk3E0s5q1YAAAAAAAAAAOAA4ABEAAAABgGxHQAAAA9HAFMAUwBMAEEAQgACAAwARwBTAFMATABBAEIAAQAYAEUAWABDAEgAQQBOAEcARQAyADAAMQAwAAQAKgBnAHMAcwBsAGEAYgAuAHAAbgBxAC4AcgBlAGQAaABhAHQALgBjAG8AbQADAEQAZQB4AGMAaABhAG4AZwBlADIAMAAxADAALgBnAHMAcwBsAGEAYgAuAHAAbgBxAC4AcgBlAGQAaABhAHQALgBjAG8AbQAFACoAZwBzAHMAbABhAGIALgBwAG4AcQAuAHIAZQBkAGgAYQB0AC4AYwBvAG0ABwAIAEObXcFjxc4BAAAAAA==";

/// Cyrus IMAP 3.6.1 of Debian 12, over IMAP: without target information and version.
const CYRUS: &str = "TlRMTVNTUAACAAAAHAAcADAAAAAFggIArcPENrcDxScAAAAAAAAAAAAAAAAAAAAAQwBZAFIAVQBTAC4ATABBAEIALgBUAEUAUwBUAA==";

/// What Cyrus httpd 3.6 sends to curl, as far as it is on record (the first 24 bytes of 61): text in OEM.
fn cyrus() -> Vec<u8> {
    let mut message = STANDARD.decode("TlRMTVNTUAACAAAADQANADAAAAAGggIA").unwrap();
    message.extend_from_slice(&[0xa5; 8]);
    message.extend_from_slice(&[0; 16]);
    message.extend_from_slice(b"MAIL.LAB.TEST");
    assert_eq!(message.len(), 48 + 13);
    message
}

fn specified() -> Challenge {
    challenge(&hex(SPECIFIED)).unwrap()
}

fn fresh() -> Fresh {
    Fresh { client_challenge: [0xaa; 8], filetime: 0, channel_bindings: [0; 16] }
}

fn prove(challenge: &Challenge, fresh: Fresh) -> Vec<u8> {
    let password = Secret::new("Password");
    authenticate(challenge, Identity { user: "User", domain: "Domain", password: &password }, fresh).unwrap()
}

/// What the six length-and-offset fields of a third message point to: LM, NT, domain, user, workstation, key.
fn fields(message: &[u8]) -> Vec<Vec<u8>> {
    let number =
        |at: usize, size: usize| message[at..at + size].iter().rev().fold(0, |n, b| n << 8 | usize::from(*b));
    (0..6).map(|n| 12 + n * 8).map(|at| message[number(at + 4, 4)..][..number(at, 2)].to_vec()).collect()
}

#[test]
fn the_first_message_has_forty_bytes_and_a_version() {
    let message = negotiate();
    assert_eq!(message.len(), 40);
    assert!(message.starts_with(b"NTLMSSP\0\x01\0\0\0"));
    let flags = u32::from_le_bytes(message[12..16].try_into().unwrap());
    assert_ne!(flags & flag::VERSION, 0);
    assert_eq!(flags & (flag::NTLM | flag::UNICODE | flag::OEM), flag::NTLM | flag::UNICODE | flag::OEM);
    assert_eq!(message[16..32], hex("0000000028000000 0000000028000000"));
}

#[test]
fn the_key_and_the_proof_are_those_of_ms_nlmp_section_4_2_4() {
    // 4.2.4.1.1 NTOWFv2, 4.2.4.1.2 session base key, 4.2.4.2.1 LMv2 response, 4.2.4.2.2 NTLMv2 response.
    let key = crypto::ntowf_v2("User", "Domain", "Password").unwrap();
    assert_eq!(key.to_vec(), hex("0c868a403bfd7a93a3001ef22ef02e3f"));
    let info = hex("02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000");
    let blob = crypto::blob(0, [0xaa; 8], &info);
    let server: [u8; 8] = hex("0123456789abcdef").try_into().unwrap();
    let proof = crypto::prove(&key, server, [0xaa; 8], &blob).unwrap();
    assert_eq!(proof.lm, hex("86c35097ac9cec102554764a57cccc19 aaaaaaaaaaaaaaaa"));
    assert_eq!(proof.nt[..16], hex("68cd0ab851e51c96aabc927bebef6a1c"));
    assert_eq!(proof.session.to_vec(), hex("8de40ccadbc14a82f15cb0ad0de95ca3"));
}

#[test]
fn the_specified_challenge_gets_the_specified_responses() {
    let challenge = specified();
    assert_eq!((challenge.target.as_str(), challenge.version.as_deref()), ("Server", Some("6.0.6000")));
    assert_eq!(challenge.netbios_domain.as_deref(), Some("Domain"));
    assert_eq!(challenge.netbios_computer.as_deref(), Some("Server"));
    assert_eq!(challenge.timestamp, None);
    // Section 4.2.4.3, AUTHENTICATE_MESSAGE, without its workstation and session key, which HTTP does not need.
    let message = prove(&challenge, fresh());
    let fields = fields(&message);
    assert_eq!(fields[0], hex("86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa"));
    let expected = "68cd0ab851e51c96aabc927bebef6a1c 0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000 \
        02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000";
    assert_eq!(fields[1], hex(expected));
    assert_eq!(fields[2], hex("44006f006d00610069006e00"));
    assert_eq!(fields[3], hex("5500730065007200"));
    assert!(fields[4].is_empty() && fields[5].is_empty());
    assert_eq!(message.len(), 72 + 12 + 8 + 24 + 84, "no place for an integrity code without a timestamp");
}

#[test]
fn a_real_exchange_tells_its_names_its_build_and_its_clock() {
    let challenge = challenge(&STANDARD.decode(EXCHANGE).unwrap()).unwrap();
    assert_eq!(challenge.target, "GSSLAB");
    assert_eq!(challenge.netbios_computer.as_deref(), Some("EXCHANGE2010"));
    assert_eq!(challenge.dns_computer.as_deref(), Some("exchange2010.gsslab.pnq.redhat.com"));
    assert_eq!(challenge.dns_domain.as_deref(), Some("gsslab.pnq.redhat.com"));
    assert_eq!(challenge.dns_tree.as_deref(), Some("gsslab.pnq.redhat.com"));
    assert_eq!(challenge.version.as_deref(), Some("6.1.7601"));
    // Its `Date` field on the same answer: Thu, 10 Oct 2013 02:52:27 GMT.
    assert_eq!(challenge.timestamp.unwrap() / 10_000_000 - 11_644_473_600, 1_381_373_547);
    let names: Vec<_> = challenge.facts().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), 7, "{names:?}");
}

#[test]
fn a_challenge_with_a_clock_gets_an_integrity_code_over_all_three_messages() {
    let token = STANDARD.decode(EXCHANGE).unwrap();
    let challenge = challenge(&token).unwrap();
    let message = prove(&challenge, Fresh { channel_bindings: [7; 16], ..fresh() });
    let fields = fields(&message);
    assert_eq!(fields[0], vec![0; 24], "no LM response beside a clock");
    // The server's own time stands in the blob, not the client's.
    assert_eq!(fields[1][16 + 8..16 + 16], challenge.timestamp.unwrap().to_le_bytes());
    let tail =
        hex("0600 0400 02000000 0a00 1000 07070707070707070707070707070707 0900 0000 0000 0000 00000000");
    assert!(fields[1].ends_with(&tail));
    let key = crypto::ntowf_v2("User", "Domain", "Password").unwrap();
    let session = crypto::hmac(&*key, &[&fields[1][..16]]).unwrap();
    let mut blank = message.clone();
    blank[72..88].fill(0);
    let code = crypto::hmac(&*session, &[&negotiate(), &token, &blank]).unwrap();
    assert_eq!(message[72..88], code[..]);
    assert_eq!(fields[2], hex("44006f006d00610069006e00"));
}

/// gss-ntlmssp 1.2.0 of Debian 12 sent this challenge, took the answer below for `LAB\alice` with the password
/// `correct horse`, and refused it with one bit of its integrity code changed.
#[test]
fn the_answer_is_the_one_that_gss_ntlmssp_took() {
    let sent = "TlRMTVNTUAACAAAADAAMADgAAAAFgoqiKqnckeI5WBAAAAAAAAAAAJAAkABEAAAABgIAAAAAAA9TAEUAUgBWAEUAUgABAAwAUwBFAFIAVgBFAFIAAgAWAFcATwBSAEsAUwBUAEEAVABJAE8ATgADAB4AcwBlAHIAdgBlAHIALgBsAGEAYgAuAHQAZQBzAHQABgAEAAAAAAAHAAgAzl2aex563QEJACgASABUAFQAUAAvAHMAZQByAHYAZQByAC4AbABhAGIALgB0AGUAcwB0AAAAAAA=";
    let took = "TlRMTVNTUAADAAAAGAAYAGgAAACsAKwAgAAAAAYABgBYAAAACgAKAF4AAAAAAAAAWAAAAAAAAABYAAAABYKIogYBsB0AAAAPRxDeB8fUEV2glI9Sg1vaVkwAQQBCAGEAbABpAGMAZQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABu0UfTPznieGJ1As81caSYAQEAAAAAAADOXZp7HnrdAQUFBQUFBQUFAAAAAAEADABTAEUAUgBWAEUAUgACABYAVwBPAFIASwBTAFQAQQBUAEkATwBOAAMAHgBzAGUAcgB2AGUAcgAuAGwAYQBiAC4AdABlAHMAdAAHAAgAzl2aex563QEGAAQAAgAAAAoAEAAAAAAAAAAAAAAAAAAAAAAACQAAAAAAAAAAAAAA";
    let challenge = challenge(&STANDARD.decode(sent).unwrap()).unwrap();
    let password = Secret::new("correct horse");
    let alice = Identity { user: "alice", domain: "LAB", password: &password };
    let answer = authenticate(&challenge, alice, Fresh { client_challenge: [5; 8], ..Fresh::default() });
    assert_eq!(STANDARD.encode(answer.unwrap()), took);
}

#[test]
fn a_challenge_without_target_information_is_answered_in_its_own_character_set() {
    let unicode = challenge(&STANDARD.decode(CYRUS).unwrap()).unwrap();
    assert_eq!((unicode.target.as_str(), unicode.facts().len()), ("CYRUS.LAB.TEST", 1));
    assert_eq!(fields(&prove(&unicode, fresh()))[2], hex("44006f006d00610069006e00"));
    let challenge = challenge(&cyrus()).unwrap();
    assert_eq!((challenge.target.as_str(), challenge.version.as_deref()), ("MAIL.LAB.TEST", None));
    let fields = fields(&prove(&challenge, Fresh { filetime: 5, ..fresh() }));
    assert_eq!((fields[2].as_slice(), fields[3].as_slice()), (&b"Domain"[..], &b"User"[..]));
    assert_eq!(fields[1].len(), 16 + 28 + 4);
    assert_eq!(fields[1][24..32], 5_u64.to_le_bytes());
}

#[test]
fn a_challenge_is_found_inside_of_spnego_and_ends_where_it_says() {
    let raw = STANDARD.decode(EXCHANGE).unwrap();
    let mut token = hex("a18201 30820 1 a003 0a0101 a20c");
    token.extend_from_slice(&raw);
    token.extend_from_slice(b"\xa3\x12\x04\x10mechListMIC 16b.");
    let inside = challenge(&token).unwrap();
    assert_eq!(inside, challenge(&raw).unwrap());
    assert_eq!(inside.message, raw);
    // NegTokenResp, negState reject (mod_auth_gssapi): no challenge in it.
    assert_eq!(challenge(&STANDARD.decode("oQcwBaADCgEC").unwrap()), None);
    assert_eq!(challenge(&negotiate()), None);
}

#[test]
fn a_challenge_is_taken_under_whatever_scheme_it_comes() {
    // Gromox answers `Authorization: NTLM` under the other name; padding gets lost.
    for field in
        [format!("NTLM {EXCHANGE}"), format!("Negotiate {}, Basic realm=x", EXCHANGE.trim_end_matches('='))]
    {
        let challenges = super::super::challenge::challenges([field.as_str()]);
        assert_eq!(offered(&challenges).unwrap().target, "GSSLAB");
    }
    let none =
        super::super::challenge::challenges(["Negotiate", "NTLM", "Negotiate oQcwBaADCgEC", "NTLM !!!"]);
    assert_eq!(offered(&none), None);
}

#[test]
fn offsets_that_point_outside_tell_nothing() {
    let mut far = hex(SPECIFIED);
    far[16..20].copy_from_slice(&u32::MAX.to_le_bytes());
    far[44..48].copy_from_slice(&0xffff_0000_u32.to_le_bytes());
    let read = challenge(&far).unwrap();
    assert_eq!((read.target.as_str(), read.netbios_domain), ("", None));
    // Into the header: its own bytes are no name.
    let mut own = hex(SPECIFIED);
    own[16..20].copy_from_slice(&0_u32.to_le_bytes());
    assert_eq!(challenge(&own).unwrap().target, "");
    // A pair that is longer than what is left, and pairs without end.
    let mut long = hex(SPECIFIED);
    long[70..72].copy_from_slice(&u16::MAX.to_le_bytes());
    assert_eq!(challenge(&long).unwrap().netbios_domain, None);
    let mut many = hex(
        "4e544c4d5353500002000000 0000000000000000 01008000 0123456789abcdef 0000000000000000 0002000230000000",
    );
    many.extend(hex("01000000").into_iter().cycle().take(0x4000));
    assert_eq!(challenge(&many).unwrap().pairs.len(), 32);
    assert_eq!(challenge(&hex(SPECIFIED)[..31]), None);
    assert!(challenge(&hex(SPECIFIED)[..32]).is_some(), "the oldest form ends here");
}

#[test]
fn without_the_flag_no_target_information_is_read_into_a_name() {
    let header = "4e544c4d5353500002000000 2400240020000000 01000000 0123456789abcdef";
    let name = "4100420043004400 0c000c0030000000 02000800 4400 6f00 6d00 6100 00000000 00000000";
    assert_eq!(challenge(&hex(&format!("{header} {name}"))).unwrap().netbios_domain, None);
    let flagged = header.replace("01000000 0123", "01008000 0123");
    assert_eq!(
        challenge(&hex(&format!("{flagged} {name}"))).unwrap().netbios_domain.as_deref(),
        Some("Doma")
    );
}

#[test]
fn a_name_with_control_characters_is_harmless() {
    let mut evil = hex(SPECIFIED);
    evil[56..58].copy_from_slice(&[0x1b, 0]);
    assert_eq!(challenge(&evil).unwrap().target, "\\x1Berver");
}

#[test]
fn accounts_are_split_as_windows_splits_them() {
    assert_eq!(split_account("LAB\\alice"), ("alice", "LAB"));
    assert_eq!(split_account("alice@lab.test"), ("alice@lab.test", ""));
    assert_eq!(split_account("alice"), ("alice", ""));
}

#[test]
fn the_user_is_upper_case_in_the_key_and_the_domain_is_as_given() {
    let key = |user, domain| crypto::ntowf_v2(user, domain, "Password").unwrap();
    assert_eq!(key("user", "Domain"), key("USER", "Domain"));
    assert_ne!(key("user", "Domain"), key("user", "DOMAIN"));
    assert_eq!(key("m\u{fc}ller", ""), key("M\u{dc}LLER", ""));
    // Python: hmac.new(bytes.fromhex("a4f49c406510bdcab6824ee7c30fd852"), "STRA\xdfE".encode("utf-16le"), "md5"),
    // with the NT hash of `Password`.
    assert_eq!(key("stra\u{df}e", "").to_vec(), hex("c19910385c932e1637e713b784126404"));
}

#[test]
fn what_the_message_cannot_hold_is_no_message() {
    let (bytes, word) = (Secret::new(&b"\xff\xfe"[..]), Secret::new("x"));
    let long = "u".repeat(40_000);
    let binary = Identity { user: "u", domain: "", password: &bytes };
    assert_eq!(authenticate(&specified(), binary, fresh()), None);
    assert_eq!(
        authenticate(&specified(), Identity { user: &long, domain: "", password: &word }, fresh()),
        None
    );
}

#[test]
fn channel_bindings_are_the_hash_of_the_gss_structure() {
    // Python: hashlib.md5(bytes(16) + struct.pack("<I", 53) + b"tls-server-end-point:" + b"\x11" * 32).hexdigest()
    assert_eq!(channel_bindings(&[0x11; 32]).to_vec(), hex("187b8ed16257050635bf9bbd99eb5e29"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        flips in prop::collection::vec((12_usize..300, any::<u8>()), 0..12))
    {
        let _ = challenge(&bytes);
        let mut real = STANDARD.decode(EXCHANGE).unwrap();
        for (at, value) in flips {
            if let Some(byte) = real.get_mut(at) {
                *byte = value;
            }
        }
        let read = challenge(&real).unwrap();
        prop_assert!(read.pairs.len() <= 32);
        prop_assert!(fields(&prove(&read, fresh()))[1].len() >= 44);
    }
}
