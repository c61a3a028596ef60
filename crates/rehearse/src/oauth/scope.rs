//! `scope` (RFC 6749 section 3.3) as Entra reads it: permissions of one resource, by their full names, and the words of
//! `OpenID`.

use super::Authority;
use super::directory::App;
use super::error::Refusal;

/// Microsoft Graph, the resource of permissions without one.
const GRAPH: &str = "https://graph.microsoft.com";
/// Delegated permissions that exist.
const KNOWN: &[&str] = &[
    "IMAP.AccessAsUser.All",
    "POP.AccessAsUser.All",
    "SMTP.Send",
    "EWS.AccessAsUser.All",
    "EAS.AccessAsUser.All",
    "Mail.Read",
    "Mail.ReadWrite",
    "Mail.Send",
    "User.Read",
    "Calendars.Read",
    "Contacts.Read",
    "Exchange.Manage",
];
/// Words of a request that are looked at.
const MOST: usize = 32;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Scope {
    pub(super) resource: String,
    /// Permissions by their short names; empty with `.default`.
    pub(super) permissions: Vec<String>,
    pub(super) default: bool,
    pub(super) openid: bool,
    pub(super) offline: bool,
}

impl Scope {
    /// What is asked for, for a person to read.
    pub(super) fn shown(&self) -> String {
        if self.default {
            "everything that was granted to it".to_owned()
        } else {
            self.permissions.join(", ")
        }
    }

    /// The permissions by their full names, as a token answer lists them.
    pub(super) fn full(&self, permissions: &[String]) -> String {
        let full: Vec<String> = permissions.iter().map(|name| format!("{}/{name}", self.resource)).collect();
        full.join(" ")
    }
}

impl Authority {
    /// Reads a request's `scope`.
    pub(super) fn scope(&self, asked: &str) -> Result<Scope, Refusal> {
        let mut scope = Scope::default();
        for word in asked.split_whitespace().take(MOST) {
            match word {
                "openid" | "profile" | "email" => scope.openid = true,
                "offline_access" => scope.offline = true,
                word => {
                    let (resource, name) = match word.rsplit_once('/') {
                        Some((resource, name)) => (resource.trim_end_matches('/'), name),
                        None => (GRAPH, word),
                    };
                    let known = self.directory.resources.iter().any(|known| known == resource);
                    if !known && resource != GRAPH {
                        return Err(Refusal::scope(asked));
                    }
                    if !scope.resource.is_empty() && scope.resource != resource {
                        let text = format!(
                            "Provided value for the input parameter scope is not valid because it contains more than one \
                             resource. Scope {} is not valid.",
                            asked.chars().take(200).collect::<String>()
                        );
                        return Err(Refusal::new(28000, "invalid_request", text));
                    }
                    resource.clone_into(&mut scope.resource);
                    if name == ".default" {
                        scope.default = true;
                    } else {
                        let known = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(name));
                        let known = (*known.ok_or_else(|| Refusal::scope(asked))?).to_owned();
                        if !scope.permissions.contains(&known) {
                            scope.permissions.push(known);
                        }
                    }
                }
            }
        }
        if scope.resource.is_empty() {
            if !scope.openid && !scope.offline {
                return Err(Refusal::missing("scope"));
            }
            GRAPH.clone_into(&mut scope.resource);
            scope.permissions.push("User.Read".to_owned());
        }
        Ok(scope)
    }
}

/// The permissions that a token gets: all that were granted for `.default`, else those that were asked for, if each
/// of them is granted: by an administrator, or by the user in `granted`.
pub(super) fn permitted(app: &App, scope: &Scope, granted: &[String]) -> Result<Vec<String>, Refusal> {
    let may = |name: &String| app.scopes.iter().chain(granted).any(|held| held.eq_ignore_ascii_case(name));
    if scope.default {
        return Ok(app.scopes.clone());
    }
    // Everybody may sign in and say who they are.
    let missing = scope.permissions.iter().any(|name| name != "User.Read" && !may(name));
    if missing { Err(Refusal::consent(&app.client_id)) } else { Ok(scope.permissions.clone()) }
}
