//! The configuration as it is written. Unknown keys are mistakes; what a value means is decided in the neighbours.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use mailprobe_run::config::WrittenProfiles;

/// A text whose place is known.
pub(super) type Text = Spanned<String>;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) interval: Option<Text>,
    #[serde(default)]
    pub(super) history: History,
    pub(super) http: Option<Spanned<Http>>,
    #[serde(default)]
    pub(super) network: Network,
    #[serde(default)]
    pub(super) limits: Limits,
    #[serde(default)]
    pub(super) alerts: Alerts,
    #[serde(default)]
    pub(super) sink: Vec<Spanned<Sink>>,
    #[serde(default)]
    pub(super) module: BTreeMap<Text, Spanned<Module>>,
    #[serde(default)]
    pub(super) oauth: WrittenProfiles,
    #[serde(default)]
    pub(super) target: Vec<Spanned<Target>>,
    #[serde(default)]
    pub(super) maintenance: Vec<Spanned<Maintenance>>,
    #[serde(default)]
    pub(super) client_secret: Vec<ClientSecret>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct History {
    pub(super) url: Option<Text>,
    pub(super) url_env: Option<Text>,
    pub(super) url_file: Option<Text>,
    pub(super) keep_days: Option<Spanned<u32>>,
    pub(super) keep_failures_days: Option<Spanned<u32>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Http {
    pub(super) listen: Option<Text>,
    pub(super) cert: Option<Text>,
    pub(super) key: Option<Text>,
    #[serde(default)]
    pub(super) behind_proxy: bool,
    pub(super) basic_auth_file: Option<Text>,
    pub(super) bearer_file: Option<Text>,
    pub(super) external_url: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Network {
    pub(super) ca_file: Option<Text>,
    pub(super) dns_server: Option<Text>,
    #[serde(default)]
    pub(super) resolve: Vec<Text>,
    pub(super) source_address: Option<Text>,
    pub(super) family: Option<Text>,
    pub(super) proxy: Option<Text>,
    pub(super) proxy_password_env: Option<Text>,
    pub(super) proxy_password_file: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) visits: Option<Spanned<u32>>,
    pub(super) per_domain: Option<Spanned<u32>>,
    pub(super) connections: Option<Spanned<u32>>,
    pub(super) per_host: Option<Spanned<u32>>,
    pub(super) recheck: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Alerts {
    pub(super) confirm: Option<Spanned<Confirm>>,
    pub(super) storm_share: Option<Spanned<f64>>,
    pub(super) repeat: Option<Text>,
    pub(super) group_wait: Option<Text>,
    pub(super) expiry_days: Option<Spanned<u32>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirm {
    pub(super) failures: u32,
    pub(super) of: u32,
    pub(super) silent: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sink {
    pub(super) name: Text,
    pub(super) kind: Text,
    pub(super) url: Option<Text>,
    pub(super) url_env: Option<Text>,
    pub(super) url_file: Option<Text>,
    pub(super) bearer_file: Option<Text>,
    pub(super) smtp: Option<Text>,
    pub(super) from: Option<Text>,
    #[serde(default)]
    pub(super) to: Vec<Text>,
    pub(super) username: Option<String>,
    pub(super) password_env: Option<Text>,
    pub(super) password_file: Option<Text>,
    pub(super) password_command: Option<Text>,
    #[serde(default)]
    pub(super) command: Vec<String>,
    #[serde(default)]
    pub(super) groups: Vec<Text>,
    pub(super) severity: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "each is a key of its own")]
pub(super) struct Module {
    #[serde(default)]
    pub(super) protocols: Vec<Text>,
    #[serde(default)]
    pub(super) methods: Vec<Text>,
    #[serde(default)]
    pub(super) advertised_only: bool,
    #[serde(default)]
    pub(super) no_unadvertised: bool,
    #[serde(default)]
    pub(super) tls_versions: bool,
    #[serde(default)]
    pub(super) allow_plaintext: bool,
    #[serde(default)]
    pub(super) insecure: bool,
    #[serde(default)]
    pub(super) impersonate: bool,
    pub(super) ehlo_name: Option<Text>,
    pub(super) user_agent: Option<Text>,
    pub(super) interval: Option<Text>,
    pub(super) timeout: Option<Text>,
    pub(super) connect_timeout: Option<Text>,
    pub(super) visit_timeout: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Target {
    pub(super) name: Option<Text>,
    pub(super) mailbox: Text,
    pub(super) provider: Option<Text>,
    #[serde(default)]
    pub(super) endpoints: Vec<Text>,
    pub(super) login_name: Option<Text>,
    pub(super) authzid: Option<Text>,
    pub(super) password_env: Option<Text>,
    pub(super) password_file: Option<Text>,
    pub(super) password_command: Option<Text>,
    pub(super) token_env: Option<Text>,
    pub(super) token_file: Option<Text>,
    pub(super) token_command: Option<Text>,
    pub(super) oauth: Option<Text>,
    #[serde(default)]
    pub(super) policy: Vec<Text>,
    #[serde(default)]
    pub(super) expect: Vec<Text>,
    pub(super) interval: Option<Text>,
    #[serde(default)]
    pub(super) modules: Vec<Text>,
    #[serde(default)]
    pub(super) groups: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Maintenance {
    #[serde(default)]
    pub(super) groups: Vec<Text>,
    #[serde(default)]
    pub(super) targets: Vec<Text>,
    #[serde(default)]
    pub(super) days: Vec<Text>,
    pub(super) from: Text,
    pub(super) to: Text,
    pub(super) timezone: Option<Text>,
}

/// The end of a client secret that a person has read off a portal: nothing that is probed says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientSecret {
    pub(super) name: Text,
    pub(super) expires: Spanned<toml::value::Datetime>,
}
