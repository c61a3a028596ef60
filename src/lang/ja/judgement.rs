//! Reasons of expectations and of device verdicts, as reports hold them.

pub(super) const ROWS: &[(&str, &str)] = &[
    (
        "One policy refuses password and token alike",
        "一つのポリシーがパスワードとトークンの両方を拒否しています",
    ),
    (
        "{} refuses password and token in the same words, which name a policy: neither credential was judged.",
        "{0} はパスワードとトークンを同じ文面で拒否し、その文面はポリシーを示しています。どちらの資格情報も判定されていません。",
    ),
    (
        "Ask the administrator which policy refuses this protocol, client or account.",
        "どのポリシーがこのプロトコル、クライアント、またはアカウントを拒否しているかを管理者に確認してください。",
    ),
    // Expectations.
    ("the mailbox opens", "メールボックスが開く"),
    ("a login is accepted", "ログインが受け付けられる"),
    ("{} was not tried", "{0} は試していません"),
    ("the visit ended in {}: {}", "{0~} の段階で中断しました: {1}"),
    ("not tried: {}", "未試行: {0}"),
    ("no reliable answer: {}", "信頼できる応答なし: {0}"),
    ("accepted, and the mailbox opened", "受け付けられ、メールボックスが開きました"),
    ("accepted, and a message was taken for delivery", "受け付けられ、メッセージが配送に受け付けられました"),
    (
        "accepted, but the server did not open the mailbox",
        "受け付けられましたが、サーバーはメールボックスを開きませんでした",
    ),
    (
        "accepted, but whether the mailbox opens is not known: {}",
        "受け付けられましたが、メールボックスが開くかどうかは不明です: {0}",
    ),
    ("refused as {}", "{0} として拒否されました"),
    (
        "refused as {}, which may be this password or token and not the method",
        "{0} として拒否されました。認証方式ではなく、このパスワードまたはトークンの問題かもしれません",
    ),
    ("no capability list was heard", "機能一覧が得られませんでした"),
    ("advertised", "提示されています"),
    ("not advertised", "提示されていません"),
    ("{} opened the mailbox", "{0} でメールボックスが開きました"),
    ("{} was accepted", "{0} が受け付けられました"),
    ("{} got no reliable answer", "{0} に対する信頼できる応答がありませんでした"),
    ("no method opened it: {}", "どの認証方式でも開きませんでした: {0}"),
    ("nothing was presented: {}", "何も提示していません: {0}"),
    ("nothing was presented", "何も提示していません"),
    // Policies.
    ("no {} is advertised", "{0~}は提示されていません"),
    ("no {} was tried", "{0~}は試していません"),
    ("password method", "パスワードの認証方式"),
    ("token method", "トークンの認証方式"),
    ("method of this protocol", "このプロトコルの認証方式"),
    ("nothing was tried", "何も試していません"),
    ("{} is accepted", "{0} が受け付けられます"),
    (
        "which versions of TLS are accepted was not asked (--tls-versions)",
        "受け付ける TLS のバージョンは確認していません (--tls-versions)",
    ),
    ("no reliable answer about {}", "{0} についての信頼できる応答がありません"),
    ("nothing older than {} is accepted", "{0} より古いものは受け付けられません"),
    (
        "the server did not tell its ActiveSync versions",
        "サーバーは ActiveSync のバージョンを示しませんでした",
    ),
    ("it offers {}", "{0} を提供しています"),
    // Devices at the login.
    ("its profile names no method for this protocol", "プロファイルに、このプロトコルの認証方式がありません"),
    ("add the mechanisms to its profile", "プロファイルに認証方式を追加してください"),
    ("the report has no capability list", "報告に機能一覧がありません"),
    ("check the endpoint again", "エンドポイントをもう一度確認してください"),
    ("{} is offered and accepted", "{0} は提示され、受け付けられます"),
    (
        "{} is refused as {}, and it may try that first",
        "{0} は {1} として拒否されますが、先に試すことがあります",
    ),
    (
        "{} is accepted and the mailbox stays shut as {}, and it may try that first",
        "{0} は受け付けられますがメールボックスは {1} として開きません。これを先に試すことがあります",
    ),
    (
        "check again with this password or token (--methods, --password-env, --token-env)",
        "このパスワードまたはトークンでもう一度確認してください (--methods、--password-env、--token-env)",
    ),
    ("it knows {}, and none of these is offered", "対応する認証方式は {0} で、どれも提示されていません"),
    ("it knows {}", "対応する認証方式は {0}"),
    ("update its firmware to one with OAuth", "OAuth 対応のファームウェアに更新する"),
    ("use a version or setting with OAuth", "OAuth 対応のバージョンまたは設定を使う"),
    (
        "{}, put a relay or an OAuth proxy in front of it, or replace it",
        "{0~}か、手前に中継サーバーまたは OAuth プロキシを置くか、交換してください",
    ),
    (
        "let the server accept a token for this protocol; the device gets one by {}",
        "このプロトコルでトークンを受け付けるようサーバーを設定してください。機器は {0} でトークンを取得します",
    ),
    (
        "it speaks ActiveSync {}, and the server takes {}",
        "機器の ActiveSync は {0}、サーバーが受け付けるのは {1} です",
    ),
    (
        "update it to a version that speaks ActiveSync 16.1, or use another app",
        "ActiveSync 16.1 に対応したバージョンに更新するか、別のアプリを使ってください",
    ),
    (
        "{} is accepted and the mailbox stays shut as {}",
        "{0} は受け付けられますが、メールボックスは {1} として開きません",
    ),
    (
        "{} was refused as {}, which may be this {}",
        "{0} は {1} として拒否されました。この{2~}の問題かもしれません",
    ),
    ("password", "パスワード"),
    ("token", "トークン"),
    ("{} is refused as {}", "{0} は {1} として拒否されます"),
    ("{} got no reliable answer: {}", "{0} に対する信頼できる応答がありませんでした: {1}"),
    ("{} is offered and was not tried", "{0} は提示されていますが、試していません"),
    // Devices before and after it.
    (
        "the report has no endpoint of a transport that it uses",
        "報告に、この機器が使う接続方式のエンドポイントがありません",
    ),
    ("check the endpoint that the device is set to", "機器に設定されているエンドポイントを確認してください"),
    (
        "update its firmware, or put a relay in front of it that speaks a newer TLS",
        "ファームウェアを更新するか、より新しい TLS に対応した中継サーバーを手前に置いてください",
    ),
    ("{}, until {}: {} [{}]", "{0~}。ただし {1} まで: {2?} [{3}]"),
    (
        "move it to a method that stays before that day; dates have moved, so ask again",
        "その日より前に、存続する認証方式へ移行してください。期日は変更されたことがあるため、改めて確認してください",
    ),
    ("the login would work ({}), but {}", "ログインは可能ですが ({0~})、{1~}"),
    ("check again with --tls-versions", "--tls-versions を付けてもう一度確認してください"),
    ("which TLS it speaks is not known", "対応する TLS は不明です"),
    ("its root certificates end with {}", "ルート証明書は {0} 年までのものです"),
    (
        "whether the server takes its TLS {} is not known",
        "機器の TLS {0} をサーバーが受け付けるかどうかは不明です",
    ),
    ("it speaks TLS {}, which the server refuses", "機器の TLS は {0} で、サーバーに拒否されます"),
];
