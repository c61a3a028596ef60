use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mailprobe_probes::diagnose::{Answer, Step, diagnose};
use mailprobe_probes::dialect::{self, Dialect as _, Heard};
use mailprobe_probes::model::Kind;

use super::*;
use crate::scenario::{SHIPPED, load};

const NOW: u64 = 1_800_000_000;

fn tenant(name: &str) -> Tenant {
    Tenant::new(load(name).unwrap(), || NOW)
}

fn password(name: &str, protocol: Protocol, user: &str, password: &str) -> Cause {
    tenant(name).rule(protocol, &Presented::Password { user, password: password.as_bytes() }).cause
}

fn token(name: &str, protocol: Protocol, user: &str, token: &str) -> Ruling {
    tenant(name).rule(protocol, &Presented::Token { user: Some(user), token })
}

fn jwt(claims: &str) -> String {
    format!("e30.{}.AAAA", URL_SAFE_NO_PAD.encode(claims))
}

const ALICE: &str = "alice@rehearsal.test";
const RIGHT: &str = "correct horse";
const TOKEN: &str = "rehearsal-token-of-alice";
use Cause::{Accepted, BasicDisabled, Throttled};
use Protocol::{Ews, Imap, Pop3, Smtp as SmtpProtocol};

#[test]
fn the_cutover_closes_one_door_after_the_other() {
    let story = |name| [Imap, Pop3, SmtpProtocol].map(|protocol| password(name, protocol, ALICE, RIGHT));
    assert_eq!(story("before-cutover"), [Accepted; 3]);
    assert_eq!(story("exchange-online-today"), [BasicDisabled, BasicDisabled, Accepted]);
    assert_eq!(story("smtp-auth-off-2027"), [BasicDisabled; 3]);
    for shipped in ["before-cutover", "exchange-online-today", "smtp-auth-off-2027", "ews-retired"] {
        for protocol in [Imap, Pop3, SmtpProtocol] {
            assert_eq!(token(shipped, protocol, ALICE, TOKEN).cause, Accepted, "{shipped} {protocol}");
        }
    }
}

#[test]
fn a_wrong_password_and_a_wrong_name_are_one_answer_and_a_login_name_is_as_good_as_the_address() {
    assert_eq!(password("before-cutover", Imap, ALICE, "wrong horse"), Cause::BadCredentials);
    assert_eq!(password("before-cutover", Imap, "mallory", RIGHT), Cause::BadCredentials);
    assert_eq!(password("before-cutover", Imap, "ALICE@Rehearsal.Test", RIGHT), Cause::Accepted);
    assert_eq!(password("before-cutover", Imap, "alice", RIGHT), Cause::Accepted);
    assert_eq!(password("before-cutover", Imap, ALICE, ""), Cause::BadCredentials);
}

#[test]
fn the_switch_of_smtp_auth_stands_before_password_and_token_and_the_mailbox_stands_above_the_tenant() {
    use Cause::{SmtpAuthDisabledMailbox, SmtpAuthDisabledTenant};
    assert_eq!(password("smtp-auth-off-mailbox", SmtpProtocol, ALICE, "wrong"), SmtpAuthDisabledMailbox);
    assert_eq!(
        token("smtp-auth-off-mailbox", SmtpProtocol, ALICE, "no token").cause,
        SmtpAuthDisabledMailbox
    );
    let mut scenario = load("before-cutover").unwrap();
    scenario.tenant.smtp_auth = false;
    let rule = |scenario: &Scenario| {
        let presented = Presented::Password { user: ALICE, password: RIGHT.as_bytes() };
        Tenant::new(scenario.clone(), || NOW).rule(SmtpProtocol, &presented).cause
    };
    assert_eq!(rule(&scenario), SmtpAuthDisabledTenant);
    scenario.mailbox[0].smtp_auth = SmtpAuth::On;
    assert_eq!(rule(&scenario), Cause::Accepted);
}

#[test]
fn security_defaults_and_conditional_access_refuse_only_a_password_that_is_right() {
    assert_eq!(password("security-defaults", SmtpProtocol, ALICE, RIGHT), Cause::SecurityDefaults);
    assert_eq!(password("security-defaults", SmtpProtocol, ALICE, "wrong"), Cause::BadCredentials);
    let mut scenario = load("security-defaults").unwrap();
    scenario.tenant.security_defaults = false;
    let presented = Presented::Password { user: ALICE, password: RIGHT.as_bytes() };
    assert_eq!(Tenant::new(scenario, || NOW).rule(SmtpProtocol, &presented).cause, Cause::ConditionalAccess);
    assert_eq!(token("security-defaults", SmtpProtocol, ALICE, TOKEN).cause, Cause::Accepted);
}

#[test]
fn a_login_can_be_taken_and_the_mailbox_stay_shut() {
    let ruling = token("authenticated-but-not-connected", Imap, ALICE, TOKEN);
    assert_eq!((ruling.cause, ruling.shut), (Cause::Accepted, Some(Cause::NoMailboxPermission)));
    assert_eq!(token("authenticated-but-not-connected", SmtpProtocol, ALICE, TOKEN).shut, None);
}

