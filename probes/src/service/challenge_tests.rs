use proptest::prelude::*;

use super::*;

fn schemes(values: &[&str]) -> Vec<String> {
    challenges(values.iter().copied()).into_iter().map(|challenge| challenge.scheme).collect()
}

fn one(value: &str) -> Challenge {
    let all = challenges([value]);
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_iter().next().unwrap()
}

/// Exchange Online, EWS with a token for another resource, public record of 2017 (`x-ms-diagnostics` 2000003).
const ONLINE: &str = "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", \
    trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", \
    token_types=\"app_asserted_user_v1 service_asserted_app_v1\", \
    authorization_uri=\"https://login.windows.net/common/oauth2/authorize\", error=\"invalid_token\",\
    Basic Realm=\"\",Basic Realm=\"\",Basic Realm=\"\"";

#[test]
fn a_bearer_challenge_with_commas_in_its_quotes_is_one_and_basic_follows_it_in_the_same_field() {
    let all = challenges([ONLINE]);
    assert_eq!(schemes(&[ONLINE]), ["Bearer", "Basic", "Basic", "Basic"]);
    let bearer = all.first().unwrap();
    assert_eq!(bearer.params.len(), 5);
    assert_eq!(bearer.param("ERROR"), Some("invalid_token"));
    let two = one("Bearer trusted_issuers=\"a@b,c@d\", client_id=\"x\"");
    assert_eq!(two.param("trusted_issuers"), Some("a@b,c@d"));
    assert_eq!(two.param("client_id"), Some("x"));
}

#[test]
fn the_bearer_facts_of_exchange_are_told_by_name_and_an_empty_realm_tells_nothing() {
    let told = facts(&challenges([ONLINE, "Basic realm=\"mail.contoso.com\""]));
    let get = |name: &str| told.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str());
    assert_eq!(get("bearer-client-id"), Some("00000002-0000-0ff1-ce00-000000000000"));
    assert_eq!(get("bearer-authorization-uri"), Some("https://login.windows.net/common/oauth2/authorize"));
    assert_eq!(get("bearer-error"), Some("invalid_token"));
    assert_eq!(get("basic-realm"), Some("mail.contoso.com"));
    assert_eq!(told.len(), 6, "{told:?}");
}

#[test]
fn real_servers_are_read() {
    // Microsoft's page on disabling Basic in Exchange Online: blocked by policy, and still offered twice.
    assert_eq!(schemes(&["Basic Realm=\"\",Basic Realm=\"\""]), ["Basic", "Basic"]);
    // SOGo 5.8, Gromox, Apache's mod_auth_gssapi, exchangelib issue 556.
    assert_eq!(schemes(&["basic realm=\"SOGo\""]), ["basic"]);
    let gromox = one("Basic realm=\"msrpc realm\", charset=\"utf-8\"");
    assert_eq!(gromox.param("charset"), Some("utf-8"));
    assert_eq!(schemes(&["Negotiate", "NTLM", "Basic realm=\"lab\""]), ["Negotiate", "NTLM", "Basic"]);
    assert_eq!(schemes(&["Negotiate, NTLM"]), ["Negotiate", "NTLM"]);
    // Cyrus httpd 3.6.
    let digest =
        one("Digest nonce=\"abc=\",realm=\"mail.lab.test\",qop=\"auth\",charset=utf-8,algorithm=md5-sess");
    assert_eq!(digest.params.len(), 5);
    assert_eq!(digest.param("algorithm"), Some("md5-sess"));
    assert_eq!(digest.param("nonce"), Some("abc="));
    // Microsoft's support page on wildcard domains: on-premises, everything in one field.
    let all = schemes(&["Bearer client_id=\"x\", error=\"invalid_token\",Negotiate,NTLM,Basic realm=\"a\""]);
    assert_eq!(all, ["Bearer", "Negotiate", "NTLM", "Basic"]);
}

