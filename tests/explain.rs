//! `mailprobe explain` over our own collection of server answers (tests/answers), scored: an answer is explained
//! right where its most likely cause comes first or, where several causes are on record for one text, where it is
//! among those named and at most two are named that are not on record.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "explain_kit/mod.rs"]
mod kit;

use std::fs;
use std::path::Path;

use kit::{collection, program};
use mailprobe_probes::model::Cause;
use serde_json::Value;

fn json(arguments: &[&str], input: &[u8]) -> Value {
    let output = program(&[arguments, &["-o", "json"]].concat(), input);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let unknown = value["causes"] == serde_json::json!(["unexplained"]) && value["client"].is_null();
    let status = i32::from(unknown);
    assert_eq!(output.status.code(), Some(status), "{}", String::from_utf8_lossy(&output.stderr));
    value
}

fn causes(arguments: &[&str], input: &str) -> Vec<String> {
    let causes = json(arguments, input.as_bytes())["causes"].clone();
    serde_json::from_value(causes).unwrap()
}

#[test]
fn at_least_97_of_100_answers_are_explained_right() {
    let collection = collection("answers");
    assert!(collection.len() >= 150, "{} answers", collection.len());
    let mut wrong = Vec::new();
    for entry in &collection {
        let field = |name: &str| entry[name].as_str().unwrap();
        assert!(!field("source").is_empty());
        let expected: Vec<&str> =
            entry["causes"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
        for cause in &expected {
            assert!(Cause::ALL.iter().any(|known| known.name() == *cause), "{cause} is no cause");
        }
        let hints =
            ["--protocol", field("protocol"), "--stage", field("stage"), "--server", field("server"), "-"];
        let found = causes(&hints, field("answer"));
        let beyond = found.iter().filter(|cause| !expected.contains(&cause.as_str())).count();
        let among = expected.len() > 1 && found.iter().any(|cause| cause == expected[0]) && beyond <= 2;
        if found[0] != expected[0] && !among {
            wrong.push(format!("{found:?}, not {expected:?}: {}", field("answer")));
        }
    }
    let right = collection.len() - wrong.len();
    assert!(right * 100 >= collection.len() * 97, "{right} of {}\n{}", collection.len(), wrong.join("\n"));
}

#[test]
fn a_line_is_found_whatever_stands_before_it() {
    for text in [
        "NO Basic authentication is disabled.",
        "a1 NO Basic authentication is disabled.",
        "S: a1 NO Basic authentication is disabled.",
        "<~ a1 NO Basic authentication is disabled.",
        "<~* a1 NO Basic authentication is disabled.",
        "2026-01-15 09:30:00,123 <- a1 NO Basic authentication is disabled.",
        "[09:30:00.123] -ERR Basic authentication is disabled",
        "imaplib.error: b'Basic authentication is disabled.'",
    ] {
        assert_eq!(causes(&["-"], text)[0], "basic-disabled", "{text}");
    }
    let returned =
        "Remote Server returned '550 5.7.60 SMTP; Client does not have permissions to send as this sender'";
    assert_eq!(causes(&["-"], returned), ["send-as-denied"]);
    let python =
        "(535, b'5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.')";
    assert_eq!(causes(&["-"], python), ["smtp-auth-disabled-tenant"]);
}

#[test]
fn in_a_dialog_the_refusal_is_explained_and_the_mechanism_is_seen() {
    let dialog = "S: * OK IMAP4rev1 ready\nC: a1 CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=XOAUTH2\nS: a1 OK done\n\
                  C: a2 AUTHENTICATE XOAUTH2 REDACTED\nS: a2 NO AUTHENTICATE failed.\nC: a3 LOGOUT\nS: * BYE bye\n";
    assert_eq!(causes(&["-"], dialog)[0], "token-invalid");
    let dialog = dialog.replace("XOAUTH2 REDACTED", "PLAIN REDACTED");
    assert_eq!(causes(&["-"], &dialog)[0], "basic-disabled");
}

#[test]
fn error_challenges_are_decoded() {
    let gmail =
        "eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==";
    for text in [
        gmail.to_owned(),
        format!("+ {gmail}"),
        format!("334 {gmail}"),
        format!("S: + {gmail}\nC: \nS: a1 NO x"),
    ] {
        assert_eq!(causes(&["-"], &text)[0], "token-invalid", "{text}");
    }
    assert_eq!(causes(&["-"], "+ eyJzdGF0dXMiOiJpbnN1ZmZpY2llbnRfc2NvcGUifQ=="), ["token-missing-scope"]);
}

#[test]
fn codes_are_explained_without_an_answer_around_them() {
    for (text, cause) in [
        ("AADSTS53003", "conditional-access"),
        ("Error: AADSTS700016: Application with identifier 'x' was not found", "app-not-found"),
        ("invalid_grant: Token has been expired or revoked.", "token-expired"),
        ("error=access_denied&error_description=AADSTS65004%3a+User+declined", "consent-required"),
        ("ErrorImpersonateUserDenied", "no-mailbox-permission"),
        ("<Status>126</Status>", "protocol-disabled"),
        ("ActiveSync status 177", "device-quota"),
        (
            "x-ms-diagnostics: 2000003;reason=\"x\";error_category=\"invalid_resource\"",
            "token-wrong-audience",
        ),
        ("2000002;reason=\"\";error_category=\"token_expired\"", "token-expired"),
        ("HTTP 449", "provisioning-required"),
        ("{\"error\":\"admin_policy_enforced\"}", "app-blocked"),
        ("550 5.7.60", "send-as-denied"),
    ] {
        assert_eq!(causes(&["-"], text)[0], cause, "{text}");
    }
    assert_eq!(causes(&["126", "--protocol", "eas"], "")[0], "protocol-disabled");
    assert_eq!(causes(&["50126", "--protocol", "oauth"], "")[0], "bad-credentials");
}

#[test]
fn a_whole_http_answer_is_read_also_from_a_curl_log() {
    let log = "> POST /EWS/Exchange.asmx HTTP/1.1\n> Host: mail.example.com\n>\n< HTTP/1.1 401 Unauthorized\n\
               < x-ms-diagnostics: 2000004;reason=\"\";error_category=\"invalid_tenant\"\n<\n";
    assert_eq!(causes(&["-"], log), ["token-wrong-tenant"]);
}

#[test]
fn json_has_the_answer_and_eight_keys_and_the_line_where_there_are_several() {
    let value = json(&["NO Basic authentication is disabled."], b"");
    let keys: Vec<&String> = value.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 9, "{keys:?}");
    for key in
        ["answer", "causes", "rule", "explanation", "remedy", "next_check", "source", "client", "layer"]
    {
        assert!(value.get(key).is_some(), "{key}");
    }
    assert!(value["source"].as_str().unwrap().starts_with("https://"), "{value}");
    assert!(value["client"].is_null() && value["layer"].is_null(), "a server said it");
    let value = json(&["-"], b"Hello\nNO Basic authentication is disabled.");
    assert_eq!(value["line"], 2);
}