#[test]
fn a_jwt_is_judged_by_its_claims() {
    let claims = |user: &str, aud: &str, scp: &str, exp: u64| {
        jwt(&format!(r#"{{"upn":"{user}","aud":"{aud}","scp":"{scp}","exp":{exp}}}"#))
    };
    let rule = |text: &str| token("exchange-online-today", Imap, ALICE, text).cause;
    let (aud, scp, exp) =
        ("https://outlook.office365.com", "POP.AccessAsUser.All IMAP.AccessAsUser.All", NOW + 60);
    assert_eq!(rule(&claims(ALICE, aud, scp, exp)), Cause::Accepted);
    assert_eq!(rule(&claims(ALICE, aud, scp, NOW)), Cause::TokenExpired);
    assert_eq!(rule(&claims(ALICE, "https://graph.microsoft.com", scp, exp)), Cause::TokenWrongAudience);
    assert_eq!(rule(&claims(ALICE, aud, "SMTP.Send", exp)), Cause::TokenMissingScope);
    assert_eq!(rule(&claims("scanner@rehearsal.test", aud, scp, exp)), Cause::TokenWrongUser);
    assert_eq!(rule(&claims("nobody@rehearsal.test", aud, scp, exp)), Cause::TokenWrongUser);
    assert_eq!(rule("EwBAAl3BAAUFFpUA"), Cause::TokenInvalid);
    assert_eq!(rule("a.b.c"), Cause::TokenInvalid);
    let app = jwt(&format!(r#"{{"roles":["IMAP.AccessAsApp"],"aud":"{aud}","exp":{exp}}}"#));
    assert_eq!(rule(&app), Cause::Accepted);
}

#[test]
fn ews_ends_and_its_list_of_apps_is_kept() {
    assert_eq!(token("ews-retired", Ews, ALICE, TOKEN).cause, Cause::ServiceRetired);
    let mut scenario = load("exchange-online-today").unwrap();
    scenario.tenant.ews = crate::scenario::Ews::AllowList;
    scenario.tenant.ews_allowed_apps = vec!["app-1".into()];
    let tenant = Tenant::new(scenario, || NOW);
    let rule = |app: &str| {
        let aud = "https://outlook.office365.com";
        let text = jwt(&format!(
            r#"{{"upn":"{ALICE}","aud":"{aud}","scp":"EWS.AccessAsUser.All","appid":"{app}"}}"#
        ));
        tenant.rule(Ews, &Presented::Token { user: None, token: &text }).cause
    };
    assert_eq!((rule("app-1"), rule("app-2")), (Cause::Accepted, Cause::AppBlocked));
}

#[test]
fn after_so_many_logins_the_tenant_is_busy_and_says_nothing_about_the_password() {
    let tenant = tenant("throttled");
    let presented = Presented::Password { user: ALICE, password: RIGHT.as_bytes() };
    let story: Vec<Cause> = (0..5).map(|_| tenant.rule(Imap, &presented).cause).collect();
    assert_eq!(story, [Accepted, Accepted, Accepted, Throttled, Throttled]);
}

#[test]
fn what_is_presented_to_no_login_is_no_login() {
    assert_eq!(tenant("before-cutover").rule(Imap, &Presented::Nothing).cause, Cause::NotAuthenticated);
}

/// What the prober would make of the words: the proof that the tenant says what it means.
#[test]
fn every_answer_of_a_line_protocol_is_read_by_our_own_diagnosis_as_what_it_is_for() {
    let mut seen = 0;
    for shipped in SHIPPED {
        for answer in &load(shipped.name).unwrap().words {
            let text = answer.text.replace("{command}", "AUTHENTICATE");
            let last = text.lines().last().unwrap().to_owned();
            let lines = format!("{}\r\n", text.trim_end().replace('\n', "\r\n"));
            let heard = match answer.protocol {
                Imap => {
                    let mut imap = dialect::Imap::new();
                    imap.capability();
                    let unit = if last.starts_with('*') { last } else { format!("m1 {last}") };
                    imap.read(format!("{unit}\r\n").as_bytes())
                }
                Pop3 => dialect::Pop3::new().read(lines.as_bytes()),
                SmtpProtocol => dialect::Smtp::default().read(lines.as_bytes()),
                _ => continue,
            };
            let reply = match heard {
                Heard::Final(_, reply) | Heard::Goodbye(reply) => reply,
                other => panic!("{}: {} is {other:?}", shipped.name, answer.text),
            };
            if answer.cause == Cause::Accepted {
                continue;
            }
            let token = answer.cause.name().starts_with("token-");
            let kind = if token { Kind::Token } else { Kind::Password };
            let steps = [Step::Login(kind), Step::Session, Step::Greeting];
            let causes = steps.map(|step| diagnose(&Answer::new(answer.protocol, step, &reply)).causes);
            let general = [
                "failed.",
                "unknown user name",
                "535 5.7.3",
                "535-5.7.8",
                "Invalid credentials",
                "basic auth",
                "Invalid state",
                "not valid",
                "Argument Error",
            ];
            assert!(
                causes.iter().any(|causes| causes.contains(&answer.cause))
                    || general.iter().any(|vague| answer.text.contains(vague)),
                "{} {} {}: {} is read as {causes:?}",
                shipped.name,
                answer.protocol,
                answer.cause,
                answer.text
            );
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}
