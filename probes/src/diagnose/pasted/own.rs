//! What clients, relays and devices say by themselves, without a server's words. These rules are asked only for
//! pastes, and only about sentences without a code: on the wire nobody says them.

use crate::diagnose::advice as a;
use crate::diagnose::rule::{Advice, RULE, Rule};
use crate::diagnose::step::{After, Over, Step};
use crate::model::{Cause as C, Diagnosis};

/// What a rule says of a sentence.
pub(super) fn diagnosis(text: &str, protocol: Over, step: Step) -> Option<Diagnosis> {
    let lower = text.to_lowercase();
    let after = After::from(step);
    RULES.iter().find(|rule| rule.admits(protocol, after, &[]) && rule.is_said(&lower)).map(Rule::diagnosis)
}

const NO_MECHANISM: Advice = Advice {
    means: "The client found no login mechanism in common with the server, and presented nothing.",
    remedy: "Compare the mechanisms that the server advertises inside TLS with those that the client is configured or built for (for Cyrus SASL: its modules).",
    next: "Ask for the capabilities before and after TLS: a mechanism that appears only after TLS needs the client's TLS switched on.",
};
const EITHER: Advice = Advice {
    means: "The client reports that the login was refused, without the server's words. It does not say whether a password or a token was presented.",
    remedy: "Find the server's line in the client's log. Check whether the client is configured for OAuth or for a password, and whether the server still takes passwords.",
    next: "The sign-in log of the account has an entry for a wrong password or a rule, and none where passwords are switched off.",
};
const REFUSED: Advice = Advice {
    means: "The client reports a refused login in its own words; the server's reason is not in this text.",
    remedy: "Check the login name and the password once; where the provider has two-step sign-in, use an app password or OAuth. Find the server's line in the client's log before you repeat the login.",
    next: "Sign in with the same name and password on the provider's web page: if that works, passwords are not taken here.",
};
const DEVICE_NOTICE: Advice = Advice {
    means: "Exchange sent this message in place of the mailbox: the login works, and the device waits for an administrator or is blocked by a rule.",
    remedy: "Have an administrator allow the device (Exchange admin center, Mobile device access; or Set-CASMailbox -ActiveSyncAllowedDeviceIDs).",
    next: "The device's access state and its reason (Get-MobileDevice) tell a block from a quarantine.",
};

