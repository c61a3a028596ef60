//! What an access token says, and whether a mail protocol takes it: as Exchange does, in its order.

use mailprobe_probes::model::{Cause, Protocol};
use serde::{Deserialize, Serialize};

use super::Authority;

/// The claims of an access token as Exchange gets it (learn.microsoft.com/entra/identity-platform/access-token-claims-reference,
/// version 1.0). Times are seconds since 1970-01-01 UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Claims {
    /// For which resource.
    pub aud: String,
    /// By whom.
    pub iss: String,
    /// Issued at.
    pub iat: u64,
    /// Not before.
    pub nbf: u64,
    /// Not after.
    pub exp: u64,
    /// The app.
    pub appid: String,
    /// How the app proved itself: `0` not at all, `1` with a secret, `2` with a certificate.
    pub appidacr: String,
    /// Of whom, or of which app.
    pub oid: String,
    /// The same.
    pub sub: String,
    /// The tenant.
    pub tid: String,
    /// Delegated permissions, parted by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scp: Option<String>,
    /// Application permissions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// The user's name; a token of an app has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<String>,
    /// The same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_name: Option<String>,
    /// What this token is called.
    pub uti: String,
    /// `1.0`.
    pub ver: String,
}

impl Claims {
    /// Whether the token is an app's own, for whatever mailboxes the app was given.
    pub fn is_app(&self) -> bool {
        self.upn.is_none()
    }

    /// Whether the token may be shown beside this user name.
    ///
    /// # Errors
    /// [`Cause::TokenWrongUser`]. Whether its owner has a right to a shared mailbox is for the tenant to know.
    pub fn opens(&self, user: &str) -> Result<(), Cause> {
        match &self.upn {
            Some(upn) if !upn.eq_ignore_ascii_case(user) => Err(Cause::TokenWrongUser),
            _ => Ok(()),
        }
    }

    fn has(&self, (scopes, roles): Permissions) -> bool {
        let scp = self.scp.as_deref().unwrap_or_default();
        scp.split(' ').any(|held| scopes.iter().any(|scope| held.eq_ignore_ascii_case(scope)))
            || self
                .roles
                .iter()
                .flatten()
                .any(|held| roles.iter().any(|role| held.eq_ignore_ascii_case(role)))
    }
}

/// Delegated and application permissions, of which one is enough.
type Permissions = (&'static [&'static str], &'static [&'static str]);

/// What a protocol wants (Microsoft Learn, "Authenticate an IMAP, POP or SMTP connection using OAuth" and "Authenticate
/// an EWS application by using OAuth"; jobisoft/EAS-4-TbSync for `ActiveSync`).
const fn wanted(protocol: Protocol) -> Permissions {
    match protocol {
        Protocol::Imap => (&["IMAP.AccessAsUser.All"], &["IMAP.AccessAsApp"]),
        Protocol::Pop3 => (&["POP.AccessAsUser.All"], &["POP.AccessAsApp"]),
        Protocol::Smtp => (&["SMTP.Send"], &["SMTP.SendAsApp"]),
        Protocol::ActiveSync => (&["EAS.AccessAsUser.All"], &[]),
        Protocol::Autodiscover => {
            (&["EWS.AccessAsUser.All", "EAS.AccessAsUser.All"], &["full_access_as_app"])
        }
        Protocol::PowerShell => (&["Exchange.Manage"], &["Exchange.ManageAsApp"]),
        _ => (&["EWS.AccessAsUser.All"], &["full_access_as_app"]),
    }
}

impl Authority {
    /// What a token says, if this protocol takes it.
    ///
    /// # Errors
    /// In this order: [`Cause::TokenInvalid`] where it is none of ours or not valid yet, [`Cause::TokenExpired`],
    /// [`Cause::TokenWrongTenant`], [`Cause::TokenWrongAudience`], [`Cause::TokenMissingScope`].
    pub fn validate(&self, token: &str, protocol: Protocol) -> Result<Claims, Cause> {
        let claims: Claims = self.key.verify(token).ok_or(Cause::TokenInvalid)?;
        let now = self.world.now();
        if claims.exp <= now {
            return Err(Cause::TokenExpired);
        }
        if claims.nbf > now {
            return Err(Cause::TokenInvalid);
        }
        if !claims.tid.eq_ignore_ascii_case(&self.directory.tenant) || claims.iss != self.access_issuer() {
            return Err(Cause::TokenWrongTenant);
        }
        // Exchange's own application id is an audience too.
        let audience = claims.aud.trim_end_matches('/');
        let known =
            self.directory.resources.iter().any(|resource| resource.trim_end_matches('/') == audience);
        if !known && audience != EXCHANGE {
            return Err(Cause::TokenWrongAudience);
        }
        if !claims.has(wanted(protocol)) {
            return Err(Cause::TokenMissingScope);
        }
        Ok(claims)
    }

    /// The same, for a token that is shown beside a user name.
    ///
    /// # Errors
    /// Those of [`Authority::validate`], then [`Cause::TokenWrongUser`].
    pub fn validate_for(&self, token: &str, protocol: Protocol, user: Option<&str>) -> Result<Claims, Cause> {
        let claims = self.validate(token, protocol)?;
        if let Some(user) = user {
            claims.opens(user)?;
        }
        Ok(claims)
    }

    /// A token with these claims, whatever they are: for rehearsals of tokens that are wrong.
    pub fn sign(&self, claims: &Claims) -> String {
        self.key.sign(claims)
    }

    /// Entra issues tokens for Exchange in version 1.0, under the older issuer.
    pub(super) fn access_issuer(&self) -> String {
        format!("https://sts.windows.net/{}/", self.directory.tenant)
    }
}

/// Office 365 Exchange Online.
const EXCHANGE: &str = "00000002-0000-0ff1-ce00-000000000000";
