//! What the demonstration says.

pub(super) const ROWS: &[(&str, &str)] = &[
    (
        "BEFORE THE CUTOVER: a simulated tenant on loopback takes passwords and tokens.",
        "切り替え前: ループバック上の模擬テナントが、パスワードとトークンを受け付けます。",
    ),
    (
        "AFTER THE CUTOVER: the same mailbox, the password switched off everywhere.",
        "切り替え後: 同じメールボックスで、パスワードをすべて無効にしました。",
    ),
    ("WHAT CHANGED, cell by cell", "セルごとの変化"),
    ("VERDICT", "判定"),
    ("What next", "次の操作"),
    ("the same matrix for a real mailbox", "実際のメールボックスで同じ一覧表を作る"),
    (
        "play the tenant of 2027, and point a scanner at it",
        "2027 年のテナントを再現し、スキャナーの接続先にする",
    ),
    ("the other tenants", "ほかのテナント"),
    ("nothing", "なし"),
    ("{} cells are as they were", "{0} 件のセルは変化なし"),
    ("accepted, mailbox shut", "受付、メールボックスは開かない"),
    ("not met: {}: {}", "不合格: {0}: {1~}"),
    (
        "the password is dead and the token opens the mailbox on every protocol",
        "すべてのプロトコルで、パスワードは使えず、トークンでメールボックスが開きます",
    ),
    ("the cutover is not complete", "切り替えは完了していません"),
    ("{} of {} expectations met: {}.", "期待 {1} 件のうち {0} 件合格。{2~}。"),
    ("The same as a page: {}", "同じ内容のページ: {0}"),
];
