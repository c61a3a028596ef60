//! Sentences without a code: which of them complain, which announce a server's words, and which are no sentence.

use super::reply::cut;

/// Words with which a failure is told, in the languages of the clients on record.
const COMPLAINTS: &[&str] = &[
    "fail",
    "error",
    "denied",
    "refus",
    "reject",
    "invalid",
    "incorrect",
    "wrong",
    "cannot",
    "can't",
    "can not",
    "could not",
    "couldn't",
    "unable",
    "not ",
    "blocked",
    "disabled",
    "expired",
    "revoked",
    "required",
    "requires",
    "must ",
    "locked",
    "unsupported",
    "unrecognized",
    "unencrypted",
    "too many",
    "missing",
    "unauthorized",
    "forbidden",
    "quota",
    "throttl",
    "quarantin",
    "suspended",
    "no such",
    "no password",
    "doesn't",
    "does not",
    "didn't",
    "timed out",
    "exceed",
    "full",
    "unknown",
    "unsuccessful",
    "abort",
    "logging out",
    "bye",
    "inactive",
    "no mechanism",
    "no compatible",
    "only valid",
    "only allowed",
    "only available",
    "protocol error",
    "non è corrett",
    "incorret",
    "不正确",
    "不正確",
    "間違",
    "올바르지",
    "잘못",
    "not supported",
    "notsupported",
    "reauthor",
    "unavailable",
    "unsafe",
    "please ",
    "insufficient",
    "エラー",
    "失敗",
    "できません",
    "できない",
    "ません",
    "無効",
    "期限",
    "拒否",
    "错误",
    "失败",
    "無法",
    "无法",
    "错",
    "fehl",
    "ungültig",
    "nicht",
    "falsch",
    "abgelaufen",
    "échec",
    "échou",
    "erreur",
    "incorrect",
    "refusé",
    "invalide",
    "expir",
    "impossible",
    "erron",
    "fallid",
    "falló",
    "inválid",
    "incorrecta",
    "rechazad",
    "denegad",
    "falha",
    "incorreta",
    "recusad",
    "negad",
    "non riuscit",
    "errat",
    "negato",
    "scadut",
    "mislukt",
    "onjuist",
    "geweigerd",
    "ошибк",
    "неверн",
    "невозможно",
    "отказ",
    "오류",
    "실패",
    "mobilesync",
    "realm=",
];

/// Whether a line tells of a failure: a setting, a banner or a list of capabilities does not.
pub(super) fn complains(line: &str) -> bool {
    let lower = cut(line, 2000).to_lowercase();
    if is_frame(line)
        || is_setting(&lower)
        || super::context::is_offer(line)
        || lower.contains(" we do not authorize")
    {
        return false;
    }
    COMPLAINTS.iter().any(|word| lower.contains(word))
}

/// A frame of a stack, a line of source, a separator.
pub(super) fn is_frame(line: &str) -> bool {
    let line = line.trim();
    if !line.contains(char::is_alphabetic) {
        return true;
    }
    let numbered = line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        && [" /", " {", "->", "::", ".php"].iter().any(|mark| line.contains(mark));
    let python = line.starts_with("File \"") || line.starts_with("raise ") || line.starts_with("return ");
    let frame = (line.starts_with("at ") || line.starts_with("from /") || line.starts_with("\\tat "))
        && (line.contains('(') || line.contains(".js:") || line.contains(".rb:"));
    let mark = line.starts_with("Traceback (")
        || line.starts_with("Stack trace:")
        || line.starts_with("During handling of the above")
        || line.starts_with("--- End of");
    numbered || python || frame || mark
}

/// `Timeout: 120`, `Port = 587`, `ErrorHandler: Foo`: a name and a value.
fn is_setting(lower: &str) -> bool {
    let Some((name, value)) = lower.split_once([':', '=']) else { return false };
    let value = value.trim();
    let short = !name.trim().contains(' ') && !value.contains(' ');
    let number = value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b's' | b'm'));
    let named = name.contains("errorhandler") || !name.contains("error") && !name.contains("exception");
    short && (number || named && value.len() < 40 && value.is_ascii())
}

