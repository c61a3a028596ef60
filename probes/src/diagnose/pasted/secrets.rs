//! What is never repeated of a paste: passwords, tokens, and what carries them.

/// Commands and fields before a secret, in lower case.
const BEFORE: &[&str] = &[
    "auth plain ",
    "auth login ",
    "auth xoauth2 ",
    "auth oauthbearer ",
    "auth cram-md5 ",
    "authenticate plain ",
    "authenticate login ",
    "authenticate xoauth2 ",
    "authenticate oauthbearer ",
    "authorization: basic ",
    "authorization: bearer ",
    "authorization: ntlm ",
    "authorization: negotiate ",
    "bearer ",
    "pass ",
    "password is ",
    "code=0.",
];

/// Names of values that are secrets, in lower case; a value follows behind `=`, `:` or `=>`.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pass",
    "pwd",
    "secret",
    "assertion",
    "refresh_token",
    "access_token",
    "id_token",
    "api_key",
    "apikey",
    "api-key",
    "passwort",
    "kennwort",
    "contraseña",
    "mot de passe",
    "senha",
    "wachtwoord",
    "пароль",
    "パスワード",
    "密码",
    "cookie",
];

/// Words that follow those marks and are no secret.
const PLAIN: &[&str] = &[
    "authentication",
    "auth",
    "token",
    "error",
    "realm",
    "scheme",
    "failed",
    "command",
    "mechanism",
    "is",
    "was",
    "not",
    "required",
    "incorrect",
    "refused",
    "rejected",
    "expired",
    "**",
    "or",
    "and",
    "must",
    "has",
    "wrong",
    "invalid",
    "too",
    "disabled",
    "locked",
    "empty",
    "weak",
    "correct",
    "needed",
    "unknown",
    "blocked",
    "being",
    "no",
    "login",
    "plain",
    "for",
    "please",
    "check",
    "wrong",
    "incorrect",
    "mismatch",
    "the",
    "a",
    "an",
    "your",
    "user",
    "username",
    "you",
    "it",
    "this",
    "yes",
    "true",
    "false",
    "none",
    "null",
    "access",
    "unable",
    "cannot",
    "could",
    "does",
    "http",
    "https",
    "oauth2",
    "[hidden]",
    "rejected",
];

const HIDDEN: &str = "[hidden]";

/// A text without the secrets in it. What looks like one is hidden: a name that is, too, harms nobody.
pub(super) fn hidden(text: &str) -> String {
    blobs(&behind_marks(&addresses(&login(text))))
}

/// Hides what follows a command or a name.
fn behind_marks(text: &str) -> String {
    let mut text = text.to_owned();
    let mut from = 0;
    loop {
        let lower = text.to_ascii_lowercase();
        let Some((start, end)) = next(&lower, &text, from) else { break };
        let word = text.get(start..end).unwrap_or_default();
        let plain =
            PLAIN.contains(&word.to_ascii_lowercase().trim_end_matches(['.', ':'])) || word.trim().is_empty();
        from = start.max(from + 1);
        if !plain {
            text.replace_range(start..end, HIDDEN);
            from = start + HIDDEN.len();
        }
        while !text.is_char_boundary(from) {
            from += 1;
        }
    }
    text
}

/// The next value that a mark announces: where it begins and ends.
fn next(lower: &str, text: &str, from: usize) -> Option<(usize, usize)> {
    let command = BEFORE.iter().filter_map(|mark| {
        let at = from + lower.get(from..)?.find(mark)?;
        // In a sentence a message may `pass DMARC`; the command is written in capitals.
        let command = *mark != "pass " || text.get(at..)?.starts_with("PASS ");
        command.then(|| value(text, at + mark.len()))
    });
    let named = NAMES.iter().filter_map(|name| {
        let places = lower.get(from..)?.match_indices(name);
        places.map(|(at, name)| from + at + name.len()).find_map(|end| {
            let behind = lower.get(end..)?.trim_start_matches(['"', '\'', ']', ' ']);
            let rest = behind.strip_prefix("=>").or_else(|| behind.strip_prefix([':', '=']))?;
            Some(value(text, lower.len() - rest.len()))
        })
    });
    command.chain(named).min()
}

