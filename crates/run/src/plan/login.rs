//! Names: what may be a mailbox, and how a login name is made from it.

use mailprobe_probes::model::harmless;

use super::error::{PlanError, Setting, words};

/// Longest address of RFC 5321 section 4.5.3.1, with room for internationalised ones.
const LONGEST: usize = 1024;

/// Checks a mailbox. The prober takes every address that can be written in a command, not only those that
/// RFC 5322 allows: servers are what knows which mailboxes exist.
pub fn mailbox(text: &str) -> Result<String, PlanError> {
    let shown = || harmless(text.as_bytes()).chars().take(80).collect::<String>();
    let refused = |what: String, remedy: &'static str| {
        Err(PlanError::new(Setting::Mailbox(0), words![what]).remedy(words![remedy]))
    };
    let both_sides =
        text.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !both_sides {
        return refused(format!("`{}` is not a mailbox", shown()), "write name@domain");
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return refused(format!("mailbox `{}` holds a space or a control character", shown()), "remove it");
    }
    if text.len() > LONGEST {
        let what = format!("mailbox `{}...` is longer than {LONGEST} bytes", shown());
        return Err(PlanError::new(Setting::Mailbox(0), words![what]));
    }
    Ok(text.to_owned())
}

/// Fills the placeholders of a login name.
pub(super) fn login_name(template: &str, mailbox: &str) -> Result<String, PlanError> {
    let local = mailbox.rsplit_once('@').map_or(mailbox, |(local, _)| local);
    let mut name = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((placeholder, tail)) = after.split_once('}') else { break };
        name.push_str(before);
        name.push_str(match placeholder {
            "mailbox" => mailbox,
            "local" => local,
            other => {
                let what = format!(
                    "login name `{}`: unknown placeholder {{{}}}, use {{mailbox}} or {{local}}",
                    harmless(template.as_bytes()),
                    harmless(other.as_bytes())
                );
                return Err(PlanError::new(Setting::LoginName, words![what]));
            }
        });
        rest = tail;
    }
    name.push_str(rest);
    identity(Setting::LoginName, "login name", &name)?;
    Ok(name)
}

/// Checks an authentication or authorization identity.
pub(super) fn identity(about: Setting, what: &str, name: &str) -> Result<(), PlanError> {
    if name.is_empty() {
        return Err(PlanError::new(about, words![format!("the {what} is empty")]));
    }
    if name.chars().any(char::is_control) {
        let what = format!("{what} `{}` holds a control character", harmless(name.as_bytes()));
        return Err(PlanError::new(about, words![what]).remedy(words!["remove it"]));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_needs_something_on_both_sides_of_the_at_sign() {
        for bad in ["", "alice", "@example.com", "alice@"] {
            assert!(mailbox(bad).unwrap_err().to_string().contains("write name@domain"), "{bad}");
        }
        assert!(mailbox("\"a@b\"@example.com").is_ok());
        assert!(mailbox("用户@例子.广告").is_ok());
    }

    #[test]
    fn a_mailbox_with_white_space_or_control_characters_is_refused_and_shown_harmless() {
        for bad in ["al ice@example.com", "alice@example.com\n", "a\u{1b}[2J@b", "a\u{a0}b@c"] {
            let message = mailbox(bad).unwrap_err().to_string();
            assert!(message.contains("space or a control character"), "{message}");
            assert!(!message.contains(['\u{1b}', '\n']), "{message:?}");
        }
        assert!(mailbox(&format!("{}@b", "a".repeat(2000))).unwrap_err().to_string().contains("longer than"));
    }

    #[test]
    fn a_login_name_is_made_from_the_mailbox() {
        assert_eq!(login_name("CORP\\{local}", "alice@example.com").unwrap(), "CORP\\alice");
        assert_eq!(login_name("{mailbox}*master", "alice@example.com").unwrap(), "alice@example.com*master");
        assert_eq!(login_name("odd{brace", "alice@example.com").unwrap(), "odd{brace");
    }

    #[test]
    fn a_login_name_with_a_mistake_names_it() {
        let message = login_name("{user}", "alice@example.com").unwrap_err().to_string();
        assert!(message.contains("unknown placeholder {user}, use {mailbox} or {local}"), "{message}");
        assert!(login_name("", "a@b").unwrap_err().to_string().contains("login name is empty"));
        assert!(login_name("a\0b", "a@b").unwrap_err().to_string().contains("control character"));
    }
}
