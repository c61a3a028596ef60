//! Mail programs and business applications with sentences of their own: Thunderbird, Dynamics 365; and "could not authenticate" as programs of one's own print it, in several languages.

use super::ClientSaying as S;
use super::faults as f;

const TB_IMAP: &str =
    "https://searchfox.org/comm-central/source/mail/locales/en-US/chrome/messenger/imapMsgs.properties";
const TB_SEND: &str = "https://searchfox.org/comm-central/source/mail/locales/en-US/chrome/messenger/messengercompose/composeMsgs.properties";
const TB_SETUP: &str = "https://support.mozilla.org/en-US/kb/cannot-receive-messages";
const DYNAMICS: &str = "https://learn.microsoft.com/en-us/troubleshoot/power-platform/dataverse/email-exchange-synchronization/exception-when-using-server-side-sync";
const SUBMISSION: &str = "https://www.rfc-editor.org/rfc/rfc4954#section-6";

pub(super) const SAYINGS: &[S] = &[
    S::said(
        "client-geary-login",
        "Geary or elementary Mail",
        f::LOGIN,
        &[&["could not log in", "credentials"], &["imap verification failed"], &["smtp verification failed"]],
        "https://github.com/elementary/mail",
        "IMAP verification failed: Could not log in. Please verify your credentials.",
    ),
    S::said(
        "client-rainloop-login",
        "RainLoop or SnappyMail",
        f::LOGIN,
        &[&["\"errorcode\":102"], &["\"errorcode\": 102"]],
        "https://github.com/Mailu/Mailu/issues/129",
        "{\"Action\":\"Login\",\"Result\":false,\"ErrorCode\":102,\"ErrorMessage\":\"\"}",
    ),
    S::said(
        "client-rails-no-name",
        "Ruby",
        f::NO_PASSWORD,
        &[&["smtp-auth requested but missing"]],
        "https://github.com/rails/rails/issues/40262",
        "ArgumentError (SMTP-AUTH requested but missing user name)",
    ),
    S::said(
        "client-otrs-login",
        "OTRS or Znuny",
        f::LOGIN,
        &[&["auth for user", "failed!"]],
        "https://github.com/znuny/Znuny/blob/dev/Kernel/System/MailAccount/IMAP.pm",
        "Message: IMAPS: Auth for user user@example.org/imap.example.org failed!",
    ),
    S::said(
        "client-activesync-version",
        "ActiveSync client",
        f::OLD_VERSION,
        &[
            &["does not support activesync v"],
            &["doesn't support activesync v"],
            &["no activesync version in common"],
            &["activesync version", "not supported"],
            &["unsupported activesync version"],
            &["eas version", "not supported"],
        ],
        "https://github.com/jobisoft/TbSync/issues/778",
        "Server does not support ActiveSync v2.5 or v14.0 (only 16.1). TbSync will not work with this ActiveSync server.",
    ),
    S::said(
        "client-thunderbird-mechanism",
        "Thunderbird",
        f::MECHANISM,
        &[
            &["does not support the selected authentication method"],
            &["doesn't seem to support encrypted passwords"],
            &["does not seem to support encrypted passwords"],
            &["サーバーは選択した認証方式をサポートしていません"],
            &["サーバー", "選択された認証方式をサポートしていません"],
            &["unterstützt die gewählte authentifizierungsmethode nicht"],
            &["ne prend pas en charge la méthode d'authentification sélectionnée"],
            &["no admite el método de identificación seleccionado"],
            &["não suporta o método de autenticação selecionado"],
        ],
        TB_IMAP,
        "The IMAP Server imap.example.com does not support the selected authentication method. Please change the 'Authentication method' in the 'Account Settings | Server Settings'.",
    ),
    S::said(
        "client-thunderbird-no-starttls",
        "Thunderbird",
        f::NO_STARTTLS,
        &[
            &["unable to establish a secure link", "starttls since it doesn't advertise that feature"],
            &["da er diese funktion nicht anbietet", "starttls"],
            &["starttls", "提供していないため"],
        ],
        TB_SEND,
        "Unable to establish a secure link with Outgoing server (SMTP) smtp.example.com using STARTTLS since it doesn't advertise that feature.",
    ),
    S::said(
        "client-thunderbird-refused",
        "Thunderbird",
        f::REFUSED,
        &[
            &["could not connect to", "the connection was refused"],
            &["verbindung", "wurde verweigert"],
            &["la connexion a été refusée"],
            &["la conexión fue rechazada"],
            &["への接続が拒否されました"],
        ],
        TB_IMAP,
        "Could not connect to mail server imap.example.com; the connection was refused.",
    ),
    S::said(
        "client-thunderbird-timeout",
        "Thunderbird",
        f::TIMEOUT,
        &[
            &["connection to server", "timed out"],
            &["connection to outgoing server (smtp)", "timed out"],
            &["への接続がタイムアウトしました"],
            &["zeitüberschreitung bei der verbindung"],
            &["zeitüberschreitung der verbindung"],
            &["le délai d'attente de la connexion", "est dépassé"],
        ],
        TB_IMAP,
        "Connection to server imap.example.com timed out.",
    ),
    S::said(
        "client-thunderbird-send-login",
        "Thunderbird",
        f::LOGIN,
        &[
            &["unable to authenticate to outgoing server (smtp)"],
            &["authentifizierung beim postausgangs-server", "nicht möglich"],
            &["送信 (smtp) サーバー", "認証", "失敗"],
        ],
        TB_SEND,
        "An error occurred while sending mail: Unable to authenticate to Outgoing server (SMTP) smtp.example.com. Please check the password and verify the 'Authentication method' in 'Account Settings | Outgoing server (SMTP)'.",
    )
    .headline(),
    S::said(
        "client-thunderbird-login",
        "Thunderbird",
        f::LOGIN,
        &[
            &["login to server", "failed"],
            &["unable to log in at server. probably wrong configuration"],
            &["へのログインに失敗しました"],
            &["anmeldung auf dem server", "fehlgeschlagen"],
            &["anmelden auf dem server", "fehlgeschlagen"],
            &["échec de la connexion au serveur", "avec le nom d'utilisateur"],
            &["falló el inicio de sesión en el servidor"],
        ],
        TB_SETUP,
        "Login to server imap.example.com with username user@example.com failed.",
    )
    .headline(),
    S::said(
        "client-thunderbird-send-connect",
        "Thunderbird",
        f::CONNECT,
        &[
            &["the message could not be sent because the connection to outgoing server (smtp)", "failed"],
            &["the message could not be sent because connecting to outgoing server (smtp)", "failed"],
            &["送信 (smtp) サーバー", "接続できなかった"],
            &["送信 (smtp) サーバー", "への接続に失敗"],
            &["da die verbindung mit dem postausgangs-server", "fehlgeschlagen"],
            &["verbindung mit dem postausgangs-server", "nicht möglich"],
        ],
        TB_SEND,
        "The message could not be sent because the connection to Outgoing server (SMTP) smtp.example.com failed.",
    )
    .headline(),
    S::said(
        "client-dynamics-credentials",
        "Dynamics 365",
        f::STORED_CREDENTIALS,
        &[
            &["make sure that the credentials specified in the mailbox are correct"],
            &["verify that the credentials", "mailbox"],
            &["credentials specified in the mailbox"],
            &["資格情報が正しいこと"],
            &["stellen sie sicher, dass die im postfach angegebenen anmeldeinformationen"],
            &["assurez-vous que les informations d'identification spécifiées dans la boîte aux lettres"],
        ],
        DYNAMICS,
        "Email cannot be received for the mailbox <Support>. Make sure that the credentials specified in the mailbox are correct and have sufficient permissions for receiving email.",
    ),
    S::said(
        "client-own-words-login",
        "mail program",
        f::LOGIN,
        &[
            &["smtp認証に失敗"],
            &["smtp 認証に失敗"],
            &["imap認証に失敗"],
            &["メールサーバーへの認証に失敗"],
            &["smtp authentication failed"],
            &["smtp-authentifizierung fehlgeschlagen"],
            &["échec de l'authentification smtp"],
            &["la autenticación smtp falló"],
            &["error de autenticación smtp"],
            &["falha na autenticação smtp"],
            &["smtp 身份验证失败"],
            &["smtp认证失败"],
            &["smtp 인증 실패"],
        ],
        SUBMISSION,
        "❌ メール送信エラー: SMTP認証に失敗しました。",
    )
    .headline(),
];
