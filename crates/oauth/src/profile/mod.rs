//! A credential profile, `[oauth.NAME]`: whose tokens, for which client, by which flow, and where the client's own
//! secret is. It reads itself from TOML and is whole and free of contradictions then; the file around it is
//! its reader's.

mod values;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

use self::values::{IssuerUrl, Row, Tenant, Word};
use crate::Source;
use crate::providers::Provider;

/// Who gives the tokens.
#[derive(Debug, Clone)]
pub enum Issuer {
    /// A row of the provider table.
    Provider(&'static Provider),
    /// Any other, by its `openid-configuration`.
    Url(Url),
}

/// How a token is got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// A person signs in with a browser on this machine (RFC 6749 section 4.1, RFC 7636, RFC 8252).
    AuthorizationCode,
    /// A person signs in with a browser anywhere (RFC 8628).
    DeviceCode,
    /// The application by itself (RFC 6749 section 4.4).
    ClientCredentials,
    /// The mailbox's password goes to the issuer (RFC 6749 section 4.3). It counts as a password attempt.
    Password,
    /// A refresh token that was got elsewhere (RFC 6749 section 6).
    RefreshToken,
    /// Google's service account, which acts for the mailbox (RFC 7523 section 2.1).
    ServiceAccount,
}

impl Flow {
    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization-code",
            Self::DeviceCode => "device-code",
            Self::ClientCredentials => "client-credentials",
            Self::Password => "password",
            Self::RefreshToken => "refresh-token",
            Self::ServiceAccount => "service-account",
        }
    }

    /// Whether the token is the application's own, of no person.
    pub const fn is_app_only(self) -> bool {
        matches!(self, Self::ClientCredentials)
    }

    /// Whether a person has to do something.
    pub const fn needs_a_person(self) -> bool {
        matches!(self, Self::AuthorizationCode | Self::DeviceCode)
    }

    /// Whether asking for a token may be given up half-way, so that it shares the time of the visit. A person takes the time
    /// that a person takes, and a refresh token whose successor is on its way would be lost.
    pub const fn may_be_cut_short(self) -> bool {
        matches!(self, Self::ClientCredentials | Self::Password | Self::ServiceAccount)
    }
}

/// How an assertion is signed (RFC 7518 section 3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Algorithm {
    /// RSASSA-PSS, what Entra asks for.
    #[default]
    #[serde(rename = "PS256")]
    Ps256,
    /// RSASSA-PKCS1-v1_5.
    #[serde(rename = "RS256")]
    Rs256,
}

/// How the client proves who it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Proof {
    /// Not at all: a public client.
    None,
    /// By a secret.
    Secret(Source),
    /// By an assertion signed with the key of a certificate (RFC 7523, `private_key_jwt`).
    Certificate {
        /// PEM file with the certificate, and with its key where `key` names no other.
        certificate: PathBuf,
        /// PEM file with the key.
        key: PathBuf,
        /// How it is signed.
        algorithm: Algorithm,
    },
    /// By an assertion that somebody else signed: a federated credential. The file is read for every request.
    Assertion(PathBuf),
}

/// A profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Who gives the tokens.
    pub issuer: Issuer,
    /// The tenant, where the issuer has several; the mailbox's domain where `None`.
    pub tenant: Option<String>,
    /// The client. None is shipped; a service account has its own.
    pub client_id: String,
    /// How.
    pub flow: Flow,
    /// How the client proves who it is.
    pub proof: Proof,
    /// The refresh token, for that flow.
    pub refresh_token: Option<Source>,
    /// The key file, for a service account.
    pub service_account: Option<PathBuf>,
    /// Scopes in place of the provider's.
    pub scopes: Option<Vec<String>>,
    /// The resource the token is for, where the issuer wants it named (RFC 8707).
    pub resource: Option<String>,
    /// What the mail servers take as `aud`, in place of what is known of the provider.
    pub audience: Vec<String>,
    /// Port of the loopback redirect; any free one where 0.
    pub redirect_port: u16,
    /// Path of the loopback redirect.
    pub redirect_path: String,
}

