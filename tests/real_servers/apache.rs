//! HTTP schemes by other people's code: Apache's Basic, `mod_auth_gssapi` with a KDC, gss-ntlmssp's NTLM.

use mailprobe_probes::model::Stage;

use crate::http::{both, curl, curl_with, facts, requests, said, settles_at};
use crate::lab;
use crate::visits::{Visit, attempt, offered};

/// A principal of the realm and a user of gss-ntlmssp, who is not known there by her address.
const USER: &str = "alice";

fn ews() -> String {
    lab::web("ews", "apache")
}

fn url(path: &str) -> String {
    format!("{}{path}", lab::web("https", "apache"))
}

/// curl's `--negotiate` by name, because a ticket is for one, in an environment that knows no other realm than the lab's.
fn negotiate(cache: &str, ntlm_users: &str, path: &str) -> u16 {
    let config = format!("KRB5_CONFIG={}", lab::file("apache/krb5.conf").display());
    let environment = [config, format!("KRB5CCNAME={cache}"), format!("NTLM_USER_FILE={ntlm_users}")];
    let environment: Vec<&str> = environment.iter().map(String::as_str).collect();
    let name = format!("apache.{}:{}", lab::fact("DOMAIN"), lab::fact("HTTPS_PORT"));
    let pin = format!("{name}:{}", lab::address("apache"));
    let arguments = ["--resolve", &pin, "--negotiate", "--user", ":", "--data", "x"];
    curl_with(&environment, &format!("https://{name}{path}"), &arguments)
}

#[tokio::test]
async fn basic_and_ntlm_open_negotiate_is_out_of_reach_and_bearer_is_refused() {
    let report = Visit::new(&ews()).user(USER).run().await;
    assert_eq!(offered(&report, Stage::AfterTls), ["Negotiate", "NTLM", "Basic"]);
    for (method, cell) in
        [("Basic", "usable"), ("NTLM", "usable"), ("Negotiate", "- unimplemented"), ("Bearer", "refused 401")]
    {
        assert_eq!(said(&report, method), cell, "{method}");
        assert_eq!(attempt(&report, method).advertised, method != "Bearer", "{method}");
    }
    // The challenge tells about the host before anybody is known.
    assert_eq!(facts(&report, "ntlm-netbios-computer"), ["APACHE"]);
}

#[tokio::test]
async fn a_wrong_password_is_refused_by_the_kdc_and_by_the_proof() {
    let report = Visit::new(&ews()).user(USER).password("astray").run().await;
    for method in ["Basic", "NTLM"] {
        assert_eq!(said(&report, method), "refused 401", "{method}");
    }
}

#[tokio::test]
async fn quotes_backslash_blanks_tilde_percent_colon_and_umlaut_pass_through_both_schemes() {
    let password = lab::password("quirky");
    let visit = || Visit::new(&ews()).user("quirky");
    assert_eq!(said(&visit().password(&password).only(&["Basic"]).run().await, "Basic"), "usable");
    // All but the colon: gss-ntlmssp's file of users cannot have it.
    let report = visit().password(&password.replace(':', "")).only(&["NTLM"]).run().await;
    assert_eq!(said(&report, "NTLM"), "usable");
}

#[tokio::test]
async fn ntlm_takes_the_account_with_its_domain_and_basic_the_address() {
    let with_domain = format!("{}\\{USER}", lab::fact("WINDOWS_DOMAIN"));
    let report = Visit::new(&ews()).user(&with_domain).only(&["NTLM"]).run().await;
    assert_eq!(said(&report, "NTLM"), "usable");
    let report = Visit::new(&ews()).only(&["Basic", "NTLM"]).run().await;
    assert_eq!(said(&report, "Basic"), "usable", "an address is a principal of the realm");
    // gss-ntlmssp 1.2.0 takes the address apart and looks for the domain lab.test.
    assert_eq!(said(&report, "NTLM"), "refused 401");
}

