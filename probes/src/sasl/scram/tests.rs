//! Whole exchanges.

use super::*;
use crate::model::Secret;
use crate::sasl::tests::{context, login, sent};

const SHA1: ScramMechanism = ScramMechanism::new(ScramHash::Sha1, false);
const SHA1_NONCE: &str = "fyko+d2lbbFgONRv9qkxdawL";
const SHA1_FIRST: &str = "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";
const SHA1_FINAL: &str = "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=";

const SHA256: ScramMechanism = ScramMechanism::new(ScramHash::Sha256, false);
const SHA256_NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
const SHA256_FIRST: &str =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

type Client = Box<dyn SaslClient>;

fn client_for(mechanism: ScramMechanism, login: &Login, nonce: &str) -> Client {
    let nonce = || nonce.to_owned();
    mechanism.start(&Context { nonce: &nonce, ..context(login) }).unwrap()
}

/// The RFC 5802 client before its first message.
fn pencil() -> Client {
    client_for(SHA1, &login("user", "pencil"), SHA1_NONCE)
}

/// The RFC 5802 client with its proof on the way.
fn proved() -> Client {
    let mut client = pencil();
    client.initial().unwrap();
    sent(client.respond(SHA1_FIRST.as_bytes()));
    client
}

fn first(client: &mut Client) -> String {
    String::from_utf8(client.initial().unwrap().bytes().to_vec()).unwrap()
}

fn answer(client: &mut Client, challenge: &str) -> String {
    String::from_utf8(sent(client.respond(challenge.as_bytes()))).unwrap()
}

