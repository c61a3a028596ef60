//! Where to read more about an answer: the address of a public page for every source of a rule.

/// The address of the first of the sources that a rule names: a page, or a document of the RFC series by section.
pub(super) fn address(sources: &str) -> String {
    let first = sources.split([';', ',']).next().unwrap_or_default().trim();
    if first.starts_with("https://") || first.starts_with("http://") {
        return first.to_owned();
    }
    let section = |rest: &str| {
        let number = rest.split_once("section ").map(|(_, number)| number.trim());
        number.filter(|number| number.bytes().all(|b| b.is_ascii_digit() || b == b'.')).map(str::to_owned)
    };
    if let Some(rest) = first.strip_prefix("RFC ") {
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let anchor = section(rest).map(|section| format!("#section-{section}")).unwrap_or_default();
        return format!("https://www.rfc-editor.org/rfc/rfc{number}{anchor}");
    }
    if first.starts_with("OpenID Connect Core") {
        return "https://openid.net/specs/openid-connect-core-1_0.html".to_owned();
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_source_is_an_address_whatever_it_is_written_as() {
        for (source, wanted) in [
            ("https://support.google.com/x; https://other.example", "https://support.google.com/x"),
            ("RFC 5530 section 3, RFC 3206 section 5", "https://www.rfc-editor.org/rfc/rfc5530#section-3"),
            ("RFC 4954 section 6", "https://www.rfc-editor.org/rfc/rfc4954#section-6"),
            ("RFC 5321", "https://www.rfc-editor.org/rfc/rfc5321"),
            ("OpenID Connect Core section 3.1.2.6", "https://openid.net/specs/openid-connect-core-1_0.html"),
            ("a letter from a friend", ""),
        ] {
            assert_eq!(address(source), wanted);
        }
    }
}
