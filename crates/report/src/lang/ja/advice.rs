//! What answers mean, what to do, and which check comes next: every sentence of the diagnosis.

pub(super) const ROWS: &[(&str, &str)] = &[
    (
        "The request came without a token, or with an empty one.",
        "要求にトークンが付いていないか、トークンが空です。",
    ),
    (
        "Connect the program with the account again, and check that it sends the token it got (Authorization: Bearer).",
        "プログラムをもう一度アカウントに接続し、取得したトークンを送信している (Authorization: Bearer) ことを確認してください。",
    ),
    (
        "The client connected and left before it sent a login. This is no verdict on the credentials.",
        "クライアントは接続しましたが、ログインを送信する前に切断しました。資格情報についての判定ではありません。",
    ),
    (
        "Look into the client's own log: a certificate that it refuses, a mechanism that it misses, or a check of the port that is no client at all.",
        "クライアント側のログを確認してください。証明書の拒否、必要な認証方式がないこと、またはクライアントではなくポートの監視である可能性があります。",
    ),
    (
        "Connect with the same client once more, and compare the times in both logs.",
        "同じクライアントでもう一度接続し、両方のログの時刻を照合してください。",
    ),
    (
        "The server takes mail from this client only after a login, and saw none; or it does not admit the client's address at all.",
        "サーバーは、ログインの後にのみこのクライアントからのメールを受け付けますが、ログインがありませんでした。または、クライアントのアドレス自体を許可していません。",
    ),
    (
        "Turn on authentication for the outgoing server, on the submission port (587 or 465). If a login went before, have the address admitted.",
        "サブミッションポート (587 または 465) で、送信サーバーの認証を有効にしてください。すでにログインしている場合は、アドレスを許可してもらってください。",
    ),
    (
        "Repeat after a login: if the answer stays, the address is the matter.",
        "ログインしてから再試行してください。応答が変わらなければ、アドレスが原因です。",
    ),
    (
        "The password does not meet the server's rules any more, and is not taken until it has been changed.",
        "パスワードがサーバーの規則を満たさなくなったため、変更するまで受け付けられません。",
    ),
    (
        "Change the password at the provider, then store the new one everywhere it is used.",
        "プロバイダーでパスワードを変更し、使用しているすべての場所に新しいパスワードを保存してください。",
    ),
    (
        "The token is a user's, and the request names another user's mailbox: it is not delegated to the token's user.",
        "トークンは一般ユーザーのものですが、要求は別のユーザーのメールボックスを指定しています。そのメールボックスは、トークンのユーザーに委任されていません。",
    ),
    (
        "Ask for the mailbox \"me\", or get the token for the user whose mailbox it is: a service account names that user as the subject.",
        "メールボックス「me」を指定するか、対象のメールボックスを持つユーザーのトークンを取得してください。サービスアカウントの場合は、そのユーザーを subject に指定します。",
    ),
    (
        "The server's list names no AUTH before TLS, and the client did not start TLS. No password was sent.",
        "TLS 開始前の機能一覧に AUTH がなく、クライアントは TLS を開始していません。パスワードは送信されていません。",
    ),
    (
        "Turn on STARTTLS in the client (port 587), or use TLS from the start on port 465.",
        "クライアントで STARTTLS を有効にする (ポート 587) か、ポート 465 で最初から TLS を使用してください。",
    ),
    (
        "The list after TLS shows which mechanisms the server takes.",
        "TLS 開始後の機能一覧に、サーバーが受け付ける認証方式が示されます。",
    ),
    (
        "The server's list names no AUTH: it takes no login on this connection. No password was sent.",
        "サーバーの機能一覧に AUTH がありません。この接続ではログインを受け付けません。パスワードは送信されていません。",
    ),
    (
        "Use the submission port with TLS (587 with STARTTLS, or 465). If that is what was used, the server takes no login at all: ask its operator.",
        "TLS を使うサブミッションポート (587 の STARTTLS、または 465) を使用してください。すでに使用している場合、サーバーはログインを一切受け付けません。サーバーの管理者に確認してください。",
    ),
    (
        "The service does not offer this scheme: its WWW-Authenticate fields name only others. It did not check the credentials.",
        "サービスはこのスキームを提供していません。WWW-Authenticate フィールドには別のスキームだけが示されています。資格情報は確認されていません。",
    ),
    (
        "Use one of the schemes that the WWW-Authenticate fields name.",
        "WWW-Authenticate フィールドに示されたスキームのいずれかを使用してください。",
    ),
    (
        "The answer says yes, and its words say no. One of the two is wrong.",
        "応答の状態は成功ですが、文面は拒否です。どちらかが誤っています。",
    ),
    (
        "Do not trust the login before the mailbox has been opened; report the answer to the server's operator.",
        "メールボックスが開くことを確認するまでは、ログインが成功したとみなさないでください。この応答をサーバーの管理者に報告してください。",
    ),
    (
        "Open the mailbox: it opens only if the login was really accepted.",
        "メールボックスを開いてみてください。ログインが本当に受け付けられた場合にだけ開きます。",
    ),
    (
        "A policy of the organisation refuses the sign-in, whatever credential is presented.",
        "提示する資格情報にかかわらず、組織のポリシーがサインインを拒否しています。",
    ),
    (
        "Ask the administrator which policy it is: the sign-in log names a sign-in rule, and has no entry where the protocol or the client is switched off.",
        "どのポリシーかを管理者に確認してください。サインインのルールによる場合はサインインログにその名前が記録され、プロトコルやクライアントが無効にされている場合は記録がありません。",
    ),
    (
        "Present the other kind of credential: the same words again show that neither was judged.",
        "もう一方の種類の資格情報を提示してください。同じ文面が返れば、どちらも判定されていません。",
    ),
    (
        "The code calls this temporary: check again later. If the answer stays the same, its words give the reason.",
        "コードは一時的なエラーを示しています。時間をおいて再度確認してください。応答が変わらない場合は、その文面が理由です。",
    ),
    (
        "The token lacks the scope or role for this use, or the scope asked for is not valid.",
        "トークンにこの用途のスコープまたはロールがないか、要求したスコープが有効ではありません。",
    ),
    (
        "Ask for the scope of the protocol, all of one resource: at Microsoft IMAP.AccessAsUser.All, POP.AccessAsUser.All, SMTP.Send or EWS.AccessAsUser.All (for apps the roles, by .default), at Google https://mail.google.com/.",
        "プロトコルに合うスコープを、すべて同じリソースのものとして要求してください。Microsoft では IMAP.AccessAsUser.All、POP.AccessAsUser.All、SMTP.Send、EWS.AccessAsUser.All (アプリの場合は .default によるロール)、Google では https://mail.google.com/ です。",
    ),
    (
        "Decode the token and look at scp and roles.",
        "トークンをデコードし、scp と roles を確認してください。",
    ),
    (
        "The token, grant, code or sign-in session has expired or was revoked.",
        "トークン、グラント、コード、またはサインインのセッションが期限切れか、取り消されています。",
    ),
    (
        "Get a new token; where the refresh token itself is refused, sign in again.",
        "新しいトークンを取得してください。リフレッシュトークン自体が拒否される場合は、もう一度サインインしてください。",
    ),
    (
        "The token or grant is unreadable, altered, or not one that this server takes.",
        "トークンまたはグラントが読み取れないか、改変されているか、このサーバーが受け付けるものではありません。",
    ),
    (
        "Get a new token and present it unchanged; check for line breaks, quotes or a cut end.",
        "新しいトークンを取得し、そのまま変更せずに提示してください。改行、引用符、末尾の欠落がないか確認してください。",
    ),
    (
        "The account is locked, or this address banned, for a while: after failed logins or for suspected abuse.",
        "アカウントが一時的にロックされているか、このアドレスが一時的に遮断されています。ログインの失敗が続いたか、不正利用が疑われたためです。",
    ),
    (
        "Stop trying. Wait for the lock to pass or have it lifted, and correct the stored password everywhere before the next attempt.",
        "試行を中止してください。ロックの解除を待つか解除を依頼し、次の試行の前に、保存されているパスワードをすべての場所で修正してください。",
    ),
    (
        "Sign in from another network: a locked account is refused there too, a banned address is not.",
        "別のネットワークからサインインしてください。アカウントのロックならそこでも拒否され、アドレスの遮断なら拒否されません。",
    ),
    (
        "The server refused this user name and password, without saying which of them is wrong.",
        "サーバーはこのユーザー名とパスワードを拒否しました。どちらが誤りかは示していません。",
    ),
    (
        "Check the login name and the password before the next attempt: each wrong one may count towards a lock.",
        "次の試行の前に、ログイン名とパスワードを確認してください。誤った試行は、そのたびにロックの回数に数えられることがあります。",
    ),
    ("The server does not know this user name.", "サーバーはこのユーザー名を認識していません。"),
    (
        "Check the login name: many servers want the whole address, some only the part before the @.",
        "ログイン名を確認してください。多くのサーバーはアドレス全体を求め、一部は @ より前の部分だけを求めます。",
    ),
    (
        "Try the other form of the login name once; a known name changes the answer.",
        "もう一方の形式のログイン名を一度だけ試してください。登録されている名前なら応答が変わります。",
    ),
    (
        "The password has expired or must be changed before it is taken again.",
        "パスワードの有効期限が切れているか、再び使う前に変更する必要があります。",
    ),
    (
        "Change the password, then store the new one everywhere it is used.",
        "パスワードを変更し、使用しているすべての場所に新しいパスワードを保存してください。",
    ),
    (
        "The account, or the organisation it belongs to, is switched off, by a person or by a rule.",
        "アカウント、またはアカウントが属する組織が、管理者またはルールによって無効にされています。",
    ),
    (
        "Ask the administrator of the server, or look at the account's status with the provider.",
        "サーバーの管理者に問い合わせるか、プロバイダーでアカウントの状態を確認してください。",
    ),
    (
        "The client program or app is not allowed here: an allow list, an access policy, or the app is switched off.",
        "クライアントプログラムまたはアプリがここでは許可されていません。許可リスト、アクセスポリシー、またはアプリの無効化によるものです。",
    ),
    (
        "Have the administrator admit this client id or program, or use one that is admitted.",
        "管理者にこのクライアント ID またはプログラムの許可を依頼するか、許可されているものを使ってください。",
    ),
    (
        "Repeat with a client id that is known to be admitted.",
        "許可されていることが分かっているクライアント ID でもう一度確認してください。",
    ),
    (
        "An application access policy of the organisation keeps this application out of the mailbox. Such policies are legacy: RBAC for Applications replaces them.",
        "組織のアプリケーション アクセス ポリシーが、このアプリケーションによるメールボックスへのアクセスを拒否しています。このポリシーは旧式で、アプリケーションのロールベースのアクセス制御 (RBAC for Applications) に置き換えられています。",
    ),
    (
        "Have the administrator find the policy with Get-ApplicationAccessPolicy. Add the mailbox to its group, or grant the right with New-ManagementRoleAssignment -App and remove the policy. A change takes 30 minutes to 2 hours.",
        "管理者に Get-ApplicationAccessPolicy で該当するポリシーを確認してもらってください。メールボックスをそのグループに追加するか、New-ManagementRoleAssignment -App で権限を付与してポリシーを削除します。反映には 30 分から 2 時間かかります。",
    ),
    (
        "Test-ApplicationAccessPolicy for the application and this mailbox says whether the policy lets it in.",
        "このアプリケーションとメールボックスについて Test-ApplicationAccessPolicy を実行すると、ポリシーが許可しているかどうかが分かります。",
    ),
    (
        "A second factor, or enrolment for one, is demanded, and a mail program that presents only a password cannot give it. The password itself was most likely right.",
        "第 2 要素、またはその登録が求められています。パスワードだけを提示するメールプログラムでは応じられません。パスワード自体はおそらく正しいものでした。",
    ),
    (
        "Sign in interactively (OAuth authorization code or device code), or register the second factor first.",
        "対話的にサインインする (OAuth の認可コードまたはデバイスコード) か、先に第 2 要素を登録してください。",
    ),
    (
        "The sign-in log of the account names the rule that demands it.",
        "アカウントのサインインログに、それを求めているルールが記録されています。",
    ),
    (
        "The security defaults of the organisation refuse this sign-in: they block passwords without a second factor and some OAuth flows.",
        "組織のセキュリティの既定値群がこのサインインを拒否しています。第 2 要素のないパスワードと、一部の OAuth フローが遮断されます。",
    ),
    (
        "Use OAuth with an interactive sign-in, or replace security defaults by Conditional Access that allows this account.",
        "対話的なサインインによる OAuth を使うか、セキュリティの既定値群の代わりに、このアカウントを許可する条件付きアクセスを使ってください。",
    ),
    (
        "A sign-in rule refuses: Conditional Access, a rule for devices or risk, a tenant restriction or logon hours. The credentials are not in question.",
        "サインインのルールが拒否しています。条件付きアクセス、デバイスまたはリスクのルール、テナント制限、ログオン時間のいずれかです。資格情報の問題ではありません。",
    ),
    (
        "Look at the sign-in log of the account: it names the rule. Have the rule admit this client, place or device, or meet what it demands.",
        "アカウントのサインインログを確認してください。ルールの名前が記録されています。このクライアント、場所、デバイスをルールで許可するか、ルールの要求を満たしてください。",
    ),
    (
        "The sign-in log names the rule that refused.",
        "拒否したルールの名前がサインインログに記録されています。",
    ),
    (
        "The app's own proof is wrong, expired, missing or not wanted: client secret, certificate or assertion.",
        "アプリ自身の証明 (クライアントシークレット、証明書、アサーション) が、誤っているか、期限切れか、ないか、不要です。",
    ),
    (
        "Check the secret's value (not its id) and expiry, or the certificate and the clock; a public client sends none.",
        "シークレットの値 (ID ではなく) と有効期限、または証明書と時計を確認してください。パブリッククライアントはこれを送りません。",
    ),
    (
        "The request is malformed or incomplete in the server's eyes. The credentials are not in question.",
        "サーバーから見て、要求の形式が正しくないか、不完全です。資格情報の問題ではありません。",
    ),
    (
        "Compare the request with the service's documentation: path, method, required parameters, schema.",
        "要求をサービスのドキュメントと照合してください (パス、メソッド、必須パラメーター、スキーマ)。",
    ),
    (
        "The server speaks of itself or goes on with the dialog. This is no verdict on the login.",
        "サーバー自身についての情報か、やり取りの続きです。ログインの可否を示すものではありません。",
    ),
    ("Look at the answers that follow.", "続く応答を確認してください。"),
    (
        "The provider wants an interactive sign-in in a browser before it takes this client.",
        "プロバイダーは、このクライアントを受け付ける前に、ブラウザーでの対話的なサインインを求めています。",
    ),
    (
        "Sign in with a browser, at the address in the answer if there is one, and check again; or use an app password or OAuth.",
        "ブラウザーで (応答にアドレスがあればそこで) サインインしてから、もう一度確認してください。または、アプリパスワードか OAuth を使ってください。",
    ),
    (
        "If the answer is the same after the sign-in, the account password is not taken here: try an app password.",
        "サインインの後も応答が同じなら、ここではアカウントのパスワードは受け付けられません。アプリパスワードを試してください。",
    ),
    (
        "User or administrator consent for the app, or the assignment of the user to it, is missing.",
        "アプリに対するユーザーまたは管理者の同意、またはアプリへのユーザーの割り当てがありません。",
    ),
    (
        "Have an administrator grant consent for the app in this tenant, or assign the user to it.",
        "管理者にこのテナントでのアプリへの同意を依頼するか、ユーザーをアプリに割り当ててください。",
    ),
    (
        "The token is, or was asked, for another resource than this service.",
        "トークンが、このサービスではない別のリソースのものか、別のリソースに対して要求されています。",
    ),
    (
        "Ask for a token of this service: for Exchange Online a scope that starts with https://outlook.office365.com/ or https://outlook.office.com/, not one of Microsoft Graph.",
        "このサービスのトークンを要求してください。Exchange Online では、Microsoft Graph ではなく、https://outlook.office365.com/ または https://outlook.office.com/ で始まるスコープです。",
    ),
    (
        "Decode the token and compare aud with the service.",
        "トークンをデコードし、aud をサービスと比べてください。",
    ),
    (
        "Token, account or authority belongs to another tenant, cloud or kind of account.",
        "トークン、アカウント、または認証機関 (authority) が、別のテナント、クラウド、または別の種類のアカウントに属しています。",
    ),
    (
        "Use the authority of the account's own tenant and cloud (the tenant's name or id; `organizations` or `consumers` where the kind of account asks for it).",
        "アカウント自身のテナントとクラウドの authority を使ってください (テナントの名前または ID。アカウントの種類によっては `organizations` または `consumers`)。",
    ),
    (
        "Look the domain's tenant up in its OpenID metadata and compare it with the authority that was asked.",
        "ドメインのテナントを OpenID メタデータで調べ、要求先の authority と比べてください。",
    ),
    (
        "The client id is not known in this tenant or at this provider.",
        "このクライアント ID は、このテナントまたはプロバイダーに登録されていません。",
    ),
    (
        "Check the client id and the tenant that was asked; an app of another tenant must be consented to first.",
        "クライアント ID と要求先のテナントを確認してください。別のテナントのアプリには、先に同意が必要です。",
    ),
    (
        "A limit on rate, connections, volume or login interval was hit. This says nothing about the credentials.",
        "頻度、接続数、量、またはログイン間隔の制限に達しました。資格情報については何も示していません。",
    ),
    (
        "Wait as long as the answer says, then check again with fewer connections at a time.",
        "応答が示す時間だけ待ち、同時接続数を減らしてもう一度確認してください。",
    ),
    (
        "The agent that checks passwords in the organisation's own directory could not do it.",
        "組織のディレクトリでパスワードを検証するエージェントが、検証を行えませんでした。",
    ),
    (
        "Look at the pass-through authentication agents and the domain controllers they ask; then check the account.",
        "パススルー認証エージェントと、その問い合わせ先のドメインコントローラーを確認し、その後アカウントを確認してください。",
    ),
    (
        "Try another account of the same directory: if it fails the same way, the agent is the matter.",
        "同じディレクトリの別のアカウントで試してください。同じように失敗するなら、問題はエージェントにあります。",
    ),
    (
        "The server has a fault of its own, usually a passing one, and decided nothing about the credentials.",
        "サーバー側の障害で、通常は一時的なものです。資格情報については何も判断していません。",
    ),
    (
        "Check again later; if it lasts, look into the server's log.",
        "後でもう一度確認してください。続く場合は、サーバーのログを調べてください。",
    ),
    (
        "The mailbox or the service is at another host or address.",
        "メールボックスまたはサービスは、別のホストまたはアドレスにあります。",
    ),
    (
        "Use the host that the answer names, after making sure that it is one of the service's.",
        "応答が示すホストを、そのサービスのものであることを確かめたうえで使ってください。",
    ),
    (
        "The server refuses the version of TLS that the client speaks.",
        "サーバーは、クライアントが使う TLS のバージョンを拒否しています。",
    ),
    (
        "Use a client or firmware with TLS 1.2 or newer.",
        "TLS 1.2 以降に対応したクライアントまたはファームウェアを使ってください。",
    ),
    (
        "The server does not offer this mechanism. It did not look at the credentials.",
        "サーバーはこの認証方式を提供していません。資格情報は検証されていません。",
    ),
    (
        "Use one of the mechanisms that the server advertises.",
        "サーバーが提示している認証方式のいずれかを使ってください。",
    ),
    (
        "The Google Workspace administrator's rules for apps do not let this app use the scopes it asks for.",
        "Google Workspace 管理者のアプリのルールにより、このアプリは要求したスコープを使えません。",
    ),
    (
        "Have the administrator trust the client id under API controls.",
        "管理者に、「API の制御」でこのクライアント ID を信頼するよう依頼してください。",
    ),
    (
        "Repeat with a client id that the organisation trusts.",
        "組織が信頼しているクライアント ID でもう一度確認してください。",
    ),
    (
        "The app admits only accounts of its own organisation, and this account is of another.",
        "このアプリは自分の組織のアカウントだけを受け付け、このアカウントは別の組織のものです。",
    ),
    (
        "Sign in with an account of the app's organisation, or use an app that is open to others.",
        "アプリの組織のアカウントでサインインするか、他の組織にも公開されているアプリを使ってください。",
    ),
    (
        "The service account or client has no domain-wide delegation for these scopes.",
        "サービスアカウントまたはクライアントに、これらのスコープに対するドメイン全体の委任がありません。",
    ),
    (
        "Have the Workspace administrator delegate the scope https://mail.google.com/ to the service account's client id.",
        "Workspace の管理者に、サービスアカウントのクライアント ID へのスコープ https://mail.google.com/ の委任を依頼してください。",
    ),
    (
        "The organisation limits how long a sign-in lasts, and this one has to be renewed by the user.",
        "組織がサインインの有効期間を制限しており、ユーザーが更新する必要があります。",
    ),
    (
        "Sign in again; have the administrator exempt the app from session control if it runs unattended.",
        "もう一度サインインしてください。アプリが無人で動く場合は、管理者にセッション制御の対象から外すよう依頼してください。",
    ),
    (
        "The signed assertion of the app or service account is not taken: wrong key, wrong claims, or a clock that is off.",
        "アプリまたはサービスアカウントの署名付きアサーションが受け付けられません。鍵の誤り、クレームの誤り、または時計のずれです。",
    ),
    (
        "Check the key, the claims (iss, sub, aud, exp within an hour) and the clock.",
        "鍵、クレーム (iss、sub、aud、1 時間以内の exp)、時計を確認してください。",
    ),
    (
        "Compare iat and exp with the Date field of the answer.",
        "iat と exp を、応答の Date フィールドと比べてください。",
    ),
    (
        "The credentials were accepted. This does not prove that the mailbox opens.",
        "資格情報は受け付けられました。メールボックスが開くことの証明にはなりません。",
    ),
    ("Nothing, as far as this answer goes.", "この応答に関しては、何もする必要はありません。"),
    (
        "Open the mailbox: an accepted login can still be turned away there.",
        "メールボックスを開いてください。受け付けられたログインも、そこで拒まれることがあります。",
    ),
    (
        "The device code flow goes on: the user has not finished the sign-in yet.",
        "デバイスコードフローは継続中です。ユーザーのサインインがまだ終わっていません。",
    ),
    (
        "Ask again at the given interval until the user is done.",
        "ユーザーが完了するまで、指定された間隔で問い合わせを続けてください。",
    ),
    (
        "The server could not make sense of what it was sent at this point.",
        "サーバーは、この時点で送られたものを解釈できませんでした。",
    ),
    (
        "Look at what the client sent before this answer. If it is right, the server does not speak this mechanism as its specification says.",
        "この応答の前にクライアントが送った内容を確認してください。正しい場合は、サーバーの認証方式の実装が仕様と異なります。",
    ),
    (
        "The server refused the token without naming a reason.",
        "サーバーは、理由を示さずにトークンを拒否しました。",
    ),
    (
        "Check the token's expiry, audience, issuer and scope, and that it belongs to this mailbox.",
        "トークンの有効期限、オーディエンス、発行者、スコープと、このメールボックスのものであることを確認してください。",
    ),
    (
        "Decode the token: exp against the clock, aud against the server, scp or roles against the protocol, upn against the mailbox.",
        "トークンをデコードし、exp を時計と、aud をサーバーと、scp または roles をプロトコルと、upn をメールボックスと比べてください。",
    ),
    (
        "The provider wants something of the user first: a new password, a second factor, a verified address or accepted terms.",
        "プロバイダーが、先にユーザーの操作を求めています。新しいパスワード、第 2 要素、アドレスの確認、または規約への同意です。",
    ),
    (
        "Sign in once with a browser and do what is asked there.",
        "ブラウザーで一度サインインし、求められた操作を行ってください。",
    ),
    (
        "The account's page with the provider shows what is pending.",
        "プロバイダーのアカウントのページに、未完了の操作が表示されます。",
    ),
    (
        "The token belongs to another user than the mailbox asked for, or leads to no single user.",
        "トークンが、対象のメールボックスとは別のユーザーのものか、特定のユーザーに結び付きません。",
    ),
    (
        "Sign in as the owner of the mailbox, or as someone who has the right to it.",
        "メールボックスの所有者、またはそのメールボックスに権限を持つユーザーとしてサインインしてください。",
    ),
    (
        "Decode the token and compare upn with the mailbox.",
        "トークンをデコードし、upn をメールボックスと比べてください。",
    ),
    (
        "The service does not take the client that the token was issued to.",
        "サービスは、このトークンの発行先のクライアントを受け付けません。",
    ),
    (
        "Check the client id in the token (appid, azp) and that its service principal is known to the organisation.",
        "トークンのクライアント ID (appid、azp) と、そのサービスプリンシパルが組織に登録されていることを確認してください。",
    ),
    (
        "Repeat with a token of a client id that is known to be admitted.",
        "許可されていることが分かっているクライアント ID のトークンでもう一度確認してください。",
    ),
    (
        "Tokens are not switched on for this domain at this server. A healthy server also says so to an empty token.",
        "このサーバーでは、このドメインに対してトークンが有効になっていません。正常なサーバーも、空のトークンにはこのように応答します。",
    ),
    (
        "Use a scheme that the server offers, or have OAuth configured for the domain.",
        "サーバーが提供する方式を使うか、ドメインに対して OAuth を設定してください。",
    ),
    (
        "Repeat with a real token: a healthy server then gives another answer.",
        "実際のトークンでもう一度確認してください。正常なサーバーなら別の応答を返します。",
    ),
    (
        "The store under the service failed; the words on access are only how it is passed on.",
        "サービスの下にあるストアの障害です。アクセスに関する文言は、その伝わり方にすぎません。",
    ),
    (
        "Check again later; if it lasts, look into the server's log and at the rights to the folder.",
        "後でもう一度確認してください。続く場合は、サーバーのログとフォルダーの権限を調べてください。",
    ),
    (
        "Repeat the request: a missing right does not come and go.",
        "要求を繰り返してください。権限の不足なら、現れたり消えたりしません。",
    ),
    (
        "The login is good and has no right to this mailbox or folder.",
        "ログインは成功していますが、このメールボックスまたはフォルダーへの権限がありません。",
    ),
    (
        "Grant the account access to the mailbox, or log in as its owner; for app-only access grant the right to the app's service principal.",
        "アカウントにメールボックスへのアクセスを許可するか、所有者としてログインしてください。アプリ専用アクセスでは、アプリのサービスプリンシパルに権限を与えてください。",
    ),
    (
        "Open the login's own mailbox: if that works, the right to the other one is missing.",
        "ログインした本人のメールボックスを開いてください。開けるなら、もう一方への権限が不足しています。",
    ),
    (
        "The token was taken: an app's token has no mailbox of its own, and the request does not say whom to act for.",
        "トークンは受け付けられました。アプリのトークンには自身のメールボックスがなく、要求に対象のユーザーが示されていません。",
    ),
    (
        "Send the ExchangeImpersonation header with the mailbox's primary address.",
        "メールボックスのプライマリアドレスを指定した ExchangeImpersonation ヘッダーを送ってください。",
    ),
    (
        "The account or address leads to no mailbox here.",
        "アカウントまたはアドレスに対応するメールボックスがここにはありません。",
    ),
    (
        "Check the address and that the account has a mailbox, and a licence for one, on this service.",
        "アドレスと、アカウントがこのサービスにメールボックスとそのライセンスを持つことを確認してください。",
    ),
    (
        "The address is a secondary one of the mailbox; the service wants the primary one.",
        "アドレスはメールボックスのセカンダリアドレスです。サービスはプライマリアドレスを求めています。",
    ),
    ("Use the primary address, which the answer names.", "応答が示すプライマリアドレスを使ってください。"),
    (
        "The login was taken, and there is no such folder or item, or the login may not see it.",
        "ログインは受け付けられましたが、該当するフォルダーまたはアイテムがないか、このログインからは見えません。",
    ),
    ("Check the folder and the right to it.", "フォルダーと、そのフォルダーへの権限を確認してください。"),
    ("Ask for the login's own inbox.", "ログインした本人の受信トレイを要求してください。"),
    (
        "The mailbox exists and cannot be used now: its store is offline, it is being moved or maintained, damaged or full.",
        "メールボックスはありますが、今は使えません。ストアがオフライン、移動中または保守中、破損、または満杯です。",
    ),
    (
        "Check again later; if it lasts, ask whoever runs the server.",
        "後でもう一度確認してください。続く場合は、サーバーの運用者に問い合わせてください。",
    ),
    (
        "Check another mailbox of the same server: if it opens, this mailbox is the matter.",
        "同じサーバーの別のメールボックスを確認してください。開けるなら、問題はこのメールボックスにあります。",
    ),
    (
        "A limit on requests or connections was hit. This says nothing about the credentials.",
        "要求または接続の制限に達しました。資格情報については何も示していません。",
    ),
    (
        "Wait for the BackOffMilliseconds in the answer, then check again with one connection.",
        "応答の BackOffMilliseconds だけ待ち、接続を 1 つにしてもう一度確認してください。",
    ),
    (
        "The server does not know the RequestServerVersion that the request names.",
        "要求が示す RequestServerVersion を、サーバーが認識していません。",
    ),
    (
        "Name an older one (Exchange2013_SP1 is understood by all that are in use).",
        "古いバージョンを指定してください (Exchange2013_SP1 は、使用中のすべてのサーバーが理解します)。",
    ),
    (
        "The login is good, and the account may not send with this sender address.",
        "ログインは成功していますが、アカウントはこの差出人アドレスで送信できません。",
    ),
    (
        "Send as the account's own address, or grant it the right to send as this one, or verify the address with the provider.",
        "アカウント自身のアドレスで送信するか、このアドレスで送信する権限を与えるか、プロバイダーでアドレスを確認済みにしてください。",
    ),
    (
        "Repeat with the login's own address as sender.",
        "ログインした本人のアドレスを差出人にして、もう一度確認してください。",
    ),
    (
        "This protocol is switched off for the mailbox or its organisation.",
        "このプロトコルは、メールボックスまたは組織に対して無効になっています。",
    ),
    (
        "Have the protocol switched on for the mailbox, if it is meant to be used.",
        "使用する予定であれば、メールボックスに対してプロトコルを有効にしてもらってください。",
    ),
    (
        "The login is not in question: the message, its recipient or its sender was refused by mail policy.",
        "ログインの問題ではありません。メッセージ、受信者、または差出人が、メールポリシーによって拒否されました。",
    ),
    (
        "Look at the reason in the answer: content, DKIM or DMARC, the recipient's rules, or the list of restricted senders.",
        "応答の理由を確認してください。内容、DKIM または DMARC、受信者側のルール、制限された差出人の一覧のいずれかです。",
    ),
    (
        "Send a short plain message to oneself: if that goes through, content or recipient is the matter.",
        "短いテキストのメッセージを自分宛てに送ってください。届くなら、問題は内容か受信者にあります。",
    ),
    (
        "The service answered with a code that has no record here. The login was taken, or the answer would be no SOAP.",
        "サービスは、ここに記録のないコードで応答しました。応答が SOAP である以上、ログインは受け付けられています。",
    ),
    ("Look the code up in the service's reference.", "サービスのリファレンスでコードを調べてください。"),
    (
        "The device is quarantined: it syncs, and gets one message that says so in place of the mailbox.",
        "デバイスは検疫されています。同期はしますが、メールボックスの代わりに、その旨のメッセージを 1 通だけ受け取ります。",
    ),
    (
        "The server tells the device to wipe itself.",
        "サーバーがデバイスに、自身のワイプ (消去) を指示しています。",
    ),
    (
        "Ask the administrator why; do not acknowledge it from a device that must keep its data.",
        "理由を管理者に確認してください。データを残す必要があるデバイスからは、これを承認しないでください。",
    ),
    (
        "What server and device remember of the synchronisation does not fit together. The login is good.",
        "サーバーとデバイスが記憶している同期の状態が一致しません。ログインは成功しています。",
    ),
    ("Start over with synchronisation key 0.", "同期キー 0 からやり直してください。"),
    (
        "The server wants a login before this command, and saw none.",
        "サーバーは、このコマンドの前にログインを求めていますが、ログインを確認できませんでした。",
    ),
    (
        "Log in first; if the login was accepted, the server has dropped it.",
        "先にログインしてください。ログインが受け付けられていたなら、サーバーがそれを破棄しています。",
    ),
    ("ActiveSync is switched off for this user.", "このユーザーに対して ActiveSync が無効になっています。"),
    (
        "Set-CASMailbox -ActiveSyncEnabled $true, if the mailbox is meant to be used so.",
        "この方法で使用する予定であれば、Set-CASMailbox -ActiveSyncEnabled $true を実行してください。",
    ),
    (
        "The mailbox is on a server of another generation, which this one does not serve.",
        "メールボックスは別の世代のサーバーにあり、このサーバーでは扱われません。",
    ),
    (
        "Use the address that Autodiscover names for this mailbox.",
        "このメールボックスに対して Autodiscover が示すアドレスを使ってください。",
    ),
    (
        "Ask Autodiscover for the mailbox: another address means a redirect.",
        "このメールボックスを Autodiscover に問い合わせてください。別のアドレスが返れば、転送を意味します。",
    ),
    (
        "The login was taken; this device is blocked, or cannot meet the policy.",
        "ログインは受け付けられましたが、このデバイスはブロックされているか、ポリシーを満たせません。",
    ),
    (
        "Look at the mobile devices of the mailbox and the organisation's device access rules.",
        "メールボックスのモバイルデバイスと、組織のデバイスアクセスルールを確認してください。",
    ),
    (
        "The device's access state and its reason (Get-MobileDevice) tell a block from a quarantine.",
        "デバイスのアクセス状態とその理由 (Get-MobileDevice) から、ブロックか検疫かを区別できます。",
    ),
    (
        "The server refuses the protocol version that the client speaks.",
        "サーバーは、クライアントが使うプロトコルのバージョンを拒否しています。",
    ),
    (
        "Use a version that the server names; Exchange Online takes ActiveSync from 16.1 on.",
        "サーバーが示すバージョンを使ってください。Exchange Online が受け付ける ActiveSync は 16.1 以降です。",
    ),
    (
        "The login was taken; ActiveSync wants its policy or the device information exchanged first.",
        "ログインは受け付けられましたが、ActiveSync は先にポリシーまたはデバイス情報の交換を求めています。",
    ),
    (
        "Let the device run Provision (from 14.1 on with its device information), then repeat with the new policy key.",
        "デバイスに Provision (14.1 以降はデバイス情報付き) を実行させ、新しいポリシーキーで繰り返してください。",
    ),
    (
        "Rights management cannot be used. The login is good.",
        "Rights Management を使用できません。ログインは成功しています。",
    ),
    (
        "The token is good, and the mailbox may not send for now: the account is to be verified, or its limit of messages is used up.",
        "トークンは有効ですが、このメールボックスは現在送信できません。アカウントの確認が必要か、送信数の上限に達しています。",
    ),
    (
        "Sign in on the web and follow the instructions in the Inbox; in an organisation, look at the list of restricted senders. A new token changes nothing.",
        "Web でサインインし、受信トレイの指示に従ってください。組織では、送信が制限されたユーザーの一覧を確認してください。トークンを取得し直しても変わりません。",
    ),
    (
        "Send a message on the web: what is refused there is no matter of the program.",
        "Web から送信してください。そこでも拒否される場合、プログラムの問題ではありません。",
    ),
    (
        "Look at the organisation's rights management settings.",
        "組織の Rights Management の設定を確認してください。",
    ),
    (
        "The user has as many device partnerships as the server allows.",
        "ユーザーのデバイスのパートナーシップ数が、サーバーの上限に達しています。",
    ),
    (
        "Remove devices that are no longer used from the mailbox.",
        "使われていないデバイスをメールボックスから削除してください。",
    ),
    (
        "The login was taken, and there is no policy for this device to accept.",
        "ログインは受け付けられました。このデバイスが同意すべきポリシーはありません。",
    ),
    (
        "Nothing: go on without a policy key.",
        "何もする必要はありません。ポリシーキーなしで続行してください。",
    ),
    (
        "ActiveSync answered with a status that has no record here. The login was taken, or the answer would have no status.",
        "ActiveSync は、ここに記録のない状態値で応答しました。状態値がある以上、ログインは受け付けられています。",
    ),
    (
        "Look the number up in MS-ASCMD, under the command that was sent.",
        "MS-ASCMD の、送信したコマンドの項でこの番号を調べてください。",
    ),
    (
        "The front end finds no mailbox for the address it was given.",
        "フロントエンドは、指定されたアドレスのメールボックスを見つけられません。",
    ),
    (
        "Check the address (also X-AnchorMailbox or the User parameter) and that it has a mailbox in this organisation.",
        "アドレス (X-AnchorMailbox または User パラメーターを含む) と、この組織にメールボックスがあることを確認してください。",
    ),
    ("Ask for another mailbox of the same organisation.", "同じ組織の別のメールボックスで試してください。"),
    (
        "The address of the service. Asking for it needs no credentials, so it says nothing of a login.",
        "サービスのアドレスです。問い合わせに資格情報は不要なので、ログインについては何も示していません。",
    ),
    ("Use the address in the answer.", "応答が示すアドレスを使ってください。"),
    (
        "Autodiscover points to another address or another URL.",
        "Autodiscover は、別のアドレスまたは別の URL を示しています。",
    ),
    (
        "Ask there, over HTTPS only, and after making sure that it is one of the organisation's.",
        "それが組織のものであることを確かめたうえで、HTTPS だけを使って問い合わせてください。",
    ),
    (
        "Autodiscover finds no mailbox for this address.",
        "Autodiscover は、このアドレスのメールボックスを見つけられません。",
    ),
    (
        "Check the address, and that its domain is one of this organisation.",
        "アドレスと、そのドメインがこの組織のものであることを確認してください。",
    ),
    ("Ask for another address of the same domain.", "同じドメインの別のアドレスで試してください。"),
    (
        "SMTP AUTH is switched off for the whole organisation. It says so whatever is presented, tokens included.",
        "SMTP AUTH が組織全体で無効になっています。トークンを含め、何を提示してもこの応答になります。",
    ),
    (
        "Switch it on for the mailbox that needs it (Set-CASMailbox -SmtpClientAuthenticationDisabled $false) or for the organisation (Set-TransportConfig). Other ways to send: Microsoft Graph sendMail, where the application can be changed; High Volume Email (smtp-hve.office365.com), for recipients in the organisation only, with a password until September 2028; Azure Communication Services (smtp.azurecomm.net), for recipients outside or many messages; SMTP relay through a connector, for devices behind a fixed public IP address or with a certificate.",
        "必要なメールボックス (Set-CASMailbox -SmtpClientAuthenticationDisabled $false) または組織 (Set-TransportConfig) に対して有効にしてください。ほかの送信方法: アプリケーションを変更できる場合は Microsoft Graph の sendMail。宛先が組織内だけの場合は High Volume Email (smtp-hve.office365.com、パスワードは 2028 年 9 月まで)。組織外の宛先や大量のメールには Azure Communication Services (smtp.azurecomm.net)。固定のグローバル IP アドレスまたは証明書を持つ機器には、コネクタを使う SMTP リレー。",
    ),
    (
        "SMTP AUTH is switched off for this mailbox. It says so whatever is presented, tokens included.",
        "SMTP AUTH がこのメールボックスに対して無効になっています。トークンを含め、何を提示してもこの応答になります。",
    ),
    (
        "Set-CASMailbox -SmtpClientAuthenticationDisabled $false for the mailbox, if it is meant to send. A personal Outlook.com mailbox has no such switch: send with Microsoft Graph sendMail.",
        "送信に使用する予定であれば、メールボックスに対して Set-CASMailbox -SmtpClientAuthenticationDisabled $false を実行してください。個人用の Outlook.com メールボックスにはこの設定がありません。Microsoft Graph の sendMail で送信してください。",
    ),
    (
        "Passwords are no longer taken for sending by this service. The server did not look at the password.",
        "このサービスは、送信でパスワードを受け付けなくなりました。パスワードは検証されていません。",
    ),
    (
        "Use OAuth (XOAUTH2). Other ways to send: Microsoft Graph sendMail, where the application can be changed; High Volume Email (smtp-hve.office365.com), for recipients in the organisation only, with a password until September 2028; Azure Communication Services (smtp.azurecomm.net), for recipients outside or many messages; SMTP relay through a connector, for devices behind a fixed public IP address or with a certificate.",
        "OAuth (XOAUTH2) を使ってください。ほかの送信方法: アプリケーションを変更できる場合は Microsoft Graph の sendMail。宛先が組織内だけの場合は High Volume Email (smtp-hve.office365.com、パスワードは 2028 年 9 月まで)。組織外の宛先や大量のメールには Azure Communication Services (smtp.azurecomm.net)。固定のグローバル IP アドレスまたは証明書を持つ機器には、コネクタを使う SMTP リレー。",
    ),
    (
        "Password (Basic) authentication is switched off for sending: by the service, by policy, by security defaults or by a sign-in rule. The server did not look at the password.",
        "送信でのパスワード (Basic) 認証が、サービス、ポリシー、セキュリティの既定値群、またはサインインのルールによって無効になっています。パスワードは検証されていません。",
    ),
    (
        "Use OAuth (XOAUTH2). Exchange Online switches Basic for SMTP AUTH off by default at the end of December 2026; an administrator can switch it on again after that, until a final date that is to be announced in the second half of 2027. New tenants have it off. Other ways to send: Microsoft Graph sendMail, where the application can be changed; High Volume Email (smtp-hve.office365.com), for recipients in the organisation only, with a password until September 2028; Azure Communication Services (smtp.azurecomm.net), for recipients outside or many messages; SMTP relay through a connector, for devices behind a fixed public IP address or with a certificate.",
        "OAuth (XOAUTH2) を使ってください。Exchange Online は 2026 年 12 月末に SMTP AUTH の Basic を既定で無効にします。その後も管理者は再び有効にできますが、最終期日が 2027 年後半に発表される予定です。新しいテナントでは無効です。ほかの送信方法: アプリケーションを変更できる場合は Microsoft Graph の sendMail。宛先が組織内だけの場合は High Volume Email (smtp-hve.office365.com、パスワードは 2028 年 9 月まで)。組織外の宛先や大量のメールには Azure Communication Services (smtp.azurecomm.net)。固定のグローバル IP アドレスまたは証明書を持つ機器には、コネクタを使う SMTP リレー。",
    ),
    (
        "The sign-in log of the account tells a policy, which leaves no entry, from a sign-in rule, which does.",
        "アカウントのサインインログから、ポリシー (記録が残りません) とサインインのルール (記録が残ります) を区別できます。",
    ),
    (
        "A sign-in rule of the organisation refuses: Conditional Access, an authentication policy that forbids Basic, or security defaults.",
        "組織のサインインのルールが拒否しています。条件付きアクセス、Basic を禁じる認証ポリシー、またはセキュリティの既定値群です。",
    ),
    (
        "Look at the sign-in log of the account: it names a sign-in rule, and has no entry where an authentication policy forbids Basic. Admit this sign-in, or use OAuth.",
        "アカウントのサインインログを確認してください。サインインのルールは名前が記録され、認証ポリシーが Basic を禁じている場合は記録が残りません。このサインインを許可するか、OAuth を使ってください。",
    ),
    (
        "Passwords are still taken here, and this user name or password is wrong. The attempt counts towards a lock.",
        "ここではパスワードがまだ受け付けられていますが、このユーザー名またはパスワードが誤っています。この試行はロックの回数に数えられます。",
    ),
    (
        "Check the login name and the password before the next attempt.",
        "次の試行の前に、ログイン名とパスワードを確認してください。",
    ),
    (
        "The sign-in log of the account tells a wrong password from a demanded second factor.",
        "アカウントのサインインログから、パスワードの誤りか、第 2 要素の要求かを区別できます。",
    ),
    (
        "The service cannot tell for which organisation it should relay: no login, and no connector that matches this address or certificate.",
        "サービスは、どの組織のために中継すべきか判断できません。ログインがなく、このアドレスまたは証明書に合うコネクタもありません。",
    ),
    (
        "Log in, or set up a connector that matches the sending address.",
        "ログインするか、送信元アドレスに合うコネクタを設定してください。",
    ),
    ("Repeat with a login on port 587.", "ポート 587 でログインして、もう一度確認してください。"),
    (
        "The login is not in question: the recipient does not exist, or takes no mail from this sender.",
        "ログインの問題ではありません。受信者が存在しないか、この差出人からのメールを受け取りません。",
    ),
    (
        "Check the recipient and its rules on who may write to it.",
        "受信者と、その受信者に送信できる人のルールを確認してください。",
    ),
    (
        "The login is good, and the account or organisation is kept from sending, mostly after suspected spam.",
        "ログインは成功していますが、アカウントまたは組織の送信が止められています。多くは迷惑メールの疑いによるものです。",
    ),
    (
        "Secure the account, then have it taken off the list of restricted senders.",
        "アカウントを安全な状態にしてから、制限されたユーザーの一覧から外してもらってください。",
    ),
    (
        "The list of restricted entities names the account.",
        "制限されたエンティティの一覧に、このアカウントが載っています。",
    ),
    (
        "The server refuses this client's address, network or country.",
        "サーバーは、このクライアントのアドレス、ネットワーク、または国を拒否しています。",
    ),
    (
        "Connect from an admitted address, or have this one admitted.",
        "許可されたアドレスから接続するか、このアドレスを許可してもらってください。",
    ),
    ("Repeat the check from another network.", "別のネットワークから、もう一度確認してください。"),
    (
        "Sending is switched off for this account or domain.",
        "このアカウントまたはドメインの送信が無効になっています。",
    ),
    (
        "Switch SMTP on in the mailbox's settings, or have the account activated.",
        "メールボックスの設定で SMTP を有効にするか、アカウントを有効化してもらってください。",
    ),
    (
        "The mailbox's settings for mail programs show whether SMTP is on.",
        "メールボックスのメールソフト向けの設定で、SMTP が有効かどうかを確認できます。",
    ),
    (
        "The server does not take mail for this recipient from this client: mostly because no login went before, else because the account may not send there.",
        "サーバーは、このクライアントからこの受信者宛てのメールを受け取りません。多くは先にログインがなかったため、そうでなければ、アカウントにその宛先への送信が許されていないためです。",
    ),
    (
        "Log in before the message; check the recipient and the sender's right to send outside.",
        "メッセージの前にログインしてください。受信者と、差出人が外部に送信する権限を確認してください。",
    ),
    (
        "Repeat after a login: if the answer stays, a rule on sender or recipient is the matter.",
        "ログインした後にもう一度確認してください。応答が同じなら、差出人または受信者のルールの問題です。",
    ),
    (
        "The login is good, and the server does not take a message for this recipient from this account.",
        "ログインは成功していますが、サーバーは、このアカウントからこの受信者宛てのメッセージを受け取りません。",
    ),
    (
        "Check the recipient, and the account's right to send outside.",
        "受信者と、アカウントが外部に送信する権限を確認してください。",
    ),
    (
        "Repeat with a recipient on the same server: if that is taken, sending outside is the matter.",
        "同じサーバーの受信者で、もう一度確認してください。受け取られるなら、外部への送信の問題です。",
    ),
    (
        "The server does not offer this mechanism, or not before TLS. It did not look at the credentials.",
        "サーバーはこの認証方式を提供していないか、TLS の前には提供していません。資格情報は検証されていません。",
    ),
    (
        "Use one of the mechanisms that the server advertises inside TLS.",
        "サーバーが TLS の中で提示している認証方式のいずれかを使ってください。",
    ),
    ("Compare what is advertised before and after TLS.", "TLS の前と後に提示されるものを比べてください。"),
    (
        "The server takes no login on this connection, or not at this point.",
        "サーバーは、この接続またはこの時点ではログインを受け付けません。",
    ),
    (
        "Use the submission port with TLS (587 with STARTTLS, or 465).",
        "TLS 付きの送信用ポート (STARTTLS の 587、または 465) を使ってください。",
    ),
    (
        "The server could not make sense of the command at this point. Exchange closes the connection so on a token in the AUTH line.",
        "サーバーは、この時点でのコマンドを解釈できませんでした。Exchange は、AUTH の行にトークンがあると、このようにして接続を閉じます。",
    ),
    (
        "Send a token in two steps: AUTH XOAUTH2, and the data after the server's +. Then check the lines before this answer.",
        "トークンは 2 段階で送ってください (AUTH XOAUTH2、サーバーの + の後にデータ)。次に、この応答の前の行を確認してください。",
    ),
    (
        "The server wants more time between two logins of this account. This says nothing about the credentials.",
        "サーバーは、このアカウントの 2 回のログインの間に、より長い時間を求めています。資格情報については何も示していません。",
    ),
    (
        "Wait as long as the server's LOGIN-DELAY capability says, then check again.",
        "サーバーの LOGIN-DELAY 機能が示す時間だけ待ってから、もう一度確認してください。",
    ),
    (
        "The login was taken, and there is no maildrop that opens behind it.",
        "ログインは受け付けられましたが、その先に開けるメールドロップがありません。",
    ),
    (
        "Check that the account has a mailbox on this server.",
        "アカウントがこのサーバーにメールボックスを持つことを確認してください。",
    ),
    ("Open the mailbox over IMAP.", "IMAP でメールボックスを開いてください。"),
    (
        "The login was taken, and the mailbox would not open: the protocol is off for the mailbox, the token belongs to another user or lacks the right to this mailbox, or there is no mailbox behind the account.",
        "ログインは受け付けられましたが、メールボックスが開きませんでした。プロトコルがメールボックスに対して無効、トークンが別のユーザーのもの、このメールボックスへの権限がない、またはアカウントにメールボックスがない、のいずれかです。",
    ),
    (
        "Check ImapEnabled (PopEnabled) of the mailbox (Get-CASMailbox), the token's user against the mailbox, and for app-only access the mailbox permission of the service principal, by the object id of the enterprise application.",
        "メールボックスの ImapEnabled (PopEnabled) (Get-CASMailbox) と、トークンのユーザーとメールボックスの対応を確認してください。アプリ専用アクセスでは、エンタープライズアプリケーションのオブジェクト ID で登録したサービスプリンシパルのメールボックス権限も確認してください。",
    ),
    (
        "Open the mailbox over EWS or with its owner's token: if that works, the right or the protocol's switch is the matter.",
        "EWS で、または所有者のトークンでメールボックスを開いてください。開けるなら、権限またはプロトコルの設定の問題です。",
    ),
    (
        "The server ends the session in order: it was asked to, or nothing was said for too long.",
        "サーバーは手順どおりにセッションを終えています。終了を求められたか、通信のない時間が長すぎました。",
    ),
    ("Look at the answers before it.", "その前の応答を確認してください。"),
    (
        "The server closed the connection without a reason: a fault, a limit, or a command it did not expect.",
        "サーバーは理由を示さずに接続を閉じました。障害、制限、または想定外のコマンドです。",
    ),
    (
        "Check again later; look at what was sent before this answer.",
        "時間をおいて再確認してください。また、この応答の前に送られた内容を確認してください。",
    ),
    (
        "Repeat once: a fault or a limit passes, a command that is not understood does not.",
        "一度だけ繰り返してください。障害や制限なら解消しますが、解釈できないコマンドなら変わりません。",
    ),
    (
        "The command does not belong here: before a login, after a failed one, or a password before TLS.",
        "このコマンドは、ここでは使えません。ログインの前、失敗したログインの後、または TLS の前のパスワードです。",
    ),
    (
        "Start TLS first, then log in; look at what was sent and answered before.",
        "先に TLS を開始してからログインしてください。また、それまでの送信内容と応答を確認してください。",
    ),
    ("Repeat inside TLS.", "TLS の中で、もう一度確認してください。"),
    (
        "The provider opens mailboxes only to clients that identify themselves with the ID command and are on its list.",
        "プロバイダーは、ID コマンドで名乗り、許可リストに載っているクライアントにだけメールボックスを開きます。",
    ),
    (
        "Have the client send ID (RFC 2971), or ask the provider to admit it.",
        "クライアントに ID (RFC 2971) を送らせるか、プロバイダーに許可を依頼してください。",
    ),
    (
        "Send ID after the login and repeat the command.",
        "ログインの後に ID を送り、コマンドを繰り返してください。",
    ),
    (
        "The server says the same for a wrong password, for a password that is no app password, and for the protocol switched off.",
        "サーバーは、パスワードの誤り、アプリパスワードではないパスワード、プロトコルの無効に対して、同じ応答をします。",
    ),
    (
        "Switch the protocol on in the mailbox's settings, and use an app password.",
        "メールボックスの設定でプロトコルを有効にし、アプリパスワードを使ってください。",
    ),
    (
        "Look at the mailbox's settings for mail programs: they show whether the protocol is on.",
        "メールボックスのメールソフト向けの設定を確認してください。プロトコルが有効かどうかが分かります。",
    ),
    (
        "Check the login name and the password; where the provider has two-step sign-in, use an app password or OAuth.",
        "ログイン名とパスワードを確認してください。プロバイダーが 2 段階認証を使う場合は、アプリパスワードまたは OAuth を使ってください。",
    ),
    (
        "Sign in with the same name and password on the provider's web page: if that works, passwords are not taken here.",
        "同じ名前とパスワードで、プロバイダーの Web ページにサインインしてください。サインインできるなら、ここではパスワードが受け付けられません。",
    ),
    (
        "The provider says in one sentence: the protocol is not switched on, the password is no authorization code, logins come too often, or the account is blocked.",
        "プロバイダーは、プロトコルが有効でない、パスワードが認可コードでない、ログインの頻度が高すぎる、アカウントがブロックされている、を 1 つの文で応答します。",
    ),
    (
        "Switch the protocol on in the mailbox's settings and use the authorization code shown there.",
        "メールボックスの設定でプロトコルを有効にし、そこに表示される認可コードを使ってください。",
    ),
    (
        "The mailbox's settings show whether the protocol is on; then wait a while and try the code once.",
        "メールボックスの設定で、プロトコルが有効かどうかを確認できます。その後しばらく待ち、コードを一度だけ試してください。",
    ),
    (
        "Password (Basic) authentication is switched off here. The server did not look at the password.",
        "ここではパスワード (Basic) 認証が無効になっています。パスワードは検証されていません。",
    ),
    (
        "Use OAuth (XOAUTH2, Bearer). In Exchange Online nobody can switch Basic back on for this protocol.",
        "OAuth (XOAUTH2、Bearer) を使ってください。Exchange Online では、このプロトコルの Basic を再び有効にすることは誰にもできません。",
    ),
    (
        "The account's own password is not taken from mail clients.",
        "アカウント自身のパスワードは、メールソフトからは受け付けられません。",
    ),
    (
        "Create an app password (authorization code) in the account's security settings, or use OAuth.",
        "アカウントのセキュリティ設定でアプリパスワード (認可コード) を作成するか、OAuth を使ってください。",
    ),
    (
        "The server takes this login only inside TLS.",
        "サーバーは、TLS の中でだけこのログインを受け付けます。",
    ),
    (
        "Use the port with implicit TLS (993, 995, 465), or STARTTLS before the login.",
        "暗黙的 TLS のポート (993、995、465) を使うか、ログインの前に STARTTLS を使ってください。",
    ),
    (
        "The service or protocol has ended for everyone.",
        "サービスまたはプロトコルは、すべての利用者に対して終了しました。",
    ),
    ("Use what replaced it.", "後継のものを使ってください。"),
    (
        "Too many refused logins, at a provider that refuses every account password.",
        "拒否されたログインが多すぎます。このプロバイダーは、アカウントのパスワードをすべて拒否します。",
    ),
    (
        "Stop trying for an hour; then use an app password or OAuth.",
        "1 時間は試行を中止し、その後アプリパスワードまたは OAuth を使ってください。",
    ),
    ("Try one app password after an hour.", "1 時間後に、アプリパスワードを一度だけ試してください。"),
    (
        "The login is good and another connection holds the mailbox.",
        "ログインは成功していますが、別の接続がメールボックスを使用しています。",
    ),
    (
        "Check again when the other client has let go of it.",
        "他のクライアントがメールボックスを解放してから、もう一度確認してください。",
    ),
    (
        "The server's SASL library failed and gives no reason: wrong credentials, a broken set-up, or a mechanism that is not set up.",
        "サーバーの SASL ライブラリが失敗し、理由を示していません。資格情報の誤り、設定の不備、または認証方式の未設定です。",
    ),
    (
        "Look into the server's log at the time of the attempt.",
        "試行した時刻のサーバーのログを調べてください。",
    ),
    (
        "Try another mechanism with the same credentials once.",
        "同じ資格情報で、別の認証方式を一度だけ試してください。",
    ),
    (
        "The grant is not taken: a refresh token or code that has expired, was revoked, used twice, or belongs to another client or redirect address.",
        "グラントが受け付けられません。リフレッシュトークンまたはコードが、期限切れ、取り消し済み、2 度の使用、または別のクライアントかリダイレクトアドレスのものです。",
    ),
    (
        "Sign in again and store the newest refresh token; never repeat the same grant.",
        "もう一度サインインし、最新のリフレッシュトークンを保存してください。同じグラントを繰り返し使わないでください。",
    ),
    (
        "Sign in again: if the fresh grant is taken, the old one had expired.",
        "もう一度サインインしてください。新しいグラントが受け付けられるなら、前のものは期限切れでした。",
    ),
    (
        "The client may not use this grant type here, or is not known.",
        "クライアントは、ここではこのグラントの種類を使えないか、登録されていません。",
    ),
    (
        "Check what kind of client is registered (public or confidential, which accounts and flows) against the request.",
        "登録されているクライアントの種類 (パブリックか機密か、どのアカウントとフローか) を、要求と照合してください。",
    ),
    (
        "The server has a fault of its own that does not pass by itself, and decided nothing about the credentials.",
        "サーバー側の障害で、自然には解消しません。資格情報については何も判断していません。",
    ),
    (
        "Look into the server's log, or ask whoever runs it.",
        "サーバーのログを調べるか、運用者に問い合わせてください。",
    ),
    (
        "The server wants one login by a plain mechanism, or a changed password, before it takes this one.",
        "サーバーは、このログインを受け付ける前に、平文の方式での一度のログイン、またはパスワードの変更を求めています。",
    ),
    (
        "Log in once with PLAIN inside TLS, or change the password.",
        "TLS の中で PLAIN により一度ログインするか、パスワードを変更してください。",
    ),
    (
        "The front end restricts access and gives no reason: a tenant restriction, an access rule, or an app that is not admitted.",
        "フロントエンドがアクセスを制限し、理由を示していません。テナント制限、アクセスルール、または許可されていないアプリです。",
    ),
    (
        "Look at the sign-in log of the account and at the organisation's lists of admitted apps.",
        "アカウントのサインインログと、組織の許可アプリの一覧を確認してください。",
    ),
    (
        "Repeat from another network and with a client id that is known to be admitted.",
        "別のネットワークから、許可されていることが分かっているクライアント ID で、もう一度確認してください。",
    ),
    (
        "The service takes tokens alone: its WWW-Authenticate fields offer no scheme with a password, so the password was not looked at.",
        "サービスはトークンだけを受け付けます。WWW-Authenticate フィールドにパスワードを使う方式がないため、パスワードは検証されていません。",
    ),
    ("Use OAuth (Bearer).", "OAuth (Bearer) を使ってください。"),
    (
        "Ask without credentials: the WWW-Authenticate fields of that answer say what is offered.",
        "資格情報なしで問い合わせてください。その応答の WWW-Authenticate フィールドが、提供される方式を示します。",
    ),
    (
        "The password was not taken. Where Basic is switched off, Exchange Online answers like to a wrong password.",
        "パスワードは受け付けられませんでした。Exchange Online は、Basic が無効な場合も、パスワードの誤りと同じように応答します。",
    ),
    (
        "Use OAuth. Nobody can switch Basic back on for this protocol in Exchange Online.",
        "OAuth を使ってください。Exchange Online では、このプロトコルの Basic を再び有効にすることは誰にもできません。",
    ),
    (
        "Ask without credentials: where WWW-Authenticate offers no Basic, no password is looked at.",
        "資格情報なしで問い合わせてください。WWW-Authenticate に Basic がなければ、パスワードは検証されません。",
    ),
    (
        "The user name and password were not taken, or no password is taken here.",
        "ユーザー名とパスワードが受け付けられなかったか、ここではパスワードが受け付けられません。",
    ),
    (
        "Check the login name and the password, and whether WWW-Authenticate offers Basic.",
        "ログイン名とパスワード、および WWW-Authenticate に Basic があるかどうかを確認してください。",
    ),
    (
        "The service wants a login, and its WWW-Authenticate fields say which ones it takes.",
        "サービスはログインを求めており、受け付ける方式を WWW-Authenticate フィールドで示しています。",
    ),
    (
        "Nothing: that is the answer to expect without credentials.",
        "何もする必要はありません。資格情報がない場合の正常な応答です。",
    ),
    (
        "A rule stands before the mailbox: the app or program is not on the organisation's list, the service is off for the mailbox or organisation, the token lacks the permission, or the licence has no such service.",
        "メールボックスの手前にルールがあります。アプリまたはプログラムが組織のリストにない、メールボックスまたは組織に対してサービスが無効、トークンに権限がない、ライセンスにこのサービスが含まれない、のいずれかです。",
    ),
    (
        "Check EwsEnabled of mailbox and organisation, the lists of admitted apps (EwsAllowedAppIDs) and programs, and the token's permissions.",
        "メールボックスと組織の EwsEnabled、許可アプリ (EwsAllowedAppIDs) とプログラムの一覧、トークンの権限を確認してください。",
    ),
    (
        "Repeat with a client id that is on the list: if it is admitted, the app is the matter; if not, the service is off.",
        "リストにあるクライアント ID でもう一度確認してください。許可されるなら問題はアプリにあり、そうでなければサービスが無効です。",
    ),
    (
        "The login was taken and ActiveSync refused: it is off for the user, the device is blocked, or the user has too many devices.",
        "ログインは受け付けられましたが、ActiveSync が拒否しました。ユーザーに対して無効、デバイスがブロックされている、またはユーザーのデバイスが多すぎます。",
    ),
    (
        "Check ActiveSyncEnabled of the mailbox, its mobile devices and the device access rules.",
        "メールボックスの ActiveSyncEnabled、そのモバイルデバイス、デバイスアクセスルールを確認してください。",
    ),
    (
        "Ask OPTIONS with the same login: where that is refused too, ActiveSync is off for the user.",
        "同じログインで OPTIONS を送ってください。それも拒否されるなら、ActiveSync がユーザーに対して無効です。",
    ),
    (
        "The server sends the client to a sign-in page: this is no answer of the service.",
        "サーバーはクライアントをサインインページへ誘導しています。サービスの応答ではありません。",
    ),
    (
        "Check host and path of the service, and whether a portal stands before it.",
        "サービスのホストとパス、および手前にポータルがないかを確認してください。",
    ),
    ("Open the address in a browser.", "ブラウザーでアドレスを開いてください。"),
    (
        "No mailbox is found for the address, or there is no Autodiscover at this path.",
        "アドレスに対応するメールボックスがないか、このパスに Autodiscover がありません。",
    ),
    (
        "Check the address, its domain, and host and path of Autodiscover.",
        "アドレス、そのドメイン、Autodiscover のホストとパスを確認してください。",
    ),
    (
        "There is nothing at this path, or no mailbox behind the address asked for.",
        "このパスには何もないか、指定されたアドレスにメールボックスがありません。",
    ),
    (
        "Check host, path and address; the service may be at another host or have ended.",
        "ホスト、パス、アドレスを確認してください。サービスは別のホストにあるか、終了している可能性があります。",
    ),
    (
        "Ask Autodiscover for the address of the service.",
        "サービスのアドレスを Autodiscover に問い合わせてください。",
    ),
    (
        "A proxy or portal on the way wants a login: the service was not reached.",
        "経路上のプロキシまたはポータルがログインを求めています。サービスには到達していません。",
    ),
    (
        "Log in to the proxy or the portal, or go around it.",
        "プロキシまたはポータルにログインするか、それを経由しない経路を使ってください。",
    ),
    (
        "Exchange refused the login without a reason: mostly the name or the password, else the connector's settings.",
        "Exchange は理由を示さずにログインを拒否しました。多くは名前またはパスワード、そうでなければコネクタの設定です。",
    ),
    (
        "Check the login name (domain\\user or user@domain) and the password, and what the receive connector admits.",
        "ログイン名 (domain\\user または user@domain) とパスワード、および受信コネクタが許可する内容を確認してください。",
    ),
    (
        "The receive connector's protocol log names the reason.",
        "受信コネクタのプロトコルログに理由が記録されています。",
    ),
    (
        "Personal Microsoft accounts take no password from mail clients any more, and are answered as if it were wrong.",
        "個人の Microsoft アカウントは、メールソフトからのパスワードを受け付けなくなり、パスワードが誤っている場合と同じように応答します。",
    ),
    ("Use OAuth (XOAUTH2).", "OAuth (XOAUTH2) を使ってください。"),
    (
        "Sign in with the same name and password in a browser.",
        "同じ名前とパスワードで、ブラウザーからサインインしてください。",
    ),
    (
        "Exchange refused the login and gives no reason: SMTP AUTH switched off, a wrong password, a demanded second factor, or a sign-in rule.",
        "Exchange は理由を示さずにログインを拒否しました。SMTP AUTH の無効、パスワードの誤り、第 2 要素の要求、またはサインインのルールです。",
    ),
    (
        "Check SmtpClientAuthenticationDisabled of the mailbox and the organisation, then the sign-in log of the account. Do not repeat the password before.",
        "メールボックスと組織の SmtpClientAuthenticationDisabled を確認し、次にアカウントのサインインログを確認してください。それまではパスワードを繰り返さないでください。",
    ),
    (
        "The sign-in log has an entry for a wrong password or a rule, and none where SMTP AUTH is off.",
        "サインインログには、パスワードの誤りまたはルールなら記録があり、SMTP AUTH が無効なら記録がありません。",
    ),
    (
        "Exchange refused the token without naming a reason.",
        "Exchange は、理由を示さずにトークンを拒否しました。",
    ),
    (
        "Check the token's expiry, audience, scope or role (SMTP.Send, SMTP.SendAsApp), and that it belongs to this mailbox. For an application's token without a role run Test-ServicePrincipalAuthorization: Exchange has to grant Application SMTP.SendAsApp for this mailbox.",
        "トークンの有効期限、オーディエンス、スコープまたはロール (SMTP.Send、SMTP.SendAsApp) と、このメールボックスのものであることを確認してください。アプリケーションのトークンにロールがない場合は Test-ServicePrincipalAuthorization を実行してください。このメールボックスに対する Application SMTP.SendAsApp を Exchange で付与する必要があります。",
    ),
    (
        "Present the same token to EWS: its x-ms-diagnostics names the reason.",
        "同じトークンを EWS に提示してください。その x-ms-diagnostics に理由が示されます。",
    ),
    (
        "Exchange says the same for a wrong password and for POP3 switched off.",
        "Exchange は、パスワードの誤りと POP3 の無効に対して、同じ応答をします。",
    ),
    (
        "Check the login name and the password, and PopEnabled of the mailbox.",
        "ログイン名とパスワード、およびメールボックスの PopEnabled を確認してください。",
    ),
    ("Try the same login over EWS or in a browser.", "同じログインを EWS またはブラウザーで試してください。"),
    (
        "Exchange says the same for a wrong password, for Basic switched off and for POP3 switched off.",
        "Exchange は、パスワードの誤り、Basic の無効、POP3 の無効に対して、同じ応答をします。",
    ),
    (
        "Check the authentication policy and ImapEnabled of the mailbox, then the sign-in log of the account. Do not repeat the password before.",
        "認証ポリシーとメールボックスの ImapEnabled を確認し、次にアカウントのサインインログを確認してください。それまではパスワードを繰り返さないでください。",
    ),
    (
        "Check the authentication policy and PopEnabled of the mailbox, then the sign-in log of the account. Do not repeat the password before.",
        "認証ポリシーとメールボックスの PopEnabled を確認し、次にアカウントのサインインログを確認してください。それまではパスワードを繰り返さないでください。",
    ),
    (
        "The sign-in log has an entry for a wrong password or a rule, and none where passwords or the protocol are switched off. Without the log, try a token.",
        "パスワードの誤りやルールによる拒否はサインインログに記録され、パスワードまたはプロトコルが無効な場合は記録が残りません。ログを見られない場合は、トークンを試してください。",
    ),
    (
        "Exchange refused the token and gives one sentence for every reason, a password named in it or not.",
        "Exchange はトークンを拒否しました。パスワードという語があってもなくても、どの理由に対しても同じ文で応答します。",
    ),
    (
        "Check the token's audience (outlook.office365.com), scope or role (POP.AccessAsUser.All, POP.AccessAsApp), expiry and user, and that POP3 is on for the mailbox.",
        "トークンのオーディエンス (outlook.office365.com)、スコープまたはロール (POP.AccessAsUser.All、POP.AccessAsApp)、有効期限、ユーザーと、メールボックスで POP3 が有効であることを確認してください。",
    ),
    (
        "Exchange says the same for a wrong password, for IMAP switched off, and for a login without a right to the mailbox.",
        "Exchange は、パスワードの誤り、IMAP の無効、メールボックスへの権限のないログインに対して、同じ応答をします。",
    ),
    (
        "Check the login name and the password, ImapEnabled of the mailbox, and the server's IMAP log, which names the reason.",
        "ログイン名とパスワード、メールボックスの ImapEnabled、および理由が記録されるサーバーの IMAP ログを確認してください。",
    ),
    (
        "Exchange says the same for a wrong password, for Basic switched off, for IMAP switched off and for a sign-in rule.",
        "Exchange は、パスワードの誤り、Basic の無効、IMAP の無効、サインインのルールに対して、同じ応答をします。",
    ),
    (
        "Exchange refused the token and gives one sentence for every reason.",
        "Exchange はトークンを拒否しました。どの理由に対しても同じ文で応答します。",
    ),
    (
        "Check the token's audience (outlook.office365.com), scope or role (IMAP.AccessAsUser.All, IMAP.AccessAsApp), expiry and user; for app-only access also the service principal's object id and its mailbox permission.",
        "トークンのオーディエンス (outlook.office365.com)、スコープまたはロール (IMAP.AccessAsUser.All、IMAP.AccessAsApp)、有効期限、ユーザーを確認してください。アプリ専用アクセスでは、サービスプリンシパルのオブジェクト ID とそのメールボックス権限も確認してください。",
    ),
    (
        "The credentials are good, and the account may not log in here or as the mailbox asked for.",
        "資格情報は正しいものの、アカウントはここへ、または指定されたメールボックスとしてはログインできません。",
    ),
    (
        "Check the account's rights, and that no authorisation identity is sent that the account may not use.",
        "アカウントの権限と、アカウントが使えない認可 ID (authzid) を送っていないことを確認してください。",
    ),
    ("Repeat without an authorisation identity.", "認可 ID なしで、もう一度確認してください。"),
    (
        "This provider takes only app passwords from mail clients, and answers to the account's own password as to a wrong one.",
        "このプロバイダーは、メールソフトからはアプリパスワードだけを受け付け、アカウント自身のパスワードには、誤ったパスワードと同じように応答します。",
    ),
    (
        "Create an app password in the account's security settings, or use OAuth.",
        "アカウントのセキュリティ設定でアプリパスワードを作成するか、OAuth を使ってください。",
    ),
    (
        "Try one app password: if it is refused too, check the login name.",
        "アプリパスワードを一度だけ試してください。それも拒否されるなら、ログイン名を確認してください。",
    ),
    (
        "This provider says the same for a wrong password, for the protocol switched off in the mailbox's settings, and for a password that is no app password.",
        "このプロバイダーは、パスワードの誤り、メールボックスの設定でのプロトコルの無効、アプリパスワードではないパスワードに対して、同じ応答をします。",
    ),
    (
        "Switch the protocol on in the mailbox's settings; with two-step sign-in use an app password.",
        "メールボックスの設定でプロトコルを有効にしてください。2 段階認証の場合は、アプリパスワードを使ってください。",
    ),
    (
        "The mailbox's settings show whether the protocol is on.",
        "メールボックスの設定で、プロトコルが有効かどうかを確認できます。",
    ),
    (
        "The server ended the session and did not say why.",
        "サーバーはセッションを終え、理由を示しませんでした。",
    ),
    (
        "Check again later; look into the server's log at the time of the attempt.",
        "後でもう一度確認してください。試行した時刻のサーバーのログを調べてください。",
    ),
    (
        "Exchange's number for a sign-in that policy refuses; the sentence beside it is not one on record.",
        "Exchange がポリシーによるサインインの拒否に使う番号ですが、添えられた文は記録にありません。",
    ),
    (
        "Check SmtpClientAuthenticationDisabled of mailbox and organisation, authentication policies and the sign-in log.",
        "メールボックスと組織の SmtpClientAuthenticationDisabled、認証ポリシー、サインインログを確認してください。",
    ),
    (
        "The sign-in log has an entry where a rule refused, and none where a switch did.",
        "サインインログには、ルールによる拒否なら記録があり、設定による拒否なら記録がありません。",
    ),
    (
        "Microsoft Entra refused, with a number that has no record here.",
        "Microsoft Entra が、ここに記録のない番号で拒否しました。",
    ),
    (
        "Look the number up at https://login.microsoftonline.com/error and in the sign-in log of the account.",
        "番号を https://login.microsoftonline.com/error とアカウントのサインインログで調べてください。",
    ),
    (
        "The server takes no LOGIN on this connection as it is, and offers STARTTLS.",
        "サーバーは、この接続のままでは LOGIN を受け付けず、STARTTLS を提供しています。",
    ),
    ("Start TLS and ask for the capabilities again.", "TLS を始め、機能一覧をもう一度問い合わせてください。"),
    (
        "The capabilities after STARTTLS show whether passwords are taken inside TLS.",
        "STARTTLS の後の機能一覧が、TLS の中でパスワードが受け付けられるかどうかを示します。",
    ),
    (
        "The server announces that it takes no password: LOGIN is disabled and no password mechanism is listed.",
        "サーバーは、パスワードを受け付けないことを示しています。LOGIN が無効で、パスワードの認証方式が一覧にありません。",
    ),
    (
        "Use one of the listed mechanisms (XOAUTH2, OAUTHBEARER).",
        "一覧にある認証方式 (XOAUTH2、OAUTHBEARER) のいずれかを使ってください。",
    ),
    (
        "A list of capabilities in which only token mechanisms stand and USER does not.",
        "トークンの認証方式だけがあり、USER がない機能一覧です。",
    ),
    (
        "A web page answered in place of the service: a sign-in page, a portal, or a wrong path.",
        "サービスの代わりに Web ページが応答しました。サインインページ、ポータル、または誤ったパスです。",
    ),
    (
        "Open the address in a browser: a sign-in page tells of a portal, anything else of a wrong path.",
        "ブラウザーでアドレスを開いてください。サインインページならポータル、それ以外なら誤ったパスです。",
    ),
];