#[test]
fn sha_1_is_that_of_rfc_5802_section_5() {
    let mut client = pencil();
    assert_eq!(first(&mut client), "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
    assert_eq!(
        answer(&mut client, SHA1_FIRST),
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
    );
    assert_eq!(answer(&mut client, SHA1_FINAL), "");
    assert_eq!(client.accepted(), Ok(()));
}

#[test]
fn sha_256_is_that_of_rfc_7677_section_3() {
    let mut client = client_for(SHA256, &login("user", "pencil"), SHA256_NONCE);
    assert_eq!(first(&mut client), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    assert_eq!(
        answer(&mut client, SHA256_FIRST),
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
         p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    );
    assert_eq!(answer(&mut client, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), "");
    assert_eq!(client.accepted(), Ok(()));
}

// No RFC has a vector for a -PLUS form. The expected values of the next two tests come from Python, whose
// code below gives the two vectors above when called with `gs2="n,,"` and `cb=b""`:
//
//   def scram(h, user, pw, salt, i, cn, sn, gs2, cb):   # hashlib, hmac; b = base64 as text
//       bare, sf = f"n={user},r={cn}", f"r={cn}{sn},s={b(salt)},i={i}"
//       wo = f"c={b(gs2.encode() + cb)},r={cn}{sn}"; am = f"{bare},{sf},{wo}".encode()
//       H = lambda k, m: hmac.new(k, m, h).digest(); sp = hashlib.pbkdf2_hmac(h, pw, salt, i)
//       ck = H(sp, b"Client Key"); sig = H(hashlib.new(h, ck).digest(), am)
//       return wo + ",p=" + b(bytes(x ^ y for x, y in zip(ck, sig))), "v=" + b(H(H(sp, b"Server Key"), am))

#[test]
fn plus_binds_to_the_exporter_where_there_is_one() {
    // gs2="p=tls-exporter,,", cb=bytes(range(32))
    let binding =
        ChannelBinding { exporter: Some((0..32).collect()), server_end_point: Some(vec![0xab; 32]) };
    let login = login("user", "pencil");
    let context = Context { nonce: &|| SHA256_NONCE.into(), binding: Some(&binding), ..context(&login) };
    let mut client = ScramMechanism::new(ScramHash::Sha256, true).start(&context).unwrap();
    assert_eq!(first(&mut client), "p=tls-exporter,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    assert_eq!(
        answer(&mut client, SHA256_FIRST),
        "c=cD10bHMtZXhwb3J0ZXIsLAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f,\
         r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
         p=QC6CS20quADQRb3mT99YUH+n3VJxUvzuK0K0E1Vrs2M="
    );
    assert_eq!(answer(&mut client, "v=2GiAgapEppLVlUXbxUDksL3VgYHzuqiK5tR4mhJGgvs="), "");
    assert_eq!(client.accepted(), Ok(()));
}

#[test]
fn plus_binds_to_the_certificate_else() {
    // gs2="p=tls-server-end-point,a=box=2Cone,", cb=bytes([0xab]) * 32
    let binding = ChannelBinding { exporter: None, server_end_point: Some(vec![0xab; 32]) };
    let mut login = login("user", "pencil");
    login.authzid = Some("box,one".into());
    let context = Context { nonce: &|| SHA1_NONCE.into(), binding: Some(&binding), ..context(&login) };
    let mut client = ScramMechanism::new(ScramHash::Sha1, true).start(&context).unwrap();
    assert_eq!(first(&mut client), "p=tls-server-end-point,a=box=2Cone,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
    assert_eq!(
        answer(&mut client, SHA1_FIRST),
        "c=cD10bHMtc2VydmVyLWVuZC1wb2ludCxhPWJveD0yQ29uZSyrq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urqw==,\
         r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=2e5tn7a/sXpSaD8UqzD3A7ASi/o="
    );
    assert_eq!(answer(&mut client, "v=5CdsUkSTh7m4SaEwZmFZ43sxc80="), "");
}

#[test]
fn plus_needs_a_channel() {
    let login = login("user", "pencil");
    let nothing = ChannelBinding::default();
    for binding in [None, Some(&nothing)] {
        let skip =
            ScramMechanism::new(ScramHash::Sha256, true).start(&Context { binding, ..context(&login) });
        assert_eq!(skip.err(), Some(Skip::NoChannelBinding));
    }
}

#[test]
fn a_wrong_signature_is_not_authentic() {
    for wrong in ["v=rmF9pqV8S7suAoZWja4dJRkFsKU=", "v=", "v=rmF9pqV8S7suAoZWja4dJRkF"] {
        let mut client = proved();
        assert!(matches!(client.respond(wrong.as_bytes()), Step::Abort(Flaw::NotAuthentic(_))), "{wrong}");
        assert!(matches!(client.accepted(), Err(Flaw::NotAuthentic(_))));
        // Not even the right one helps now.
        assert!(matches!(client.respond(SHA1_FINAL.as_bytes()), Step::Abort(Flaw::Unanswerable(_))));
    }
}

#[test]
fn a_yes_without_a_signature_is_not_authentic() {
    for mut client in [pencil(), proved()] {
        assert!(matches!(client.accepted(), Err(Flaw::NotAuthentic(_))));
    }
}

#[test]
fn an_error_after_the_proof_is_acknowledged_so_that_the_refusal_is_read() {
    let mut client = proved();
    let Step::Acknowledge(payload) = client.respond(b"e=invalid-proof") else {
        panic!("not acknowledged");
    };
    assert!(payload.base64().is_empty());
    assert!(matches!(client.accepted(), Err(Flaw::NotAuthentic(_))));
    assert!(matches!(client.respond(b"e=invalid-proof"), Step::Abort(Flaw::Unanswerable(_))));
}

#[test]
fn an_error_instead_of_a_first_message_gives_up_with_its_text() {
    let Step::Abort(flaw) = pencil().respond(b"e=unknown-user") else {
        panic!("not aborted");
    };
    assert_eq!(flaw, Flaw::Unanswerable("the server gave up: unknown-user".into()));
}

#[test]
fn a_server_cannot_make_us_compute_for_ever() {
    let many = SHA1_FIRST.replace("i=4096", "i=1000001");
    assert!(matches!(pencil().respond(many.as_bytes()), Step::Abort(Flaw::Unanswerable(_))));
}

#[test]
fn garbage_at_every_step_ends_the_exchange() {
    const NOT_UTF_8: &[u8] = b"\xff\xfe|r=fyko+d2lbbFgONRv9qkxdawL3rfc\xff,s=QSXCR+Q6sek8bf92,i=4096";
    let text = "|,|=|\0|r=|r=,s=,i=|m=x|v|{\"status\":\"400\"}|i=4096|x=v=rmF9pqV8S7suAoZWja4dJRkFsKQ=|\
                r=fyko+d2lbbFgONRv9qkxdawL,s=QSXCR+Q6sek8bf92,i=4096|\
                r=fyko+d2lbbFgONRv9qkxdawL\u{1f600},s=QSXCR+Q6sek8bf92,i=4096";
    for bytes in [text.as_bytes(), NOT_UTF_8].into_iter().flat_map(|all| all.split(|&b| b == b'|')) {
        for mut client in [pencil(), proved()] {
            for round in 0..3 {
                let step = client.respond(bytes);
                assert!(matches!(step, Step::Abort(Flaw::Unanswerable(_))), "{bytes:?} {round} {step:?}");
                assert!(client.initial().is_none());
            }
            assert!(matches!(client.accepted(), Err(Flaw::NotAuthentic(_))));
        }
    }
}

#[test]
fn messages_cut_off_anywhere_end_the_exchange() {
    // Within the iteration count it cannot be seen that something is missing.
    for end in 0..=SHA1_FIRST.len() - "4096".len() {
        let step = pencil().respond(&SHA1_FIRST.as_bytes()[..end]);
        assert!(matches!(step, Step::Abort(Flaw::Unanswerable(_))), "{end}: {step:?}");
    }
    for end in 0..SHA1_FINAL.len() {
        let step = proved().respond(&SHA1_FINAL.as_bytes()[..end]);
        assert!(matches!(step, Step::Abort(_)), "{end}: {step:?}");
    }
}

#[test]
fn calls_out_of_order_are_harmless() {
    let mut client = pencil();
    assert_eq!(first(&mut client), first(&mut client));
    sent(client.respond(SHA1_FIRST.as_bytes()));
    assert!(client.initial().is_none());
    assert_eq!(answer(&mut client, SHA1_FINAL), "");
    assert_eq!(client.accepted(), Ok(()));
    assert!(matches!(client.respond(SHA1_FINAL.as_bytes()), Step::Abort(Flaw::Unanswerable(_))));
}

#[test]
fn without_a_usable_nonce_nothing_is_begun() {
    for nonce in ["", "a,b", "a b"] {
        let login = login("user", "pencil");
        let begun = SHA1.start(&Context { nonce: &|| nonce.to_owned(), ..context(&login) });
        assert_eq!(begun.err(), Some(Skip::NoRandomness), "{nonce:?}");
    }
}

#[test]
fn user_names_are_prepared_as_in_rfc_4013_section_3_and_escaped() {
    for (user, sent) in [
        ("I\u{ad}X", "IX"),
        ("USER", "USER"),
        ("\u{aa}", "a"),
        ("\u{2168}", "IX"),
        ("a,b=c", "a=2Cb=3Dc"),
        ("\u{ff0c}", "=2C"), // a full-width comma becomes a comma, and only then is it escaped
    ] {
        let mut client = client_for(SHA1, &login(user, "pencil"), "N");
        assert_eq!(first(&mut client), format!("n,,n={sent},r=N"));
    }
    for forbidden in ["\u{7}", "\u{627}1", "", "\u{ad}", "a\0b"] {
        let skip = SHA1.start(&context(&login(forbidden, "pencil"))).err();
        assert_eq!(skip, Some(Skip::Unrepresentable), "{forbidden:?}");
    }
}

#[test]
fn a_soft_hyphen_in_the_password_changes_nothing_and_what_cannot_be_prepared_is_tried() {
    let mut client = client_for(SHA1, &login("user", "pen\u{ad}cil"), SHA1_NONCE);
    first(&mut client);
    assert!(answer(&mut client, SHA1_FIRST).ends_with(",p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="));
    for password in [&b"\x07"[..], b"caf\xe9"] {
        let mut login = login("user", "");
        login.password = Some(Secret::new(password));
        let mut client = client_for(SHA1, &login, SHA1_NONCE);
        first(&mut client);
        assert!(!answer(&mut client, SHA1_FIRST).is_empty());
    }
}

#[test]
fn what_cannot_be_written_is_not_sent() {
    let mut nobody = login("user", "");
    nobody.password = None;
    assert_eq!(SHA1.start(&context(&nobody)).err(), Some(Skip::NoPassword));
    assert_eq!(SHA1.start(&context(&login("user", "a\0b"))).err(), Some(Skip::Unrepresentable));
    let mut odd = login("user", "pencil");
    odd.authzid = Some("a\0b".into());
    assert_eq!(SHA1.start(&context(&odd)).err(), Some(Skip::Unrepresentable));
}

#[test]
fn an_authorization_identity_is_named_and_an_empty_one_is_not() {
    let mut user = login("user", "pencil");
    for (authzid, sent) in [("", "n,,n=user,r=N"), ("a=b", "n,a=a=3Db,n=user,r=N")] {
        user.authzid = Some(authzid.into());
        assert_eq!(first(&mut client_for(SHA1, &user, "N")), sent);
    }
}

#[test]
fn proof_and_signature_are_hidden_and_the_first_message_is_not() {
    let mut client = pencil();
    let shown = client.initial().unwrap().base64().shown();
    assert_eq!(shown, STANDARD.encode("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"));
    let Step::Send(payload) = client.respond(SHA1_FIRST.as_bytes()) else {
        panic!("no proof");
    };
    let command = payload.base64();
    assert_eq!(command.shown(), "\u{2039}user user, SCRAM-SHA-1 proof\u{203a}");
    for text in ["v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ="] {
        let raw = STANDARD.decode(text).unwrap();
        assert!(command.sensitive().any(|hidden| hidden == text.as_bytes()), "{text}");
        assert!(command.sensitive().any(|hidden| hidden == raw), "{text}");
    }
}

#[test]
fn names_are_those_of_the_iana_registry() {
    for (hash, name) in [(ScramHash::Sha1, "SCRAM-SHA-1"), (ScramHash::Sha256, "SCRAM-SHA-256")] {
        assert_eq!(ScramMechanism::new(hash, false).name(), name);
        assert_eq!(ScramMechanism::new(hash, true).name(), format!("{name}-PLUS"));
    }
    assert!(!SHA1.tried_unadvertised() && !SHA1.sends_secret());
}
