//! Pastes: what clients say by themselves, Graph's errors, and the order of a dialog.

pub(super) const ROWS: &[(&str, &str)] = &[
    (
        "The client found no login mechanism in common with the server, and presented nothing.",
        "クライアントとサーバーに共通の認証方式がなく、資格情報は送られていません。",
    ),
    (
        "Compare the mechanisms that the server advertises inside TLS with those that the client is configured or built for (for Cyrus SASL: its modules).",
        "サーバーが TLS 接続で提示する認証方式と、クライアントの設定やビルドで使える認証方式 (Cyrus SASL の場合はそのモジュール) を比べてください。",
    ),
    (
        "Ask for the capabilities before and after TLS: a mechanism that appears only after TLS needs the client's TLS switched on.",
        "TLS 開始前と開始後の機能一覧を取得してください。TLS 開始後にだけ現れる認証方式を使うには、クライアントの TLS を有効にする必要があります。",
    ),
    (
        "The client reports that the login was refused, without the server's words. It does not say whether a password or a token was presented.",
        "クライアントはログインが拒否されたと表示していますが、サーバーの応答は示していません。パスワードとトークンのどちらを送ったかも分かりません。",
    ),
    (
        "Find the server's line in the client's log. Check whether the client is configured for OAuth or for a password, and whether the server still takes passwords.",
        "クライアントのログでサーバーの応答の行を探してください。クライアントが OAuth とパスワードのどちらに設定されているか、サーバーが今もパスワードを受け付けるかを確認してください。",
    ),
    (
        "The sign-in log of the account has an entry for a wrong password or a rule, and none where passwords are switched off.",
        "パスワードの誤りやルールによる拒否はアカウントのサインインログに記録され、パスワードが無効な場合は記録が残りません。",
    ),
    (
        "The client reports a refused login in its own words; the server's reason is not in this text.",
        "クライアント自身の文面でログインの拒否が示されています。サーバーの示した理由はこの文面にありません。",
    ),
    (
        "Check the login name and the password once; where the provider has two-step sign-in, use an app password or OAuth. Find the server's line in the client's log before you repeat the login.",
        "ユーザー名とパスワードを一度だけ確認してください。プロバイダーが 2 段階認証を使う場合は、アプリパスワードまたは OAuth を使ってください。ログインを繰り返す前に、クライアントのログでサーバーの応答の行を探してください。",
    ),
    (
        "Exchange sent this message in place of the mailbox: the login works, and the device waits for an administrator or is blocked by a rule.",
        "Exchange はメールボックスの代わりにこのメッセージを送りました。ログインには成功していますが、デバイスは管理者の許可を待っているか、規則でブロックされています。",
    ),
    (
        "Have an administrator allow the device (Exchange admin center, Mobile device access; or Set-CASMailbox -ActiveSyncAllowedDeviceIDs).",
        "デバイスの許可を管理者に依頼してください (Exchange 管理センターのモバイル デバイス アクセス、または Set-CASMailbox -ActiveSyncAllowedDeviceIDs)。",
    ),
    (
        "Cyrus SASL gave up in the middle of the exchange. With XOAUTH2 that is what it says when the server answers the token with an error report.",
        "Cyrus SASL が認証のやり取りの途中で中断しました。XOAUTH2 では、サーバーがトークンにエラー報告で応答したときにこう表示されます。",
    ),
    (
        "Have the SASL plug-in log its exchange: the error report names the reason. Check the token's scope, expiry and user.",
        "SASL プラグインにやり取りを記録させてください。エラー報告に理由が書かれています。トークンのスコープ、有効期限、ユーザーを確認してください。",
    ),
    (
        "Decode the 334 challenge in the plug-in's trace.",
        "プラグインの記録にある 334 チャレンジをデコードしてください。",
    ),
    (
        "The server refused the sender because no login went before, or because the account may not use this address.",
        "事前にログインしていないか、アカウントがこのメールアドレスを使えないため、サーバーが差出人を拒否しました。",
    ),
    (
        "Switch on the login for the outgoing server in the client, and send with the account's own address.",
        "クライアントで送信サーバーの認証を有効にし、アカウント自身のメールアドレスで送信してください。",
    ),
    (
        "The server's words behind the client's tell a missing login from a refused sender.",
        "クライアントの文面に続くサーバーの応答で、未ログインと差出人の拒否を区別できます。",
    ),
    (
        "The Microsoft library cannot renew the token without the user: the grant has expired or was revoked, or a rule or a consent asks for a new sign-in.",
        "Microsoft のライブラリは、ユーザーの操作なしにトークンを更新できません。グラントが期限切れか取り消し済み、またはサインイン制限や同意のために新しいサインインが必要です。",
    ),
    (
        "Sign in again in the program. If it comes back at once, look for the AADSTS number in its log: it names the reason.",
        "プログラムでもう一度サインインしてください。すぐに再発する場合は、ログで AADSTS 番号を探してください。番号が理由を示します。",
    ),
    (
        "The sign-in log of the account has the AADSTS number at that time.",
        "アカウントのサインインログに、その時刻の AADSTS 番号があります。",
    ),
    (
        "The program's stored sign-in is no longer good: its refresh token has expired or was revoked.",
        "プログラムに保存されたサインインは無効です。リフレッシュトークンが期限切れか、取り消されています。",
    ),
    (
        "Delete the stored token in the program or on the device's panel, and sign in again.",
        "プログラムまたは機器の操作パネルで保存済みのトークンを削除し、もう一度サインインしてください。",
    ),
    (
        "The sign-in log of the account shows what ended the old sign-in: a changed password, a revoked session or a rule.",
        "アカウントのサインインログで、以前のサインインが終わった理由 (パスワードの変更、セッションの取り消し、サインイン制限) を確認できます。",
    ),
    (
        "The client waited for an NTLM challenge, and the server offered Basic alone.",
        "クライアントは NTLM チャレンジを待っていましたが、サーバーは Basic だけを提示しました。",
    ),
    (
        "Set the client to the scheme that the server offers in WWW-Authenticate, or switch Windows authentication on for the service.",
        "サーバーが WWW-Authenticate で提示する認証方式をクライアントに設定するか、サービスの Windows 認証を有効にしてください。",
    ),
    (
        "Ask without credentials: the WWW-Authenticate fields list the schemes.",
        "資格情報なしで要求してください。WWW-Authenticate フィールドに認証方式が並びます。",
    ),
    (
        "The relay did not send the message: it is larger than the server's limit, which the server announces before the message. The login is not in question.",
        "メッセージがサーバーの上限より大きいため、中継サーバーは送信しませんでした。上限はサーバーが事前に提示します。ログインの問題ではありません。",
    ),
    (
        "Send a smaller message, or have the limit raised. Attachments grow by a third on the way.",
        "メッセージを小さくするか、上限の引き上げを依頼してください。添付ファイルは送信時に約 3 分の 1 大きくなります。",
    ),
    (
        "The client reports that its last request failed and keeps the server's words to itself.",
        "クライアントは最後の要求が失敗したとだけ表示し、サーバーの応答を示していません。",
    ),
    (
        "Raise the client's log level until it shows the server's line, and explain that line.",
        "サーバーの応答の行が出るまでクライアントのログレベルを上げ、その行を説明させてください。",
    ),
    (
        "The line that begins with -ERR, NO or a number is the server's.",
        "-ERR、NO、または数字で始まる行がサーバーの応答です。",
    ),
    (
        "Graph finds no usable mailbox for this user: it is on-premises, soft-deleted or inactive, or the account has no licence for Exchange Online.",
        "Graph はこのユーザーの使えるメールボックスを見つけられません。オンプレミスにあるか、論理的に削除されているか、非アクティブであるか、Exchange Online のライセンスがありません。",
    ),
    (
        "Check the user's licence and where the mailbox is (Get-EXORecipient: RecipientTypeDetails); a mailbox on-premises is reached by its own server.",
        "ユーザーのライセンスとメールボックスの場所 (Get-EXORecipient の RecipientTypeDetails) を確認してください。オンプレミスのメールボックスには、そのサーバーから接続します。",
    ),
    (
        "Ask Graph for another user of the same tenant: if that works, this user's mailbox is the reason.",
        "同じテナントの別のユーザーを Graph に要求してください。成功する場合、原因はこのユーザーのメールボックスです。",
    ),
    (
        "An application access policy keeps this app from the mailbox.",
        "アプリケーションアクセスポリシーにより、このアプリはメールボックスにアクセスできません。",
    ),
    (
        "Add the mailbox to the app's scope: with RBAC for Applications a management scope, with an older policy its security group (Test-ApplicationAccessPolicy shows it).",
        "アプリの範囲にメールボックスを追加してください。RBAC for Applications では管理スコープ、以前のポリシーではセキュリティグループです (Test-ApplicationAccessPolicy で確認できます)。",
    ),
    (
        "Ask for a mailbox inside the scope with the same token.",
        "同じトークンで、範囲内のメールボックスを要求してください。",
    ),
    (
        "The token lacks the permission for this call, or the app or user has no right to this mailbox.",
        "トークンにこの呼び出しのアクセス許可がないか、アプリまたはユーザーにこのメールボックスのアクセス権がありません。",
    ),
    (
        "Compare the permission's kind with the way the token was got: an app without a user needs application permissions (Mail.Send, Mail.ReadWrite) with admin consent, delegated ones do nothing for it.",
        "アクセス許可の種類とトークンの取得方法を比べてください。ユーザーなしのアプリには、管理者の同意を得たアプリケーションの許可 (Mail.Send、Mail.ReadWrite) が必要です。委任されたアクセス許可は効きません。",
    ),
    (
        "Decode the token: scp lists delegated permissions, roles lists application permissions.",
        "トークンをデコードしてください。scp に委任されたアクセス許可、roles にアプリケーションの許可が並びます。",
    ),
    (
        "The server takes mail only from an address that has just read its mail by POP, or after an SMTP login.",
        "サーバーは、直前に POP で受信した IP アドレスから、または SMTP のログイン後にだけメールを受け付けます。",
    ),
    (
        "Switch on SMTP AUTH in the client, on port 587. Reading the mail by POP first works for some minutes only.",
        "クライアントでポート 587 の SMTP AUTH を有効にしてください。先に POP で受信する方法は数分間しか効きません。",
    ),
    ("Log in on port 587 and send again.", "ポート 587 でログインし、もう一度送信してください。"),
    (
        "The server could not read what the client presented as SASL data; it did not look at the token.",
        "サーバーはクライアントの送った SASL データを読み取れませんでした。トークンは確認していません。",
    ),
    (
        "Check the client's XOAUTH2 string: user, separators (octet 1), the word Bearer and the whole token in one line of base64.",
        "クライアントの XOAUTH2 文字列を確認してください。ユーザー、区切り (オクテット 1)、Bearer の語、トークン全体を 1 行の base64 にします。",
    ),
    ("Present the same token with another client.", "同じトークンを別のクライアントで送ってください。"),
    (
        "High Volume Email refuses the password: security defaults, an authentication policy or a sign-in rule of the organisation forbids it.",
        "High Volume Email がパスワードを拒否しています。組織のセキュリティの既定値群、認証ポリシー、またはサインイン制限によるものです。",
    ),
    (
        "Exempt the HVE account (its own authentication policy with AllowBasicAuthSmtp, no security defaults, an exclusion in Conditional Access), or use OAuth.",
        "HVE アカウントを対象から除外するか (AllowBasicAuthSmtp を設定した専用の認証ポリシー、セキュリティの既定値群の無効化、条件付きアクセスの除外)、OAuth を使ってください。",
    ),
    (
        "The sign-in log of the HVE account names the rule; without an entry it is a policy of Exchange.",
        "HVE アカウントのサインインログに、該当する制限が記録されています。エントリがない場合は Exchange のポリシーです。",
    ),
    (
        "The service did not take the credentials. The answer does not show whether a password or a token was presented.",
        "サービスは資格情報を受け付けませんでした。パスワードとトークンのどちらが送られたかは、応答から分かりません。",
    ),
    (
        "Find out which of them the program uses. For a password: check it once, and whether Basic is still offered. For a token: check its expiry, audience and permissions.",
        "プログラムがどちらを使うかを確認してください。パスワードの場合は一度だけ確認し、Basic が今も提示されているかを調べてください。トークンの場合は有効期限、audience、アクセス許可を確認してください。",
    ),
    (
        "Ask without credentials: the WWW-Authenticate fields of that answer say whether passwords are taken at all.",
        "資格情報なしで要求してください。その応答の WWW-Authenticate フィールドで、パスワードを受け付けるかどうかが分かります。",
    ),
    (
        "Autodiscover is there and got no request it can read: that is what it answers to a browser, after the login was accepted.",
        "Autodiscover は動作していますが、読み取れる要求が届いていません。ログインに成功したブラウザーにはこう応答します。",
    ),
    (
        "Opened in a browser this answer is good: the service works and took the login. From a program it means a malformed request.",
        "ブラウザーで開いた場合、この応答は正常です。サービスは動作し、ログインに成功しています。プログラムの場合は、要求の形式が正しくありません。",
    ),
    (
        "The program could not reach the token endpoint. The token is not in question: nobody has looked at it.",
        "プログラムがトークンエンドポイントに接続できませんでした。トークンは確認されておらず、トークンの問題ではありません。",
    ),
    (
        "Check name resolution, firewall and proxy from this machine to the token endpoint (login.microsoftonline.com, oauth2.googleapis.com), port 443.",
        "このコンピューターからトークンエンドポイント (login.microsoftonline.com、oauth2.googleapis.com) のポート 443 までの名前解決、ファイアウォール、プロキシを確認してください。",
    ),
    (
        "Open the token endpoint's address from the same machine: any answer over HTTPS shows that the way is free.",
        "同じコンピューターからトークンエンドポイントの URL を開いてください。HTTPS で何か応答があれば、経路に問題はありません。",
    ),
    (
        "DavMail encrypts its stored token with the password that the mail client sends. A client now sends another one, so the token cannot be read.",
        "DavMail は、保存するトークンをメールソフトの送るパスワードで暗号化します。別のパスワードが送られたため、トークンを読み取れません。",
    ),
    (
        "Enter the same password in every client and protocol that uses DavMail, or delete the stored token and sign in again.",
        "DavMail を使うすべてのメールソフトとプロトコルに同じパスワードを設定するか、保存済みのトークンを削除してもう一度サインインしてください。",
    ),
    (
        "The server went on with the exchange where the client's SASL library thought it was done. With XOAUTH2 that is the server's error report: the token was refused.",
        "クライアントの SASL ライブラリーが認証のやり取りを終えたと判断したところで、サーバーがやり取りを続けました。XOAUTH2 の場合、これはサーバーのエラー報告で、トークンは拒否されています。",
    ),
    (
        "Get a new token and check its scope, expiry and user. If the plug-in was built for another library than the client uses, rebuild it.",
        "新しいトークンを取得し、スコープ、有効期限、ユーザーを確認してください。プラグインがクライアントの使うものとは別のライブラリー向けにビルドされている場合は、ビルドし直してください。",
    ),
    (
        "Decode the base64 behind the + that the server sent: it names the status.",
        "サーバーが送った + の後の base64 をデコードしてください。状態がそこに示されています。",
    ),
    (
        "The client's SASL library and the plug-in for this mechanism do not fit: the plug-in asks for something that the library or the client does not give. Nothing was presented to the server.",
        "クライアントの SASL ライブラリーと、この認証方式のプラグインが適合していません。プラグインの求めるものをライブラリーまたはクライアントが渡していません。サーバーには何も送られていません。",
    ),
    (
        "Build client and plug-in against the same Cyrus SASL library (on macOS not the system's own), or use another plug-in for XOAUTH2.",
        "クライアントとプラグインを同じ Cyrus SASL ライブラリーでビルドしてください (macOS では OS 付属のものを使わないでください)。または XOAUTH2 用の別のプラグインを使ってください。",
    ),
    (
        "pluginviewer -c lists the mechanisms that the library has.",
        "pluginviewer -c で、ライブラリーの持つ認証方式の一覧を確認できます。",
    ),
    (
        "The client speaks only versions of ActiveSync that the server no longer takes. The login is not in question.",
        "クライアントの使える ActiveSync のバージョンを、サーバーはもう受け付けません。ログインの問題ではありません。",
    ),
    (
        "Use a client that speaks ActiveSync 16.1, or another protocol of the same mailbox.",
        "ActiveSync 16.1 を使えるクライアントか、同じメールボックスの別のプロトコルを使ってください。",
    ),
    (
        "OPTIONS on /Microsoft-Server-ActiveSync lists the versions in MS-ASProtocolVersions.",
        "/Microsoft-Server-ActiveSync への OPTIONS の応答の MS-ASProtocolVersions に、バージョンの一覧があります。",
    ),
    (
        "The account has a second factor, so its own password is not taken from programs.",
        "アカウントに 2 要素認証があるため、アカウント自身のパスワードはプログラムからは受け付けられません。",
    ),
    (
        "Create what this provider takes in its place (an API key or an app password) and present it as the password. The provider's page on sending says which.",
        "このプロバイダーが代わりに受け付けるもの (API キーまたはアプリパスワード) を作成し、パスワードとして使ってください。どちらかはプロバイダーの送信に関するページに書かれています。",
    ),
    (
        "The account's own password is not taken from programs here. The server did not look at it.",
        "ここではアカウント自身のパスワードはプログラムからは受け付けられません。サーバーはパスワードを調べていません。",
    ),
    (
        "Use what this provider takes in its place: OAuth, an app password or an API key. Its page on mail programs or on sending says which.",
        "このプロバイダーが代わりに受け付けるもの (OAuth、アプリパスワード、API キー) を使ってください。どれかはメールソフトまたは送信に関するページに書かれています。",
    ),
    (
        "The server takes app passwords (authorization codes), and this one is not right.",
        "サーバーはアプリパスワード (認証コード) を受け付けますが、送られたものは正しくありません。",
    ),
    (
        "Copy the app password again without spaces, or create a new one: changing the account's password often revokes them. Check the login name.",
        "アプリパスワードを空白なしでもう一度コピーするか、新しく作成してください。アカウントのパスワードを変更すると、多くの場合は無効になります。ユーザー名も確認してください。",
    ),
    (
        "The login is good. Amazon SES sends for verified addresses and domains only, in the region that was asked; in its sandbox the recipient has to be verified, too.",
        "ログインには成功しています。Amazon SES は、接続したリージョンで検証済みのアドレスとドメインからの送信だけを受け付けます。サンドボックスでは宛先も検証済みでなければなりません。",
    ),
    (
        "Verify the sender's address or domain in the region that the answer names. If the address in the answer is the recipient's, ask for the account to leave the sandbox.",
        "応答に示されたリージョンで、差出人のアドレスまたはドメインを検証してください。応答のアドレスが宛先のものである場合は、アカウントのサンドボックス解除を申請してください。",
    ),
    (
        "The answer lists the identities that failed: they tell the sender from the recipient.",
        "応答には検証に失敗した ID の一覧があり、差出人と宛先のどちらの問題かが分かります。",
    ),
    (
        "The login is not in question: the recipient's domain is in Exchange Online, and its directory has no such recipient (directory-based edge blocking).",
        "ログインの問題ではありません。宛先のドメインは Exchange Online にあり、そのディレクトリにこの宛先がありません (ディレクトリベースのエッジブロック)。",
    ),
    (
        "Check the recipient's address. If the mailbox is elsewhere, its administrator sets the accepted domain to internal relay or adds the recipient to the directory.",
        "宛先のアドレスを確認してください。メールボックスが別の場所にある場合は、その管理者が承認済みドメインを内部の中継に設定するか、宛先をディレクトリに追加する必要があります。",
    ),
    (
        "The login is not in question: Orange or La Poste takes no mail from this address for now, after too many messages or for its reputation.",
        "ログインの問題ではありません。Orange または La Poste が、送信数や評判を理由に、このアドレスからのメールを今は受け付けていません。",
    ),
    (
        "Send by the provider's own outgoing server with a login, or slow down and wait some hours. For an address of your own ask the provider's postmaster.",
        "プロバイダー自身の送信サーバーにログインして送信するか、送信の頻度を下げて数時間待ってください。自分で管理するアドレスの場合は、プロバイダーの postmaster に問い合わせてください。",
    ),
    (
        "Repeat from another network: if the mail is taken there, the address is the matter.",
        "別のネットワークから繰り返してください。そこで受け付けられるなら、アドレスが原因です。",
    ),
    (
        "Gmail refused the token without naming a reason. Its access tokens live for an hour, and most often a client presents one that is older.",
        "Gmail は理由を示さずにトークンを拒否しました。アクセストークンの有効期間は 1 時間で、期限の切れたものをクライアントが送っている場合がほとんどです。",
    ),
    (
        "Get a new access token with the refresh token and present it at once; check that it was asked for with the scope https://mail.google.com/ and for this account.",
        "更新トークンで新しいアクセストークンを取得し、すぐに使ってください。スコープ https://mail.google.com/ を指定して、このアカウントのために取得したものであることを確認してください。",
    ),
    (
        "Ask https://oauth2.googleapis.com/tokeninfo about the token: it tells its expiry, scope and account.",
        "https://oauth2.googleapis.com/tokeninfo でトークンを調べてください。有効期限、スコープ、アカウントが分かります。",
    ),
    (
        "The account is a personal Microsoft account, and the program asked the endpoint of version 1.0, which gives no tokens for such accounts.",
        "アカウントは個人用 Microsoft アカウントで、プログラムはバージョン 1.0 のエンドポイントに要求しました。このエンドポイントは個人用アカウントのトークンを発行しません。",
    ),
    (
        "Use the endpoint of version 2.0 (/oauth2/v2.0/token, with scope in place of resource) and the authority consumers or common, or an account of an organisation.",
        "バージョン 2.0 のエンドポイント (/oauth2/v2.0/token、resource の代わりに scope を使用) と、オーソリティー consumers または common を使ってください。または組織のアカウントを使ってください。",
    ),
    (
        "The login is good. This folder is the system's own (Audits, for one): no user may open it, whatever rights it has.",
        "ログインには成功しています。このフォルダー (Audits など) はシステム専用で、どの権限を持つユーザーも開けません。",
    ),
    (
        "Leave the folder out of what the program walks through.",
        "プログラムが巡回する対象からこのフォルダーを外してください。",
    ),
    (
        "The SMTP login was taken, and the mailbox behind it could not be opened for it: the application has no right to it, the grant has not spread yet, or the store has a fault.",
        "SMTP の認証には成功しましたが、その先のメールボックスを開けませんでした。アプリにメールボックスのアクセス権がない、付与した権限がまだ反映されていない、またはストアの障害です。",
    ),
    (
        "Check that the service principal or user has a right to this mailbox; after a new grant wait up to an hour.",
        "サービス プリンシパルまたはユーザーにこのメールボックスのアクセス権があることを確認してください。付与した直後は最大 1 時間待ってください。",
    ),
    (
        "Open the same mailbox with the same identity over IMAP or EWS.",
        "同じ ID で同じメールボックスを IMAP または EWS で開いてみてください。",
    ),
    (
        "The server answered and takes no session now: it has as many connections as it allows, or this address is not admitted.",
        "サーバーは応答しましたが、いまは接続を受け入れていません。接続数が上限に達しているか、このアドレスが許可されていません。",
    ),
    (
        "Open fewer connections at a time, and try again after some minutes.",
        "同時に開く接続の数を減らし、数分後にもう一度試してください。",
    ),
    (
        "Connect from another address: where that works, this address is the reason.",
        "別のアドレスから接続してください。つながる場合は、このアドレスが原因です。",
    ),
    (
        "The token was got with a proof of the application that is too weak for this access: a client secret where a certificate is wanted.",
        "このアクセスには弱すぎる資格情報でトークンが取得されています。証明書が必要なところでクライアントシークレットが使われました。",
    ),
    (
        "Get the token with a certificate (client assertion) in place of a client secret.",
        "クライアントシークレットの代わりに証明書 (クライアント アサーション) でトークンを取得してください。",
    ),
    (
        "Look at the claim appidacr of the token: 1 is a secret, 2 a certificate.",
        "トークンのクレーム appidacr を確認してください。1 はシークレット、2 は証明書です。",
    ),
    (
        "The server refuses a request without credentials by 403 and offers no scheme: some services do so in place of 401, others are switched off.",
        "サーバーは資格情報のない要求を 403 で拒否し、認証方式を示していません。401 の代わりに 403 を返すサービスもあれば、無効になっているサービスもあります。",
    ),
    (
        "Ask with credentials: that answer says whether the service is on.",
        "資格情報を付けて要求してください。その応答で、サービスが有効かどうかがわかります。",
    ),
    (
        "Ask again with Basic or Bearer credentials.",
        "Basic または Bearer の資格情報を付けて、もう一度要求してください。",
    ),
    (
        "The login was taken, and the request names no device: a browser or a test tool asks so, a device does not.",
        "ログインには成功しましたが、要求にデバイスの指定がありません。ブラウザーやテスト ツールの要求であり、デバイスの要求ではありません。",
    ),
    (
        "Add DeviceId and DeviceType to the request, or ask OPTIONS, which wants none.",
        "要求に DeviceId と DeviceType を加えるか、それらの要らない OPTIONS で要求してください。",
    ),
    (
        "The connection is logged in from its first line: the server takes the client's address, certificate or user of the machine for a login.",
        "接続は最初の行からログイン済みです。サーバーはクライアントのアドレス、証明書、または端末のユーザーをログインとみなしています。",
    ),
    (
        "Nothing to do where that is meant; a password is not looked at on this connection.",
        "意図した設定であれば対処は不要です。この接続ではパスワードは確認されません。",
    ),
    (
        "The name leads to a mailbox that cannot be opened: it is blocked, has no licence, was moved, or is inactive.",
        "この名前のメールボックスを開けません。ブロックされている、ライセンスがない、移動された、または非アクティブです。",
    ),
    (
        "Check in the admin centre that the user may sign in and that the mailbox is there and licensed.",
        "管理センターで、ユーザーがサインインできること、メールボックスが存在してライセンスが割り当てられていることを確認してください。",
    ),
    (
        "Open the mailbox in a browser with the same account.",
        "同じアカウントで、ブラウザーからメールボックスを開いてください。",
    ),
    (
        "The server says the same for a token that it does not take and for the protocol switched off.",
        "サーバーは、トークンが無効な場合とプロトコルが無効な場合に同じ応答を返します。",
    ),
    (
        "Switch the protocol on in the mailbox's settings, and get a new token with the scope for mail.",
        "メールボックスの設定でプロトコルを有効にし、メール用のスコープを持つ新しいトークンを取得してください。",
    ),
    (
        "The endpoint does not take the refresh token: it is damaged, was revoked, or is none of its own.",
        "エンドポイントはリフレッシュトークンを受け付けません。破損している、失効している、またはこのエンドポイントのものではありません。",
    ),
    (
        "Sign in again for a new refresh token, and store it whole.",
        "もう一度サインインして新しいリフレッシュトークンを取得し、欠けないように保存してください。",
    ),
    (
        "The guard of Outlook.com against abuse does not let the account send now: its quota is used up, or it is suspected.",
        "Outlook.com の不正使用対策により、いまはこのアカウントから送信できません。送信枠を使い切ったか、不正使用の疑いがあります。",
    ),
    (
        "Sign in at outlook.com and follow what is asked there; send less, and wait a day.",
        "outlook.com にサインインして画面の指示に従ってください。送信数を減らし、1 日待ってください。",
    ),
    (
        "Send one message in the browser with the same account.",
        "同じアカウントで、ブラウザーから 1 通送信してください。",
    ),
    (
        "The service is there, and answered a browser's GET with its page: a device asks OPTIONS and POST.",
        "サービスは動作しており、ブラウザーの GET にページを返しました。デバイスは OPTIONS と POST を使います。",
    ),
    (
        "Nothing to fix; ask OPTIONS with the login.",
        "修正は不要です。ログイン情報を付けて OPTIONS で要求してください。",
    ),
];