/// The keys of a profile as they are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenProfile {
    provider: Option<Row>,
    issuer: Option<IssuerUrl>,
    tenant: Option<Tenant>,
    client_id: Option<Word>,
    flow: Option<Flow>,
    client_secret_env: Option<Word>,
    client_secret_file: Option<PathBuf>,
    client_secret_command: Option<String>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
    algorithm: Option<Algorithm>,
    assertion_file: Option<PathBuf>,
    refresh_token_env: Option<Word>,
    refresh_token_file: Option<PathBuf>,
    refresh_token_command: Option<String>,
    service_account_file: Option<PathBuf>,
    scopes: Option<Vec<Word>>,
    resource: Option<Word>,
    audience: Option<Vec<Word>>,
    redirect_port: Option<u16>,
    redirect_path: Option<Word>,
}

/// At most one of three places of a secret.
fn source(
    what: &str,
    env: Option<Word>,
    file: Option<PathBuf>,
    command: Option<String>,
) -> Result<Option<Source>, String> {
    let all = [env.map(|name| Source::Env(name.0)), file.map(Source::File), command.map(Source::Command)];
    let mut given = all.into_iter().flatten();
    let first = given.next();
    if given.next().is_some() {
        return Err(format!("{what}_env, {what}_file and {what}_command contradict each other: keep one"));
    }
    Ok(first)
}

impl WrittenProfile {
    fn proof(&mut self) -> Result<Proof, String> {
        let secret = source(
            "client_secret",
            self.client_secret_env.take(),
            self.client_secret_file.take(),
            self.client_secret_command.take(),
        )?;
        let (certificate, assertion) = (self.certificate.take(), self.assertion_file.take());
        if certificate.is_none() && (self.key.is_some() || self.algorithm.is_some()) {
            return Err("key and algorithm belong to a certificate: add certificate = \"FILE.pem\"".into());
        }
        match (secret, certificate, assertion) {
            (None, None, None) => Ok(Proof::None),
            (Some(secret), None, None) => Ok(Proof::Secret(secret)),
            (None, Some(certificate), None) => Ok(Proof::Certificate {
                key: self.key.take().unwrap_or_else(|| certificate.clone()),
                certificate,
                algorithm: self.algorithm.unwrap_or_default(),
            }),
            (None, None, Some(file)) => Ok(Proof::Assertion(file)),
            _ => {
                Err("client_secret_..., certificate and assertion_file contradict each other: keep one"
                    .into())
            }
        }
    }
}

impl Profile {
    /// With every relative path beginning at `folder`: where the file is that has the profile.
    #[must_use]
    pub fn rooted(mut self, folder: &Path) -> Self {
        let root = |path: &mut PathBuf| *path = folder.join(&*path);
        let source = |source: &mut Source| {
            if let Source::File(path) = source {
                root(path);
            }
        };
        match &mut self.proof {
            Proof::None => {}
            Proof::Secret(secret) => source(secret),
            Proof::Certificate { certificate, key, .. } => {
                root(certificate);
                root(key);
            }
            Proof::Assertion(file) => root(file),
        }
        self.refresh_token.as_mut().map(source);
        self.service_account.as_mut().map(root);
        self
    }
}

/// What is wrong with a profile, a sentence each.
#[derive(Default)]
struct Wrong(Vec<String>);

impl Wrong {
    fn keep<T>(&mut self, read: Result<T, String>) -> Option<T> {
        read.map_err(|sentence| self.0.push(sentence)).ok()
    }

    fn when(&mut self, is_wrong: bool, sentence: impl FnOnce() -> String) {
        if is_wrong {
            self.0.push(sentence());
        }
    }
}