/// What a mail relay says of a delivery: the part of the log line that is a sentence.
pub(super) fn relayed(line: &str) -> Option<&str> {
    if let Some((_, words)) = line.split_once(", stat=") {
        return Some(words);
    }
    let (_, behind) = line.split_once(" status=")?;
    let (state, words) = behind.split_once(" (")?;
    ["deferred", "bounced", "expired", "undeliverable"]
        .contains(&state)
        .then(|| words.strip_suffix(')').unwrap_or(words))
}

/// What stands before a server's words, in lower case.
const ANNOUNCEMENTS: &[&str] = &[
    "server response was:",
    "server response:",
    "server responded:",
    "server message:",
    "server said:",
    "server says:",
    "mail server responded:",
    " said:",
    "returned an error:",
    "error returned was:",
    "response from server:",
    "server replied:",
    "server returned:",
    "remote server returned:",
    "serverantwort war:",
    "antwort des servers:",
    "server antwortete:",
    "antwortete:",
    "réponse du serveur était :",
    "réponse du serveur était:",
    "réponse du serveur :",
    "serveur a répondu :",
    "a répondu :",
    "respuesta del servidor fue:",
    "respondió:",
    "resposta do servidor foi:",
    "respondeu:",
    "risposta del server è:",
    "risposta del server:",
    "ha risposto:",
    "応答しました:",
    "サーバーの応答:",
    "サーバーの応答 :",
    "サーバーからの応答:",
    "服务器响应为:",
    "服务器响应:",
    "伺服器回應:",
    "ответ сервера:",
    "exception message was:",
    " error=\"",
    " err=\"",
    "authenticationfailedexception:",
    "serviceexception:",
];

/// The words behind an announcement; empty where the next line holds them.
pub(super) fn announced(line: &str) -> Option<&str> {
    let lower = cut(line, 2000).to_lowercase();
    if lower.len() != cut(line, 2000).len() {
        return None;
    }
    let end = ANNOUNCEMENTS.iter().filter_map(|mark| lower.find(mark).map(|at| at + mark.len())).max()?;
    Some(super::quote::trimmed(line.get(end..).unwrap_or_default().trim()).trim_matches(['\'', '"']))
}

/// Whether a sentence speaks of a fault that passes, and not only in one of its words.
pub(super) fn is_passing(lower: &str) -> bool {
    [
        "temporarily",
        "temporary error",
        "temporary fail",
        "temporary problem",
        "try again later",
        "retry later",
        "timed out",
        "timeout error",
        "unavailable",
        "connect",
        "lost connection",
        "server error",
        "internal error",
        "overload",
        "busy",
        "network",
        "shutting down",
        "not responding",
    ]
    .iter()
    .any(|words| lower.contains(words))
}

/// Whether a sentence is about mail, a login or a server at all.
pub(super) fn is_of_mail(lower: &str) -> bool {
    [
        "timed out",
        "protocol",
        "mail",
        "smtp",
        "imap",
        "pop3",
        "login",
        "log in",
        "logon",
        "log on",
        "logging",
        "sign",
        "passw",
        "auth",
        "account",
        "token",
        "user",
        "credential",
        "server",
        "connect",
        "tls",
        "ssl",
        "certificate",
        "exchange",
        "office",
        "outlook",
        "google",
        "send",
        "recipient",
        "activesync",
        "device access",
        "mobilesync",
        "realm",
        "認証",
        "ログイン",
        "パスワード",
        "メール",
        "サーバ",
        "资格",
        "登录",
        "登入",
        "密码",
        "邮",
        "郵",
        "anmeld",
        "kennwort",
        "passwort",
        "contraseña",
        "senha",
        "mot de passe",
        "пароль",
        "почт",
        "메일",
        "암호",
        "비밀번호",
        "用户名",
        "用戶",
        "wachtwoord",
        "gebruikers",
        "utente",
        "usuário",
        "usuario",
        "utilisateur",
        "로그인",
    ]
    .iter()
    .any(|word| lower.contains(word))
}
