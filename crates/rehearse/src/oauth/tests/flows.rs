//! Flows of more than one step.

use super::*;

#[test]
fn a_code_is_worth_one_token_to_the_client_that_began() {
    let bureau = Bureau::new();
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    // RFC 7636 appendix B.
    let challenge = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let exchange = |code: &str, verifier: &str, more: &[(&str, &str)]| {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", PUBLIC),
            ("code", code),
            ("redirect_uri", "http://localhost:5000/back"),
            ("code_verifier", verifier),
        ];
        bureau.token(&[more, &form].concat())
    };
    let code = bureau.code(&challenge);
    let (status, said) = exchange(&code, verifier, &[]);
    assert_eq!(status, 200, "{said}");
    assert!(bureau.authority.validate(said["access_token"].as_str().unwrap(), Protocol::Imap).is_ok());
    assert_eq!(number(&exchange(&code, verifier, &[]).1).0, 54005, "twice");
    assert_eq!(number(&exchange(&bureau.code(&challenge), "another-verifier", &[]).1).0, 501_481);
    assert_eq!(number(&exchange(&bureau.code(&challenge), "", &[]).1).0, 50148);
    assert_eq!(number(&exchange(&bureau.code(&[]), verifier, &[]).1).0, 501_481, "a code of another request");
    assert_eq!(number(&exchange("no-such-code", verifier, &[]).1).0, 9_002_313);
    let elsewhere = [("redirect_uri", "http://localhost:5001/back")];
    assert_eq!(number(&exchange(&bureau.code(&challenge), verifier, &elsewhere).1).0, 50011);
    let code = bureau.code(&challenge);
    bureau.later(600);
    assert_eq!(number(&exchange(&code, verifier, &[]).1).0, 70008, "too late");
}

#[test]
fn the_page_has_no_script_takes_one_answer_and_gives_the_state_back() {
    let bureau = Bureau::new();
    let page = bureau.authorize(&[("login_hint", "\"><script>alert(1)</script>")]);
    assert_eq!(page.status, 200);
    let body = String::from_utf8(page.body.clone()).unwrap();
    assert!(!body.contains("<script") && !body.contains("<b>"), "{body}");
    assert!(page.header("Content-Security-Policy").unwrap().starts_with("default-src 'none'"));
    let wrong = bureau.submit(&page, &[("user", "x"), ("password", "y")]);
    assert_eq!(wrong.status, 302, "the first value counts");
    assert_eq!(answered(&wrong, "state").as_deref(), Some("a&b"));
    assert!(wrong.header("Location").unwrap().starts_with("http://localhost:5000/back?code="));
    let again = bureau.submit(&page, &[]);
    assert_eq!(again.status, 400, "the page is used up");
    let declined = bureau.submit(&bureau.authorize(&[]), &[("decision", "deny")]);
    assert_eq!(answered(&declined, "error").as_deref(), Some("access_denied"));
}

#[test]
fn a_refused_person_may_try_again_and_is_told_why() {
    let bureau = Bureau::new();
    let page = bureau.authorize(&[]);
    let word = hidden(&String::from_utf8(page.body).unwrap(), "sign_in");
    let submit = |user: &str, password: &str| {
        let form =
            [("sign_in", word.as_str()), ("user", user), ("password", password), ("decision", "allow")];
        bureau.post("/common/oauth2/v2.0/authorize", &form)
    };
    for (user, said) in
        [("alice@contoso.example", "AADSTS50126"), ("mfa-required@contoso.example", "AADSTS50076")]
    {
        let response = submit(user, "wrong");
        assert_eq!(response.status, 200);
        assert!(String::from_utf8(response.body).unwrap().contains(said));
    }
    assert_eq!(submit("alice@contoso.example", "right").status, 302);
}

#[test]
fn nobody_is_sent_to_an_address_that_is_not_the_apps() {
    let bureau = Bureau::new();
    for more in [("redirect_uri", "https://evil.example/"), ("client_id", "nobody"), ("redirect_uri", "")] {
        let response = bureau.authorize(&[more]);
        assert_eq!((response.status, response.header("Location")), (400, None), "{more:?}");
    }
    // What is wrong with the request itself goes back to the app.
    for (more, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "https://outlook.office.com/Nonsense"), "invalid_scope"),
        (("code_challenge", "too-short"), "invalid_request"),
        (("response_mode", "form_post"), "invalid_request"),
    ] {
        let response = bureau.authorize(&[more]);
        assert_eq!(answered(&response, "error").as_deref(), Some(error), "{more:?}");
    }
}

#[test]
fn consent_that_only_an_administrator_can_give_ends_at_the_page_and_a_users_goes_on() {
    let ews = [("scope", "https://outlook.office365.com/EWS.AccessAsUser.All")];
    let bureau = Bureau::new();
    let response = bureau.submit(&bureau.authorize(&ews), &[]);
    assert!(String::from_utf8(response.body).unwrap().contains("AADSTS90094"));
    let bureau = Bureau::with(|directory| directory.apps[0].user_consent = true);
    let code = bureau.code(&ews);
    let said = bureau.ok(&[
        ("grant_type", "authorization_code"),
        ("client_id", PUBLIC),
        ("code", &code),
        ("redirect_uri", "http://localhost:5000/back"),
    ]);
    assert!(bureau.authority.validate(said["access_token"].as_str().unwrap(), Protocol::Ews).is_ok());
}

