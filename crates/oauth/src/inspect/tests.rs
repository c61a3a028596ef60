//! Tokens of every kind against a mailbox, protocols and a moment.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::date;
use mailprobe_probes::model::{Protocol, Severity, moment};
use serde_json::{Value, json};

use super::*;
use crate::profile::Profile;
use crate::providers;
use crate::providers::oauth::Authority;

const NOW: i64 = 1_795_790_000;
const SIGNATURE: &str = "c2lnbmF0dXJlLXRoYXQtbm9ib2R5LXNlZXM";
const ALICE: &str = "alice@contoso.com";

fn jwt(claims: &Value) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.{SIGNATURE}", part(r#"{"alg":"RS256","typ":"JWT"}"#), part(&claims.to_string()))
}

fn exchange() -> Option<&'static Authority> {
    providers::named("exchange-online").and_then(providers::oauth::of)
}

fn good() -> Value {
    json!({
        "aud": "https://outlook.office.com", "iss": "https://sts.windows.net/t/", "scp": "IMAP.AccessAsUser.All SMTP.Send",
        "upn": "Alice@contoso.com", "appid": "app", "tid": "t", "iat": NOW - 60, "nbf": NOW - 60, "exp": NOW + 3600,
    })
}

fn changed(changes: &Value) -> Value {
    let mut claims = good();
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

fn ids_for(claims: &Value, protocols: &[Protocol], profile: Option<&Profile>) -> Vec<&'static str> {
    let against = Against { mailbox: ALICE, protocols, profile, authority: exchange(), now: NOW };
    judge(&Look::at(jwt(claims).as_bytes()), &against).iter().map(|remark| remark.id).collect()
}

fn ids(claims: &Value) -> Vec<&'static str> {
    ids_for(claims, &[Protocol::Imap, Protocol::Smtp], None)
}

#[test]
fn a_token_that_fits_has_nothing_against_it() {
    assert_eq!(ids(&good()), [""; 0]);
    for audience in ["https://outlook.office365.com/", "00000002-0000-0ff1-ce00-000000000000"] {
        assert_eq!(ids(&changed(&json!({ "aud": audience }))), [""; 0], "{audience}");
    }
    let long = "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send";
    assert_eq!(ids(&changed(&json!({ "scp": long }))), [""; 0]);
}

#[test]
fn every_mistake_has_its_name() {
    for (changes, id) in [
        (json!({"exp": NOW - 1}), "token-expired"),
        (json!({"exp": NOW + 60}), "token-expires-soon"),
        (json!({"nbf": NOW + 600}), "token-not-yet-valid"),
        (json!({"nbf": NOW + 100}), "clock-skew"),
        (json!({"aud": "https://graph.microsoft.com"}), "token-wrong-audience"),
        (json!({"aud": ["a", "b"]}), "token-wrong-audience"),
        (json!({"scp": "User.Read"}), "token-missing-scope"),
        (json!({"scp": null}), "token-missing-scope"),
        (json!({"upn": "bob@contoso.com"}), "token-wrong-user"),
        (json!({"scp": null, "nonce": "x", "aud": "https://outlook.office.com"}), "token-is-id-token"),
    ] {
        assert!(ids(&changed(&changes)).contains(&id), "{changes}: {:?}", ids(&changed(&changes)));
    }
}

#[test]
fn a_missing_scope_is_said_of_the_protocols_that_need_it() {
    let against = Against {
        mailbox: ALICE,
        protocols: &[Protocol::Imap, Protocol::Pop3],
        profile: None,
        authority: exchange(),
        now: NOW,
    };
    let remarks = judge(&Look::at(jwt(&good()).as_bytes()), &against);
    assert_eq!(remarks[0].protocols, [Protocol::Pop3]);
    assert!(remarks[0].explanation.contains("pop3 needs POP.AccessAsUser.All"), "{}", remarks[0].explanation);
}

#[test]
fn an_applications_token_is_judged_by_its_roles_and_has_no_user() {
    let claims = changed(&json!({"scp": null, "upn": null, "roles": ["IMAP.AccessAsApp"], "idtyp": "app"}));
    assert_eq!(ids_for(&claims, &[Protocol::Imap], None), [""; 0]);
    assert_eq!(ids_for(&claims, &[Protocol::Pop3], None), ["token-missing-scope"]);
    assert_eq!(ids_for(&claims, &[Protocol::ActiveSync], None), ["token-app-only"]);
}