#[tokio::test]
async fn curl_gets_in_by_basic_and_a_token_exactly_where_we_do() {
    let token = format!("Authorization: Bearer {}", lab::token("good"));
    for path in ["/EWS/Exchange.asmx", "/ews/exchange.asmx", "/krb"] {
        for password in [lab::password("alice"), "astray".into()] {
            let report = Visit::new(&(ews() + path))
                .user(USER)
                .password(&password)
                .only(&["Basic", "Bearer"])
                .run()
                .await;
            for (method, arguments) in [
                ("Basic", ["--basic", "--user", &both(USER, &password)]),
                ("Bearer", ["--data", "x", "--header"]),
            ] {
                let more: &[&str] = if method == "Basic" { &["--data", "x"] } else { &[&token] };
                let status = curl(&url(path), &[&arguments[..], more].concat());
                assert_eq!(said(&report, method) == "usable", status == 200, "{method} {path} {password}");
                assert_eq!(said(&report, method) == "refused 401", status == 401, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn curl_by_gss_ntlmssp_proves_the_same_password_that_our_ntlm_proves() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users");
    for password in [lab::password("alice"), "astray".into()] {
        std::fs::write(&file, format!("{}:{USER}:{password}\n", lab::fact("WINDOWS_DOMAIN"))).unwrap();
        let report = Visit::new(&ews()).user(USER).password(&password).only(&["NTLM"]).run().await;
        let status = negotiate("/nonexistent", file.to_str().unwrap(), "/EWS/Exchange.asmx");
        assert_eq!(said(&report, "NTLM") == "usable", status == 200, "{password}");
        assert_eq!(said(&report, "NTLM") == "refused 401", status == 401, "{password}");
        // curl's own first message has 32 octets and no version. gss-ntlmssp cannot decode it, so there is nothing to
        // agree about: it never comes to a challenge.
        let verbose =
            ["--verbose", "--silent", "--ntlm", "--user", &both(USER, &password), "--data", "x", "--cacert"];
        let ca = lab::file("certs/ca.pem");
        let (_, talk) = lab::program(
            "curl",
            &[&verbose[..], &[ca.to_str().unwrap(), &url("/EWS/Exchange.asmx")]].concat(),
            "",
        );
        assert!(!talk.contains("< HTTP/1.1 200") && !talk.contains("NTLM TlRMTVNTUAACAAAA"), "{talk}");
    }
}

#[tokio::test]
async fn who_has_a_ticket_gets_in_by_what_we_list_as_not_implemented() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("tickets");
    let config = format!("KRB5_CONFIG={}", lab::file("apache/krb5.conf").display());
    let (status, talk) = lab::program(
        "env",
        &[&config, "kinit", "-c", cache.to_str().unwrap(), USER],
        &lab::password("alice"),
    );
    assert_eq!(status, Some(0), "{talk}");
    for path in ["/krb", "/EWS/Exchange.asmx"] {
        assert_eq!(negotiate(cache.to_str().unwrap(), "/nonexistent", path), 200, "{path}");
        assert_eq!(negotiate("/nonexistent", "/nonexistent", path), 401, "{path}");
        let report = Visit::new(&(ews() + path)).user(USER).run().await;
        assert!(attempt(&report, "Negotiate").advertised, "{path}");
        assert_eq!(said(&report, "Negotiate"), "- unimplemented", "{path}");
    }
}

#[tokio::test]
async fn what_takes_the_login_and_is_not_the_service_decides_nothing() {
    let right = Visit::new(&(ews() + "/basic")).only(&["Basic"]).run().await;
    assert_eq!(offered(&right, Stage::AfterTls), ["Basic"]);
    assert_eq!(said(&right, "Basic"), "? 200", "a page of text, which is not what was asked for");
    let wrong = Visit::new(&(ews() + "/basic")).password("astray").only(&["Basic"]).run().await;
    assert_eq!(said(&wrong, "Basic"), "refused 401");
    let nothing = Visit::new(&(ews() + "/nothing")).only(&["Basic"]).run().await;
    assert!(offered(&nothing, Stage::AfterTls).is_empty());
}

#[tokio::test]
async fn an_attempt_is_one_request_and_ntlms_two_by_apaches_count() {
    let source = "127.77.3.2";
    let marks: [(&[&str], usize); 6] = [
        (&["POST /EWS/Exchange.asmx", " - - 401"], 1),
        // The question with an empty Bearer, and the token.
        (&["POST /EWS/Exchange.asmx", " Bearer - 401"], 2),
        (&["POST /EWS/Exchange.asmx", " Basic ", " 200"], 1),
        // The question for names, and the first of an attempt's two messages.
        (&["POST /EWS/Exchange.asmx", " NTLM - 401"], 2),
        (&["POST /EWS/Exchange.asmx", " NTLM ", " 200"], 1),
        (&["HTTP/1.1"], 7),
    ];
    let earlier = marks.map(|(pieces, _)| requests("apache", source, pieces));
    Visit::new(&ews()).user(USER).from(source).run().await;
    for ((pieces, more), earlier) in marks.into_iter().zip(earlier) {
        settles_at("apache", source, pieces, earlier, more);
    }
}