#[test]
fn what_a_client_says_by_itself_is_told_as_a_clients_with_its_layer() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/unseen.jsonl")).unwrap();
    let rows: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() >= 100, "{} texts", rows.len());
    let (mut wrong, mut confident) = (Vec::new(), Vec::new());
    for row in &rows {
        assert!(row["source"].as_str().unwrap().starts_with("http"), "{row}");
        let told = json(&["-"], row["text"].as_str().unwrap().as_bytes());
        let shown = format!("{} {} {}: {}", told["layer"], told["causes"], told["rule"], row["text"]);
        if row["causes"].as_array().is_some_and(|causes| causes[0] != told["causes"][0]) {
            confident.push(shown.clone());
        }
        if told["layer"] != row["layer"] {
            wrong.push(shown);
        }
    }
    assert!(confident.is_empty(), "another cause:\n{}", confident.join("\n"));
    let right = rows.len() - wrong.len();
    assert!(right * 100 >= rows.len() * 95, "{right} of {}\n{}", rows.len(), wrong.join("\n"));
}

#[test]
fn a_coded_line_of_the_server_beats_the_client_around_it() {
    for (text, cause) in [
        (
            "{ code: 'EAUTH', response: '535 5.7.139 Authentication unsuccessful, basic authentication is disabled.' }",
            "basic-disabled",
        ),
        (
            "Task 'x' reported error (0x800CCC92)\n-ERR [AUTH] Basic authentication is disabled",
            "basic-disabled",
        ),
    ] {
        let told = json(&["-"], text.as_bytes());
        assert_eq!(told["causes"][0], cause, "{text}: {told}");
        assert!(told["client"].is_null(), "{text}: {told}");
    }
}

