//! Notes of the shipped device profiles.

pub(super) const ROWS: &[(&str, &str)] = &[
    (
        "The menu OAuth 2.0 (Microsoft) needs the latest firmware; the list of models is not public.",
        "メニュー「OAuth 2.0 (Microsoft)」には最新のファームウェアが必要です。対応機種の一覧は公開されていません。",
    ),
    (
        "Its root certificates are too old for current authorities, and no firmware changes that.",
        "ルート証明書が古く、現在の認証局に対応していません。更新できるファームウェアもありません。",
    ),
    (
        "Firmware for each product; fax and notifications share the credential.",
        "ファームウェアは製品ごとに異なります。ファクスと通知は同じ資格情報を使います。",
    ),
    ("The vendor lists the product groups.", "対応する製品群はメーカーが公開しています。"),
    (
        "The vendor says that no OAuth firmware will come.",
        "OAuth 対応のファームウェアは提供しないと、メーカーが公表しています。",
    ),
    (
        "Client credentials only on the models that the vendor names.",
        "クライアント資格情報は、メーカーが挙げる機種でだけ使えます。",
    ),
    (
        "Built in or after a firmware update, by model.",
        "機種により、標準対応またはファームウェア更新後の対応です。",
    ),
    (
        "SMTP and each POP use need tokens of their own.",
        "SMTP と POP の用途ごとに、それぞれトークンが必要です。",
    ),
    (
        "On the standard network interface only; SMTP AUTH must be on and security defaults off.",
        "標準のネットワークインターフェイスだけで動作します。SMTP AUTH が有効で、セキュリティの既定値群が無効である必要があります。",
    ),
    ("The code is valid for 15 minutes.", "コードの有効期間は 15 分です。"),
    (
        "Error 1102 on the panel is a refused SMTP login. A helper, Exchange Online Connector, exists for supported devices.",
        "操作パネルのエラー 1102 は、SMTP ログインの拒否を示します。対応機種には、補助アプリケーション Exchange Online Connector があります。",
    ),
    (
        "Whether the firmware at hand knows OAuth is in its web page under Scan to email.",
        "現在のファームウェアが OAuth に対応しているかどうかは、機器の Web ページの「スキャンして電子メールに送信」で確認できます。",
    ),
    (
        "A class of devices: what the opt-in host for old TLS is for. Those for POP and IMAP have been going off since 2026-07-01 and are gone by the end of 2026.",
        "古い TLS のためのオプトイン用ホストが想定している機器の総称です。POP と IMAP のホストは 2026-07-01 から順次停止され、2026 年末までになくなります。",
    ),
    (
        "Its own sign-in for Gmail and Outlook is another way.",
        "Gmail と Outlook には、専用のサインインという別の方法があります。",
    ),
    ("TLS 1.1 and 1.2 came with OpenSSL 1.0.1.", "TLS 1.1 と 1.2 には OpenSSL 1.0.1 から対応しています。"),
    (
        "An account set up before keeps Basic: remove it and add it again.",
        "以前に設定したアカウントは Basic のままです。削除してから追加し直してください。",
    ),
    (
        "No modern authentication for Exchange accounts either.",
        "Exchange アカウントでも先進認証に対応していません。",
    ),
    (
        "There is no plan for OAuth on its POP and IMAP accounts; an Exchange account is the way.",
        "POP と IMAP のアカウントで OAuth に対応する予定はありません。Exchange アカウントを使ってください。",
    ),
    (
        "Which builds still need EWS in 2027 is not on record.",
        "2027 年にも EWS を必要とするビルドがどれかは、記録がありません。",
    ),
    (
        "Its Graph mode (davmail.mode=O365Graph) does not need EWS. With device codes it needs davmail.enableOidc=true, and security defaults refuse device codes.",
        "Graph モード (davmail.mode=O365Graph) では EWS を必要としません。デバイスコードには davmail.enableOidc=true が必要で、セキュリティの既定値群はデバイスコードを拒否します。",
    ),
    (
        "It says \"Logging in is disabled on this server\" where Exchange Online offers XOAUTH2 beside LOGINDISABLED. A fix is proposed and not released (read 2026-11-30).",
        "Exchange Online が LOGINDISABLED とともに XOAUTH2 を提示していても、「Logging in is disabled on this server」と表示します。修正は提案されていますが、リリースされていません (2026-11-30 確認)。",
    ),
    (
        "Cyrus SASL takes the strongest that is offered; smtp_sasl_mechanism_filter narrows it.",
        "Cyrus SASL は、提示された中で最も強い認証方式を選びます。smtp_sasl_mechanism_filter で絞り込めます。",
    ),
    (
        "Whichever client authenticators its configuration has.",
        "設定にあるクライアント認証のいずれかを使います。",
    ),
    (
        "OAuth mechanisms are used where they are configured.",
        "OAuth の認証方式は、設定されている場合に使われます。",
    ),
    ("Lets clients pass that know passwords only.", "パスワードだけに対応したクライアントを中継します。"),
    (
        "login() alone; a program can bring XOAUTH2 through auth().",
        "login() だけの場合です。プログラムは auth() で XOAUTH2 を使えます。",
    ),
    (
        "A program can bring XOAUTH2 through authenticate().",
        "プログラムは authenticate() で XOAUTH2 を使えます。",
    ),
    ("Needs PHP's OpenSSL for the TLS versions.", "対応する TLS のバージョンは PHP の OpenSSL によります。"),
    ("Some plugins bring OAuth or an API.", "OAuth または API に対応するプラグインがあります。"),
    (
        "XOAUTH2 is there and must be named in mail.smtp.auth.mechanisms.",
        "XOAUTH2 に対応していますが、mail.smtp.auth.mechanisms での指定が必要です。",
    ),
    (
        "Clients of Java 7 offer TLS 1.0 unless told otherwise.",
        "Java 7 のクライアントは、指定がなければ TLS 1.0 を提示します。",
    ),
    (
        "No OAuth and no implicit TLS; its makers point to MailKit.",
        "OAuth と暗黙的 TLS に対応していません。開発元は MailKit を勧めています。",
    ),
    (
        "Before .NET Framework 4.6 TLS 1.0 is the newest version by default.",
        ".NET Framework 4.6 より前の既定では、TLS 1.0 が最新のバージョンです。",
    ),
    (
        "OAuth mechanisms are used where the program names them.",
        "OAuth の認証方式は、プログラムが指定した場合に使われます。",
    ),
    (
        "Frozen. It knows no LOGIN, which Exchange Online offers in place of PLAIN.",
        "開発は凍結されています。Exchange Online が PLAIN の代わりに提示する LOGIN に対応していません。",
    ),
    (
        "Its app ids must be in EwsAllowedAppIDs (KB4820).",
        "アプリ ID が EwsAllowedAppIDs に登録されている必要があります (KB4820)。",
    ),
    ("Business Central has modern authentication.", "Business Central は先進認証に対応しています。"),
    ("Depends on the release.", "リリースによって異なります。"),
    (
        "Its client id must be on the list of allowed apps.",
        "クライアント ID が許可アプリの一覧に登録されている必要があります。",
    ),
    ("Newer releases know OAuth.", "新しいリリースは OAuth に対応しています。"),
];
