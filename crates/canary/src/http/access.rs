//! Passwords and tokens of the pages (RFC 7617, RFC 6750). Passwords are kept as bcrypt hashes, the way `htpasswd -B` and
//! Prometheus's web configuration write them; a token is compared by its hash. Neither tells by the time it takes how near
//! a guess was, and no name is told from another.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;

/// Octets of either file.
const MOST: u64 = 64 * 1024;
/// Passwords remembered, so that a dashboard does not pay for bcrypt with each of its requests.
const REMEMBERED: usize = 64;
/// Guesses looked at side by side: bcrypt is meant to be slow, and the machine has other things to do.
const AT_ONCE: usize = 1;
/// Who may see the pages.
pub struct Access {
    users: HashMap<String, String>,
    token: Option<[u8; 32]>,
    known: Mutex<Vec<[u8; 32]>>,
    places: Arc<Semaphore>,
}

/// What a request may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Let in.
    Allowed,
    /// The key is missing or wrong.
    Denied,
    /// Too many guesses at once.
    Busy,
}

impl Access {
    /// Reads the files that are given; with none, everybody is let in.
    ///
    /// # Errors
    /// What is wrong with a file, with its line, and what is expected there.
    pub fn read(basic: Option<&Path>, bearer: Option<&Path>) -> Result<Option<Self>, String> {
        if basic.is_none() && bearer.is_none() {
            return Ok(None);
        }
        let users = basic.map(users).transpose()?.unwrap_or_default();
        let token = bearer.map(token).transpose()?;
        Ok(Some(Self { users, token, known: Mutex::default(), places: Arc::new(Semaphore::new(AT_ONCE)) }))
    }

    /// Looks at the key of a request.
    pub async fn judge(&self, headers: &HeaderMap) -> Verdict {
        let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some((scheme, credentials)) = given.and_then(|given| given.split_once(' ')) else {
            return Verdict::Denied;
        };
        if scheme.eq_ignore_ascii_case("bearer") {
            let same = self.token.is_some_and(|token| {
                bool::from(token.as_slice().ct_eq(Sha256::digest(credentials.trim()).as_slice()))
            });
            return if same { Verdict::Allowed } else { Verdict::Denied };
        }
        if !scheme.eq_ignore_ascii_case("basic") || self.users.is_empty() {
            return Verdict::Denied;
        }
        let Some((user, password)) = STANDARD
            .decode(credentials.trim())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .and_then(|pair| pair.split_once(':').map(|(user, rest)| (user.to_owned(), rest.to_owned())))
        else {
            return Verdict::Denied;
        };
        self.password(user, password).await
    }

    async fn password(&self, user: String, password: String) -> Verdict {
        let own = self.users.get(&user);
        // A name that does not exist takes as long as one that does: another's hash is looked at, and counts for nothing.
        let Some(hash) = own.or_else(|| self.users.values().next()).cloned() else { return Verdict::Denied };
        let mut fingerprint = Sha256::new();
        for part in [user.as_str(), password.as_str(), hash.as_str()] {
            fingerprint.update(part.len().to_be_bytes());
            fingerprint.update(part);
        }
        let fingerprint: [u8; 32] = fingerprint.finalize().into();
        if self.known.lock().iter().any(|known| known.ct_eq(&fingerprint).into()) {
            return Verdict::Allowed;
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { return Verdict::Busy };
        let looking = tokio::task::spawn_blocking(move || {
            let _place = place;
            bcrypt::verify(password, &hash).unwrap_or(false)
        });
        if !(looking.await.unwrap_or(false) && own.is_some()) {
            return Verdict::Denied;
        }
        let mut known = self.known.lock();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.push(fingerprint);
        Verdict::Allowed
    }

    /// The challenge of an answer that denies.
    pub fn challenge(&self) -> &'static str {
        if self.users.is_empty() {
            "Bearer realm=\"mailprobe\""
        } else {
            "Basic realm=\"mailprobe\", charset=\"UTF-8\""
        }
    }
}

