//! A client that says it could not log in, below a list of capabilities in which no login is offered.

use super::lines::is_frame;
use super::{Found, Weight, marks, sentence};
use crate::diagnose::Over;
use crate::model::Reply;

/// Names in a list after EHLO.
const NAMES: &[&str] = &[
    "size",
    "pipelining",
    "8bitmime",
    "starttls",
    "dsn",
    "help",
    "enhancedstatuscodes",
    "smtputf8",
    "chunking",
    "etrn",
    "vrfy",
    "deliverby",
    "binarymime",
    "prdr",
    "turn",
    "expn",
];
/// Words for a login, in the languages of the clients on record.
const LOGIN: &[&str] = &[
    "auth",
    "login",
    "log in",
    "anmeld",
    "autent",
    "認証",
    "ログイン",
    "인증",
    "로그인",
    "аутент",
    "авториз",
    "验证",
    "認證",
    "登录",
    "登入",
    "uwierzyteln",
    "giriş",
    "azonosít",
    "ověř",
];

/// The last list of a server, where it has names and no AUTH, and a line of the client's complains of a login.
pub(super) fn without_a_login(text: &str) -> Option<Found> {
    let mut list: Option<(usize, Vec<String>)> = None;
    let mut complete = None;
    let mut complaint = false;
    for (number, raw) in text.lines().enumerate().take(5_000) {
        let (_, said) = marks::split(raw);
        if let Some(name) = said.strip_prefix("250-") {
            list.get_or_insert_with(|| (number, Vec::new())).1.push(name.to_lowercase());
            continue;
        }
        if let Some((_, mut names)) = list.take() {
            if let Some(name) = said.strip_prefix("250 ") {
                names.push(name.to_lowercase());
                complete = Some((number, said.to_owned(), names));
            }
            continue;
        }
        let lower = said.to_lowercase();
        complaint |= !is_frame(said)
            && sentence::complains(said)
            && LOGIN.iter().any(|word| lower.contains(word))
            && !lower.starts_with("auth ");
    }
    let (line, shown, offered) = complete.filter(|_| complaint)?;
    let first = |name: &String| name.split([' ', '=']).next().unwrap_or_default().to_owned();
    let known = offered.iter().filter(|name| NAMES.contains(&first(name).as_str())).count();
    if known < 2 || offered.iter().any(|name| first(name) == "auth") {
        return None;
    }
    let code =
        if offered.iter().any(|name| first(name) == "starttls") { "auth-after-tls" } else { "no-auth" };
    let reply =
        Reply { status: "503".to_owned(), code: Some(code.to_owned()), enhanced: None, text: String::new() };
    Some(Found { quote: Some(shown), ..Found::new(Over::SMTP, reply, Weight::Code, line) })
}