#[test]
fn the_client_the_layer_and_the_line_are_shown_and_so_is_a_page_to_read_more() {
    let output =
        program(&["-"], b"some log\nTask 'x - Sending' reported error (0x800CCC0E): 'Cannot connect.'\n");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    for words in [
        "Answer: Task 'x - Sending'",
        "Said by: Outlook (the client",
        "Failed at: connection",
        "Read more: http",
        "Next check: ",
    ] {
        assert!(shown.contains(words), "{words} in {shown}");
    }
    assert!(!shown.contains("some log"), "{shown}");
}

#[test]
fn what_nothing_explains_is_exit_status_1_and_told_what_would_help() {
    let output = program(&["-"], b"the frobnicator declined");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    for words in
        ["What would help: ", "--protocol", "--stage", "the server's line", "not in mailprobe's catalogue"]
    {
        assert!(shown.replace("\n    ", " ").contains(words), "{words} in {shown}");
    }
    assert!(!shown.contains("Read more"), "{shown}");
    let output = program(&["AADSTS99999999: whatever"], b"");
    assert_eq!(output.status.code(), Some(1), "a number that is not on record explains nothing either");
}

#[test]
fn remedies_fit_the_service_and_the_paste() {
    for (text, cause, says, never) in [
        (
            "ExchangeImpersonation SOAP header must not exist for this type of OAuth token.",
            "bad-request",
            "header out",
            "Send the ExchangeImpersonation",
        ),
        (
            "ExchangeImpersonation SOAP header must be present for this type of OAuth token.",
            "bad-request",
            "Send the ExchangeImpersonation",
            "header out",
        ),
        (
            "535 5.7.139 Authentication unsuccessful, the organization configuration doesn't allow this authentication request.",
            "security-defaults",
            "AllowBasicAuthSmtp",
            "content",
        ),
        (
            "550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization from unauthorized sources",
            "message-rejected",
            "RejectDirectSend",
            "DKIM",
        ),
        ("554 5.2.270 Message too large", "message-rejected", "resolution", "Check again later"),
        (
            "AADSTS65006: The application asks for a permission that does not exist.",
            "token-missing-scope",
            "registration",
            "administrator grant consent",
        ),
        (
            "AADSTS650057: Invalid resource. The client has requested access to a resource which is not listed in the requested permissions.",
            "token-wrong-audience",
            "registration",
            "Ask for",
        ),
        (
            "unauthorized_client: Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
            "consent-required",
            "mail.google.com",
            "IMAP.AccessAsUser",
        ),
        (
            "Error: Client is unauthorized to retrieve access tokens using this method.",
            "consent-required",
            "mail.google.com",
            "IMAP.AccessAsUser",
        ),
        (
            "535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials x1-2.3 - gsmtp",
            "bad-credentials",
            "Create an app password",
            "Check the login name and",
        ),
        (
            "Your device is temporarily blocked from accessing content via Exchange ActiveSync because the device has been quarantined.",
            "device-quarantined",
            "ActiveSyncAllowedDeviceIDs",
            "Remove",
        ),
        ("-ERR Protocol error. Connection is closed. 10", "client-protocol-error", "two steps", "transcript"),
        ("-ERR Command is not valid in this state.", "client-protocol-error", "TLS", "transcript"),
    ] {
        let told = json(&["-"], text.as_bytes());
        let remedy = told["remedy"].as_str().unwrap();
        assert_eq!(told["causes"][0], cause, "{text}: {told}");
        assert!(remedy.contains(says) && !remedy.contains(never), "{text}: {remedy}");
        assert!(told["source"].as_str().unwrap().starts_with("http"), "{told}");
    }
}

#[test]
fn unknown_text_is_unexplained_and_never_guessed() {
    assert_eq!(causes(&["a1 NO xyzzy"], ""), ["unexplained"]);
}

#[test]
fn a_wrong_flag_is_told_with_the_names_that_are_right_and_nothing_is_no_answer() {
    for (arguments, named) in [
        (["x", "--protocol", "gopher"], "imap, pop3, smtp, ews, activesync, eas, autodiscover, oauth"),
        (["x", "--stage", "later"], "login-command"),
        (["x", "--server", "no family"], "exchange-online"),
    ] {
        let output = program(&arguments, b"");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(told.contains(named), "{told}");
        assert!(output.stdout.is_empty());
    }
    for (arguments, input) in [(["-"], "".as_bytes()), (["-"], b" \n\t "), ([""], b"")] {
        assert_eq!(program(&arguments, input).status.code(), Some(2));
    }
}

