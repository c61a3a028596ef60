//! `check` and `plan` with a profile, and wrong tokens of the lab's maker named before the wire and from the answers.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::hostile::token_for;
use crate::issuer::{DAEMON, Issuer, PUBLIC, Said, USER};
use crate::lab;

const LAB: &str = "[oauth.lab]\nissuer = \"https://login.lab.test/\"\nclient_id = \"x\"\naudience = [\"mailprobe-lab\"]\nscopes = [\"IMAP.AccessAsUser.All\"]\n";

/// Every wrong token, what it is called before the wire, and what its refusal is put down to then.
const WRONG: &[(&str, &str, &str)] = &[
    ("expired", "token-expired", "token-expired"),
    ("wrong-audience", "token-wrong-audience", "token-wrong-audience"),
    ("wrong-issuer", "token-wrong-issuer", "token-invalid"),
    ("missing-scope", "token-missing-scope", "token-missing-scope"),
    ("other-user", "token-wrong-user", "token-wrong-user"),
];

fn mailprobe(arguments: &[&str], token: &str) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("mailprobe.toml");
    std::fs::write(&config, LAB).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailprobe"));
    command.env_clear().env("PATH", "/usr/bin:/bin").env("TOKEN", token).args(arguments);
    command.args([
        "--config",
        config.to_str().unwrap(),
        "--oauth",
        "lab",
        "--token-env",
        "TOKEN",
        "-o",
        "json",
    ]);
    Said::of(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

/// The issuer's authority and the lab's, in one file.
fn trust(issuer: &Issuer) -> tempfile::NamedTempFile {
    let command = issuer.get_command(&[]);
    let ca = command.get_args().skip_while(|word| *word != "--ca-file").nth(1).unwrap();
    let both = tempfile::NamedTempFile::new().unwrap();
    let pems = [std::fs::read(ca).unwrap(), std::fs::read(lab::file("certs/ca.pem")).unwrap()].concat();
    std::fs::write(both.path(), pems).unwrap();
    both
}

fn json(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {}{}", said.out, said.err))
}

#[test]
fn every_wrong_token_of_the_lab_is_named_before_it_goes_on_the_wire() {
    for (kind, id, _) in WRONG {
        let said =
            mailprobe(&["token", "inspect", lab::fact("ALICE"), "--protocol", "imap"], &lab::token(kind));
        let remarks = json(&said)["remarks"].clone();
        assert_eq!(remarks[0]["id"], *id, "{kind}: {remarks}");
        assert_eq!(remarks.as_array().unwrap().len(), 1, "{kind}: {remarks}");
        assert!(!said.out.contains(lab::token(kind).rsplit('.').next().unwrap()));
    }
    let said =
        mailprobe(&["token", "inspect", lab::fact("ALICE"), "--protocol", "imap"], &lab::token("good"));
    assert_eq!((said.status, &json(&said)["fits"]), (0, &Value::Bool(true)), "{}", said.out);
}

#[test]
fn every_wrong_token_of_the_lab_is_named_from_the_servers_answer_and_its_own_claims() {
    let (endpoint, ca) = (lab::imaps("modern"), lab::file("certs/ca.pem"));
    for (kind, id, cause) in WRONG {
        let arguments = [
            "check",
            lab::fact("ALICE"),
            "--endpoint",
            &endpoint,
            "--ca-file",
            ca.to_str().unwrap(),
            "--methods",
            "XOAUTH2",
        ];
        let report = json(&mailprobe(&arguments, &lab::token(kind)));
        let attempts = report["endpoints"][0]["attempts"].as_array().unwrap();
        let attempt = attempts.iter().find(|attempt| attempt["method"] == "XOAUTH2").unwrap();
        assert_eq!(attempt["outcome"], "refused", "{kind}");
        assert_eq!(attempt["causes"][0], *cause, "{kind}: {attempt}");
        let found = report["findings"].as_array().unwrap().iter().any(|finding| finding["id"] == *id);
        assert!(found, "{kind}: {}", report["findings"]);
    }
}

#[test]
fn the_plan_says_which_tokens_are_got_for_what_and_asks_nobody() {
    let issuer = Issuer::odd(|_| token_for(3600));
    issuer.profile("client_id = \"x\"\nflow = \"password\"\nscopes = [\"mail\"]\n");
    let arguments = [
        "plan",
        USER,
        "--endpoint",
        "imaps://localhost:1",
        "--endpoint",
        "smtps://localhost:1",
        "--oauth",
        "a",
        "--password-env",
        "PW",
        "--methods",
        "XOAUTH2",
    ];
    let said = Said::of(issuer.command(&arguments).spawn().unwrap());
    assert_eq!(said.status, 0, "{}", said.err);
    for words in [
        "Token for alice@contoso.example, unless one is kept: password at",
        "for       imap, smtp",
        "scopes    mail",
        "presented to the issuer, and counted above",
        "password  presented at most once",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    assert!(issuer.asked.lock().unwrap().is_empty());
}

#[test]
fn without_a_token_the_check_goes_on_says_why_and_cannot_say_how_it_ends() {
    let text = r#"{"error":"unauthorized_client","error_description":"AADSTS700016: Application with identifier 'x' was not found"}"#;
    let issuer = Issuer::odd(move |_| {
        crate::issuer::Answer::Say(mailprobe_rehearse::web::Response::with_body(
            400,
            "application/json",
            text,
        ))
    });
    issuer.profile("client_id = \"x\"\nflow = \"client-credentials\"\nclient_secret_env = \"SECRET\"\nscopes = [\"m\"]\n");
    let ca =
        issuer.get_command(&[]).get_args().skip_while(|word| *word != "--ca-file").nth(1).unwrap().to_owned();
    let both = tempfile::NamedTempFile::new().unwrap();
    let pems = [std::fs::read(ca).unwrap(), std::fs::read(lab::file("certs/ca.pem")).unwrap()].concat();
    std::fs::write(both.path(), pems).unwrap();
    let endpoint = lab::imaps("modern");
    let arguments = [
        "check",
        lab::fact("ALICE"),
        "--endpoint",
        &endpoint,
        "--ca-file",
        both.path().to_str().unwrap(),
        "--oauth",
        "a",
        "--methods",
        "XOAUTH2",
        "-o",
        "json",
    ];
    let said = Said::of(issuer.command(&arguments).spawn().unwrap());
    assert_eq!(said.status, 3, "{}", said.err);
    let report = json(&said);
    assert_eq!(report["findings"][0]["id"], "token-not-obtained");
    assert!(said.err.contains("AADSTS700016") && said.err.contains("[app-not-found]"), "{}", said.err);
    assert_eq!(report["endpoints"][0]["attempts"][0]["outcome"], "not-tried");
}

#[test]
fn a_wrong_password_at_the_issuer_spends_the_budget_of_the_mail_servers_too() {
    let issuer = Issuer::simulated();
    let scopes = "scopes = [\"https://outlook.office.com/IMAP.AccessAsUser.All\"]\n";
    issuer.profile(&format!("client_id = \"{PUBLIC}\"\nflow = \"password\"\n{scopes}"));
    let ca = trust(&issuer);
    let endpoint = lab::imaps("modern");
    let arguments = [
        "check",
        USER,
        "--endpoint",
        &endpoint,
        "--ca-file",
        ca.path().to_str().unwrap(),
        "--oauth",
        "a",
        "--methods",
        "PLAIN,XOAUTH2",
        "--password-env",
        "PW",
        "-o",
        "json",
    ];
    let said = Said::of(issuer.command(&arguments).env("PW", "wrong-horse-9").spawn().unwrap());
    let report = json(&said);
    let attempts = report["endpoints"][0]["attempts"].as_array().unwrap();
    let plain = attempts.iter().find(|attempt| attempt["method"] == "PLAIN").unwrap();
    assert_eq!(plain["outcome"], "not-tried", "{plain}");
    assert_eq!(issuer.token_requests(), 1);
    assert!(said.err.contains("AADSTS50126") && !said.err.contains("wrong-horse-9"), "{}", said.err);
}

#[test]
fn a_client_secret_that_the_issuer_refuses_is_shown_once_however_many_mailboxes_there_are() {
    let issuer = Issuer::simulated();
    let profile = "flow = \"client-credentials\"\nclient_secret_env = \"SECRET\"\nscopes = [\"https://outlook.office365.com/.default\"]\n";
    issuer.profile(&format!("client_id = \"{DAEMON}\"\n{profile}"));
    let ca = trust(&issuer);
    let endpoint = lab::imaps("modern");
    let ca =
        ["--ca-file", ca.path().to_str().unwrap(), "--oauth", "a", "--methods", "XOAUTH2", "-o", "jsonl"];
    let mailboxes = ["check", "a@lab.test", "b@lab.test", "c@lab.test", "--endpoint", &endpoint];
    let said = Said::of(
        issuer.command(&[&mailboxes[..], &ca[..]].concat()).env("SECRET", "not-it").spawn().unwrap(),
    );
    assert_eq!((said.status, said.out.lines().count()), (3, 3), "{}", said.err);
    assert_eq!(said.err.matches("AADSTS7000215").count(), 1, "{}", said.err);
    assert_eq!(said.err.matches("refused this client secret before").count(), 2, "{}", said.err);
    assert_eq!(issuer.token_requests(), 1);
}

#[test]
fn a_list_of_targets_names_a_profile_for_each_mailbox() {
    let issuer = Issuer::odd(|_| token_for(3600));
    issuer.profile("client_id = \"x\"\nflow = \"device-code\"\nscopes = [\"mail\"]\n");
    let plan = |list: &str| {
        std::fs::write(issuer.path("boxes.csv"), list).unwrap();
        let arguments = ["plan", "--targets", &issuer.path("boxes.csv"), "--endpoint", "imaps://localhost:1"];
        Said::of(issuer.command(&arguments).spawn().unwrap())
    };
    let said = plan("mailbox,oauth\nalice@contoso.example,a\nbob@contoso.example,\n");
    assert!(
        said.out.contains("Token for alice@contoso.example, unless one is kept: device-code"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("Token for bob"), "{}", said.out);
    let said = plan("mailbox,oauth\nalice@contoso.example,b\n");
    assert!(
        said.status == 2 && said.err.contains("boxes.csv:2: ") && said.err.contains("[oauth.b]"),
        "{}",
        said.err
    );
    let said = plan("mailbox,oauth,token_env\nalice@contoso.example,a,T\n");
    assert!(said.status == 2 && said.err.contains("contradict each other"), "{}", said.err);
}
