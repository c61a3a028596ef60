//! What can go wrong before, beside and after a login as a client meets it: the layer, the causes that are
//! established, and what is told of it. Many clients share one fault.
//!
//! The vocabulary of causes is about what a server decided. Where no server was asked (a name, a certificate), the
//! cause is `unexplained` and the layer says all: that costs less than a wrong one.

use super::Layer;
use crate::diagnose::rule::Advice;
use crate::model::Cause as C;

/// A fault, whoever reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) layer: Layer,
    pub(super) causes: &'static [C],
    pub(super) advice: Advice,
}

const fn fault(
    layer: Layer,
    causes: &'static [C],
    means: &'static str,
    remedy: &'static str,
    next: &'static str,
) -> Fault {
    Fault { layer, causes, advice: Advice { means, remedy, next } }
}

/// What opens a port and shows the certificate that is presented there.
const S_CLIENT: &str = "Run openssl s_client -connect HOST:PORT (with -starttls smtp, imap or pop3 where the port starts in plain text) from the same network.";
/// Where the server's own words are.
const SERVER_LINE: &str = "Turn on the client's log, repeat the attempt once and look for the server's line: NO or BAD over IMAP, -ERR over POP3, a number such as 535 over SMTP.";

pub(super) const NAME: Fault = fault(
    Layer::NameResolution,
    &[C::Unexplained, C::Temporary],
    "The client could not resolve the server's name. It reached no server and tried no login.",
    "Check the spelling of the server name, then the DNS server of the device and its network connection.",
    "Resolve the name on the same device (nslookup HOST). No server was contacted, so there is no server line to look for.",
);
pub(super) const CONNECT: Fault = fault(
    Layer::Connection,
    &[C::Unexplained, C::Temporary],
    "The client could not connect to the server. It tried no login.",
    "Check the server name and the port, then the firewall, the proxy and the antivirus program between the device and the server.",
    S_CLIENT,
);
pub(super) const REFUSED: Fault = fault(
    Layer::Connection,
    &[C::Unexplained, C::Temporary],
    "The connection was refused: nothing is listening on that port, or a firewall rejects it. The client tried no login.",
    "Check the port: 993, 995 and 465 for implicit TLS, 143, 110 and 587 for STARTTLS. Then check that the service is running.",
    S_CLIENT,
);
pub(super) const TIMEOUT: Fault = fault(
    Layer::Connection,
    &[C::Temporary, C::Unexplained],
    "The server did not answer in time. This is no verdict on the login.",
    "Check the port and its security setting (a client that expects plain text gets no answer on a TLS port), then the firewall. Many networks block port 25.",
    S_CLIENT,
);
pub(super) const DROPPED: Fault = fault(
    Layer::Connection,
    &[C::Temporary, C::Unexplained],
    "The connection was closed or reset before the server had answered.",
    "Try again once. If it lasts, check what inspects the connection (antivirus program, proxy, firewall) and the port's security setting.",
    "Look in the client's log for the last line before the close: * BYE over IMAP or 421 over SMTP names the server's reason. After a password, a close without an answer can mean a refusal.",
);
pub(super) const PROXY: Fault = fault(
    Layer::Connection,
    &[C::Unexplained],
    "The client could not get through its proxy. It reached no mail server and tried no login.",
    "Check the client's proxy settings and the login that the proxy requires.",
    "Repeat from a network without the proxy: if the error goes away, the proxy is the cause.",
);
pub(super) const UNTRUSTED: Fault = fault(
    Layer::Certificate,
    &[C::Unexplained],
    "The client does not trust the issuer of the server's certificate, or a certificate of the chain is missing. It stopped before the login.",
    "Check which certificate arrives: an antivirus program or a proxy may replace it. Otherwise have the server send its whole chain, or update the device's list of certificate authorities.",
    S_CLIENT,
);
pub(super) const WRONG_NAME: Fault = fault(
    Layer::Certificate,
    &[C::Unexplained],
    "The server's certificate is for another name than the one that the client connected to. It stopped before the login.",
    "Use a server name that the certificate carries, or have the name added to the certificate.",
    S_CLIENT,
);
pub(super) const EXPIRED: Fault = fault(
    Layer::Certificate,
    &[C::Unexplained],
    "The server's certificate, or one of its chain, has expired or is not valid yet according to the device's clock. The client stopped before the login.",
    "Check the date and time of the device first, then have the certificate renewed.",
    S_CLIENT,
);
pub(super) const REVOKED: Fault = fault(
    Layer::Certificate,
    &[C::Unexplained],
    "The server's certificate was revoked, or the client could not find out whether it was. It stopped before the login.",
    "Check that the device reaches the certificate authority's revocation service. If the certificate was revoked, have it replaced.",
    S_CLIENT,
);
pub(super) const CERTIFICATE: Fault = fault(
    Layer::Certificate,
    &[C::Unexplained],
    "The client could not verify the server's certificate: issuer, name or dates. It stopped before the login.",
    "Compare the server name with the certificate, check the device's clock, and check that the server sends its whole chain. Do not turn verification off.",
    S_CLIENT,
);
pub(super) const TLS_VERSION: Fault = fault(
    Layer::Tls,
    &[C::TlsVersionTooOld],
    "Client and server have no TLS version or cipher in common. The client tried no login.",
    "Update the client or its firmware to TLS 1.2 or later. Where the server is the old one, update the server.",
    S_CLIENT,
);
pub(super) const HANDSHAKE: Fault = fault(
    Layer::Tls,
    &[C::TlsVersionTooOld, C::ClientProtocolError],
    "The TLS handshake failed. The client tried no login. The usual reasons are a TLS version or cipher that the other side refuses, and TLS on a port that starts in plain text.",
    "Check the port against its security setting: 993, 995 and 465 for implicit TLS, 143, 110 and 587 for STARTTLS. Then check that the client speaks TLS 1.2.",
    S_CLIENT,
);
pub(super) const NOT_TLS: Fault = fault(
    Layer::Tls,
    &[C::ClientProtocolError],
    "The client began with TLS, and the server answered in plain text, or the reverse. Port and security setting do not match.",
    "Choose implicit TLS (often called SSL/TLS) on 993, 995 and 465, and STARTTLS on 143, 110, 587 and 25.",
    S_CLIENT,
);
pub(super) const WEAK: Fault = fault(
    Layer::Tls,
    &[C::Unexplained],
    "The client's TLS library refuses an outdated parameter of the server's: a short key, a weak signature or an unsafe renegotiation.",
    "Have the server's TLS configuration or certificate renewed. Lowering the client's security level is a stopgap.",
    S_CLIENT,
);
pub(super) const NO_STARTTLS: Fault = fault(
    Layer::Protocol,
    &[C::ClientProtocolError, C::TlsRequired],
    "The client was told to use STARTTLS or a secure connection, and the server does not offer STARTTLS on this port.",
    "Use the port with implicit TLS (993, 995, 465), or 587 for sending. Never send the password without TLS.",
    "Look for the list after EHLO or CAPABILITY in the client's log: it says whether STARTTLS is offered. A firewall or an antivirus program can remove it.",
);
pub(super) const GARBLED: Fault = fault(
    Layer::Protocol,
    &[C::ClientProtocolError],
    "The client did not understand what the server sent. Most often it speaks to the wrong port or service.",
    "Check server name, protocol and port: a web page or another protocol may be answering there.",
    "Look for the server's first line in the client's log: it should begin with 220, +OK or * OK.",
);
pub(super) const LOGIN: Fault = fault(
    Layer::Login,
    &[C::BadCredentials, C::AppPasswordRequired, C::BasicDisabled],
    "The client reports that the login failed, not what the server answered. A wrong password and a provider that takes no account password any more look the same here.",
    "Do not try the password again before you have read the server's answer: each failure can count towards a lock. Then check the user name (mostly the whole address), an app password, or OAuth.",
    SERVER_LINE,
);
pub(super) const NOT_LOGGED_IN: Fault = fault(
    Layer::Login,
    &[C::NotAuthenticated, C::TlsRequired, C::AppPasswordRequired],
    "The server wants an encrypted connection or a login before it takes a message, and the client provided neither.",
    "Turn on TLS (STARTTLS on 587) and authentication for the outgoing server, with the user name and the password or token of the mailbox.",
    "Look for the server's line behind the message: 530 5.7.57 means that no login was sent, 535 that it was refused.",
);
pub(super) const SENDER_REFUSED: Fault = fault(
    Layer::Sending,
    &[C::NotAuthenticated, C::MessageRejected, C::SendAsDenied],
    "The server did not take the sender. Most often the client did not log in to the outgoing server; otherwise this login may not use this sender address.",
    "Turn on authentication for the outgoing server, then check the sender address of the account.",
    "Look for the server's answer to MAIL FROM: 530 or 5.7.57 asks for a login, 5.7.60 or 5.7.1 refuses the sender.",
);
pub(super) const RECIPIENT_REFUSED: Fault = fault(
    Layer::Sending,
    &[C::NotAuthenticated, C::MessageRejected],
    "The server did not take a recipient. Without a login it relays for its own addresses only.",
    "Turn on authentication for the outgoing server, then check the recipient's address.",
    "Look for the server's answer to RCPT TO: 5.7.1 or \"relay\" asks for a login, 5.1.1 means that the recipient does not exist.",
);
pub(super) const MESSAGE: Fault = fault(
    Layer::Sending,
    &[C::MessageRejected],
    "The login is not in question: the server did not take the message.",
    "Read the server's answer: recipient, size and content are the usual reasons.",
    "Look for the server's answer to RCPT TO or to the end of DATA: a number that begins with 4 or 5.",
);
pub(super) const SEND_FAILED: Fault = fault(
    Layer::Sending,
    &[C::Unexplained, C::NotAuthenticated, C::Temporary],
    "The client reports that it could not send, and nothing of the reason. The name, the connection, TLS, the login and the message are all possible.",
    "Read the inner exception, the next line or the client's log: it names the step that failed.",
    SERVER_LINE,
);
pub(super) const BUSY: Fault = fault(
    Layer::Mailbox,
    &[C::MailboxInUse, C::Temporary],
    "Another connection holds the mailbox, or the server is busy. The login is not in question.",
    "Close the other client, wait some minutes and try again.",
    "Look for the server's line: -ERR [IN-USE] over POP3, NO [INUSE] over IMAP.",
);
pub(super) const MECHANISM: Fault = fault(
    Layer::Login,
    &[C::MechanismUnsupported, C::TlsRequired],
    "Client and server have no login mechanism in common. No password or token was sent.",
    "Turn on TLS first: many servers offer mechanisms only after it. Then choose one that the server offers; where it offers XOAUTH2 alone, the client needs OAuth.",
    "Look for AUTH in the list after EHLO, or AUTH= and LOGINDISABLED after CAPABILITY.",
);
pub(super) const CLEAR_PASSWORD: Fault = fault(
    Layer::Client,
    &[C::TlsRequired, C::ClientProtocolError],
    "The client refuses to send a password over a connection without TLS. It sent none.",
    "Turn on TLS: STARTTLS on 587, 143 and 110, or implicit TLS on 465, 993 and 995.",
    "Look for STARTTLS in the list after EHLO or CAPABILITY.",
);
pub(super) const NO_PASSWORD: Fault = fault(
    Layer::Client,
    &[C::ClientProtocolError, C::NotAuthenticated],
    "The client has no user name or password to send. It sent nothing to the server.",
    "Set user name and password (or token) in the client's configuration, under the names that it expects.",
    "",
);
pub(super) const PINNED: Fault = fault(
    Layer::Client,
    &[C::Unexplained],
    "The client is told to accept one certificate only, or has no list of certificate authorities, and stopped before the login.",
    "Point the client to the system's certificate authorities, or replace the fingerprint after you have verified the new certificate.",
    S_CLIENT,
);
pub(super) const SIGN_IN_AGAIN: Fault = fault(
    Layer::SignIn,
    &[C::WebLoginRequired, C::TokenExpired, C::MfaRequired],
    "The library has no usable token for this account, and cannot get one without the user. No mail server was contacted.",
    "Sign in again interactively. If this recurs every hour, the refresh token is not kept or not asked for (scope offline_access).",
    "Look for an AADSTS number behind the library's message: it names the reason.",
);
pub(super) const TOKEN_GONE: Fault = fault(
    Layer::SignIn,
    &[C::TokenExpired, C::TokenInvalid],
    "The stored token could not be renewed: it has expired or was revoked. The mail server was not contacted.",
    "Delete the stored token and sign in again on the device. A changed password, a revoked session and months without use end a refresh token.",
    "Look for the token endpoint's answer: invalid_grant with its description names the reason.",
);
pub(super) const SIGN_IN_STOPPED: Fault = fault(
    Layer::SignIn,
    &[C::Unexplained],
    "The sign-in window was closed or did not finish. No token was obtained, and no mail server was contacted.",
    "Repeat the sign-in and finish it in the browser. If the window never comes back, check that the redirect URI of the app is registered and not blocked.",
    "",
);
pub(super) const SIGN_IN_SETUP: Fault = fault(
    Layer::SignIn,
    &[C::BadRequest, C::ClientProtocolError],
    "The app calls the sign-in library in a way that it does not allow. No token was obtained.",
    "This is for the app's developer: the page to read more on describes the call.",
    "",
);
pub(super) const FEDERATED: Fault = fault(
    Layer::SignIn,
    &[C::BadCredentials, C::BasicDisabled],
    "The sign-in with user name and password went to the organisation's own federation service, and that did not accept it.",
    "Use an interactive sign-in or the device code flow. If the password has to be used, check it and the endpoint usernamemixed of the federation service.",
    "Look for the federation service's answer (a SOAP fault), and in its event log at that time.",
);
pub(super) const POP_REFUSED: Fault = fault(
    Layer::Login,
    &[C::BadCredentials, C::Temporary, C::BasicDisabled],
    "The POP3 server answered with -ERR. The client does not show what it said: most often the login was refused, otherwise the server has a fault.",
    "Do not try the password again before you have read the server's answer: each failure can count towards a lock.",
    "Turn on the client's log, repeat the attempt once and look for the line that begins with -ERR.",
);
pub(super) const SERVICE_UNREACHED: Fault = fault(
    Layer::Connection,
    &[C::Temporary, C::Unexplained],
    "The app on the device did not reach the online service. The password was not checked.",
    "Check the device's network, proxy, DNS and clock. If other devices reach the service, update the app: it may use a sign-in that the service has ended.",
    "Open the service's address in a browser of the same network. If that works, the device's TLS or its app is the cause.",
);
pub(super) const STORED_CREDENTIALS: Fault = fault(
    Layer::Login,
    &[C::BadCredentials, C::NoMailboxPermission, C::BasicDisabled],
    "The application could not open the mailbox with the credentials that are stored for it. It does not show what the server answered.",
    "Check the stored credentials, the right of this account to the mailbox, and whether the connection still uses a password where the service wants OAuth.",
    "Look for the inner exception in the application's log: 401 means that the login was refused, ErrorAccessDenied that the right is missing.",
);
pub(super) const EXCHANGE_CANCELLED: Fault = fault(
    Layer::Login,
    &[C::TokenInvalid, C::TokenMissingScope, C::ClientProtocolError, C::TokenExpired],
    "Cyrus SASL gave up in the middle of the exchange. With XOAUTH2 that is what it says when the server answers the token with an error report.",
    "Have the SASL plug-in log its exchange: the error report names the reason. Check the token's scope, expiry and user.",
    "Decode the 334 challenge in the plug-in's trace.",
);
pub(super) const TOO_LARGE: Fault = fault(
    Layer::Sending,
    &[C::MessageRejected],
    "The relay did not send the message: it is larger than the server's limit, which the server announces before the message. The login is not in question.",
    "Send a smaller message, or have the limit raised. Attachments grow by a third on the way.",
    "",
);
pub(super) const TOKEN_ENDPOINT: Fault = fault(
    Layer::Connection,
    &[C::Temporary],
    "The program could not reach the token endpoint. The token is not in question: nobody has looked at it.",
    "Check name resolution, firewall and proxy from this machine to the token endpoint (login.microsoftonline.com, oauth2.googleapis.com), port 443.",
    "Open the token endpoint's address from the same machine: any answer over HTTPS shows that the way is free.",
);
pub(super) const STORED_TOKEN: Fault = fault(
    Layer::SignIn,
    &[C::BadCredentials, C::TokenInvalid],
    "DavMail encrypts its stored token with the password that the mail client sends. A client now sends another one, so the token cannot be read.",
    "Enter the same password in every client and protocol that uses DavMail, or delete the stored token and sign in again.",
    "",
);
pub(super) const REFUSED_NOW: Fault = fault(
    Layer::Login,
    &[C::Temporary, C::BadCredentials],
    "The same login went through before and is refused now, without a reason that the client can read: the server is busy, or the password has been changed since.",
    "Let the client try again after some minutes. If the login goes on failing, check the password.",
    SERVER_LINE,
);
pub(super) const NO_AUTHENTICATOR: Fault = fault(
    Layer::Login,
    &[C::MechanismUnsupported, C::BadCredentials, C::AppPasswordRequired],
    "The client tried every login mechanism it has, and none went through: it lacks the one that is wanted (XOAUTH2 needs a plug-in), or the server refused each.",
    "Look into the client's debug log for the mechanisms that it tried and for the server's answer to each; then install the missing plug-in, or use an app password or a new token.",
    SERVER_LINE,
);
pub(super) const EITHER: Fault = fault(
    Layer::Login,
    &[C::BadCredentials, C::TokenInvalid, C::BasicDisabled, C::TokenExpired],
    "The client reports that the login was refused, without the server's words. It does not say whether a password or a token was presented.",
    "Find the server's line in the client's log. Check whether the client is configured for OAuth or for a password, and whether the server still takes passwords.",
    "The sign-in log of the account has an entry for a wrong password or a rule, and none where passwords are switched off.",
);
pub(super) const SCHEME: Fault = fault(
    Layer::Login,
    &[C::MechanismUnsupported, C::BadCredentials],
    "The client waited for an NTLM challenge, and the server offered Basic alone.",
    "Set the client to the scheme that the server offers in WWW-Authenticate, or switch Windows authentication on for the service.",
    "Ask without credentials: the WWW-Authenticate fields list the schemes.",
);
pub(super) const WORDLESS: Fault = fault(
    Layer::Login,
    &[C::Unexplained, C::BasicDisabled, C::BadCredentials],
    "The client reports that its last request failed and keeps the server's words to itself.",
    "Raise the client's log level until it shows the server's line, and explain that line.",
    "The line that begins with -ERR, NO or a number is the server's.",
);
pub(super) const MORE_STEPS: Fault = fault(
    Layer::Login,
    &[C::TokenInvalid, C::MechanismUnsupported, C::ClientProtocolError],
    "The server went on with the exchange where the client's SASL library thought it was done. With XOAUTH2 that is the server's error report: the token was refused.",
    "Get a new token and check its scope, expiry and user. If the plug-in was built for another library than the client uses, rebuild it.",
    "Decode the base64 behind the + that the server sent: it names the status.",
);
pub(super) const SASL_PLUGIN: Fault = fault(
    Layer::Client,
    &[C::MechanismUnsupported, C::ClientProtocolError],
    "The client's SASL library and the plug-in for this mechanism do not fit: the plug-in asks for something that the library or the client does not give. Nothing was presented to the server.",
    "Build client and plug-in against the same Cyrus SASL library (on macOS not the system's own), or use another plug-in for XOAUTH2.",
    "pluginviewer -c lists the mechanisms that the library has.",
);
pub(super) const OLD_VERSION: Fault = fault(
    Layer::Protocol,
    &[C::ProtocolVersionTooOld],
    "The client speaks only versions of ActiveSync that the server no longer takes. The login is not in question.",
    "Use a client that speaks ActiveSync 16.1, or another protocol of the same mailbox.",
    "OPTIONS on /Microsoft-Server-ActiveSync lists the versions in MS-ASProtocolVersions.",
);