#[test]
fn a_refresh_token_works_once_and_only_while_the_tenant_lets_it() {
    let bureau = Bureau::new();
    let (_, said) = bureau.password("alice@contoso.example", "right");
    let first = said["refresh_token"].as_str().unwrap().to_owned();
    let refresh = |word: &str, client: &str, more: &[(&str, &str)]| {
        bureau.token(
            &[&[("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", word)], more]
                .concat(),
        )
    };
    let (status, said) =
        refresh(&first, PUBLIC, &[("scope", "https://outlook.office.com/SMTP.Send offline_access")]);
    assert_eq!(status, 200, "{said}");
    assert!(bureau.authority.validate(said["access_token"].as_str().unwrap(), Protocol::Smtp).is_ok());
    let second = said["refresh_token"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    assert_eq!(number(&refresh(&first, PUBLIC, &[]).1).0, 70000, "rotated away");
    let (_, stolen) = bureau.token(&[
        ("grant_type", "refresh_token"),
        ("client_id", DAEMON),
        ("client_secret", SECRET),
        ("refresh_token", &second),
    ]);
    assert_eq!(number(&stolen).0, 70000, "another app's");
    assert_eq!(refresh(&second, PUBLIC, &[("scope", "nonsense/x")]).0, 400);
    assert_eq!(refresh(&second, PUBLIC, &[]).0, 200, "what was not exchanged is not used up");
    let (_, said) = bureau.password("alice@contoso.example", "right");
    bureau.later(90 * 24 * 3600);
    assert_eq!(number(&refresh(said["refresh_token"].as_str().unwrap(), PUBLIC, &[]).1).0, 700_082);
    let (_, said) = bureau.password("gone-later@contoso.example", "right");
    assert_eq!(number(&said).0, 50057);
}

fn begin(bureau: &Bureau) -> (String, String) {
    let said =
        bureau.post("/organizations/oauth2/v2.0/devicecode", &[("client_id", PUBLIC), ("scope", IMAP)]);
    let said: Value = serde_json::from_slice(&said.body).unwrap();
    assert!(said["message"].as_str().unwrap().contains(said["user_code"].as_str().unwrap()));
    (said["device_code"].as_str().unwrap().to_owned(), said["user_code"].as_str().unwrap().to_owned())
}

#[test]
fn a_device_waits_until_somebody_types_its_code() {
    let bureau = Bureau::new();
    let (word, user_code) = begin(&bureau);
    let poll = || {
        bureau.token(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", PUBLIC),
            ("device_code", &word),
        ])
    };
    let error = || poll().1["error"].as_str().unwrap().to_owned();
    assert_eq!(error(), "authorization_pending");
    assert_eq!(error(), "slow_down", "too early");
    bureau.later(6);
    assert_eq!(error(), "slow_down", "it is ten seconds now");
    bureau.later(15);
    assert_eq!(error(), "authorization_pending");
    let page = bureau.post("/common/oauth2/deviceauth", &[("user_code", &user_code.to_lowercase())]);
    let body = String::from_utf8(page.body).unwrap();
    assert!(body.contains("Scanner &lt;b&gt;") && body.contains("IMAP.AccessAsUser.All"), "{body}");
    let decide = |form: &[(&str, &str)]| {
        let form = [&[("user_code", user_code.as_str()), ("decision", "allow")], form].concat();
        String::from_utf8(bureau.post("/common/oauth2/deviceauth", &form).body).unwrap()
    };
    assert!(decide(&[("user", "alice@contoso.example"), ("password", "wrong")]).contains("AADSTS50126"));
    bureau.later(15);
    assert_eq!(error(), "authorization_pending", "a wrong password may be mended");
    assert!(
        decide(&[("user", "alice@contoso.example"), ("password", "right")]).contains("You have signed in")
    );
    bureau.later(10);
    let (status, said) = poll();
    assert_eq!(status, 200, "{said}");
    assert!(bureau.authority.validate(said["access_token"].as_str().unwrap(), Protocol::Imap).is_ok());
    assert_eq!(error(), "bad_verification_code", "once");
    assert!(decide(&[]).contains("didn't work"), "the code is used up");
}

#[test]
fn a_device_is_told_of_refusal_and_of_rules() {
    for (form, error, number_) in [
        (vec![("decision", "deny")], "authorization_declined", 65004),
        (
            vec![("decision", "allow"), ("user", "no-devices@contoso.example"), ("password", "right")],
            "access_denied",
            530_035,
        ),
        (
            vec![
                ("decision", "allow"),
                ("user", "conditional-access@contoso.example"),
                ("password", "right"),
            ],
            "interaction_required",
            53003,
        ),
    ] {
        let bureau = Bureau::new();
        let (word, user_code) = begin(&bureau);
        bureau.post(
            "/common/oauth2/deviceauth",
            &[&[("user_code", user_code.as_str())], form.as_slice()].concat(),
        );
        let device = "urn:ietf:params:oauth:grant-type:device_code";
        let poll = [("grant_type", device), ("client_id", PUBLIC), ("device_code", word.as_str())];
        assert_eq!(bureau.refused(&poll), (number_, error.to_owned()));
    }
    let bureau = Bureau::new();
    let (word, _) = begin(&bureau);
    bureau.later(900);
    let device = "urn:ietf:params:oauth:grant-type:device_code";
    let poll = [("grant_type", device), ("client_id", PUBLIC), ("device_code", word.as_str())];
    assert_eq!(bureau.refused(&poll), (70019, "expired_token".to_owned()));
}
