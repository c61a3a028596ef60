use proptest::prelude::*;

use super::*;
use crate::model::Cause;

fn told(text: &str) -> Explained {
    explain(text, &Hints::default()).unwrap()
}

const LINE: &str =
    "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.";

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_octets_are_answered_and_the_answer_is_bounded(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let text = decode(&bytes);
        if let Some(explained) = explain(&text, &Hints::default()) {
            prop_assert!(!explained.diagnosis.causes.is_empty());
            prop_assert!(explained.answer.len() <= 64 * 1024);
        }
    }

    #[test]
    fn any_mixture_of_the_marks_of_logs_and_quotations_is_answered(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "535", " 5.7.139 ", "b'", "'", "\"", "(", ")", "[", "]", "{", "}", "\\n", "\\r\\n", "\n", ": ", "NO ", "BAD ", "-ERR ", "* ",
                "<", ">", "AADSTS", "50126", "HTTP/1.1 ", "401", "ＡＤ", "エラー", "error", "status=", " (", "said: ", "{\"error\":", "eyJ", "==", "\u{1b}[3",
                "ST", "ADST 5", " LOGIN a b", "pass=", "Bearer ", "é", "\u{301}", "%20", "+", "Autodiscover",
            ]),
            0..60,
        )
    ) {
        let text = pieces.concat();
        explain(&text, &Hints::default());
    }

    #[test]
    fn a_refusal_is_found_in_any_frame(
        before in prop::sample::select(vec![
            "", "S: ", "<- ", "Error: ", "2026-01-02 03:04:05 ", "Feb  3 10:11:12 host app[7]: ", "[smtp] ", "server said: ", "Caused by: x.Y: ", "12: ",
            "msg=\"", "{\"error\":\"", "(535, b'x') ", "| ", "結果：",
        ]),
        behind in prop::sample::select(vec!["", "\"", "'", " (in reply to AUTH command)", "\n\tat a.b.C.d(C.java:12)", "\nQUIT", "\\r\\n", " in /var/www/x.php:3"]),
        above in prop::sample::select(vec!["", "Login failed.\n", "Hello,\n\n", "Traceback (most recent call last):\n  File \"x.py\", line 535, in login\n"]),
    ) {
        let line = LINE;
        let text = format!("{above}{before}{line}{behind}");
        prop_assert_eq!(told(&text).diagnosis.first(), Cause::SmtpAuthDisabledTenant, "{}", text);
    }

    #[test]
    fn a_password_is_hidden_wherever_a_command_shows_it(password in "[A-Za-z0-9!#%+]{6,24}") {
        prop_assume!(!["failed", "authentication"].contains(&password.as_str()));
        for text in [
            format!("a1 LOGIN user {password}"),
            format!("C: a1 LOGIN user {password}"),
            format!("PASS {password}"),
            format!("pass={password} is refused, login failed"),
            format!("Authorization: Basic {password}"),
        ] {
            let shown = secrets::hidden(&text);
            prop_assert!(!shown.contains(&password), "{}", shown);
        }
    }
}

#[test]
fn a_host_around_the_words_tells_the_family_unless_the_words_do() {
    assert_eq!(
        told("imap.mail.yahoo.com said: NO [AUTHENTICATIONFAILED] Authentication failed.").diagnosis.first(),
        Cause::AppPasswordRequired
    );
    let intercepted = "opening smtp.office365.com:587\n220 ns17.example.net ESMTP Exim 4.84\n535 Incorrect authentication data";
    assert_eq!(told(intercepted).diagnosis.first(), Cause::BadCredentials);
}

#[test]
fn users_options_win_over_what_the_paste_tells() {
    let text = "AUTHENTICATE XOAUTH2 x: NO AUTHENTICATE failed.";
    let hints = Hints { step: Some(Step::Login(Kind::Password)), ..Hints::default() };
    assert_eq!(told(text).diagnosis.first(), Cause::TokenInvalid);
    assert_eq!(explain(text, &hints).unwrap().diagnosis.first(), Cause::BasicDisabled);
}