#[test]
fn data_in_one_piece_is_told_from_parameters() {
    assert_eq!(one("Negotiate oQcwBaADCgEC").token68.as_deref(), Some("oQcwBaADCgEC"));
    assert_eq!(one("NTLM TlRMTVNTUAACAAAA==").token68.as_deref(), Some("TlRMTVNTUAACAAAA=="));
    let pair = challenges(["NTLM TlRM+/==, Basic realm=x"]);
    assert_eq!(pair[0].token68.as_deref(), Some("TlRM+/=="));
    assert_eq!(pair[1].param("realm"), Some("x"));
    assert!(one("Basic realm=x").token68.is_none());
}

#[test]
fn escapes_bad_white_space_and_empty_elements_are_those_of_the_rfc() {
    assert_eq!(one(r#"Basic realm="a\"b\\c""#).param("realm"), Some(r#"a"b\c"#));
    assert_eq!(one("Basic realm \t=\t \"x\"").param("realm"), Some("x"));
    assert_eq!(schemes(&[",, Basic ,\t,NTLM,, "]), ["Basic", "NTLM"]);
    // Section 11.6.1's own example.
    let example = "Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\"";
    let all = challenges([example]);
    assert_eq!(schemes(&[example]), ["Basic", "Newauth"]);
    assert_eq!(all[1].param("title"), Some("Login to \"apps\""));
    assert_eq!(all[1].param("type"), Some("1"));
}

#[test]
fn parameters_never_go_to_the_scheme_of_another_field() {
    let all = challenges(["Basic realm=\"a\"", "error=\"stray\", NTLM"]);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].params.len(), 1);
}

#[test]
fn offers_keep_the_spelling_and_know_the_method() {
    let all = offers(&challenges(["basic realm=\"SOGo\", NTLM, bearer, X-Own a=b"]));
    let names: Vec<_> = all.iter().map(|offer| (offer.token.as_str(), offer.method.name())).collect();
    assert_eq!(names, [("basic", "Basic"), ("NTLM", "NTLM"), ("bearer", "Bearer"), ("X-Own", "X-Own")]);
    assert!(all.iter().all(|offer| matches!(offer.method, Method::Http(_))));
}

#[test]
fn a_flood_is_cut_and_what_it_says_is_harmless() {
    let flood = "Basic a=b,".repeat(100_000);
    assert_eq!(challenges([flood.as_str()]).len(), MOST_CHALLENGES);
    let params = format!("Basic {}", "a=b,".repeat(10_000));
    assert_eq!(one(&params).params.len(), MOST_PARAMS);
    let long = format!("Basic realm=\"{}\"", "x".repeat(100_000));
    assert_eq!(one(&long).param("realm").unwrap().len(), LONGEST_VALUE);
    assert_eq!(one("Basic realm=\"\u{1b}[31m\"").param("realm"), Some("\\x1B[31m"));
    assert_eq!(one("Basic realm=\"never ends").param("realm"), Some("never ends"));
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic_or_exceed_its_bounds(values in prop::collection::vec("\\PC{0,80}|[A-Za-z =,\"\\\\]{0,80}", 0..4)) {
        let all = challenges(values.iter().map(String::as_str));
        prop_assert!(all.len() <= MOST_CHALLENGES);
        prop_assert!(all.iter().all(|challenge| !challenge.scheme.is_empty() && challenge.params.len() <= MOST_PARAMS));
        let _ = (offers(&all), facts(&all));
    }

    #[test]
    fn what_is_written_by_the_rules_reads_back(list in prop::collection::vec(
        ("[A-Za-z][A-Za-z0-9-]{0,9}", prop::collection::vec(("[a-z_]{1,9}", "[ -~]{0,30}"), 0..4)), 1..5))
    {
        let write = |(scheme, params): &(String, Vec<(String, String)>)| {
            let params: Vec<_> = params.iter().map(|(name, value)| format!("{name}={}", quoted(value))).collect();
            format!("{scheme} {}", params.join(", ")).trim_end().to_owned()
        };
        let field = list.iter().map(write).collect::<Vec<_>>().join(", ");
        let read: Vec<_> = challenges([field.as_str()]).into_iter().map(|c| (c.scheme, c.params)).collect();
        prop_assert_eq!(read, list);
    }
}
