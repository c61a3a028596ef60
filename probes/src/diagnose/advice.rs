//! What is told of the common causes, in words that hold for every server. Rules with news of their own say it
//! themselves.

use super::rule::Advice;

const fn tells(means: &'static str, remedy: &'static str, next: &'static str) -> Advice {
    Advice { means, remedy, next }
}

pub(super) const BASIC_OFF: Advice = tells(
    "Password (Basic) authentication is switched off here. The server did not look at the password.",
    "Use OAuth (XOAUTH2).",
    "",
);
pub(super) const ACCEPTED: Advice = tells(
    "The credentials were accepted. This does not prove that the mailbox opens.",
    "Nothing, as far as this answer goes.",
    "Open the mailbox: an accepted login can still be turned away there.",
);
pub(super) const INFORMATIONAL: Advice = tells(
    "The server speaks of itself or goes on with the dialog. This is no verdict on the login.",
    "Look at the answers that follow.",
    "",
);
pub(super) const BAD_CREDENTIALS: Advice = tells(
    "The server refused this user name and password, without saying which of them is wrong.",
    "Check the login name and the password; where the provider has two-step sign-in, use an app password or OAuth.",
    "Sign in with the same name and password on the provider's web page: if that works, passwords are not taken here.",
);
pub(super) const BAD_CREDENTIALS_PLAIN: Advice = tells(
    "The server refused this user name and password, without saying which of them is wrong.",
    "Check the login name and the password before the next attempt: each wrong one may count towards a lock.",
    "",
);
pub(super) const NO_SUCH_USER: Advice = tells(
    "The server does not know this user name.",
    "Check the login name: many servers want the whole address, some only the part before the @.",
    "Try the other form of the login name once; a known name changes the answer.",
);
pub(super) const PASSWORD_EXPIRED: Advice = tells(
    "The password has expired or must be changed before it is taken again.",
    "Change the password, then store the new one everywhere it is used.",
    "",
);
pub(super) const ACCOUNT_LOCKED: Advice = tells(
    "The account is locked, or this address banned, for a while: after failed logins or for suspected abuse.",
    "Stop trying. Wait for the lock to pass or have it lifted, and correct the stored password everywhere before the next attempt.",
    "Sign in from another network: a locked account is refused there too, a banned address is not.",
);
pub(super) const ACCOUNT_DISABLED: Advice = tells(
    "The account, or the organisation it belongs to, is switched off, by a person or by a rule.",
    "Ask the administrator of the server, or look at the account's status with the provider.",
    "",
);
pub(super) const MFA_REQUIRED: Advice = tells(
    "A second factor, or enrolment for one, is demanded, and a mail program that presents only a password cannot give it. The password itself was most likely right.",
    "Sign in interactively (OAuth authorization code or device code), or register the second factor first.",
    "The sign-in log of the account names the rule that demands it.",
);
pub(super) const APP_PASSWORD: Advice = tells(
    "The account's own password is not taken from mail clients.",
    "Create an app password (authorization code) in the account's security settings, or use OAuth.",
    "",
);
pub(super) const WEB_LOGIN: Advice = tells(
    "The provider wants an interactive sign-in in a browser before it takes this client.",
    "Sign in with a browser, at the address in the answer if there is one, and check again; or use an app password or OAuth.",
    "If the answer is the same after the sign-in, the account password is not taken here: try an app password.",
);
pub(super) const PROTOCOL_DISABLED: Advice = tells(
    "This protocol is switched off for the mailbox or its organisation.",
    "Have the protocol switched on for the mailbox, if it is meant to be used.",
    "",
);
pub(super) const SECURITY_DEFAULTS: Advice = tells(
    "The security defaults of the organisation refuse this sign-in: they block passwords without a second factor and some OAuth flows.",
    "Use OAuth with an interactive sign-in, or replace security defaults by Conditional Access that allows this account.",
    "",
);
pub(super) const CONDITIONAL_ACCESS: Advice = tells(
    "A sign-in rule refuses: Conditional Access, a rule for devices or risk, a tenant restriction or logon hours. The credentials are not in question.",
    "Look at the sign-in log of the account: it names the rule. Have the rule admit this client, place or device, or meet what it demands.",
    "The sign-in log names the rule that refused.",
);
pub(super) const LOCATION_BLOCKED: Advice = tells(
    "The server refuses this client's address, network or country.",
    "Connect from an admitted address, or have this one admitted.",
    "Repeat the check from another network.",
);
pub(super) const APP_BLOCKED: Advice = tells(
    "The client program or app is not allowed here: an allow list, an access policy, or the app is switched off.",
    "Have the administrator admit this client id or program, or use one that is admitted.",
    "Repeat with a client id that is known to be admitted.",
);
/// Read 2026-11-30: <https://learn.microsoft.com/en-us/exchange/permissions-exo/application-access-policies> calls them legacy.
pub(super) const APPLICATION_ACCESS_POLICY: Advice = tells(
    "An application access policy of the organisation keeps this application out of the mailbox. Such policies are legacy: RBAC for Applications replaces them.",
    "Have the administrator find the policy with Get-ApplicationAccessPolicy. Add the mailbox to its group, or grant the right with New-ManagementRoleAssignment -App and remove the policy. A change takes 30 minutes to 2 hours.",
    "Test-ApplicationAccessPolicy for the application and this mailbox says whether the policy lets it in.",
);
pub(super) const TOKEN_REFUSED: Advice = tells(
    "The server refused the token without naming a reason.",
    "Check the token's expiry, audience, issuer and scope, and that it belongs to this mailbox.",
    "Decode the token: exp against the clock, aud against the server, scp or roles against the protocol, upn against the mailbox.",
);
pub(super) const TOKEN_INVALID: Advice = tells(
    "The token or grant is unreadable, altered, or not one that this server takes.",
    "Get a new token and present it unchanged; check for line breaks, quotes or a cut end.",
    "",
);
pub(super) const TOKEN_EXPIRED: Advice = tells(
    "The token, grant, code or sign-in session has expired or was revoked.",
    "Get a new token; where the refresh token itself is refused, sign in again.",
    "",
);
pub(super) const WRONG_AUDIENCE: Advice = tells(
    "The token is, or was asked, for another resource than this service.",
    "Ask for a token of this service: for Exchange Online a scope that starts with https://outlook.office365.com/ or https://outlook.office.com/, not one of Microsoft Graph.",
    "Decode the token and compare aud with the service.",
);
pub(super) const WRONG_TENANT: Advice = tells(
    "Token, account or authority belongs to another tenant, cloud or kind of account.",
    "Use the authority of the account's own tenant and cloud (the tenant's name or id; `organizations` or `consumers` where the kind of account asks for it).",
    "Look the domain's tenant up in its OpenID metadata and compare it with the authority that was asked.",
);
pub(super) const WRONG_USER: Advice = tells(
    "The token belongs to another user than the mailbox asked for, or leads to no single user.",
    "Sign in as the owner of the mailbox, or as someone who has the right to it.",
    "Decode the token and compare upn with the mailbox.",
);
pub(super) const MISSING_SCOPE: Advice = tells(
    "The token lacks the scope or role for this use, or the scope asked for is not valid.",
    "Ask for the scope of the protocol, all of one resource: at Microsoft IMAP.AccessAsUser.All, POP.AccessAsUser.All, SMTP.Send or EWS.AccessAsUser.All (for apps the roles, by .default), at Google https://mail.google.com/.",
    "Decode the token and look at scp and roles.",
);
pub(super) const CONSENT: Advice = tells(
    "User or administrator consent for the app, or the assignment of the user to it, is missing.",
    "Have an administrator grant consent for the app in this tenant, or assign the user to it.",
    "",
);
pub(super) const APP_CREDENTIAL: Advice = tells(
    "The app's own proof is wrong, expired, missing or not wanted: client secret, certificate or assertion.",
    "Check the secret's value (not its id) and expiry, or the certificate and the clock; a public client sends none.",
    "",
);
pub(super) const APP_NOT_FOUND: Advice = tells(
    "The client id is not known in this tenant or at this provider.",
    "Check the client id and the tenant that was asked; an app of another tenant must be consented to first.",
    "",
);
pub(super) const NO_PERMISSION: Advice = tells(
    "The login is good and has no right to this mailbox or folder.",
    "Grant the account access to the mailbox, or log in as its owner; for app-only access grant the right to the app's service principal.",
    "Open the login's own mailbox: if that works, the right to the other one is missing.",
);
pub(super) const SEND_AS: Advice = tells(
    "The login is good, and the account may not send with this sender address.",
    "Send as the account's own address, or grant it the right to send as this one, or verify the address with the provider.",
    "Repeat with the login's own address as sender.",
);
pub(super) const NO_MAILBOX: Advice = tells(
    "The account or address leads to no mailbox here.",
    "Check the address and that the account has a mailbox, and a licence for one, on this service.",
    "",
);
pub(super) const MAILBOX_UNAVAILABLE: Advice = tells(
    "The mailbox exists and cannot be used now: its store is offline, it is being moved or maintained, damaged or full.",
    "Check again later; if it lasts, ask whoever runs the server.",
    "Check another mailbox of the same server: if it opens, this mailbox is the matter.",
);
pub(super) const IN_USE: Advice = tells(
    "The login is good and another connection holds the mailbox.",
    "Check again when the other client has let go of it.",
    "",
);
pub(super) const MECHANISM: Advice = tells(
    "The server does not offer this mechanism. It did not look at the credentials.",
    "Use one of the mechanisms that the server advertises.",
    "",
);
pub(super) const TLS_REQUIRED: Advice = tells(
    "The server takes this login only inside TLS.",
    "Use the port with implicit TLS (993, 995, 465), or STARTTLS before the login.",
    "",
);
pub(super) const TLS_OLD: Advice = tells(
    "The server refuses the version of TLS that the client speaks.",
    "Use a client or firmware with TLS 1.2 or newer.",
    "",
);
pub(super) const VERSION_OLD: Advice = tells(
    "The server refuses the protocol version that the client speaks.",
    "Use a version that the server names; Exchange Online takes ActiveSync from 16.1 on.",
    "",
);
pub(super) const CLIENT_ERROR: Advice = tells(
    "The server could not make sense of what it was sent at this point.",
    "Look at what the client sent before this answer. If it is right, the server does not speak this mechanism as its specification says.",
    "",
);
pub(super) const NOT_AUTHENTICATED: Advice = tells(
    "The server wants a login before this command, and saw none.",
    "Log in first; if the login was accepted, the server has dropped it.",
    "",
);
pub(super) const BAD_REQUEST: Advice = tells(
    "The request is malformed or incomplete in the server's eyes. The credentials are not in question.",
    "Compare the request with the service's documentation: path, method, required parameters, schema.",
    "",
);
pub(super) const PROVISIONING: Advice = tells(
    "The login was taken; ActiveSync wants its policy or the device information exchanged first.",
    "Let the device run Provision (from 14.1 on with its device information), then repeat with the new policy key.",
    "",
);
pub(super) const DEVICE_BLOCKED: Advice = tells(
    "The login was taken; this device is blocked, or cannot meet the policy.",
    "Look at the mobile devices of the mailbox and the organisation's device access rules.",
    "The device's access state and its reason (Get-MobileDevice) tell a block from a quarantine.",
);
pub(super) const DEVICE_QUOTA: Advice = tells(
    "The user has as many device partnerships as the server allows.",
    "Remove devices that are no longer used from the mailbox.",
    "",
);
pub(super) const THROTTLED: Advice = tells(
    "A limit on rate, connections, volume or login interval was hit. This says nothing about the credentials.",
    "Wait as long as the answer says, then check again with fewer connections at a time.",
    "",
);
pub(super) const TEMPORARY: Advice = tells(
    "The server has a fault of its own, usually a passing one, and decided nothing about the credentials.",
    "Check again later; if it lasts, look into the server's log.",
    "",
);
pub(super) const REDIRECT: Advice = tells(
    "The mailbox or the service is at another host or address.",
    "Use the host that the answer names, after making sure that it is one of the service's.",
    "",
);
pub(super) const REJECTED: Advice = tells(
    "The login is not in question: the message, its recipient or its sender was refused by mail policy.",
    "Look at the reason in the answer: content, DKIM or DMARC, the recipient's rules, or the list of restricted senders.",
    "Send a short plain message to oneself: if that goes through, content or recipient is the matter.",
);
pub(super) const RETIRED: Advice =
    tells("The service or protocol has ended for everyone.", "Use what replaced it.", "");