/// An application's own token to which Entra gave no role, as it is where the right stands in Exchange.
fn without_a_role(changes: &Value) -> Value {
    let mut claims = changed(&json!({"scp": null, "upn": null, "sub": "o", "oid": "o", "appidacr": "2"}));
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

#[test]
fn an_applications_token_without_a_role_may_have_its_right_in_exchange() {
    for told in
        [json!({}), json!({"idtyp": "app"}), json!({"sub": null}), json!({"oid": null, "azpacr": "1"})]
    {
        let claims = without_a_role(&told);
        assert_eq!(ids_for(&claims, &[Protocol::Smtp], None), ["token-no-role"], "{told}");
        assert_eq!(ids_for(&claims, &[Protocol::Ews], None), ["token-no-role", "ews-app-list"], "{told}");
        // Exchange has no such role for these two: without one in the token, nothing opens.
        for protocol in [Protocol::Imap, Protocol::Pop3] {
            assert_eq!(ids_for(&claims, &[protocol], None), ["token-missing-scope"], "{told} {protocol}");
        }
        assert_eq!(
            ids_for(&claims, &[Protocol::Smtp, Protocol::Imap], None),
            ["token-missing-scope", "token-no-role"]
        );
        assert_eq!(ids_for(&claims, &[], None), ["token-no-role"], "{told}");
    }
}

#[test]
fn nobody_else_goes_without_a_right_in_the_token() {
    let smtp = |changes: Value| ids_for(&without_a_role(&changes), &[Protocol::Smtp], None);
    // A person's: by its name, by the type that Entra gives, by a subject that is another than the object.
    for person in [json!({"upn": ALICE}), json!({"idtyp": "user"}), json!({"sub": "pairwise"})] {
        assert_eq!(smtp(person.clone()), ["token-missing-scope"], "{person}");
    }
    // Faults that have nothing to do with roles.
    assert_eq!(
        smtp(json!({"aud": "https://graph.microsoft.com"})),
        ["token-wrong-audience", "token-no-role"]
    );
    assert_eq!(smtp(json!({"exp": NOW - 1})), ["token-expired", "token-no-role"]);
    assert_eq!(smtp(json!({"nonce": "x"}))[0], "token-is-id-token");
}

#[test]
fn a_token_without_a_role_is_told_with_the_way_to_the_right() {
    let look = Look::at(jwt(&without_a_role(&json!({}))).as_bytes());
    let protocols = [Protocol::Smtp, Protocol::Ews];
    let against =
        Against { mailbox: ALICE, protocols: &protocols, profile: None, authority: exchange(), now: NOW };
    let remarks = judge(&look, &against);
    assert_eq!(
        remarks.iter().map(|remark| remark.severity).collect::<Vec<_>>(),
        [Severity::Warning, Severity::Info]
    );
    let said = text(&look, &remarks, &protocols, NOW).replace("\n    ", " ");
    for words in [
        "JWT, app-only",
        "No role in the token: works only where Exchange grants it",
        "smtp needs Application SMTP.SendAsApp",
        "ews needs Application EWS.AccessAsApp",
        "New-ServicePrincipal",
        "New-ManagementScope",
        "New-ManagementRoleAssignment -App",
        "Test-ServicePrincipalAuthorization",
        "30 minutes to 2 hours",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let told: Value = serde_json::from_str(&json(&look, &remarks)).unwrap();
    assert_eq!((&told["kind"], &told["status"]), (&json!("app-only"), &json!("unclear")));
    let status = |claims: &Value| -> Value {
        let look = Look::at(jwt(claims).as_bytes());
        serde_json::from_str::<Value>(&json(&look, &judge(&look, &against))).unwrap()["status"].clone()
    };
    assert_eq!(status(&changed(&json!({"scp": "SMTP.Send EWS.AccessAsUser.All"}))), "fits");
    assert_eq!(status(&changed(&json!({"scp": "User.Read"}))), "refused");
}

#[test]
fn the_request_id_of_the_sign_in_log_is_read_out_of_the_token() {
    let told = |changes: Value| {
        let look = Look::at(jwt(&changed(&changes)).as_bytes());
        let told: Value = serde_json::from_str(&json(&look, &[])).unwrap();
        (text(&look, &[], &[], NOW), told)
    };
    let (said, json) =
        told(json!({"uti": "HjwPCxERSkqcnAAAAAAAAg", "sid": "00000000-aaaa-4000-8000-000000000001"}));
    for line in [
        "request id 0b0f3c1e-1111-4a4a-9c9c-000000000002\n",
        "uti        HjwPCxERSkqcnAAAAAAAAg\n",
        "session id 00000000-aaaa-4000-8000-000000000001\n",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert_eq!(json["request_id"], "0b0f3c1e-1111-4a4a-9c9c-000000000002");
    assert_eq!(json["uti"], "HjwPCxERSkqcnAAAAAAAAg");
    assert_eq!(json["session_id"], "00000000-aaaa-4000-8000-000000000001");
    // Too short, too long, not canonical, another alphabet, and what would act on a terminal.
    for odd in [
        "HjwPCxERSkqcnAAAAAAA",
        "HjwPCxERSkqcnAAAAAAAAgAA",
        "HjwPCxERSkqcnAAAAAAAAh",
        "HjwP+xERSkqcnAAAAAAAAg",
        "a\u{1b}]0;x",
    ] {
        let (said, json) = told(json!({ "uti": odd }));
        assert!(json["request_id"].is_null() && json["uti"].is_string(), "{odd}: {json}");
        assert!(said.contains("uti        ") && !said.contains("request id"), "{odd}: {said}");
        assert!(!said.contains('\u{1b}'), "{said:?}");
    }
    let (said, json) = told(json!({}));
    assert!(json["uti"].is_null() && json["session_id"].is_null() && !said.contains("uti"), "{said}");
}

#[test]
fn a_profile_says_which_issuer_tenant_client_and_audience_are_wanted() {
    let lab = Profile::of(
        "issuer = \"https://login.lab.test/\"\nclient_id = \"app\"\naudience = [\"lab\"]\nscopes = [\"IMAP.AccessAsUser.All\"]\n",
    );
    let fits = changed(&json!({"iss": "https://login.lab.test/", "aud": "lab"}));
    let ids = |claims: &Value| ids_for(claims, &[Protocol::Imap], Some(&lab));
    assert_eq!(ids(&fits), [""; 0]);
    let mut other = fits.clone();
    other["iss"] = json!("https://login.other.test/");
    assert_eq!(ids(&other), ["token-wrong-issuer"]);
    let mut other = fits.clone();
    other["aud"] = json!("https://graph.lab.test");
    assert_eq!(ids(&other), ["token-wrong-audience"]);
    let mut other = fits;
    other["appid"] = json!("another");
    assert_eq!(ids(&other), ["token-other-client"]);
    let tenant = "11111111-2222-4333-8444-555555555555";
    let entra =
        Profile::of(&format!("provider = \"exchange-online\"\ntenant = \"{tenant}\"\nclient_id = \"app\"\n"));
    assert_eq!(ids_for(&good(), &[Protocol::Imap], Some(&entra)), ["token-wrong-tenant"]);
}

#[test]
fn what_is_no_jwt_is_opaque_and_no_error() {
    let five = format!("{}.a.b", jwt(&good()));
    for (token, why) in [
        ("EwBAAl3BAAUFFpUAo7J3Ve0bjLBWZWCclRC3EoAA", "the form of Microsoft's personal accounts"),
        ("ya29.a0Af", "the form of Google's"),
        ("a.b.c", "no JWT"),
        ("..", "no JWT"),
        ("", "no JWT"),
        (five.as_str(), "an encrypted JWT"),
    ] {
        let look = Look::at(token.as_bytes());
        assert!(matches!(&look, Look::Opaque { why: told, .. } if *told == why), "{token}: {look:?}");
        assert!(text(&look, &[], &[], NOW).contains("That is no error"));
    }
    assert!(matches!(Look::at(b"\xff\xfe"), Look::Opaque { .. }));
    let deep = format!("{}.{}.x", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode("[".repeat(20_000)));
    assert!(matches!(Look::at(deep.as_bytes()), Look::Opaque { .. }));
}

#[test]
fn neither_form_shows_the_signature_and_nothing_in_it_acts_on_a_terminal() {
    let claims = changed(&json!({"iss": "a\u{1b}]0;x\u{7}\n", "upn": "eve@\u{202e}x"}));
    let token = jwt(&claims);
    let look = Look::at(token.as_bytes());
    let against = Against { mailbox: ALICE, protocols: &[], profile: None, authority: exchange(), now: NOW };
    let remarks = judge(&look, &against);
    for said in [text(&look, &remarks, &[], NOW), json(&look, &remarks)] {
        assert!(!said.contains(SIGNATURE) && !said.contains(&token), "{said}");
        assert!(!said.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{said:?}");
    }
    let told: Value = serde_json::from_str(&json(&look, &remarks)).unwrap();
    assert_eq!((told["form"].as_str(), told["kind"].as_str()), (Some("jwt"), Some("delegated")));
    assert_eq!(told["fits"], true, "another user's is a warning: shared mailboxes are opened so");
    assert!(remarks.iter().all(|remark| remark.severity < Severity::Critical));
}

const APP: &str = "0f3d1c2b-4a59-4e68-9b7c-1d2e3f405162";

fn for_ews(changes: &Value) -> Value {
    let mut claims = changed(&json!({"scp": "EWS.AccessAsUser.All", "appid": APP}));
    for (name, value) in changes.as_object().unwrap() {
        claims[name] = value.clone();
    }
    claims
}

/// The remark on the list of apps, of a token that goes to these protocols on a day.
fn app_list(
    claims: &Value,
    protocols: &[Protocol],
    authority: Option<&'static Authority>,
    on: jiff::civil::Date,
) -> Option<Remark> {
    let now = moment::to_unix(on.into());
    let against = Against { mailbox: ALICE, protocols, profile: None, authority, now };
    let remarks = judge(&Look::at(jwt(claims).as_bytes()), &against);
    remarks.into_iter().find(|remark| remark.id == "ews-app-list")
}

#[test]
fn a_token_for_ews_in_exchange_online_is_told_with_its_app_and_the_cmdlet_that_lets_it_in() {
    let november = date(2026, 11, 30);
    let remark = app_list(&for_ews(&json!({})), &[Protocol::Ews], exchange(), november).unwrap();
    assert_eq!(
        (remark.severity, remark.cause, &remark.protocols[..]),
        (Severity::Info, None, &[Protocol::Ews][..])
    );
    let cmdlet = format!("Set-OrganizationConfig -EwsAllowedAppIDs \"{APP}\"");
    assert!(
        remark.explanation.contains(&cmdlet) && remark.explanation.contains("2027-04-01"),
        "{}",
        remark.explanation
    );
    assert!(remark.remedy.contains("-RetrieveEwsOperationAccessPolicy"), "{}", remark.remedy);
    // The newer version of tokens names the app otherwise; what is no id does not get into a command to paste.
    let newer = for_ews(&json!({"appid": null, "azp": APP}));
    assert!(app_list(&newer, &[Protocol::Ews], exchange(), november).unwrap().explanation.contains(&cmdlet));
    let odd = for_ews(&json!({"appid": "x\"; Remove-Mailbox"}));
    let told = app_list(&odd, &[Protocol::Ews], exchange(), november).unwrap().explanation;
    assert!(told.contains("names no app id") && !told.contains("Remove-Mailbox"), "{told}");
}

#[test]
fn the_list_of_apps_is_told_of_that_service_in_its_time_and_of_nothing_else() {
    let november = date(2026, 11, 30);
    let told = |claims: &Value, protocols: &[Protocol], authority, on| {
        app_list(claims, protocols, authority, on).map(|remark| remark.title)
    };
    let (listed, ended) =
        ("EWS in Exchange Online lets in listed apps only", "EWS in Exchange Online has ended");
    let token = for_ews(&json!({}));
    let of_app = for_ews(&json!({"scp": null, "upn": null, "idtyp": "app", "roles": ["full_access_as_app"]}));
    for (on, title) in [
        (date(2026, 9, 30), None),
        (date(2026, 10, 1), Some(listed)),
        (date(2027, 3, 31), Some(listed)),
        (date(2027, 4, 1), Some(ended)),
        (date(2031, 1, 1), Some(ended)),
    ] {
        assert_eq!(told(&token, &[Protocol::Ews], exchange(), on), title, "{on}");
        // Nobody says where the token goes, and its right is to EWS.
        assert_eq!(told(&of_app, &[], None, on), title, "{on}");
    }
    // Other protocols, other rights, other services and clouds.
    assert_eq!(told(&token, &[Protocol::Imap], exchange(), november), None);
    assert_eq!(told(&good(), &[], exchange(), november), None);
    assert_eq!(
        told(&for_ews(&json!({"aud": "https://mail.contoso.com"})), &[Protocol::Ews], None, november),
        None
    );
    let china = providers::named("exchange-online-china").and_then(providers::oauth::of);
    assert_eq!(told(&token, &[Protocol::Ews], china, november), None);
}

#[test]
fn only_hosts_of_exchange_online_have_the_list() {
    for (host, has_it) in [
        ("outlook.office365.com", true),
        ("Outlook.Office.com", true),
        ("partner.outlook.cn", false),
        ("mail.contoso.com", false),
        ("outlook.office365.com.example", false),
    ] {
        assert_eq!(ews::is_exchange_online(host), has_it, "{host}");
    }
}

/// The status of a token at Exchange, whether it is said to fit, and what is said of it.
fn held_against(claims: &Value, protocols: &[Protocol]) -> (Value, Value, String) {
    let against = Against { mailbox: ALICE, protocols, profile: None, authority: exchange(), now: NOW };
    let look = Look::at(jwt(claims).as_bytes());
    let remarks = judge(&look, &against);
    let told: Value = serde_json::from_str(&json(&look, &remarks)).unwrap();
    let said = text(&look, &remarks, protocols, NOW).replace("\n    ", " ");
    (told["status"].clone(), told["fits"].clone(), said)
}

#[test]
fn a_role_for_something_else_leaves_the_right_in_exchange_as_open_as_no_role() {
    let sends = without_a_role(&json!({"roles": ["SMTP.SendAsApp"]}));
    let (status, fits, said) = held_against(&sends, &[Protocol::Ews]);
    assert_eq!((status, fits), (json!("unclear"), Value::Null));
    assert!(said.contains("It has the roles SMTP.SendAsApp, and not the one that is needed here."), "{said}");
    assert!(said.contains("ews needs Application EWS.AccessAsApp"), "{said}");
    assert_eq!(held_against(&sends, &[Protocol::Smtp]).0, "fits");
    assert_eq!(held_against(&sends, &[Protocol::Smtp, Protocol::Autodiscover]).0, "unclear");
    // Over IMAP Exchange grants nothing that is not in the token, and a token with a role says what it is for.
    assert_eq!(held_against(&sends, &[Protocol::Imap, Protocol::Ews]).0, "refused");
    assert_eq!(held_against(&sends, &[]).0, "fits");
}

#[test]
fn whether_a_token_fits_is_true_or_false_only_where_that_is_known() {
    let none = without_a_role(&json!({}));
    for (claims, protocol, status, fits) in [
        (good(), Protocol::Imap, "fits", json!(true)),
        (none.clone(), Protocol::Smtp, "unclear", Value::Null),
        (none.clone(), Protocol::Imap, "refused", json!(false)),
        (none, Protocol::ActiveSync, "refused", json!(false)),
    ] {
        let told = held_against(&claims, &[protocol]);
        assert_eq!((told.0, told.1), (json!(status), fits), "{protocol}");
    }
}

#[test]
fn a_token_without_the_right_is_told_in_english() {
    let said = held_against(&without_a_role(&json!({})), &[Protocol::Imap]).2;
    assert!(said.contains("It has no roles; imap needs IMAP.AccessAsApp."), "{said}");
    let said = held_against(&changed(&json!({"scp": "User.Read"})), &[Protocol::Imap]).2;
    assert!(said.contains("It has scp User.Read; imap needs IMAP.AccessAsUser.All."), "{said}");
    let said = held_against(&changed(&json!({"scp": null})), &[Protocol::Imap]).2;
    assert!(said.contains("It has no scp; imap needs IMAP.AccessAsUser.All."), "{said}");
}