impl WrittenProfile {
    /// The profile that it is.
    ///
    /// # Errors
    /// Everything that is missing or contradicts something else, a sentence each.
    pub fn profile(mut self) -> Result<Profile, Vec<String>> {
        let mut wrong = Wrong::default();
        let proof = wrong.keep(self.proof());
        let has_none = proof == Some(Proof::None);
        let issuer = wrong.keep(match (self.provider, self.issuer) {
            (Some(row), None) => Ok(Issuer::Provider(row.0)),
            (None, Some(url)) => Ok(Issuer::Url(url.0)),
            (None, None) => {
                Err("who gives the tokens: add provider = \"exchange-online\" or issuer = \"https://...\""
                    .to_owned())
            }
            (Some(_), Some(_)) => Err("provider and issuer contradict each other: keep one".to_owned()),
        });
        wrong.when(self.tenant.is_some() && matches!(issuer, Some(Issuer::Url(_))), || {
            "tenant belongs to a provider: write the issuer's URL in full in its place".to_owned()
        });
        let flow = self.flow.unwrap_or(Flow::AuthorizationCode);
        let name = flow.name();
        let refresh_token = wrong.keep(source(
            "refresh_token",
            self.refresh_token_env,
            self.refresh_token_file,
            self.refresh_token_command,
        ));
        let of_flow = [
            (
                "refresh_token_env, _file or _command",
                refresh_token.as_ref().is_none_or(Option::is_some),
                Flow::RefreshToken,
            ),
            ("service_account_file", self.service_account_file.is_some(), Flow::ServiceAccount),
        ];
        for (what, given, of) in of_flow {
            wrong.when(given && flow != of, || {
                format!("{what} belongs to flow = \"{}\", and this is {name}: remove one", of.name())
            });
            wrong.when(!given && flow == of, || format!("flow = \"{name}\" needs {what}: add it"));
        }
        wrong.when(flow == Flow::ClientCredentials && has_none, || {
            format!(
                "flow = \"{name}\" needs client_secret_env, _file or _command, certificate, or assertion_file: add one"
            )
        });
        wrong.when(flow == Flow::ServiceAccount && proof.is_some() && !has_none, || {
            format!("flow = \"{name}\" has its key in service_account_file: remove the other proof")
        });
        wrong.when(self.client_id.is_none() && flow != Flow::ServiceAccount, || {
            "client_id is missing: mailprobe ships none, register one (docs/tokens.md)".to_owned()
        });
        let tenant = self.tenant.map(|tenant| tenant.0);
        let is_of_all = matches!(tenant.as_deref(), Some("common" | "organizations" | "consumers"));
        wrong.when(flow.is_app_only() && is_of_all, || {
            format!("flow = \"{name}\" needs the tenant itself: write its domain or id")
        });
        let redirect_path = self.redirect_path.map_or_else(|| "/".to_owned(), |path| path.0);
        wrong.when(!redirect_path.starts_with('/') || redirect_path.contains(['?', '#']), || {
            "redirect_path must begin with / and have no ? and no #".to_owned()
        });
        match (issuer, proof, refresh_token) {
            (Some(issuer), Some(proof), Some(refresh_token)) if wrong.0.is_empty() => Ok(Profile {
                issuer,
                tenant,
                client_id: self.client_id.map(|word| word.0).unwrap_or_default(),
                flow,
                proof,
                refresh_token,
                service_account: self.service_account_file,
                scopes: self.scopes.map(|scopes| scopes.into_iter().map(|scope| scope.0).collect()),
                resource: self.resource.map(|resource| resource.0),
                audience: self.audience.into_iter().flatten().map(|audience| audience.0).collect(),
                redirect_port: self.redirect_port.unwrap_or(0),
                redirect_path,
            }),
            _ => Err(wrong.0),
        }
    }
}

#[cfg(test)]
impl Profile {
    /// A profile from the keys of its table.
    pub(crate) fn of(keys: &str) -> Self {
        toml::from_str::<WrittenProfile>(keys).unwrap().profile().unwrap()
    }
}