/// A value from here on: to its closing mark where it has one, else to the end of the word.
fn value(text: &str, start: usize) -> (usize, usize) {
    let rest = text.get(start..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start_matches(' ').len();
    let rest = rest.get(blank..).unwrap_or_default();
    let start = start + blank;
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = rest.get(1..).unwrap_or_default();
        let end = inner.find(quote).unwrap_or(inner.len());
        return (start + 1, start + 1 + end);
    }
    let end = rest.find([' ', '"', '\'', '&', ',', ';', ')', '}', '\n', '<', '>']).unwrap_or(rest.len());
    (start, start + end)
}

/// `smtp://user:password@host`: what stands between the name and the host.
fn addresses(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, behind) =
            (rest.get(..at + 3).unwrap_or_default(), rest.get(at + 3..).unwrap_or_default());
        plain.push_str(before);
        let word = behind.split([' ', '"', '\'', '\n', '<', '>', ')']).next().unwrap_or_default();
        let secret = word
            .rsplit_once('@')
            .and_then(|(user, _)| user.split_once(':').map(|(name, _)| (name.len(), user.len())));
        if let Some((name, user)) = secret {
            plain.push_str(behind.get(..=name).unwrap_or_default());
            plain.push_str(HIDDEN);
            rest = behind.get(user..).unwrap_or_default();
        } else {
            rest = behind;
        }
    }
    plain.push_str(rest);
    plain
}

/// `a1 LOGIN user password`: what follows the name.
fn login(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n') {
        let mut line = line.to_owned();
        if let Some(at) = line.find(" LOGIN ").or_else(|| line.starts_with("LOGIN ").then_some(0)) {
            let start =
                at + line.get(at..).and_then(|rest| rest.find("LOGIN ")).unwrap_or(0) + "LOGIN ".len();
            let rest = line.get(start..).unwrap_or_default().to_owned();
            let mut words = rest.splitn(2, ' ');
            let name = words.next().unwrap_or_default();
            let sentence = [
                "failed",
                "failed.",
                "invalid",
                "Invalid",
                "denied",
                "error",
                "is",
                "authentication",
                "command",
                "rejected",
                "login",
                "completed",
                "disabled",
                "not",
                "first",
                "incorrect",
                "Failure",
                // How imaplib tells what became of its command.
                "=>",
            ];
            let tag = line.get(..at).unwrap_or_default().trim_end().rsplit(' ').next().unwrap_or_default();
            let command = tag.is_empty()
                || tag.ends_with([':', '>'])
                || tag.len() <= 12 && tag.bytes().any(|b| b.is_ascii_digit());
            if let Some(password) = words.next().filter(|_| command && !sentence.contains(&name)) {
                let kept = rest.len() - password.len();
                line.truncate(start + kept);
                line.push_str(HIDDEN);
            }
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// Base64 and tokens: long words without a break, and those that begin as a JSON object does.
fn blobs(text: &str) -> String {
    let is_blob = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-' | '.');
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_blob(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        let before = plain.chars().next_back();
        let behind = rest.get(end..).and_then(|rest| rest.chars().next());
        let alone = behind.is_none_or(|c| c.is_whitespace() || c == '\\' || before == Some(c));
        plain.push_str(if is_secret(word, alone) { HIDDEN } else { word });
        rest = rest.get(end..).unwrap_or_default();
        if let Some(c) = rest.chars().next() {
            plain.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    plain
}

fn is_secret(word: &str, alone: bool) -> bool {
    if word.starts_with("eyJ") && word.len() >= 12
        || word.starts_with("ya29.")
        || word.starts_with("EwB") && word.len() > 40
    {
        return true;
    }
    // Host names, ids and paths have their marks; base64 of a login has none.
    let mixed = word.bytes().any(|b| b.is_ascii_lowercase()) && word.bytes().any(|b| b.is_ascii_uppercase());
    let bare = !word.contains(['.', '-', '_']) && word.matches('/').count() < 2;
    let padded = alone && word.ends_with('=') && word.len() >= 8;
    mixed && bare && (padded || word.len() >= 24 && word.bytes().any(|b| b.is_ascii_digit()))
        || mixed && word.len() >= 60 && !word.contains("//") && word.matches(['.', '/']).count() < 4
}
