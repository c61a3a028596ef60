//! Findings, what the other cells of a report say, and the facts of a failure in mailprobe's own words.

pub(super) const ROWS: &[(&str, &str)] = &[
    ("A device on the path masks what the server says", "経路上の機器がサーバーの応答を伏せています"),
    (
        "`{}` is what is left of what one side said: a firewall or other middlebox on the path inspects SMTP and overwrites what it does not know, mostly STARTTLS and AUTH. What is missing in this list may well be offered by the server.",
        "一方の発言が `{0}` に書き換えられています。経路上のファイアウォールなどの中間機器が SMTP を検査し、認識しないもの (多くは STARTTLS と AUTH) を上書きしています。この一覧にないものも、サーバーは提供している可能性があります。",
    ),
    (
        "Switch off SMTP inspection on the device (Cisco: no fixup protocol smtp, no inspect esmtp), or check from another network.",
        "その機器の SMTP 検査を無効にするか (Cisco: no fixup protocol smtp、no inspect esmtp)、別のネットワークから確認してください。",
    ),
    ("the answer says yes and no at once: {}", "応答の状態は成功、文面は拒否です: {0}"),
    (
        "a device on the path masks the server's offer (`{}`): STARTTLS may be offered behind it",
        "経路上の機器がサーバーの提示を伏せています (`{0}`)。その奥で STARTTLS が提供されている可能性があります",
    ),
    (
        "this machine's random number generator failed, so no message was sent",
        "このコンピューターの乱数生成が失敗したため、メッセージは送信していません",
    ),
    // Of one endpoint.
    ("The certificate is not trusted", "証明書が信頼できません"),
    (
        "Install a certificate for this name from a trusted authority, or give its root with --ca-file.",
        "信頼された認証局が発行した、この名前の証明書を設定するか、ルート証明書を --ca-file で指定してください。",
    ),
    (
        "Bytes arrived behind the answer to STARTTLS, before TLS",
        "STARTTLS の応答の後、TLS の前にデータが届きました",
    ),
    (
        "Somebody on the path, or the server itself, put commands or answers in front of the encrypted session. A client that reads them as if they came from inside TLS can be deceived.",
        "経路上の第三者またはサーバー自身が、暗号化されたセッションの前にコマンドまたは応答を挿入しました。これを TLS の中で届いたものとして読むクライアントは、欺かれるおそれがあります。",
    ),
    (
        "Update the server; if it is up to date, look for a device on the path that rewrites mail traffic.",
        "サーバーを更新してください。最新であれば、経路上にメールの通信を書き換える機器がないか調べてください。",
    ),
    ("The server takes secrets before TLS", "サーバーが TLS の前に秘密情報を受け付けます"),
    ("{} offered on the plaintext connection.", "平文の接続で {0} が提示されています。"),
    (
        "Have the server offer these only inside TLS (LOGINDISABLED before it).",
        "サーバーがこれらを TLS の中でだけ提示するように設定してください (TLS の前は LOGINDISABLED)。",
    ),
    (
        "The server could not prove that it knows the password",
        "サーバーは、パスワードを知っていることを証明できませんでした",
    ),
    (
        "Do not log in here before you know who answers: the certificate's key may be in other hands, or the server's store of verifiers is damaged.",
        "応答しているのが誰か分かるまで、ここではログインしないでください。証明書の鍵が他者の手にあるか、サーバーの検証情報が壊れている可能性があります。",
    ),
    ("The server still takes TLS 1.0 or 1.1", "サーバーが TLS 1.0 または 1.1 をまだ受け付けます"),
    (
        "It answers a hello that offers {} alone. Devices that know nothing newer depend on it; RFC 8996 forbids both versions, and such a device stops when they are switched off.",
        "{0?} だけを提示する hello に応答します。それより新しいものに対応しない機器は、これに依存しています。RFC 8996 はこの 2 つのバージョンを禁じており、無効にするとそのような機器は停止します。",
    ),
    (
        "Find in the server's log which devices still use them, update or replace those, then require TLS 1.2.",
        "まだ使っている機器をサーバーのログで特定し、更新または交換してから、TLS 1.2 を必須にしてください。",
    ),
    ("The server takes neither TLS 1.2 nor TLS 1.3", "サーバーが TLS 1.2 も TLS 1.3 も受け付けません"),
    (
        "Clients of today, mailprobe among them, open no session here and can try no login.",
        "mailprobe を含む現在のクライアントは、ここではセッションを開けず、ログインを試せません。",
    ),
    (
        "Switch on TLS 1.2 and 1.3 at the server; where its TLS library is too old for them, update it.",
        "サーバーで TLS 1.2 と 1.3 を有効にしてください。TLS ライブラリが古くて対応していない場合は、更新してください。",
    ),
    ("TLS 1.0 and TLS 1.1", "TLS 1.0 と TLS 1.1"),
    ("The server repeated a secret", "サーバーが秘密情報を繰り返しました"),
    (
        "Part of what was sent as a secret came back in an answer. Servers that do this often also write it to their logs.",
        "秘密として送ったものの一部が、応答に含まれて返されました。このようなサーバーは、ログにも書き込んでいることがよくあります。",
    ),
    (
        "Change the password or revoke the token, and look through the server's logs.",
        "パスワードを変更するか、トークンを取り消し、サーバーのログを調べてください。",
    ),
    (
        "Two connections to one address were offered different methods",
        "同じアドレスへの 2 つの接続で、異なる認証方式が提示されました",
    ),
    (
        "Several servers answer behind this address, and they are not configured alike.",
        "このアドレスの背後で複数のサーバーが応答しており、設定が揃っていません。",
    ),
    (
        "Compare the two lists in the transcript, and configure every server behind the address alike.",
        "通信記録の 2 つの一覧を比べ、このアドレスの背後にあるすべてのサーバーの設定を揃えてください。",
    ),
    // Of a run.
    ("The addresses behind one name do not agree", "1 つの名前のアドレスの間で応答が一致しません"),
    ("{} and {} differ: {}", "{0?} と {1?} が異なります: {2~}"),
    ("{} and {} differ: {}.", "{0?} と {1?} が異なります: {2~}。"),
    ("an address that does not answer", "応答しないアドレス"),
    ("one answers and the other does not", "一方は応答し、もう一方は応答しません"),
    ("only the first offers {}, only the second {}", "前者だけが提示: {0?}、後者だけが提示: {1?}"),
    ("nothing more", "なし"),
    ("{} is {} by the first and {} by the second", "{0} は、前者では{1~}、後者では{2~}"),
    (
        "Configure the servers alike, or take the one that is behind out of the name until it is.",
        "サーバーの設定を揃えるか、揃うまで遅れている方を名前から外してください。",
    ),
    (
        "Where to find these logins in the tenant's sign-in log",
        "これらのログインを記録するテナントのサインインログ",
    ),
    ("User {}, from {} on, client app {}.", "ユーザー {0}、{1} 以降、クライアントアプリ {2}。"),
    (
        "Entra admin center, Sign-in logs: add the filters User, Date and Client app; the entry's failure reason says which rule decided. If there is no entry, Exchange refused the password before it asked Entra.",
        "Entra 管理センターの [サインイン ログ] で、ユーザー、日付、クライアント アプリのフィルターを追加してください。該当する記録のエラーの理由に、判定したルールが示されます。記録がない場合、Exchange は Entra に照会する前にパスワードを拒否しています。",
    ),
    (
        "The token's issue is in the user sign-ins",
        "トークンの発行は [ユーザーのサインイン] に記録されています",
    ),
    (
        "The token's issue is in the service principal sign-ins",
        "トークンの発行は [サービス プリンシパルのサインイン] に記録されています",
    ),
    ("Issued to {}.", "発行先: {0}。"),
    ("Issued to {}. Session ID {}.", "発行先: {0}。セッション ID {1}。"),
    ("Issued to {}. Request ID {}.", "発行先: {0}。要求 ID {1}。"),
    ("Issued to {}. Request ID {}, session ID {}.", "発行先: {0}。要求 ID {1}、セッション ID {2}。"),
    ("Issued to {}. Unique token identifier {}.", "発行先: {0}。一意のトークン識別子 {1}。"),
    (
        "Issued to {}. Unique token identifier {}, session ID {}.",
        "発行先: {0}。一意のトークン識別子 {1}、セッション ID {2}。",
    ),
    (
        "Entra admin center, Sign-in logs, User sign-ins (interactive or non-interactive): filter by User and Request ID. The entry is of the token's issue; using the token leaves none, accepted or refused.",
        "Entra 管理センターの [サインイン ログ] > [ユーザーのサインイン (対話型)] または [(非対話型)] で、ユーザーと要求 ID で絞り込んでください。記録されるのはトークンの発行です。トークンを使っても、成功か拒否かにかかわらず記録は残りません。",
    ),
    (
        "Entra admin center, Sign-in logs, Service principal sign-ins: filter by application or Request ID. The entry has no user and no client app. It is of the token's issue; using the token leaves none, accepted or refused.",
        "Entra 管理センターの [サインイン ログ] > [サービス プリンシパルのサインイン] で、アプリケーションまたは要求 ID で絞り込んでください。記録にユーザーとクライアント アプリはありません。記録されるのはトークンの発行です。トークンを使っても、成功か拒否かにかかわらず記録は残りません。",
    ),
    // What a token says of itself before it is sent, where the right may stand in the server.
    (
        "No role in the token: works only where Exchange grants it",
        "トークンにロールがありません。Exchange 側で権限が付与されている場合にのみ使えます",
    ),
    (
        "No role for this in the token: works only where Exchange grants it",
        "必要なロールがトークンにありません。Exchange 側で権限が付与されている場合にのみ使えます",
    ),
    (
        "It has the roles {}, and not the one that is needed here. With RBAC for Applications the right stands in Exchange and not in the token: {}.",
        "トークンのロールは {0} で、ここで必要なロールがありません。アプリケーションのロールベースのアクセス制御 (RBAC for Applications) では、権限はトークンではなく Exchange にあります: {1~}。",
    ),
    (
        "It has neither roles nor scp. With RBAC for Applications the right stands in Exchange and not in the token: {}.",
        "roles も scp もありません。アプリケーションのロールベースのアクセス制御 (RBAC for Applications) では、権限はトークンではなく Exchange にあります: {0~}。",
    ),
    ("{} needs Application SMTP.SendAsApp", "{0} には Application SMTP.SendAsApp が必要です"),
    ("{} needs Application EWS.AccessAsApp", "{0} には Application EWS.AccessAsApp が必要です"),
    (
        "Run Test-ServicePrincipalAuthorization for the application and this mailbox. To grant the right: New-ServicePrincipal, New-ManagementScope, then New-ManagementRoleAssignment -App with -Role and -CustomResourceScope; it takes effect within 30 minutes to 2 hours. Or add the application permission in Entra and get a new token.",
        "このアプリケーションとメールボックスについて Test-ServicePrincipalAuthorization を実行してください。権限を付与するには、New-ServicePrincipal、New-ManagementScope、続いて New-ManagementRoleAssignment -App に -Role と -CustomResourceScope を指定して実行します。反映には 30 分から 2 時間かかります。または、Entra でアプリケーションのアクセス許可を追加し、新しいトークンを取得してください。",
    ),
    // EWS in Exchange Online, and the apps that it lets in.
    (
        "EWS in Exchange Online lets in listed apps only",
        "Exchange Online の EWS は、一覧にあるアプリだけを許可します",
    ),
    (
        "Since 2026-10-01 Exchange Online switches EWS off tenant by tenant (EWSEnabled = False); where it is True, only the app ids in EwsAllowedAppIDs get in. {} Users with F or Kiosk licences are refused all the same, and EWS ends for everyone on 2027-04-01. (Read 2026-11-30.)",
        "2026-10-01 以降、Exchange Online はテナントごとに順次 EWS を無効にしています (EWSEnabled = False)。True の場合は、EwsAllowedAppIDs にあるアプリ ID だけが許可されます。{0~}F ライセンスと Kiosk ライセンスの利用者はいずれにしても拒否されます。EWS は 2027-04-01 にすべての利用者に対して終了します。(2026-11-30 確認)",
    ),
    (
        "The app id of this token is {}: Set-OrganizationConfig -EwsAllowedAppIDs \"{}\" allows it, with the ids that are listed already, separated by commas.",
        "このトークンのアプリ ID は {0} です。Set-OrganizationConfig -EwsAllowedAppIDs \"{1}\" で許可できます。既存の ID もコンマで区切って一緒に指定してください。",
    ),
    ("The token names no app id.", "トークンにはアプリ ID がありません。"),
    (
        "Read the list with Get-OrganizationConfig -RetrieveEwsOperationAccessPolicy, add the app id with Set-OrganizationConfig -EwsAllowedAppIDs, then set -EwsEnabled $true. Move the app to Microsoft Graph.",
        "Get-OrganizationConfig -RetrieveEwsOperationAccessPolicy で一覧を確認し、Set-OrganizationConfig -EwsAllowedAppIDs でアプリ ID を追加してから、-EwsEnabled $true を設定してください。アプリを Microsoft Graph に移行してください。",
    ),
    ("EWS in Exchange Online has ended", "Exchange Online の EWS は終了しました"),
    (
        "It was announced to end for everyone on 2027-04-01, tokens included; no setting of the tenant brings it back. (Read 2026-11-30.)",
        "トークンを含め、2027-04-01 にすべての利用者に対して終了すると発表されています。テナントの設定で元に戻すことはできません。(2026-11-30 確認)",
    ),
    ("Move the app to Microsoft Graph.", "アプリを Microsoft Graph に移行してください。"),
    // What the other cells say.
    ("{} The other cells say more: {}", "{0~}ほかのセルからさらに分かること: {1~}"),
    ("{} Leaves open {}. Read: {}.", "{0~}原因を特定できないセル: {1~}。根拠: {2~}。"),
    ("the claims of the token", "トークンのクレーム"),
    (
        "The token has no role, so the right has to stand in Exchange",
        "トークンにロールがないため、権限は Exchange 側に必要です",
    ),
    (
        "Either Exchange does not grant the application the right, or the mailbox is outside its scope, or the grant has not taken effect yet, which takes 30 minutes to 2 hours.",
        "Exchange がアプリケーションに権限を付与していない、メールボックスがその範囲外にある、または付与がまだ反映されていない (30 分から 2 時間かかります) かのいずれかです。",
    ),
    (
        "Run Test-ServicePrincipalAuthorization for the application and this mailbox. If no role is in scope, assign one with New-ManagementRoleAssignment -App; if one is, wait 2 hours and check again.",
        "このアプリケーションとメールボックスについて Test-ServicePrincipalAuthorization を実行してください。対象のロールがない場合は New-ManagementRoleAssignment -App で割り当て、ある場合は 2 時間待ってからもう一度確認してください。",
    ),
    ("{} Settles {}. Read: {}.", "{0~}判明したセル: {1~}。根拠: {2~}。"),
    ("{} on {} (refused)", "{1} の {0} (拒否)"),
    ("{} on {} (accepted)", "{1} の {0} (受付)"),
    ("{} on {}, lines {}-{} (refused)", "{1} の {0}、{2}–{3} 行目 (拒否)"),
    ("{} on {}, lines {}-{} (accepted)", "{1} の {0}、{2}–{3} 行目 (受付)"),
    ("{} on {}, lines {}-{} (inconclusive)", "{1} の {0}、{2}–{3} 行目 (不明)"),
    (
        "Another protocol says why the token is refused",
        "トークンが拒否された理由を、別のプロトコルが示しています",
    ),
    (
        "{} answers the same token with x-ms-diagnostics {}: {}.",
        "{0} は同じトークンに x-ms-diagnostics {1} で応答しました: {2~}。",
    ),
    ("its signature is not valid", "署名が無効"),
    ("it cannot be read", "読み取れない"),
    ("it has expired", "期限切れ"),
    ("it is for another resource", "別のリソース用"),
    ("it is of another tenant", "別のテナントのもの"),
    ("it is of another user", "別のユーザーのもの"),
    ("its app is not allowed", "アプリが許可されていない"),
    ("it lacks the scope or role", "スコープまたはロールがない"),
    (
        "Get a token that fits (audience, scope or role, tenant, user, lifetime) and check again.",
        "条件 (オーディエンス、スコープまたはロール、テナント、ユーザー、有効期間) に合うトークンを取得し、もう一度確認してください。",
    ),
    ("SMTP AUTH is off rather than the credentials wrong", "資格情報の誤りではなく、SMTP AUTH が無効です"),
    (
        "{} refuses password and token in the same words, and the {} is good on {}: SMTP AUTH is switched off for the mailbox or the organisation.",
        "{0} はパスワードとトークンを同じ文で拒否し、{2} ではその{1~}が有効です。SMTP AUTH が、メールボックスまたは組織に対して無効になっています。",
    ),
    (
        "Exchange: Get-CASMailbox and Get-TransportConfig, SmtpClientAuthenticationDisabled; elsewhere the setting that lets this account submit.",
        "Exchange では、Get-CASMailbox と Get-TransportConfig の SmtpClientAuthenticationDisabled を、それ以外では、このアカウントの送信を許可する設定を確認してください。",
    ),
    ("The mechanism is refused, not the token", "拒否されたのはトークンではなく認証方式です"),
    ("The same token is accepted here by {}.", "同じトークンが、ここでは {0} で受け付けられます。"),
    ("Use the token mechanism that is accepted.", "受け付けられるトークンの認証方式を使ってください。"),
    (
        "The protocol is off or the scope is missing: the token is good",
        "プロトコルが無効か、スコープがありません。トークンは有効です",
    ),
    (
        "The same token is accepted on {}: {} is switched off for the mailbox, or the token lacks its scope.",
        "同じトークンが {0} で受け付けられます。{1} がメールボックスに対して無効か、トークンにそのスコープがありません。",
    ),
    (
        "Exchange: Get-CASMailbox, SmtpClientAuthenticationDisabled; then the token's SMTP.Send or SMTP.SendAsApp, or the role Application SMTP.SendAsApp in Exchange (Test-ServicePrincipalAuthorization).",
        "Exchange では、Get-CASMailbox の SmtpClientAuthenticationDisabled、次にトークンの SMTP.Send または SMTP.SendAsApp、または Exchange のロール Application SMTP.SendAsApp (Test-ServicePrincipalAuthorization) を確認してください。",
    ),
    (
        "Exchange: Get-CASMailbox, ImapEnabled, PopEnabled, EwsEnabled or ActiveSyncEnabled; then the token's scope for this protocol.",
        "Exchange では、Get-CASMailbox の ImapEnabled、PopEnabled、EwsEnabled または ActiveSyncEnabled、次にこのプロトコルに対するトークンのスコープを確認してください。",
    ),
    ("The method is refused, not the password", "拒否されたのはパスワードではなく認証方式です"),
    (
        "The same password is accepted here by {}: the server keeps no secret that this method can be checked with, or does not mean it.",
        "同じパスワードが、ここでは {0} で受け付けられます。サーバーがこの認証方式の検証に使う秘密を保持していないか、提示が実態と合っていません。",
    ),
    (
        "Use the method that is accepted, or store the secret in the form that this one needs.",
        "受け付けられる認証方式を使うか、この認証方式に必要な形式で秘密を保存してください。",
    ),
    ("The password is right, and is not taken here", "パスワードは正しいものの、ここでは受け付けられません"),
    (
        "The same password is accepted on {}: passwords, or the protocol, are switched off here.",
        "同じパスワードが {0} で受け付けられます。ここでは、パスワードまたはプロトコルが無効になっています。",
    ),
    (
        "Look for what switches passwords or this protocol off: authentication policy, mailbox settings.",
        "パスワードまたはこのプロトコルを無効にしている設定 (認証ポリシー、メールボックスの設定) を調べてください。",
    ),
    ("No password is offered, and none is taken", "パスワードは提示されず、受け付けられません"),
    (
        "The server offers tokens and no password method: this refusal says nothing about the password.",
        "サーバーはトークンを提示し、パスワードの認証方式は提示していません。この拒否は、パスワードについて何も示していません。",
    ),
    (
        "The server offers tokens and no password method (LOGINDISABLED): this refusal says nothing about the password.",
        "サーバーはトークンを提示し、パスワードの認証方式は提示していません (LOGINDISABLED)。この拒否は、パスワードについて何も示していません。",
    ),
    ("Use a token here.", "ここではトークンを使ってください。"),
    (
        "Passwords are off here rather than this one wrong",
        "このパスワードの誤りではなく、ここではパスワードが無効です",
    ),
    ("{} says that Basic authentication is disabled", "{0} が、Basic 認証は無効であると応答しています"),
    (
        "every password method is refused in the same words",
        "すべてのパスワードの認証方式が、同じ文で拒否されています",
    ),
    ("{}, and a token works here by {}.", "{0~}。また、ここでは {1} でトークンを使えます。"),
    (
        "Use a token. Whether the password is right is not known: these answers do not say.",
        "トークンを使ってください。パスワードが正しいかどうかは、これらの応答からは分かりません。",
    ),
    // Facts of a failure.
    ("more than {} challenges and no answer", "チャレンジが {0} 回を超えても応答がありません"),
    ("more than {} lines and no answer", "{0} 行を超えても応答がありません"),
    (
        "more than {} interim answers (1xx) and no answer",
        "中間応答 (1xx) が {0} 件を超えても応答がありません",
    ),
    ("the header of the answer has more than {} octets", "応答のヘッダーが {0} オクテットを超えています"),
    (
        "the server sent a response of {} lists inside each other",
        "サーバーが、リストが {0} 段も入れ子になった応答を送りました",
    ),
    (
        "the server sent more than a session check takes",
        "サーバーが、セッションの確認に要る量を超えるデータを送りました",
    ),
    (
        "mailprobe itself failed; please report this",
        "mailprobe 自体に障害が起きました。開発元にお知らせください",
    ),
    ("no capability list came; the server said `{}`", "機能一覧が届きませんでした。サーバーの応答: `{0}`"),
    ("closed the connection", "接続を閉じました"),
    ("reset the connection", "接続をリセットしました"),
    ("answered with {}", "{0} で応答しました"),
    ("more than {} octets and no ServerHello", "{0} オクテットを超えても ServerHello がありません"),
    ("the server sent {}", "サーバーが {0} を送りました"),
    ("the connection is closed", "接続は閉じられています"),
    ("the server sent more than {} octets", "サーバーが {0} オクテットを超えるデータを送りました"),
    ("no address to visit", "接続先のアドレスがありません"),
    (
        "the server answers the same to a request without credentials",
        "サーバーは、資格情報のない要求にも同じ応答をします",
    ),
    (
        "this answer shows the login and nothing of the mailbox",
        "この応答はログインだけを示し、メールボックスについては何も示していません",
    ),
    ("the answer points to {}", "応答が {0} を示しています"),
    (
        "the service gave no answer to a request without credentials",
        "サービスは、資格情報のない要求に応答しませんでした",
    ),
    ("the server closed the connection", "サーバーが接続を閉じました"),
    ("the server closed the connection without an answer", "サーバーは応答せずに接続を閉じました"),
    (
        "the login name is no address, so there is none to send as",
        "ログイン名がアドレスではないため、差出人にできるアドレスがありません",
    ),
    (
        "opening the mailbox takes a POST, which enters a device into its list (--activesync-post)",
        "メールボックスを開くには POST が必要で、デバイスが一覧に登録されます (--activesync-post)",
    ),
    ("the certificate expired on {}", "証明書は {0} に期限が切れました"),
    ("the certificate is not valid before {}", "証明書は {0} より前は無効です"),
    ("the certificate is not for {}", "証明書は {0} のものではありません"),
    (
        "the certificate is self-signed and not among the trusted roots",
        "証明書は自己署名で、信頼されたルート証明書にありません",
    ),
    ("the chain leads to no trusted root", "証明書チェーンが、信頼されたルート証明書につながりません"),
    ("a certificate of the chain is outside its validity", "証明書チェーンに、有効期間外の証明書があります"),
    ("the certificate is revoked", "証明書は失効しています"),
    ("the time for the whole visit was used up", "確認全体の制限時間を使い切りました"),
    ("no answer within {} s", "{0} 秒以内に応答がありませんでした"),
    ("the run was cancelled", "実行が中止されました"),
    ("the name {} does not exist", "名前 {0} は存在しません"),
    ("the name {} exists and has no address", "名前 {0} は存在しますが、アドレスがありません"),
    ("the peer does not speak TLS here; it said: {}", "相手はここでは TLS を使いません。相手の応答: {0}"),
    ("the server takes neither TLS 1.2 nor TLS 1.3", "サーバーは TLS 1.2 も TLS 1.3 も受け付けません"),
    (
        "the server ended the handshake with the alert {}",
        "サーバーがアラート {0} でハンドシェイクを終えました",
    ),
];
