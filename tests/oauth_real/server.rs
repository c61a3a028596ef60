//! The two servers as a client sees them: where they are, what they publish, what they answer.

use serde_json::Value;

use crate::lab;

/// The resource's scope that opens a mailbox.
pub(crate) const SCOPE: &str = "IMAP.AccessAsUser.All";
pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[derive(Clone, Copy)]
pub(crate) struct Server {
    pub(crate) name: &'static str,
    /// The Dovecot that takes its tokens.
    pub(crate) mailbox: &'static str,
}

pub(crate) const OIDC: Server = Server { name: "oidc", mailbox: "keyed" };
pub(crate) const AUTHLIB: Server = Server { name: "authlib", mailbox: "asking" };
pub(crate) const BOTH: [Server; 2] = [OIDC, AUTHLIB];

/// A status and, where it is JSON, what came with it.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) said: Value,
}

impl Answer {
    /// A field that has to be there and to be text.
    pub(crate) fn text(&self, field: &str) -> String {
        self.said[field]
            .as_str()
            .unwrap_or_else(|| panic!("no {field}: {} {}", self.status, self.said))
            .to_owned()
    }

    /// `400 invalid_grant`.
    pub(crate) fn refusal(&self) -> String {
        format!("{} {}", self.status, self.text("error"))
    }
}

impl Server {
    pub(crate) fn issuer(self) -> String {
        lab::web("https", self.name)
    }

    /// Where it says that this is: `token`, `device_authorization`, `authorization`, `revocation`, `introspection`.
    pub(crate) fn endpoint(self, name: &str) -> String {
        let url = format!("{}/.well-known/openid-configuration", self.issuer());
        let metadata = curl(&[&url]);
        assert_eq!(metadata.said["issuer"], self.issuer());
        metadata.text(&format!("{name}_endpoint"))
    }

    /// Posts a form there.
    pub(crate) fn post(self, endpoint: &str, fields: &[(&str, &str)]) -> Answer {
        post(&self.endpoint(endpoint), fields)
    }

    /// Asks the token endpoint as this client, with the lab's secret where it has one.
    pub(crate) fn token(self, client: &str, fields: &[(&str, &str)]) -> Answer {
        let secret = lab::text("secrets/client.secret");
        let secret = (!["app", "brief"].contains(&client)).then_some(("client_secret", secret.as_str()));
        let all: Vec<_> =
            [("client_id", client)].into_iter().chain(secret).chain(fields.iter().copied()).collect();
        self.post("token", &all)
    }

    /// An application's token, as text.
    pub(crate) fn of_application(self, client: &str, scope: &str) -> String {
        self.token(client, &[("grant_type", "client_credentials"), ("scope", scope)]).text("access_token")
    }
}

pub(crate) fn post(url: &str, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut arguments = vec![url];
    for field in &fields {
        arguments.extend(["--data-urlencode", field]);
    }
    curl(&arguments)
}

/// curl with trust in the lab; the answer's status is in its last line.
pub(crate) fn curl(arguments: &[&str]) -> Answer {
    let ca = lab::file("certs/ca.pem");
    let all = ["--silent", "--show-error", "--cacert", ca.to_str().unwrap(), "--write-out", "\n%{http_code}"];
    let (status, said) = lab::program("curl", &[&all[..], arguments].concat(), "");
    assert_eq!(status, Some(0), "{said}");
    let (said, status) = said.rsplit_once('\n').unwrap();
    Answer { status: status.parse().unwrap(), said: serde_json::from_str(said).unwrap_or(Value::Null) }
}