/// In order of precedence.
pub(in crate::diagnose) const RULES: &[Rule] = &[
    Rule {
        id: "own-token-endpoint-not-reached",
        says: &[
            &["token", "request failed! (code: 0)"],
            &["token", "connection refused"],
            &["token", "timed out"],
            &["token", "could not resolve"],
            &["token", "couldn't resolve"],
            &["token", "name resolution"],
            &["token", "unable to connect"],
            &["token", "failed to connect"],
            &["token", "network is unreachable"],
            &["token", "connection reset"],
            &["token", "no such host"],
            &["token", "nodename nor servname"],
        ],
        unless: &["aadsts", "invalid_grant", "invalid_client"],
        causes: &[C::Temporary],
        advice: Advice {
            means: "The program could not reach the token endpoint. The token is not in question: nobody has looked at it.",
            remedy: "Check name resolution, firewall and proxy from this machine to the token endpoint (login.microsoftonline.com, oauth2.googleapis.com), port 443.",
            next: "Open the token endpoint's address from the same machine: any answer over HTTPS shows that the way is free.",
        },
        source: "https://github.com/zammad/zammad/issues/5492",
        example: "Failed to refresh XOAUTH2 access_token of provider 'microsoft365': Request failed! (code: 0)",
        ..RULE
    },
    Rule {
        id: "own-davmail-stored-token",
        says: &[&["refresh token failed", "badpaddingexception"]],
        causes: &[C::BadCredentials, C::TokenInvalid],
        advice: Advice {
            means: "DavMail encrypts its stored token with the password that the mail client sends. A client now sends another one, so the token cannot be read.",
            remedy: "Enter the same password in every client and protocol that uses DavMail, or delete the stored token and sign in again.",
            next: "",
        },
        source: "https://github.com/mguessan/davmail/issues/292",
        example: "davmail.exchange.auth.O365Token  - refresh token failed javax.crypto.BadPaddingException: Given final block not properly padded.",
        ..RULE
    },
    Rule {
        id: "own-device-quarantined",
        says: &[
            &["device access state", "quarantined"],
            &["activesync", "device has been quarantined"],
            &["device", "temporarily blocked from accessing content", "quarantin"],
        ],
        causes: &[C::DeviceQuarantined],
        advice: DEVICE_NOTICE,
        source: "https://learn.microsoft.com/en-us/exchange/clients/exchange-activesync/exchange-activesync",
        example: "Device access state: Quarantined",
        ..RULE
    },
    Rule {
        id: "own-device-blocked",
        says: &[
            &["device access state", "blocked"],
            &["device", "denied access to the server via exchange activesync"],
            &["device", "blocked", "exchange activesync"],
        ],
        causes: &[C::DeviceBlocked],
        advice: DEVICE_NOTICE,
        source: "https://learn.microsoft.com/en-us/exchange/clients/exchange-activesync/exchange-activesync",
        example: "Device access state: Blocked",
        ..RULE
    },
    Rule {
        id: "own-no-common-mechanism",
        says: &[
            &["no compatible authentication mechanism"],
            &["no mechanism available"],
            &["no worthy mech"],
            &["does not support authentication"],
            &["auth extension not supported"],
            &["doesn't support authentication"],
            &["no supported authentication"],
            &["no suitable authentication"],
            &["does not support the selected authentication"],
            &["doesn't support the selected authentication"],
            &["does not seem to support", "authentication"],
            &["authentication type not supported"],
            &["authentication method", "not supported"],
            &["no authentication mechanisms supported"],
            &["cannot use a secure authentication method"],
            &["unterstützt", "authentifizierungsmethode", "nicht"],
            &["認証方式", "サポートしていません"],
            &["認証方法", "サポートしていません"],
            &["认证方式", "不支持"],
            &["méthode d'authentification", "pas"],
        ],
        causes: &[C::MechanismUnsupported, C::TlsRequired],
        advice: NO_MECHANISM,
        source: "https://www.postfix.org/SASL_README.html; https://docs.python.org/3/library/smtplib.html",
        example: "SASL authentication failed: server mail.example.com[192.0.2.25] offered no compatible authentication mechanisms for this type of connection security",
        ..RULE
    },
    Rule {
        id: "own-sasl-cancelled",
        says: &[&["bad protocol / cancel"]],
        causes: &[C::TokenInvalid, C::TokenMissingScope, C::ClientProtocolError, C::TokenExpired],
        advice: Advice {
            means: "Cyrus SASL gave up in the middle of the exchange. With XOAUTH2 that is what it says when the server answers the token with an error report.",
            remedy: "Have the SASL plug-in log its exchange: the error report names the reason. Check the token's scope, expiry and user.",
            next: "Decode the 334 challenge in the plug-in's trace.",
        },
        source: "https://github.com/tarickb/sasl-xoauth2/issues/50",
        example: "SASL authentication failed; cannot authenticate to server smtp.example.com[192.0.2.1]: bad protocol / cancel",
        ..RULE
    },
    Rule {
        id: "own-login-wanted",
        says: &[
            &["may require authentication"],
            &["server requires authentication"],
            &["0x800ccc78"],
            &["client wurde nicht authentifiziert"],
            &["client n'a pas été authentifié"],
            &["クライアントは認証されていません"],
        ],
        unless: &["sichere verbindung"],
        causes: &[C::NotAuthenticated, C::SendAsDenied, C::MessageRejected],
        advice: Advice {
            means: "The server refused the sender because no login went before, or because the account may not use this address.",
            remedy: "Switch on the login for the outgoing server in the client, and send with the account's own address.",
            next: "The server's words behind the client's tell a missing login from a refused sender.",
        },
        source: "https://support.microsoft.com/office/outlook-send-receive-errors",
        example: "SMTP MAIL request unsuccessful: SMTP server may require authentication",
        ..RULE
    },
    Rule {
        id: "own-sign-in-wanted",
        says: &[&["msaluirequiredexception"], &["uirequiredexception"], &["interactionrequiredautherror"]],
        causes: &[C::WebLoginRequired, C::TokenExpired, C::ConsentRequired, C::MfaRequired],
        advice: Advice {
            means: "The Microsoft library cannot renew the token without the user: the grant has expired or was revoked, or a rule or a consent asks for a new sign-in.",
            remedy: "Sign in again in the program. If it comes back at once, look for the AADSTS number in its log: it names the reason.",
            next: "The sign-in log of the account has the AADSTS number at that time.",
        },
        source: "https://learn.microsoft.com/en-us/entra/msal/dotnet/advanced/exceptions/msal-error-handling",
        example: "Exception type: Microsoft.Identity.Client.MsalUiRequiredException , ErrorCode: invalid_grant , StatusCode: 400",
        ..RULE
    },
    Rule {
        id: "own-token-to-renew",
        says: &[
            &["token update failed"],
            &["delete the token and obtain it again"],
            &["reauthorize the account"],
            &["reauthorise the account"],
            &["requires reauthori"],
            &["re-authenticate your account"],
            &["revoked your authentication token"],
            &["token refresh failed"],
            &["failed to refresh token"],
            &["トークンの更新に失敗"],
        ],
        causes: &[C::TokenExpired, C::TokenInvalid, C::WebLoginRequired],
        advice: Advice {
            means: "The program's stored sign-in is no longer good: its refresh token has expired or was revoked.",
            remedy: "Delete the stored token in the program or on the device's panel, and sign in again.",
            next: "The sign-in log of the account shows what ended the old sign-in: a changed password, a revoked session or a rule.",
        },
        source: "https://learn.microsoft.com/en-us/entra/identity-platform/refresh-tokens",
        example: "Token update failed. Please delete the token and obtain it again.",
        ..RULE
    },
    Rule {
        id: "own-credentials-of-either-kind",
        says: &[
            &["unable to authenticate with the current session"],
            &["mcoerrordomain code=5"],
            &["access to the resource has not been authorized"],
        ],
        causes: &[C::BadCredentials, C::TokenInvalid, C::BasicDisabled, C::TokenExpired],
        advice: EITHER,
        source: "https://github.com/MailCore/mailcore2",
        example: "Unable to authenticate with the current session's credentials.",
        ..RULE
    },
    Rule {
        id: "own-foreign-scheme",
        says: &[&["invalid message signature", "realm"]],
        causes: &[C::MechanismUnsupported, C::BadCredentials],
        advice: Advice {
            means: "The client waited for an NTLM challenge, and the server offered Basic alone.",
            remedy: "Set the client to the scheme that the server offers in WWW-Authenticate, or switch Windows authentication on for the service.",
            next: "Ask without credentials: the WWW-Authenticate fields list the schemes.",
        },
        source: "https://github.com/gautamsi/ews-javascript-api",
        example: "Invalid message signature: Basic realm=\"mail.example.com\"",
        ..RULE
    },
    Rule {
        id: "own-not-a-sync-request",
        says: &[&["not a mobilesync responseschema"], &["incorrect request"]],
        causes: &[C::BadRequest, C::NotAuthenticated],
        advice: a::BAD_REQUEST,
        source: "https://github.com/Z-Hub/Z-Push",
        example: "Invalid input XML: not a mobilesync responseschema.",
        ..RULE
    },
    Rule {
        id: "own-message-too-large",
        says: &[&["exceeds size limit"], &["message size", "exceeds"], &["message too large"]],
        causes: &[C::MessageRejected],
        advice: Advice {
            means: "The relay did not send the message: it is larger than the server's limit, which the server announces before the message. The login is not in question.",
            remedy: "Send a smaller message, or have the limit raised. Attachments grow by a third on the way.",
            next: "",
        },
        source: "RFC 1870 section 6; https://www.postfix.org/postconf.5.html#message_size_limit",
        example: "message size 53500000 exceeds size limit 36700160 of server smtp.example.com[192.0.2.1]",
        ..RULE
    },
    Rule {
        id: "own-dovecot-log",
        says: &[&["(auth failed,", "attempts"]],
        causes: &[C::BadCredentials, C::AppPasswordRequired],
        advice: REFUSED,
        source: "https://doc.dovecot.org/main/core/admin/logging.html",
        example: "imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 2 secs): user=<user@example.com>, method=PLAIN",
        ..RULE
    },
    Rule {
        id: "own-no-words",
        says: &[&["last request failed"]],
        causes: &[C::Unexplained, C::BasicDisabled, C::BadCredentials],
        advice: Advice {
            means: "The client reports that its last request failed and keeps the server's words to itself.",
            remedy: "Raise the client's log level until it shows the server's line, and explain that line.",
            next: "The line that begins with -ERR, NO or a number is the server's.",
        },
        source: "https://github.com/laminas/laminas-mail",
        example: "An error occured trying to connect to collector. last request failed",
        ..RULE
    },
    Rule {
        id: "own-credentials-or-permission",
        says: &[
            &["資格情報が正しいこと"],
            &["verify that the credentials", "mailbox"],
            &["credentials specified in the mailbox"],
        ],
        causes: &[C::BadCredentials, C::NoMailboxPermission, C::BasicDisabled, C::MfaRequired],
        advice: EITHER,
        source: "https://learn.microsoft.com/en-us/power-platform/admin/troubleshooting-monitoring-server-side-synchronization",
        example: "Verify that the credentials specified in the mailbox are correct and have sufficient permissions for receiving email.",
        ..RULE
    },
    Rule {
        id: "own-login-refused",
        after: After(4095 - 2 - 4 - 64 - 128),
        says: &[
            &["passwor", "incorrect"],
            &["incorrect", "password"],
            &["wrong username or password"],
            &["wrong user name or password"],
            &["invalid username or password"],
            &["authorization failure on"],
            &["imap errorauthentication failed"],
            &["authfail"],
            &["denied authentication"],
            &["パスワードが正しくありません"],
            &["パスワードが間違って"],
            &["パスワードが違"],
            &["認証に失敗"],
            &["認証エラー"],
            &["ログインに失敗"],
            &["ログインできません"],
            &["anmeldung", "fehlgeschlagen"],
            &["authentifizierung", "fehlgeschlagen"],
            &["kennwort", "falsch"],
            &["passwort", "falsch"],
            &["password", "non è corrett"],
            &["senha", "incorret"],
            &["密码不正确"],
            &["密码", "错误"],
            &["パスワードが間違"],
            &["암호", "올바르지"],
            &["비밀번호", "올바르지"],
            &["비밀번호", "잘못"],
            &["login to server", "failed"],
            &["échec", "authentification"],
            &["échec", "connexion", "identifi"],
            &["mot de passe", "incorrect"],
            &["error de autenticación"],
            &["autenticación", "fall"],
            &["contraseña", "incorrecta"],
            &["falha", "autentica"],
            &["senha", "incorreta"],
            &["autenticazione", "non riuscita"],
            &["password errata"],
            &["verificatie", "mislukt"],
            &["wachtwoord", "onjuist"],
            &["ошибка", "аутентификации"],
            &["неверн", "пароль"],
            &["认证失败"],
            &["登录失败"],
            &["身份验证失败"],
            &["验证失败"],
            &["密码错误"],
            &["驗證失敗"],
            &["登入失敗"],
            &["인증", "실패"],
            &["로그인", "실패"],
        ],
        unless: &["certificate", "証明書", "token", "トークン", "expired", "locked", "ssl"],
        causes: &[C::BadCredentials, C::AppPasswordRequired],
        advice: REFUSED,
        source: "https://support.mozilla.org/kb/cannot-send-messages",
        example: "サーバー imap.example.com へのログインに失敗しました",
        ..RULE
    },
];
