use mailprobe_probes::model::{Kind, Method, Protocol};
use mailprobe_probes::probe::Repertoire;
use mailprobe_probes::sasl::Registry;
use mailprobe_probes::scheme::Schemes;

use super::*;
use mailprobe_oauth::profile::Proof;
use mailprobe_run::plan::KnownMethod;

const TARGET: &str =
    "[[target]]\nmailbox = \"alice@example.com\"\nendpoints = [\"imaps://imap.example.com\"]\n";
const PROFILE: &str = "[oauth.contoso]\nprovider = \"exchange-online\"\ntenant = \"contoso.com\"\nclient_id = \"a\"\n\
    flow = \"client-credentials\"\nclient_secret_file = \"secret\"\n";

fn read(text: &str) -> Result<Config, String> {
    let known = |name, kind| KnownMethod { method: Method::sasl(name), kind };
    let methods = [known("PLAIN", Kind::Password), known("XOAUTH2", Kind::Token)];
    let (mechanisms, schemes) = (Registry::standard(), Schemes::standard());
    let repertoire = Repertoire { mechanisms: &mechanisms, schemes: &schemes };
    let abilities = Abilities { methods: &methods, protocols: &[Protocol::Imap], repertoire };
    let folder = Path::new("/etc/mailprobe");
    Config::read("canary.toml", folder, text, &abilities).map_err(|error| error.to_string())
}

#[test]
fn a_target_with_a_profile_gets_tokens_for_what_it_probes_and_its_files_begin_where_the_configuration_is() {
    let config = read(&format!("{TARGET}oauth = \"contoso\"\n{PROFILE}")).unwrap();
    let visit = &config.watched[0].standing.visit;
    assert!(visit.gets_tokens());
    assert_eq!(visit.beforehand.protocols, [Protocol::Imap]);
    let profile = visit.beforehand.profile.as_ref().unwrap();
    assert_eq!(profile.proof, Proof::Secret(Source::File("/etc/mailprobe/secret".into())));
}

#[test]
fn a_profile_that_is_not_there_and_a_second_place_for_a_token_are_named_with_their_line() {
    let message = read(&format!("{TARGET}oauth = \"fabrikam\"\n{PROFILE}")).err().unwrap();
    assert_eq!(message, "canary.toml:4:9: unknown [oauth] profile `fabrikam`: use contoso");
    let message = read(&format!("{TARGET}oauth = \"contoso\"\ntoken_env = \"T\"\n{PROFILE}")).err().unwrap();
    assert!(message.starts_with("canary.toml:4:9: two places for one token: keep `oauth`"), "{message}");
    let message = read(&format!("{TARGET}{PROFILE}flows = 1\n")).err().unwrap();
    assert!(message.starts_with("canary.toml:") && message.contains("flows"), "{message}");
}
