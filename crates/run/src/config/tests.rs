//! What a configuration file may say, and what it is told where it says something else.

use mailprobe_oauth::profile::{Algorithm, Flow, Proof};

use super::*;

fn read(text: &str) -> Result<Config, String> {
    Config::parse("mailprobe.toml", text).map_err(|error| error.to_string())
}

fn complaint(rest: &str) -> String {
    read(&format!("# a comment\n[oauth.contoso]\n{rest}")).unwrap_err()
}

#[test]
fn a_profile_with_client_id_and_tenant_is_enough() {
    let config = read(
        "[oauth.contoso]\nprovider = \"exchange-online\"\ntenant = \"contoso.onmicrosoft.com\"\nclient_id = \"11-22\"\n",
    )
    .unwrap();
    let profile = config.profile("contoso").unwrap();
    assert_eq!((profile.flow, &profile.proof), (Flow::AuthorizationCode, &Proof::None));
    assert_eq!(profile.client_id, "11-22");
    let message = config.profile("fabrikam").unwrap_err().to_string();
    assert!(message.contains("[oauth.fabrikam]") && message.contains("contoso"), "{message}");
}

#[test]
fn every_mistake_is_named_with_its_line_value_and_remedy() {
    for (written, line, words) in [
        (
            "provider = \"exchange-onlin\"\n",
            3,
            "`exchange-onlin` is not known to give tokens: use exchange-online,",
        ),
        ("client_id = \"a\"\nissuer = \"http://login.example\"\n", 4, "it must be https://"),
        (
            "client_id = \"a\"\nflow = \"magic\"\n",
            4,
            "unknown variant `magic`, expected one of `authorization-code`",
        ),
        ("client_id = \"a\"\ntenant = \"a/../b\"\n", 4, "tenant `a/../b`: write its domain"),
        ("client_secret = \"hunter2\"\n", 3, "unknown field `client_secret`"),
        ("client_id = \"a\"\n", 2, "add provider = \"exchange-online\" or issuer"),
        ("provider = \"gmail\"\n", 2, "client_id is missing: mailprobe ships none"),
        (
            "provider = \"gmail\"\nclient_id = \"a\"\nflow = \"client-credentials\"\n",
            2,
            "needs client_secret_env",
        ),
        ("provider = \"gmail\"\nclient_id = \"a\"\nkey = \"k\"\n", 2, "belong to a certificate"),
        (
            "provider = \"gmail\"\nclient_id = \"a\"\nservice_account_file = \"k\"\n",
            2,
            "belongs to flow = \"service-account\"",
        ),
        ("provider = \"gmail\"\nclient_id = \"a\"\nflow = \"refresh-token\"\n", 2, "needs refresh_token_env"),
        (
            "provider = \"gmail\"\nclient_id = \"a\"\nclient_secret_env = \"A\"\nclient_secret_file = \"b\"\n",
            2,
            "contradict each other: keep one",
        ),
    ] {
        let message = complaint(written);
        assert!(message.starts_with(&format!("mailprobe.toml:{line}:")), "{written}: {message}");
        assert!(message.contains(words), "{written}: {message}");
    }
}

#[test]
fn a_secret_that_stands_in_the_file_is_refused_and_not_repeated() {
    let message = complaint("provider = \"gmail\"\nclient_secret = \"hunter2\"\n");
    assert!(!message.contains("hunter2"), "{message}");
}

#[test]
fn the_certificates_key_is_in_the_same_file_unless_another_is_named() {
    let text = "[oauth.a]\nprovider = \"exchange-online\"\nclient_id = \"a\"\nflow = \"client-credentials\"\ncertificate = \"app.pem\"\n";
    let proof = |text: &str| read(text).unwrap().profile("a").unwrap().proof.clone();
    let wanted = |key: &str, algorithm| Proof::Certificate {
        certificate: "app.pem".into(),
        key: key.into(),
        algorithm,
    };
    assert_eq!(proof(text), wanted("app.pem", Algorithm::Ps256));
    assert_eq!(
        proof(&format!("{text}key = \"app.key\"\nalgorithm = \"RS256\"\n")),
        wanted("app.key", Algorithm::Rs256)
    );
}

#[test]
fn the_profiles_of_the_documentation_and_of_the_example_are_ones() {
    let example = include_str!("../../../../examples/mailprobe.toml");
    let config = read(example).unwrap();
    assert_eq!(config.oauth.keys().collect::<Vec<_>>(), ["contoso", "other", "person", "workspace"]);
    let page = include_str!("../../../../docs/tokens.md");
    let block = page.split("```toml\n[oauth.").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(
        read(&format!("[oauth.{block}")).unwrap().profile("contoso").unwrap().flow,
        Flow::ClientCredentials
    );
}
