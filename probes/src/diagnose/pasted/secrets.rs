//! What is never repeated of a paste: passwords, tokens, and what carries them.

/// What stands before a secret, in lower case.
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
    "bearer ",
    "pass ",
    "password=",
    "passwd=",
    "pass=",
    "pwd=",
    "password:",
    "password is ",
    "passwort:",
    "client_secret=",
    "client_secret\": \"",
    "client_secret\":\"",
    "client_assertion=",
    "refresh_token=",
    "access_token=",
    "refresh_token\":\"",
    "access_token\":\"",
    "refresh_token\": \"",
    "access_token\": \"",
    "\"password\": \"",
    "\"password\":\"",
    "code=0.",
    "パスワード:",
    "assertion=",
    "auth=bearer ",
    "'pass': '",
    "pass: '",
    "password: '",
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
];

const HIDDEN: &str = "[hidden]";

/// A text without the secrets in it. What looks like one is hidden: a name that is, too, harms nobody.
pub(super) fn hidden(text: &str) -> String {
    let mut text = login(text);
    let mut from = 0;
    loop {
        let lower = text.to_ascii_lowercase();
        let next = BEFORE
            .iter()
            .filter_map(|mark| {
                let at = from + lower.get(from..)?.find(mark)?;
                // In a sentence a message may `pass DMARC`; the command is written in capitals.
                let command = *mark != "pass " || text.get(at..)?.starts_with("PASS ");
                command.then_some(at + mark.len())
            })
            .min();
        let Some(start) = next else { break };
        let rest = text.get(start..).unwrap_or_default();
        let lead = rest.len() - rest.trim_start_matches([' ', '\'', '"']).len();
        let value = rest.get(lead..).unwrap_or_default();
        let end =
            value.find([' ', '"', '\'', '&', ',', ';', ')', '}', '\n', '<', '>']).unwrap_or(value.len());
        let word = value.get(..end).unwrap_or_default();
        from = start + lead;
        let plain =
            PLAIN.contains(&word.to_ascii_lowercase().trim_end_matches(['.', ':'])) || word.is_empty();
        if !plain {
            text.replace_range(from..from + end, HIDDEN);
            from += HIDDEN.len();
        }
    }
    blobs(&text)
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