fn text(path: &Path) -> Result<String, String> {
    use std::io::Read as _;
    let shown = path.display();
    let file = std::fs::File::open(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    let mut text = String::new();
    file.take(MOST + 1)
        .read_to_string(&mut text)
        .map_err(|error| format!("{shown} cannot be read: {error}"))?;
    if text.len() as u64 > MOST {
        return Err(format!("{shown} is longer than {} KiB", MOST / 1024));
    }
    Ok(text)
}

fn users(path: &Path) -> Result<HashMap<String, String>, String> {
    let mut users = HashMap::new();
    for (number, line) in text(path)?.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |what: &str| {
            format!(
                "{}:{}: {what}; each line is NAME:HASH as `htpasswd -nB NAME` prints it",
                path.display(),
                number + 1
            )
        };
        let (name, hash) = line.split_once(':').ok_or_else(|| wrong("no colon"))?;
        if hash.parse::<bcrypt::HashParts>().is_err() {
            // Not shown: it may be a password in clear text.
            return Err(wrong("what follows the name is no bcrypt hash"));
        }
        users.insert(name.to_owned(), hash.to_owned());
    }
    if users.is_empty() {
        return Err(format!("{} names nobody; each line is NAME:HASH", path.display()));
    }
    Ok(users)
}

fn token(path: &Path) -> Result<[u8; 32], String> {
    /// Shorter ones are guessed.
    const SHORTEST: usize = 16;
    let text = text(path)?;
    let token = text.trim();
    if token.len() < SHORTEST || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!(
            "{}: a token is one line of at least {SHORTEST} visible ASCII characters, as `openssl rand -hex 32` prints",
            path.display()
        ));
    }
    Ok(Sha256::digest(token).into())
}

/// The files of an access, for whoever watches them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessFiles {
    /// `NAME:HASH` lines.
    pub basic: Option<PathBuf>,
    /// One token.
    pub bearer: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    fn with(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, value.parse().unwrap());
        headers
    }

    #[tokio::test]
    async fn a_password_opens_and_a_guess_does_not() {
        let hash =
            bcrypt::hash_with_result("correct horse", 4).unwrap().format_for_version(bcrypt::Version::TwoY);
        let users = file(&format!("# people\nalice:{hash}\n"));
        let access = Access::read(Some(users.path()), None).unwrap().unwrap();
        let basic = |pair: &str| with(&format!("Basic {}", STANDARD.encode(pair)));
        // The second time without bcrypt, with the same answer.
        for _ in 0..2 {
            assert_eq!(access.judge(&basic("alice:correct horse")).await, Verdict::Allowed);
            assert_eq!(access.judge(&basic("alice:correct hors")).await, Verdict::Denied);
            assert_eq!(access.judge(&basic("bob:correct horse")).await, Verdict::Denied);
        }
        for headers in [HeaderMap::new(), with("Basic"), with("Basic !"), with("Digest x"), with("Bearer x")]
        {
            assert_eq!(access.judge(&headers).await, Verdict::Denied);
        }
        assert!(access.challenge().starts_with("Basic"));
    }

    #[tokio::test]
    async fn a_token_opens_and_another_does_not() {
        let path = file("0123456789abcdef0123\n");
        let access = Access::read(None, Some(path.path())).unwrap().unwrap();
        assert_eq!(access.judge(&with("Bearer 0123456789abcdef0123")).await, Verdict::Allowed);
        assert_eq!(access.judge(&with("bearer 0123456789abcdef0123")).await, Verdict::Allowed);
        assert_eq!(access.judge(&with("Bearer 0123456789abcdef012")).await, Verdict::Denied);
        assert!(access.challenge().starts_with("Bearer"));
    }

    #[test]
    fn mistakes_are_told_with_file_and_line_and_without_what_may_be_a_password() {
        let clear = file("alice:$2y$04$short\n\nbob:hunter2\n");
        let said = Access::read(Some(clear.path()), None).err().unwrap();
        assert!(said.contains(":1: ") && said.contains("htpasswd -nB") && !said.contains("short"), "{said}");
        let empty = file("# nobody\n");
        assert!(Access::read(Some(empty.path()), None).err().unwrap().contains("names nobody"));
        let short = file("hunter2");
        let said = Access::read(None, Some(short.path())).err().unwrap();
        assert!(said.contains("openssl rand -hex 32") && !said.contains("hunter2"), "{said}");
        assert!(Access::read(None, None).unwrap().is_none());
    }
}