#[test]
fn hostile_input_is_bounded_and_harmless() {
    let escapes = b"a1 NO [ALERT] \x1b]0;owned\x07\xe2\x80\xaeevil \xff\x00";
    let output = program(&["-"], escapes);
    assert_eq!(output.status.code(), Some(1), "nothing explains it");
    assert!(!output.stdout.contains(&0x1b) && !output.stdout.contains(&0) && !output.stdout.contains(&7));
    assert!(!String::from_utf8_lossy(&output.stdout).contains('\u{202e}'));
    for piece in ["{", "<a>", "[", "\n", "(", "AADSTS", "a1 NO [", "5", "\u{feff}", "eyJ", "HTTP/1.1 200 x\n"]
    {
        let output = program(&["-"], piece.repeat(200_000 / piece.len()).as_bytes());
        assert!(matches!(output.status.code(), Some(0..=2)), "{piece:?}");
    }
    assert_eq!(program(&["-"], &vec![b'a'; 1024 * 1024 + 1]).status.code(), Some(2));
}

/// An address cannot be broken: it stands on a line of its own.
fn is_address(line: &str) -> bool {
    line.trim_start().starts_with("https://") && !line.trim().contains(' ')
}

#[test]
fn text_fits_80_columns() {
    let long = format!("535 5.7.139 Authentication unsuccessful, {}", "word ".repeat(100) + &"x".repeat(300));
    for text in [long.as_str(), "a1 BAD User is authenticated but not connected."] {
        let output = program(&["-"], text.as_bytes());
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.lines().all(|line| line.chars().count() <= 80 || is_address(line)), "{shown}");
        assert!(shown.contains("Means: ") && shown.contains("Do: "), "{shown}");
    }
}

/// What `explain` says to do about an answer.
fn remedy(answer: &str) -> String {
    json(&["--protocol", "smtp", "-"], answer.as_bytes())["remedy"].as_str().unwrap().to_owned()
}

/// <https://techcommunity.microsoft.com/blog/exchange/updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835>,
/// read 2026-11-30.
#[test]
fn basic_for_smtp_auth_is_off_by_default_and_can_be_switched_on_again_afterwards() {
    let said = remedy("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.");
    for part in [
        "off by default at the end of December 2026",
        "an administrator can switch it on again after that",
        "second half of 2027",
        "New tenants have it off",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("Until the end of December 2026"), "{said}");
}

#[test]
fn another_way_to_send_is_named_with_when_it_fits() {
    for answer in [
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
        "550 5.7.30 Basic authentication is not supported for Client Submission.",
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
    ] {
        let said = remedy(answer);
        for (way, fits) in [
            ("Graph sendMail", "application can be changed"),
            ("smtp-hve.office365.com", "recipients in the organisation only"),
            ("smtp.azurecomm.net", "recipients outside"),
            ("connector", "fixed public IP address"),
        ] {
            assert!(said.contains(way) && said.contains(fits), "{way}: {said}");
        }
    }
    // A personal mailbox has no administrator.
    let said = remedy(
        "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
    );
    assert!(said.contains("personal Outlook.com") && said.contains("Graph sendMail"), "{said}");
}

/// <https://learn.microsoft.com/en-us/exchange/permissions-exo/application-access-policies>, read 2026-11-30.
#[test]
fn an_application_access_policy_is_told_with_what_replaces_it() {
    let ews = "<Envelope><Body><MessageText>Access is denied by an application access policy.</MessageText>\
               <ResponseCode>ErrorAccessDenied</ResponseCode></Body></Envelope>";
    let odata = "NO Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.";
    for (protocol, answer) in [("ews", ews), ("imap", odata)] {
        let said = json(&["--protocol", protocol, "-"], answer.as_bytes());
        let causes = said["causes"].as_array().unwrap();
        assert!(
            causes.contains(&Value::from("app-blocked"))
                && causes.contains(&Value::from("no-mailbox-permission")),
            "{said}"
        );
        assert!(said["remedy"].as_str().unwrap().contains("New-ManagementRoleAssignment -App"), "{said}");
    }
}
