//! What clients say by themselves, and remedies of one service: the sentences of `diagnose::clients` and
//! `diagnose::notices`, and the words around them.

const S_CLIENT: &str = "Run openssl s_client -connect HOST:PORT (with -starttls smtp, imap or pop3 where the port starts in plain text) from the same network.";
const S_CLIENT_JA: &str = "同じネットワークから openssl s_client -connect HOST:PORT を実行してください (平文で始まるポートでは -starttls smtp、imap、pop3 を付けます)。";

pub(super) const ROWS: &[(&str, &str)] = &[
    (
        "The same login went through before and is refused now, without a reason that the client can read: the server is busy, or the password has been changed since.",
        "同じログインが以前は成功していましたが、現在は、クライアントが読み取れる理由なしに拒否されています。サーバーが混雑しているか、その後パスワードが変更された可能性があります。",
    ),
    (
        "Let the client try again after some minutes. If the login goes on failing, check the password.",
        "数分待ってから、クライアントに再試行させてください。ログインの失敗が続く場合は、パスワードを確認してください。",
    ),
    (
        "The client tried every login mechanism it has, and none went through: it lacks the one that is wanted (XOAUTH2 needs a plug-in), or the server refused each.",
        "クライアントは持っている認証方式をすべて試しましたが、いずれも成功しませんでした。必要な方式がない (XOAUTH2 にはプラグインが必要です) か、サーバーがすべて拒否しています。",
    ),
    (
        "Look into the client's debug log for the mechanisms that it tried and for the server's answer to each; then install the missing plug-in, or use an app password or a new token.",
        "クライアントのデバッグログで、試した認証方式とそれぞれに対するサーバーの応答を確認してください。そのうえで、不足しているプラグインをインストールするか、アプリパスワードまたは新しいトークンを使用してください。",
    ),
    ("Read more", "詳細"),
    ("Said by", "発言元"),
    ("Failed at", "失敗した段階"),
    ("What would help", "判断に必要な情報"),
    ("{} (the client, not the server)", "{0} (サーバーではなくクライアント)"),
    ("name resolution", "名前解決"),
    ("connection", "接続"),
    ("login attempt", "ログイン"),
    ("TLS handshake", "TLS ハンドシェイク"),
    ("server certificate", "サーバー証明書"),
    ("mail protocol", "メールプロトコル"),
    ("sign-in for a token", "トークン取得のサインイン"),
    ("sending", "送信"),
    ("mailbox", "メールボックス"),
    ("operating system", "オペレーティングシステム"),
    ("mail app on Android", "Android のメールアプリ"),
    ("Mail on iPhone, iPad or Mac", "iPhone、iPad、Mac の「メール」"),
    ("iPhone, iPad or Mac", "iPhone、iPad、Mac"),
    ("macOS or iOS (Secure Transport)", "macOS または iOS (Secure Transport)"),
    ("Thunderbird or Firefox (NSS)", "Thunderbird または Firefox (NSS)"),
    ("Swift Mailer or Symfony Mailer", "Swift Mailer または Symfony Mailer"),
    ("Ricoh panel", "リコーの操作パネル"),
    ("Sharp panel", "シャープの操作パネル"),
    ("Kyocera panel", "京セラの操作パネル"),
    ("mail program", "メールソフト"),
    ("scanner panel", "複合機の操作パネル"),
    ("Schneider controller", "シュナイダーのコントローラー"),
    ("client's own settings", "クライアント側の設定"),
    (
        "This answer is not in mailprobe's catalogue. It is shown as it was given.",
        "この応答は mailprobe のカタログにありません。応答をそのまま表示します。",
    ),
    (
        "Search the server's documentation, and its log at the time of the attempt.",
        "サーバーのドキュメントと、試行した時刻のサーバーのログを調べてください。",
    ),
    (
        "Say which protocol it came over (--protocol), what the client had just done (--stage) and whose server it is (--server). If these are a client's words, paste the server's line instead: it begins with NO or BAD over IMAP, -ERR over POP3, a number such as 535 over SMTP, or a status such as 401 over HTTP.",
        "プロトコル (--protocol)、直前のクライアントの操作 (--stage)、サーバーの種類 (--server) を指定してください。クライアントのメッセージの場合は、代わりにサーバーの応答行を貼り付けてください。IMAP では NO または BAD、POP3 では -ERR、SMTP では 535 などの番号、HTTP では 401 などのステータスで始まります。",
    ),
    (S_CLIENT, S_CLIENT_JA),
    (
        "Turn on the client's log, repeat the attempt once and look for the server's line: NO or BAD over IMAP, -ERR over POP3, a number such as 535 over SMTP.",
        "クライアントのログを有効にして 1 回だけ再試行し、サーバーの応答行を探してください。IMAP では NO または BAD、POP3 では -ERR、SMTP では 535 などの番号です。",
    ),
    (
        "The client could not resolve the server's name. It reached no server and tried no login.",
        "クライアントはサーバー名を解決できませんでした。サーバーには接続しておらず、ログインも試行していません。",
    ),
    (
        "Check the spelling of the server name, then the DNS server of the device and its network connection.",
        "サーバー名のつづりを確認してください。次に、機器の DNS サーバーとネットワーク接続を確認してください。",
    ),
    (
        "Resolve the name on the same device (nslookup HOST). No server was contacted, so there is no server line to look for.",
        "同じ機器で名前を解決してください (nslookup HOST)。サーバーには接続していないため、サーバーの応答行はありません。",
    ),
    (
        "The client could not connect to the server. It tried no login.",
        "クライアントはサーバーに接続できませんでした。ログインは試行していません。",
    ),
    (
        "Check the server name and the port, then the firewall, the proxy and the antivirus program between the device and the server.",
        "サーバー名とポートを確認してください。次に、機器とサーバーの間のファイアウォール、プロキシ、ウイルス対策ソフトを確認してください。",
    ),
    (
        "The connection was refused: nothing is listening on that port, or a firewall rejects it. The client tried no login.",
        "接続が拒否されました。そのポートで待ち受けているサービスがないか、ファイアウォールが拒否しています。ログインは試行していません。",
    ),
    (
        "Check the port: 993, 995 and 465 for implicit TLS, 143, 110 and 587 for STARTTLS. Then check that the service is running.",
        "ポートを確認してください。暗黙の TLS は 993、995、465、STARTTLS は 143、110、587 です。次に、サービスが動作していることを確認してください。",
    ),
    (
        "The server did not answer in time. This is no verdict on the login.",
        "時間内にサーバーの応答がありませんでした。ログインの可否は分かりません。",
    ),
    (
        "Check the port and its security setting (a client that expects plain text gets no answer on a TLS port), then the firewall. Many networks block port 25.",
        "ポートとセキュリティ設定を確認してください (TLS のポートに平文で接続すると応答がありません)。次に、ファイアウォールを確認してください。多くのネットワークではポート 25 がブロックされています。",
    ),
    (
        "The connection was closed or reset before the server had answered.",
        "サーバーが応答する前に、接続が切断またはリセットされました。",
    ),
    (
        "Try again once. If it lasts, check what inspects the connection (antivirus program, proxy, firewall) and the port's security setting.",
        "1 回だけ再試行してください。続く場合は、通信を検査するもの (ウイルス対策ソフト、プロキシ、ファイアウォール) とポートのセキュリティ設定を確認してください。",
    ),
    (
        "Look in the client's log for the last line before the close: * BYE over IMAP or 421 over SMTP names the server's reason. After a password, a close without an answer can mean a refusal.",
        "クライアントのログで切断直前の行を確認してください。IMAP の * BYE、SMTP の 421 に理由が示されます。パスワードの送信後に応答なく切断された場合は、拒否の可能性があります。",
    ),
    (
        "The client could not get through its proxy. It reached no mail server and tried no login.",
        "クライアントはプロキシを通過できませんでした。メールサーバーには接続しておらず、ログインも試行していません。",
    ),
    (
        "Check the client's proxy settings and the login that the proxy requires.",
        "クライアントのプロキシ設定と、プロキシの認証を確認してください。",
    ),
    (
        "Repeat from a network without the proxy: if the error goes away, the proxy is the cause.",
        "プロキシのないネットワークから再試行してください。エラーが出なければ、プロキシが原因です。",
    ),
    (
        "The client does not trust the issuer of the server's certificate, or a certificate of the chain is missing. It stopped before the login.",
        "クライアントがサーバー証明書の発行者を信頼していないか、証明書チェーンの一部がありません。ログインの前に中止しました。",
    ),
    (
        "Check which certificate arrives: an antivirus program or a proxy may replace it. Otherwise have the server send its whole chain, or update the device's list of certificate authorities.",
        "届いている証明書を確認してください。ウイルス対策ソフトやプロキシが差し替えている場合があります。差し替えられていなければ、サーバーがチェーン全体を送るように設定するか、機器の認証局の一覧を更新してください。",
    ),
    (
        "The server's certificate is for another name than the one that the client connected to. It stopped before the login.",
        "サーバー証明書の名前が、接続先のサーバー名と一致しません。ログインの前に中止しました。",
    ),
    (
        "Use a server name that the certificate carries, or have the name added to the certificate.",
        "証明書に記載されたサーバー名を使うか、証明書への名前の追加を依頼してください。",
    ),
    (
        "The server's certificate, or one of its chain, has expired or is not valid yet according to the device's clock. The client stopped before the login.",
        "機器の時計では、サーバー証明書またはチェーンの証明書が期限切れか、まだ有効ではありません。ログインの前に中止しました。",
    ),
    (
        "Check the date and time of the device first, then have the certificate renewed.",
        "まず機器の日付と時刻を確認してください。次に、証明書の更新を依頼してください。",
    ),
    (
        "The server's certificate was revoked, or the client could not find out whether it was. It stopped before the login.",
        "サーバー証明書が失効しているか、失効を確認できませんでした。ログインの前に中止しました。",
    ),
    (
        "Check that the device reaches the certificate authority's revocation service. If the certificate was revoked, have it replaced.",
        "機器から認証局の失効確認サービスに接続できることを確認してください。失効している場合は、証明書の交換を依頼してください。",
    ),
    (
        "The client could not verify the server's certificate: issuer, name or dates. It stopped before the login.",
        "クライアントはサーバー証明書を検証できませんでした (発行者、名前、有効期間のいずれか)。ログインの前に中止しました。",
    ),
    (
        "Compare the server name with the certificate, check the device's clock, and check that the server sends its whole chain. Do not turn verification off.",
        "サーバー名と証明書を照合し、機器の時計と、サーバーがチェーン全体を送っていることを確認してください。検証を無効にしないでください。",
    ),
    (
        "Client and server have no TLS version or cipher in common. The client tried no login.",
        "クライアントとサーバーに共通の TLS バージョンまたは暗号スイートがありません。ログインは試行していません。",
    ),
    (
        "Update the client or its firmware to TLS 1.2 or later. Where the server is the old one, update the server.",
        "クライアントまたはファームウェアを TLS 1.2 以降に更新してください。サーバーが古い場合は、サーバーを更新してください。",
    ),
    (
        "The TLS handshake failed. The client tried no login. The usual reasons are a TLS version or cipher that the other side refuses, and TLS on a port that starts in plain text.",
        "TLS ハンドシェイクに失敗しました。ログインは試行していません。多くの場合、TLS バージョンまたは暗号スイートが相手に拒否されたか、平文で始まるポートに TLS で接続したことが原因です。",
    ),
    (
        "Check the port against its security setting: 993, 995 and 465 for implicit TLS, 143, 110 and 587 for STARTTLS. Then check that the client speaks TLS 1.2.",
        "ポートとセキュリティ設定の組み合わせを確認してください。暗黙の TLS は 993、995、465、STARTTLS は 143、110、587 です。次に、クライアントが TLS 1.2 に対応していることを確認してください。",
    ),
    (
        "The client began with TLS, and the server answered in plain text, or the reverse. Port and security setting do not match.",
        "クライアントは TLS で開始し、サーバーは平文で応答しました (またはその逆です)。ポートとセキュリティ設定が一致していません。",
    ),
    (
        "Choose implicit TLS (often called SSL/TLS) on 993, 995 and 465, and STARTTLS on 143, 110, 587 and 25.",
        "993、995、465 では暗黙の TLS (SSL/TLS)、143、110、587、25 では STARTTLS を選んでください。",
    ),
    (
        "The client's TLS library refuses an outdated parameter of the server's: a short key, a weak signature or an unsafe renegotiation.",
        "クライアントの TLS ライブラリが、サーバーの古い設定 (短い鍵、弱い署名、安全でない再ネゴシエーション) を拒否しました。",
    ),
    (
        "Have the server's TLS configuration or certificate renewed. Lowering the client's security level is a stopgap.",
        "サーバーの TLS 設定または証明書の更新を依頼してください。クライアントのセキュリティレベルを下げるのは一時的な対処です。",
    ),
    (
        "The client was told to use STARTTLS or a secure connection, and the server does not offer STARTTLS on this port.",
        "クライアントは STARTTLS または安全な接続を使う設定ですが、サーバーはこのポートで STARTTLS を提示していません。",
    ),
    (
        "Use the port with implicit TLS (993, 995, 465), or 587 for sending. Never send the password without TLS.",
        "暗黙の TLS のポート (993、995、465) を使うか、送信には 587 を使ってください。TLS なしでパスワードを送らないでください。",
    ),
    (
        "Look for the list after EHLO or CAPABILITY in the client's log: it says whether STARTTLS is offered. A firewall or an antivirus program can remove it.",
        "クライアントのログで EHLO または CAPABILITY の後の一覧を確認してください。STARTTLS の提示の有無が分かります。ファイアウォールやウイルス対策ソフトが取り除くことがあります。",
    ),
    (
        "The client did not understand what the server sent. Most often it speaks to the wrong port or service.",
        "クライアントはサーバーの応答を解釈できませんでした。多くの場合、ポートまたはサービスが違います。",
    ),
    (
        "Check server name, protocol and port: a web page or another protocol may be answering there.",
        "サーバー名、プロトコル、ポートを確認してください。Web ページや別のプロトコルが応答している可能性があります。",
    ),
    (
        "Look for the server's first line in the client's log: it should begin with 220, +OK or * OK.",
        "クライアントのログでサーバーの最初の行を確認してください。220、+OK、* OK のいずれかで始まるはずです。",
    ),
    (
        "The client reports that the login failed, not what the server answered. A wrong password and a provider that takes no account password any more look the same here.",
        "クライアントはログインの失敗だけを示し、サーバーの応答を示していません。パスワードの誤りと、アカウントのパスワードを受け付けないプロバイダーとは、ここでは区別できません。",
    ),
    (
        "Do not try the password again before you have read the server's answer: each failure can count towards a lock. Then check the user name (mostly the whole address), an app password, or OAuth.",
        "サーバーの応答を確認するまで、パスワードを再送しないでください (ロックアウトのおそれがあります)。次に、ユーザー名 (多くはメールアドレス全体)、アプリパスワード、OAuth を確認してください。",
    ),
    (
        "The server wants an encrypted connection or a login before it takes a message, and the client provided neither.",
        "サーバーはメッセージの前に暗号化された接続またはログインを求めていますが、クライアントは行っていません。",
    ),
    (
        "Turn on TLS (STARTTLS on 587) and authentication for the outgoing server, with the user name and the password or token of the mailbox.",
        "送信サーバーの設定で TLS (587 では STARTTLS) と認証を有効にし、メールボックスのユーザー名とパスワードまたはトークンを設定してください。",
    ),
    (
        "Look for the server's line behind the message: 530 5.7.57 means that no login was sent, 535 that it was refused.",
        "メッセージに続くサーバーの応答行を確認してください。530 5.7.57 はログインしていないこと、535 はログインが拒否されたことを示します。",
    ),
    (
        "The server did not take the sender. Most often the client did not log in to the outgoing server; otherwise this login may not use this sender address.",
        "サーバーは差出人を受け付けませんでした。多くの場合、送信サーバーにログインしていません。ログインしている場合は、この差出人アドレスの使用が許可されていません。",
    ),
    (
        "Turn on authentication for the outgoing server, then check the sender address of the account.",
        "送信サーバーの認証を有効にしてください。次に、アカウントの差出人アドレスを確認してください。",
    ),
    (
        "Look for the server's answer to MAIL FROM: 530 or 5.7.57 asks for a login, 5.7.60 or 5.7.1 refuses the sender.",
        "MAIL FROM に対するサーバーの応答を確認してください。530 または 5.7.57 はログインの要求、5.7.60 または 5.7.1 は差出人の拒否です。",
    ),
    (
        "The server did not take a recipient. Without a login it relays for its own addresses only.",
        "サーバーは宛先を受け付けませんでした。ログインしていない場合、サーバーは自身のアドレス宛てのメールだけを受け付けます。",
    ),
    (
        "Turn on authentication for the outgoing server, then check the recipient's address.",
        "送信サーバーの認証を有効にしてください。次に、宛先のアドレスを確認してください。",
    ),
    (
        "Look for the server's answer to RCPT TO: 5.7.1 or \"relay\" asks for a login, 5.1.1 means that the recipient does not exist.",
        "RCPT TO に対するサーバーの応答を確認してください。5.7.1 または relay はログインの要求、5.1.1 は宛先が存在しないことを示します。",
    ),
    (
        "The login is not in question: the server did not take the message.",
        "ログインの問題ではありません。サーバーがメッセージを受け付けませんでした。",
    ),
    (
        "Read the server's answer: recipient, size and content are the usual reasons.",
        "サーバーの応答を確認してください。多くの場合、宛先、サイズ、内容が原因です。",
    ),
    (
        "Look for the server's answer to RCPT TO or to the end of DATA: a number that begins with 4 or 5.",
        "RCPT TO または DATA の終わりに対するサーバーの応答を確認してください。4 または 5 で始まる番号です。",
    ),
    (
        "The client reports that it could not send, and nothing of the reason. The name, the connection, TLS, the login and the message are all possible.",
        "クライアントは送信できなかったことだけを示し、理由を示していません。名前解決、接続、TLS、ログイン、メッセージのいずれも考えられます。",
    ),
    (
        "Read the inner exception, the next line or the client's log: it names the step that failed.",
        "内部例外、次の行、またはクライアントのログを確認してください。失敗した段階が示されています。",
    ),
    (
        "Another connection holds the mailbox, or the server is busy. The login is not in question.",
        "別の接続がメールボックスを使用しているか、サーバーが混雑しています。ログインの問題ではありません。",
    ),
    (
        "Close the other client, wait some minutes and try again.",
        "ほかのクライアントを閉じ、数分待ってから再試行してください。",
    ),
    (
        "Look for the server's line: -ERR [IN-USE] over POP3, NO [INUSE] over IMAP.",
        "サーバーの応答行を確認してください。POP3 では -ERR [IN-USE]、IMAP では NO [INUSE] です。",
    ),
    (
        "Client and server have no login mechanism in common. No password or token was sent.",
        "クライアントとサーバーに共通の認証方式がありません。パスワードもトークンも送っていません。",
    ),
    (
        "Turn on TLS first: many servers offer mechanisms only after it. Then choose one that the server offers; where it offers XOAUTH2 alone, the client needs OAuth.",
        "まず TLS を有効にしてください。多くのサーバーは TLS の開始後にだけ認証方式を提示します。次に、サーバーが提示する認証方式を選んでください。XOAUTH2 だけの場合は、クライアントに OAuth が必要です。",
    ),
    (
        "Look for AUTH in the list after EHLO, or AUTH= and LOGINDISABLED after CAPABILITY.",
        "EHLO の後の一覧の AUTH、または CAPABILITY の後の AUTH= と LOGINDISABLED を確認してください。",
    ),
    (
        "The client refuses to send a password over a connection without TLS. It sent none.",
        "クライアントは TLS なしの接続でパスワードを送ることを拒否しました。パスワードは送っていません。",
    ),
    (
        "Turn on TLS: STARTTLS on 587, 143 and 110, or implicit TLS on 465, 993 and 995.",
        "TLS を有効にしてください。587、143、110 では STARTTLS、465、993、995 では暗黙の TLS です。",
    ),
    (
        "Look for STARTTLS in the list after EHLO or CAPABILITY.",
        "EHLO または CAPABILITY の後の一覧で STARTTLS を確認してください。",
    ),
    (
        "The client has no user name or password to send. It sent nothing to the server.",
        "クライアントに送るユーザー名またはパスワードがありません。サーバーには何も要求していません。",
    ),
    (
        "Set user name and password (or token) in the client's configuration, under the names that it expects.",
        "クライアントの設定に、決められた項目名でユーザー名とパスワード (またはトークン) を設定してください。",
    ),
    (
        "The client is told to accept one certificate only, or has no list of certificate authorities, and stopped before the login.",
        "クライアントは特定の証明書だけを受け付ける設定か、認証局の一覧がないため、ログインの前に中止しました。",
    ),
    (
        "Point the client to the system's certificate authorities, or replace the fingerprint after you have verified the new certificate.",
        "クライアントにシステムの認証局の一覧を指定するか、新しい証明書を確認してからフィンガープリントを置き換えてください。",
    ),
    (
        "The library has no usable token for this account, and cannot get one without the user. No mail server was contacted.",
        "このアカウントに使えるトークンがなく、ユーザーの操作なしでは取得できません。メールサーバーには接続していません。",
    ),
    (
        "Sign in again interactively. If this recurs every hour, the refresh token is not kept or not asked for (scope offline_access).",
        "対話形式でサインインし直してください。1 時間ごとに再発する場合は、リフレッシュトークンが保存されていないか、要求されていません (スコープ offline_access)。",
    ),
    (
        "Look for an AADSTS number behind the library's message: it names the reason.",
        "ライブラリのメッセージに続く AADSTS の番号を確認してください。理由が分かります。",
    ),
    (
        "The stored token could not be renewed: it has expired or was revoked. The mail server was not contacted.",
        "保存されているトークンを更新できませんでした。期限切れか、取り消されています。メールサーバーには接続していません。",
    ),
    (
        "Delete the stored token and sign in again on the device. A changed password, a revoked session and months without use end a refresh token.",
        "保存されているトークンを削除し、機器でサインインし直してください。パスワードの変更、セッションの取り消し、数か月の未使用で、リフレッシュトークンは無効になります。",
    ),
    (
        "Look for the token endpoint's answer: invalid_grant with its description names the reason.",
        "トークンエンドポイントの応答を確認してください。invalid_grant とその説明に理由が示されます。",
    ),
    (
        "The sign-in window was closed or did not finish. No token was obtained, and no mail server was contacted.",
        "サインインの画面が閉じられたか、完了しませんでした。トークンは取得されておらず、メールサーバーにも接続していません。",
    ),
    (
        "Repeat the sign-in and finish it in the browser. If the window never comes back, check that the redirect URI of the app is registered and not blocked.",
        "サインインをやり直し、ブラウザーで完了してください。画面が戻らない場合は、アプリのリダイレクト URI が登録されていて、ブロックされていないことを確認してください。",
    ),
    (
        "The app calls the sign-in library in a way that it does not allow. No token was obtained.",
        "アプリによるサインインライブラリの呼び出し方に誤りがあります。トークンは取得されていません。",
    ),
    (
        "This is for the app's developer: the page to read more on describes the call.",
        "アプリの開発者が対処する問題です。詳細のページに呼び出し方の説明があります。",
    ),
    (
        "The sign-in with user name and password went to the organisation's own federation service, and that did not accept it.",
        "ユーザー名とパスワードによるサインインは組織のフェデレーションサービスに送られましたが、受け付けられませんでした。",
    ),
    (
        "Use an interactive sign-in or the device code flow. If the password has to be used, check it and the endpoint usernamemixed of the federation service.",
        "対話形式のサインインまたはデバイスコードフローを使ってください。パスワードを使う必要がある場合は、パスワードと、フェデレーションサービスのエンドポイント usernamemixed を確認してください。",
    ),
    (
        "Look for the federation service's answer (a SOAP fault), and in its event log at that time.",
        "フェデレーションサービスの応答 (SOAP エラー) と、その時刻のイベントログを確認してください。",
    ),
    (
        "The POP3 server answered with -ERR. The client does not show what it said: most often the login was refused, otherwise the server has a fault.",
        "POP3 サーバーが -ERR で応答しましたが、クライアントはその内容を示していません。多くはログインの拒否で、そうでなければサーバーの障害です。",
    ),
    (
        "Do not try the password again before you have read the server's answer: each failure can count towards a lock.",
        "サーバーの応答を確認するまで、パスワードを再送しないでください (ロックアウトのおそれがあります)。",
    ),
    (
        "Turn on the client's log, repeat the attempt once and look for the line that begins with -ERR.",
        "クライアントのログを有効にして 1 回だけ再試行し、-ERR で始まる行を探してください。",
    ),
    (
        "The app on the device did not reach the online service. The password was not checked.",
        "機器のアプリがオンラインサービスに接続できませんでした。パスワードは確認されていません。",
    ),
    (
        "Check the device's network, proxy, DNS and clock. If other devices reach the service, update the app: it may use a sign-in that the service has ended.",
        "機器のネットワーク、プロキシ、DNS、時計を確認してください。ほかの機器から接続できる場合は、アプリを更新してください。サービスが終了したサインイン方式を使っている可能性があります。",
    ),
    (
        "Open the service's address in a browser of the same network. If that works, the device's TLS or its app is the cause.",
        "同じネットワークのブラウザーでサービスの URL を開いてください。開ける場合は、機器の TLS またはアプリが原因です。",
    ),
    (
        "The application could not open the mailbox with the credentials that are stored for it. It does not show what the server answered.",
        "アプリケーションは、保存されている資格情報でメールボックスを開けませんでした。サーバーの応答は示されていません。",
    ),
    (
        "Check the stored credentials, the right of this account to the mailbox, and whether the connection still uses a password where the service wants OAuth.",
        "保存されているユーザー名とパスワード、このアカウントのメールボックスのアクセス権、サービスが OAuth を求めているのにパスワードで接続していないことを確認してください。",
    ),
    (
        "Look for the inner exception in the application's log: 401 means that the login was refused, ErrorAccessDenied that the right is missing.",
        "アプリケーションのログの内部例外を確認してください。401 はログインの拒否、ErrorAccessDenied はアクセス権の不足を示します。",
    ),
    // Services whose remedy is their own.
    (
        "The organisation's own settings refuse a password here: security defaults, or an authentication policy without Basic for this account. This is the answer of High Volume Email (smtp-hve.office365.com). The password was not checked.",
        "テナントの設定がパスワード認証を拒否しています。セキュリティの既定値群、またはこのアカウントの認証ポリシー (基本認証なし) が原因です。High Volume Email (smtp-hve.office365.com) の応答です。パスワードは確認されていません。",
    ),
    (
        "Give the account an authentication policy that allows Basic for SMTP (New-AuthenticationPolicy -AllowBasicAuthSmtp, Set-User -AuthenticationPolicy), and replace security defaults by Conditional Access that leaves this account out. Or use OAuth.",
        "SMTP の基本認証を許可する認証ポリシーをアカウントに割り当て (New-AuthenticationPolicy -AllowBasicAuthSmtp、Set-User -AuthenticationPolicy)、セキュリティの既定値群を、このアカウントを除外した条件付きアクセスに置き換えてください。または OAuth を使ってください。",
    ),
    (
        "Entra admin center, properties of the tenant: it says whether security defaults are on. Get-OrganizationConfig shows DefaultAuthenticationPolicy.",
        "Entra 管理センターのテナントのプロパティで、セキュリティの既定値群が有効かどうかを確認してください。Get-OrganizationConfig で DefaultAuthenticationPolicy を確認できます。",
    ),
    (
        "The organisation rejects Direct Send (RejectDirectSend): mail from one of its own domains that arrives at its MX without a login and without a connector that matches.",
        "テナントが Direct Send を拒否しています (RejectDirectSend)。自ドメインを差出人とし、ログインも一致するコネクタもなしに MX に届いたメールです。",
    ),
    (
        "Set up an inbound connector that matches the device's address or certificate, or have the device log in (SMTP AUTH with OAuth, High Volume Email). An administrator can allow it again with Set-OrganizationConfig -RejectDirectSend $false.",
        "機器の IP アドレスまたは証明書に一致する受信コネクタを作成するか、機器にログインさせてください (OAuth による SMTP AUTH、High Volume Email)。管理者は Set-OrganizationConfig -RejectDirectSend $false で再び許可できます。",
    ),
    (
        "Get-OrganizationConfig shows RejectDirectSend; the message trace shows whether a connector was matched.",
        "Get-OrganizationConfig で RejectDirectSend を、メッセージ追跡でコネクタとの一致を確認してください。",
    ),
    (
        "The message is larger than the limit after its conversion: attachments grow by about a third on the way. The refusal is permanent, and the login is not in question.",
        "変換後のメッセージがサイズの上限を超えています。添付ファイルは送信時に約 3 分の 1 大きくなります。再送しても拒否されます。ログインの問題ではありません。",
    ),
    (
        "Send less at a time: lower the scan's resolution, split the job, or send a link. Then compare the message size limits of the mailbox and the organisation.",
        "一度に送る量を減らしてください (解像度を下げる、分割する、リンクを送る)。次に、メールボックスとテナントのメッセージサイズの上限を確認してください。",
    ),
    (
        "Send one page: if it goes through, the size is the cause.",
        "1 ページだけ送信してください。送信できれば、サイズが原因です。",
    ),
    (
        "Gmail refused this user name and password. It takes no account password from mail programs any more, and answers as if it were wrong.",
        "Gmail がこのユーザー名とパスワードを拒否しました。Gmail はメールソフトからのアカウントのパスワードを受け付けず、パスワードが誤っている場合と同じ応答をします。",
    ),
    (
        "Create an app password (2-Step Verification has to be on) and use it in place of the account's password, or use OAuth. If it was an app password, check the whole address, and create a new one: changing the account's password revokes them.",
        "アプリパスワードを作成し (2 段階認証プロセスが必要です)、アカウントのパスワードの代わりに使うか、OAuth を使ってください。すでにアプリパスワードの場合は、メールアドレス全体を確認し、作成し直してください。アカウントのパスワードを変更するとアプリパスワードは無効になります。",
    ),
    (
        "Sign in with the same name and password in a browser: if that works, the app password is what is missing.",
        "同じユーザー名とパスワードでブラウザーからサインインしてください。サインインできる場合は、アプリパスワードが必要です。",
    ),
    (
        "The token is a user's own (delegated), and the request carries an ExchangeImpersonation header, which only an app's token may.",
        "トークンはユーザー自身のもの (委任) ですが、要求に ExchangeImpersonation ヘッダーが含まれています。このヘッダーはアプリ専用のトークンでだけ使えます。",
    ),
    (
        "Leave the ExchangeImpersonation header out and open the user's own mailbox, or get an app-only token.",
        "ExchangeImpersonation ヘッダーを外してユーザー自身のメールボックスを開くか、アプリ専用のトークンを取得してください。",
    ),
    (
        "Decode the token: scp means a user's token, roles an app's.",
        "トークンをデコードしてください。scp があればユーザーの、roles があればアプリのトークンです。",
    ),
    (
        "Have an administrator allow the device: in the list of quarantined devices of the Exchange admin center, or by adding its DeviceId to ActiveSyncAllowedDeviceIDs of the mailbox (Set-CASMailbox). Nothing has to be done on the device.",
        "管理者に、デバイスの検疫の解除 (許可) を依頼してください。Exchange 管理センターの検疫済みデバイスの一覧で許可するか、メールボックスの ActiveSyncAllowedDeviceIDs に DeviceId を追加します (Set-CASMailbox)。デバイス側の操作は不要です。",
    ),
    (
        "Get-MobileDevice -Mailbox USER shows DeviceAccessState, its reason, and the DeviceId.",
        "Get-MobileDevice -Mailbox USER で DeviceAccessState とその理由、DeviceId を確認してください。",
    ),
    (
        "The app's registration lists a permission that the service does not have. Granting consent does not fix this.",
        "アプリの登録に、サービスに存在しないアクセス許可が含まれています。同意では解決しません。",
    ),
    (
        "Correct the API permissions of the app's registration: remove the unknown one, add the service's own (Office 365 Exchange Online or Microsoft Graph), then have consent granted again.",
        "アプリの登録の [API のアクセス許可] を修正してください。不明なアクセス許可を削除し、サービスのアクセス許可 (Office 365 Exchange Online または Microsoft Graph) を追加してから、同意の付与を依頼してください。",
    ),
    (
        "The registration's manifest (requiredResourceAccess) shows the permission ids; compare them with the service's.",
        "登録のマニフェスト (requiredResourceAccess) のアクセス許可 ID を、サービスのものと照合してください。",
    ),
    (
        "The app asks for a token for a service that its registration does not list. Granting consent does not fix this.",
        "アプリが、登録にないサービスのトークンを要求しています。同意では解決しません。",
    ),
    (
        "Add the service's API permission (Office 365 Exchange Online or Microsoft Graph) to the app's registration, have consent granted, then ask for the token again.",
        "アプリの登録にサービスの [API のアクセス許可] (Office 365 Exchange Online または Microsoft Graph) を追加し、同意の付与を依頼してから、トークンを要求し直してください。",
    ),
    (
        "Compare the resource or scope in the request with the API permissions of the registration.",
        "要求のリソースまたはスコープを、登録の [API のアクセス許可] と照合してください。",
    ),
];
