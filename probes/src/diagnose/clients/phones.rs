//! Phones and tablets: dialogs of Mail on iOS and iPadOS, and of mail apps on Android. Errors of Apple's URL loading.

use super::ClientSaying as S;
use super::faults as f;

const IOS_IDENTITY: &str = "https://errorfixerhub.com/fix/fix-cannot-verify-server-identity-ios-mail";
const IOS_PASSWORD: &str = "https://eatsip365.com/how-to-fix-an-iphone-email-password-issue";
const IOS_CONNECT: &str = "https://thetoolstrunk.com/?p=46291";
const APPLE_URL: &str = "https://developer.apple.com/documentation/foundation/urlerror/code";
const FAIREMAIL: &str = "https://github.com/M66B/FairEmail/blob/master/FAQ.md#faq22";
/// What stands beside one of Apple's numbers.
const URL_WORDS: &[&str] = &["nsurlerror", "cfnetwork", "urlerror", "nserror", "error domain"];

pub(super) const SAYINGS: &[S] = &[
    S::said(
        "client-ios-identity",
        "Mail on iPhone, iPad or Mac",
        f::CERTIFICATE,
        &[
            &["cannot verify server identity"],
            &["can't verify server identity"],
            &["the identity of", "cannot be verified"],
            &["サーバの識別情報を検証できません"],
            &["serveridentität kann nicht überprüft werden"],
            &["serveridentität nicht überprüfbar"],
            &["impossible de vérifier l'identité du serveur"],
            &["no se puede verificar la identidad del servidor"],
            &["não é possível verificar a identidade do servidor"],
            &["impossibile verificare l'identità del server"],
        ],
        IOS_IDENTITY,
        "Cannot Verify Server Identity. The identity of \"mail.example.com\" cannot be verified by Mail.",
    ),
    S::said(
        "client-ios-tls",
        "Mail on iPhone, iPad or Mac",
        f::HANDSHAKE,
        &[&["cannot connect using ssl"], &["sslを使用して接続できません"], &["verbindung über ssl nicht möglich"], &["connexion via ssl impossible"], &["no se puede conectar usando ssl"], &["não é possível conectar usando ssl"]],
        IOS_IDENTITY,
        "Cannot Connect Using SSL. Do you want to try setting up the account without SSL?",
    ),
    S::said(
        "client-ios-relay",
        "Mail on iPhone, iPad or Mac",
        f::RECIPIENT_REFUSED,
        &[&["was rejected by the server because it does not allow relaying"]],
        "https://clairvoyagency.com/category/resources/",
        "Cannot Send Mail. A copy has been placed in your Outbox. The recipient \"user@example.com\" was rejected by the server because it does not allow relaying.",
    ),
    S::said(
        "client-mailcore-login",
        "MailCore",
        f::EITHER,
        &[
            &["unable to authenticate with the current session"],
            &["mcoerrordomain code=5"],
            &["access to the resource has not been authorized"],
        ],
        "https://github.com/MailCore/mailcore2",
        "Unable to authenticate with the current session's credentials.",
    ),
    S::said(
        "client-ios-password",
        "Mail on iPhone, iPad or Mac",
        f::LOGIN,
        &[
            &["the user name or password for", "is incorrect"],
            &["username or password for", "incorrect"],
            &["ユーザ名またはパスワードが正しくありません"],
            &["パスワードが正しくありません。", "アカウント"],
            &["der benutzername oder das passwort für", "ist falsch"],
            &["benutzername oder passwort", "falsch"],
            &["le nom d'utilisateur ou le mot de passe", "incorrect"],
            &["el nombre de usuario o la contraseña", "incorrect"],
            &["o nome de usuário ou a senha", "incorret"],
        ],
        IOS_PASSWORD,
        "Cannot Get Mail. The user name or password for \"imap.example.com\" is incorrect.",
    ),
    S::said(
        "client-ios-no-answer",
        "Mail on iPhone, iPad or Mac",
        f::TIMEOUT,
        &[
            &["the mail server", "is not responding"],
            &["メールサーバ", "が応答していません"],
            &["der mail-server", "antwortet nicht"],
            &["le serveur de messagerie", "ne répond pas"],
            &["el servidor de correo", "no responde"],
            &["o servidor de e-mail", "não está respondendo"],
        ],
        IOS_CONNECT,
        "The mail server \"imap.example.com\" is not responding. Verify that you have entered the correct account info in Mail settings.",
    ),
    S::said(
        "client-ios-connect",
        "Mail on iPhone, iPad or Mac",
        f::CONNECT,
        &[
            &["the connection to the server failed"],
            &["connection to the server failed"],
            &["サーバへの接続に失敗しました"],
            &["サーバに接続できませんでした"],
            &["die verbindung zum server ist fehlgeschlagen"],
            &["verbindung zum server fehlgeschlagen"],
            &["la connexion au serveur a échoué"],
            &["error al conectar con el servidor"],
            &["la conexión con el servidor ha fallado"],
            &["a conexão com o servidor falhou"],
            &["falha na conexão com o servidor"],
        ],
        IOS_CONNECT,
        "Cannot Get Mail. The connection to the server failed.",
    ),
    S::coded(
        "client-apple-url-certificate",
        "iPhone, iPad or Mac",
        f::CERTIFICATE,
        &["-1202", "-1201", "-1203", "-1204"],
        APPLE_URL,
        "Error Domain=NSURLErrorDomain Code=-1202 \"The certificate for this server is invalid.\"",
    )
    .beside(URL_WORDS),
    S::coded(
        "client-apple-url-tls",
        "iPhone, iPad or Mac",
        f::HANDSHAKE,
        &["-1200"],
        APPLE_URL,
        "Error Domain=NSURLErrorDomain Code=-1200 \"An SSL error has occurred and a secure connection to the server cannot be made.\"",
    )
    .beside(URL_WORDS),
    S::coded(
        "client-apple-url-name",
        "iPhone, iPad or Mac",
        f::NAME,
        &["-1003", "-1006"],
        APPLE_URL,
        "NSURLErrorDomain Code=-1003 \"A server with the specified hostname could not be found.\"",
    )
    .beside(URL_WORDS),
    S::coded(
        "client-apple-url-connect",
        "iPhone, iPad or Mac",
        f::CONNECT,
        &["-1004", "-1009"],
        APPLE_URL,
        "NSURLErrorDomain Code=-1004 \"Could not connect to the server.\"",
    )
    .beside(URL_WORDS),
    S::coded(
        "client-apple-url-timeout",
        "iPhone, iPad or Mac",
        f::TIMEOUT,
        &["-1001"],
        APPLE_URL,
        "NSURLErrorDomain Code=-1001 \"The request timed out.\"",
    )
    .beside(URL_WORDS),
    S::coded(
        "client-apple-url-dropped",
        "iPhone, iPad or Mac",
        f::DROPPED,
        &["-1005"],
        APPLE_URL,
        "NSURLErrorDomain Code=-1005 \"The network connection was lost.\"",
    )
    .beside(URL_WORDS),
    S::said(
        "client-android-certificate",
        "mail app on Android",
        f::CERTIFICATE,
        &[&["can't safely connect to server"], &["cannot safely connect to server"], &["サーバーに安全に接続できません"], &["keine sichere verbindung zum server"]],
        FAIREMAIL,
        "Cannot safely connect to server.",
    ),
    S::said(
        "client-android-connect",
        "mail app on Android",
        f::CONNECT,
        &[
            &["couldn't open connection to server"],
            &["could not open connection to server"],
            &["unable to open connection to server"],
            &["サーバーに接続できませんでした"],
            &["verbindung zum server konnte nicht hergestellt werden"],
        ],
        FAIREMAIL,
        "Couldn't open connection to server.",
    ),
];
