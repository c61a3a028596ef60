//! Sentences without a code: which of them complain, which announce a server's words, and which are no sentence.

use std::sync::LazyLock;

use super::lines::{is_frame, is_offer};
use super::reply::cut;
use crate::diagnose::signin_pages;
use crate::diagnose::words::sieve::Sieve;
use crate::diagnose::words::translated;

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
    "authorized code",
    "authorization code",
    "授权码",
    "授權碼",
];

/// Whether a line tells of a failure: a setting, a banner or a list of capabilities does not.
pub(super) fn complains(line: &str) -> bool {
    static SIEVE: LazyLock<Sieve> = LazyLock::new(|| Sieve::of(COMPLAINTS.iter().copied()));
    let lower = cut(line, 2000).to_lowercase();
    let complains = SIEVE.admits(&lower) || signin_pages::speaks(&lower) || translated::speaks(&lower);
    // What is no sentence is looked at last: most lines of a log complain of nothing.
    complains
        && !(is_frame(line) || is_setting(&lower) || is_offer(line) || lower.contains(" we do not authorize"))
}

/// Whether a sentence is the writer's own account of what happened: it tells of the failure, not why.
pub(super) fn is_of_the_writer(text: &str) -> bool {
    const FIRST: &[&str] = &[
        "i ",
        "i'm ",
        "i've ",
        "we ",
        "we're ",
        "we've ",
        "my ",
        "our ",
        "when i",
        "when we",
        "since ",
        "if i",
        "all of our",
        "all our",
        "however, ",
        "but ",
        "ich ",
        "wir ",
        "seit ",
        "mein ",
        "je ",
        "j'",
        "nous ",
        "depuis ",
        "yo ",
        "mi ",
        "desde ",
        "io ",
        "da ieri",
        "eu ",
        "minha ",
        "здравствуйте",
        "私",
        "弊社",
    ];
    let lower = cut(text.trim_start(), 200).to_lowercase();
    FIRST.iter().any(|words| lower.starts_with(words)) && text.split_whitespace().count() > 5
        || lower.starts_with('私')
        || lower.starts_with("弊社")
}

/// Whether a line is one of a server's own log about a login, which names a reason that the client is not told.
pub(super) fn is_of_a_login_log(line: &str) -> bool {
    let lower = cut(line, 2000).to_lowercase();
    let of_dovecot = (lower.contains("auth: ") || lower.contains("auth-worker"))
        && (lower.contains("): unknown user") || lower.contains("): password mismatch"));
    let at_login = lower.contains("-login: ")
        && (lower.contains("disallowed plaintext auth") || lower.contains("(no auth attempts"));
    let of_courier = ["input/output error", "no such file", "connection refused", "permission denied"]
        .iter()
        .any(|words| lower.contains(&format!("authentication error: {words}")));
    of_courier
        || lower.contains("acctbadpswd")
        || lower.contains("mbx_authentication_failed")
        || at_login
        || of_dovecot
        || lower.contains("check pass; user unknown")
        || lower.contains("authdaemon: s_connect() failed")
}

/// The words of a program inside a sentence of the writer's: `shows an error saying "Login failed"`.
pub(super) fn shown(line: &str) -> Option<&str> {
    const VERBS: &[&str] = &[
        "say",
        "says",
        "saying",
        "said",
        "error",
        "message",
        "shows",
        "states",
        "reads",
        "meldet",
        "meldung",
        "fehler",
        "dit",
        "affiche",
        "message",
        "dice",
        "muestra",
        "mensaje",
        "messaggio",
        "diz",
        "mensagem",
        "пишет",
        "ошибка",
    ];
    let (before, rest) = line.split_once('"')?;
    let verb = before.trim_end_matches([' ', ':', ',', '(']).rsplit(' ').next()?.to_lowercase();
    let (words, _) = rest.split_once('"')?;
    let told = VERBS.contains(&verb.as_str()) && before.split_whitespace().count() > 2;
    (told && words.split_whitespace().count() > 2 && complains(words)).then_some(words)
}

/// Whether a sentence of the writer's ends with a colon, behind which a program's words follow.
pub(super) fn introduces(line: &str) -> bool {
    let lower = cut(line, 400).to_lowercase();
    lower.ends_with(':')
        && lower.split_whitespace().count() > 2
        && [
            "message:",
            "says:",
            "saying:",
            "error:",
            "following:",
            "i get:",
            "we get:",
            "meldung:",
            "fehler:",
        ]
        .iter()
        .any(|words| lower.ends_with(words))
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
        "ofr_",
        "ofr0",
        "lpn",
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
        || signin_pages::speaks(lower)
        || translated::speaks(lower)
}
