//! Titles and reasons of the shipped policies.

pub(super) const ROWS: &[(&str, &str)] = &[
    (
        "Basic authentication for IMAP and POP was switched off from October 2022 on and cannot be switched on again.",
        "IMAP と POP の Basic 認証は 2022 年 10 月から順次無効化され、再び有効にすることはできません。",
    ),
    (
        "Since 2026 the service itself shows LOGINDISABLED and no password mechanism; clients that look need not try.",
        "2026 年以降、サービス自体が LOGINDISABLED を示し、パスワードの認証方式を提示しません。提示を見るクライアントは試す必要がありません。",
    ),
    (
        "Basic authentication for EWS and ActiveSync was switched off with that for IMAP and POP.",
        "EWS と ActiveSync の Basic 認証は、IMAP と POP と同時に無効化されました。",
    ),
    ("OAuth is the only way into IMAP and POP.", "IMAP と POP に接続できるのは OAuth だけです。"),
    ("OAuth is what remains for client submission.", "クライアントからの送信に残るのは OAuth です。"),
    (
        "At the end of December 2026 SMTP AUTH with a password is switched off by default for existing tenants, unless an administrator switches it on again; new tenants have it off. The final date is to be announced in the second half of 2027. Dates have moved before.",
        "2026 年 12 月末に、既存のテナントでパスワードによる SMTP AUTH が既定で無効になります。管理者が再び有効にした場合を除きます。新しいテナントでは無効です。最終期日は 2027 年後半に発表される予定です。期日は過去にも変更されました。",
    ),
    (
        "Clients older than ActiveSync 16.1 cannot connect since 2026-03-01; whether older versions are still listed is not on record. (MC1197103)",
        "2026-03-01 以降、ActiveSync 16.1 より古いクライアントは接続できません。古いバージョンがまだ一覧に示されるかどうかは記録がありません。(MC1197103)",
    ),
    (
        "TLS 1.0 and 1.1 are not supported. The opt-in hosts for POP and IMAP have been going off since 2026-07-01 and are gone by the end of 2026. (MC1293480)",
        "TLS 1.0 と 1.1 はサポートされません。POP と IMAP のオプトイン用ホストは 2026-07-01 から順次停止され、2026 年末までになくなります。(MC1293480)",
    ),
    (
        "Since October 2026 tenants go to EWSEnabled = False one by one, and True allows only the app ids in EwsAllowedAppIDs. Users with F or Kiosk licences have been refused since the end of June 2026. Add the app id with Set-OrganizationConfig -EwsAllowedAppIDs, and move the app to Microsoft Graph.",
        "2026 年 10 月以降、テナントは順次 EWSEnabled = False になり、True の場合は EwsAllowedAppIDs にあるアプリ ID だけが許可されます。F ライセンスと Kiosk ライセンスの利用者は 2026 年 6 月末から拒否されています。Set-OrganizationConfig -EwsAllowedAppIDs でアプリ ID を追加し、アプリを Microsoft Graph に移行してください。",
    ),
    (
        "EWS in Exchange Online ends for everyone, tokens included: move to Microsoft Graph.",
        "Exchange Online の EWS は、トークンを含めてすべての利用者に対して終了します。Microsoft Graph に移行してください。",
    ),
    ("Basic authentication for ActiveSync is off.", "ActiveSync の Basic 認証は無効です。"),
    (
        "The end state: client submission takes no password at all (550 5.7.30). Microsoft is to announce its date in the second half of 2027.",
        "最終状態では、クライアントからの送信でパスワードが一切受け付けられません (550 5.7.30)。期日は 2027 年後半に Microsoft が発表する予定です。",
    ),
    (
        "What takes no password should offer none.",
        "パスワードを受け付けないものは、提示もすべきではありません。",
    ),
    (
        "EWS in Exchange Online has ended, tokens included.",
        "Exchange Online の EWS は、トークンを含めて終了しました。",
    ),
    ("EWS in Exchange Online has ended.", "Exchange Online の EWS は終了しました。"),
    ("OAuth is what Google asks clients to use.", "Google はクライアントに OAuth の使用を求めています。"),
    (
        "Password-only clients (less secure apps) ended. An app password is still accepted: check with the account's own password, or except the mailboxes that keep one.",
        "パスワードだけのクライアント (安全性の低いアプリ) は終了しました。アプリパスワードは引き続き受け付けられます。アカウント自身のパスワードで確認するか、アプリパスワードを使い続けるメールボックスを除外してください。",
    ),
    (
        "Google offers both; a client may use either.",
        "Google は両方を提示しています。クライアントはどちらも使えます。",
    ),
    ("RFC 8996 forbids TLS 1.0 and 1.1.", "RFC 8996 は TLS 1.0 と 1.1 を禁じています。"),
    ("Somebody must still get in.", "少なくとも 1 つの方法で接続できる必要があります。"),
    (
        "A password that can be guessed or replayed opens nothing.",
        "推測や再送が可能なパスワードでは、何も開けないようにします。",
    ),
    (
        "Clients that see an offer go on trying, and attackers too.",
        "提示があれば、クライアントも攻撃者も試行を続けます。",
    ),
    (
        "The mailbox opens by at least one method that is not deprecated.",
        "非推奨ではない認証方式の少なくとも 1 つで、メールボックスが開きます。",
    ),
    (
        "HTTP services take OAuth (hybrid modern authentication), Kerberos, or Basic inside TLS.",
        "HTTP のサービスは、OAuth (ハイブリッド先進認証)、Kerberos、または TLS の中の Basic を受け付けます。",
    ),
    ("NTLM is deprecated; it can be relayed.", "NTLM は非推奨です。中継攻撃が可能です。"),
    (
        "DIGEST-MD5 is historic, and both need the password stored in a form that can be read.",
        "DIGEST-MD5 は歴史的な方式であり、どちらも、読み取れる形でパスワードを保存する必要があります。",
    ),
    (
        "RFC 8996 forbids TLS 1.0 and 1.1. Ask with --tls-versions.",
        "RFC 8996 は TLS 1.0 と 1.1 を禁じています。--tls-versions を付けて確認してください。",
    ),
    (
        "High Volume Email takes passwords until September 2028; the day is not announced. Move the application to OAuth (Add-HVEAppAccess).",
        "High Volume Email は 2028 年 9 月までパスワードを受け付けます。日付は発表されていません。アプリケーションを OAuth に移行してください (Add-HVEAppAccess)。",
    ),
    (
        "Basic authentication ended for personal mailboxes on 2024-09-16.",
        "個人用メールボックスの Basic 認証は 2024-09-16 に終了しました。",
    ),
    (
        "SMTP AUTH is refused for personal mailboxes even with a valid token (SmtpClientAuthentication is disabled for the Mailbox): send with Microsoft Graph (sendMail). Reported since April 2026; older mailboxes may not be affected yet.",
        "個人用メールボックスでは、有効なトークンでも SMTP AUTH が拒否されます (SmtpClientAuthentication is disabled for the Mailbox)。Microsoft Graph (sendMail) で送信してください。2026 年 4 月から報告されています。古いメールボックスにはまだ影響がない可能性があります。",
    ),
];
