//! Server families: what a hint or a text says about whose answer it is.

use crate::model::Reply;

/// A family, the names it goes by, and the wider families it belongs to.
const FAMILIES: &[(&[&str], &[&str])] = &[
    (
        &["exchange-online", "office365", "microsoft365", "exo"],
        &["exchange-online", "exchange-cloud", "exchange"],
    ),
    (&["exchange-us-gov", "exchange-china"], &["exchange-online", "exchange-cloud", "exchange"]),
    (&["outlook-personal", "outlook.com", "hotmail"], &["outlook-personal", "exchange-cloud", "exchange"]),
    (&["exchange-onprem"], &["exchange-onprem", "exchange"]),
    (&["exchange"], &["exchange"]),
    (&["microsoft-365"], &["microsoft-365", "exchange-cloud"]),
    (&["entra", "entra-msa", "azure-ad"], &["entra"]),
    (&["gmail", "google", "google-workspace", "googlemail"], &["google"]),
    (&["yahoo", "aol", "att", "rogers", "verizon"], &["yahoo"]),
    (&["icloud", "apple"], &["icloud"]),
    (&["gmx", "web.de", "mail.com", "1und1", "ionos"], &["gmx"]),
    (&["netease-163", "netease", "163", "126"], &["netease"]),
    (&["qq", "exmail", "tencent"], &["qq"]),
    (&["yandex"], &["yandex"]),
    (&["mail.ru", "mailru"], &["mail.ru"]),
    (&["zoho"], &["zoho"]),
    (&["fastmail"], &["fastmail"]),
    (&["zimbra"], &["zimbra"]),
    (&["kerio"], &["kerio"]),
    (&["t-online", "telekom"], &["t-online"]),
    (&["naver"], &["naver"]),
    (&["dovecot"], &["dovecot"]),
    (&["cyrus"], &["cyrus"]),
    (&["courier"], &["courier"]),
    (&["postfix"], &["postfix"]),
    (&["exim"], &["exim"]),
    (&["sendmail"], &["sendmail"]),
    (&["qmail"], &["qmail"]),
    (&["hmailserver"], &["hmailserver"]),
    (&["mdaemon"], &["mdaemon"]),
    (&["smartermail"], &["smartermail"]),
    (&["domino", "lotus"], &["domino"]),
    (&["groupwise"], &["groupwise"]),
    (&["davmail"], &["davmail"]),
    (&["protonmail-bridge", "proton-bridge", "proton"], &["proton"]),
    (&["z-push", "sogo", "kopano"], &["z-push"]),
    (&["amazon-ses", "ses", "workmail"], &["amazon-ses"]),
    (&["sendgrid"], &["sendgrid"]),
    (&["mailgun"], &["mailgun"]),
    (&["mailjet"], &["mailjet"]),
    (&["postmark"], &["postmark"]),
    (&["brevo", "sendinblue"], &["brevo"]),
    (&["sparkpost"], &["sparkpost"]),
    (&["mailchimp", "mandrill"], &["mailchimp"]),
];

/// Pieces of text, in lower case, that only one family writes.
const TELLTALES: &[(&str, &str)] = &[
    ("- gsmtp", "gmail"),
    ("support.google.com", "gmail"),
    ("accounts.google.com", "gmail"),
    (".prod.outlook.com", "exchange-online"),
    ("outlook.office365.com", "exchange-online"),
    ("aka.ms/smtp_auth_disabled", "exchange-online"),
    ("(#auth0", "yahoo"),
    ("(#mbr1", "yahoo"),
    ("mail.qq.com", "qq"),
    ("kefu@188.com", "netease-163"),
    ("mail.163.com", "netease-163"),
    ("zpush", "z-push"),
    ("sendgrid.com", "sendgrid"),
    ("sendgrid.net", "sendgrid"),
    ("mailjet.com", "mailjet"),
    ("postmarkapp.com", "postmark"),
    ("brevo.com", "brevo"),
    ("sendinblue.com", "brevo"),
    ("sparkpost", "sparkpost"),
    ("mandrill", "mailchimp"),
    ("amazonses.com", "amazon-ses"),
    ("failed the check in region", "amazon-ses"),
    ("mailgun", "mailgun"),
];

/// Pieces of host names that one provider has, and what only one family announces; the telling ones first.
const HOSTS: &[(&str, &str)] = &[
    // Only Exchange's own transport announces these.
    ("x-anonymoustls", "exchange-onprem"),
    ("x-exps ", "exchange-onprem"),
    // Its own log and event log write these about a refused login.
    ("logondenied", "exchange-onprem"),
    ("msexchangetransport", "exchange-onprem"),
    ("smtp-mail.outlook.com", "outlook-personal"),
    ("imap-mail.outlook.com", "outlook-personal"),
    ("smtp.live.com", "outlook-personal"),
    ("smtp-hve.office365.com", "exchange-online"),
    ("office365.com", "exchange-online"),
    ("prod.outlook.com", "exchange-online"),
    ("outlook.office.com", "exchange-online"),
    ("smtp.gmail.com", "gmail"),
    ("imap.gmail.com", "gmail"),
    ("pop.gmail.com", "gmail"),
    ("smtp.googlemail.com", "gmail"),
    ("mail.yahoo.c", "yahoo"),
    ("mail.me.com", "icloud"),
    ("icloud.com", "icloud"),
    ("imap.aol.com", "yahoo"),
    (".gmx.", "gmx"),
    ("web.de", "gmx"),
    ("ionos.", "gmx"),
    ("imap.163.com", "netease-163"),
    ("smtp.163.com", "netease-163"),
    ("smtp.126.com", "netease-163"),
    ("smtp.qq.com", "qq"),
    ("imap.qq.com", "qq"),
    ("yandex.", "yandex"),
    ("mail.ru", "mail.ru"),
    ("zoho.", "zoho"),
    ("fastmail.com", "fastmail"),
    ("naver.com", "naver"),
    ("mailgun.org", "mailgun"),
    ("sendgrid.net", "sendgrid"),
    ("sendgrid.com", "sendgrid"),
    ("mailjet.com", "mailjet"),
    ("postmarkapp.com", "postmark"),
    ("brevo.com", "brevo"),
    ("sendinblue.com", "brevo"),
    ("amazonaws.com", "amazon-ses"),
    ("davmail", "davmail"),
];

/// The family of a host by its name, as far as the name tells.
pub fn family_of_host(host: &str) -> Option<&'static str> {
    let host = host.to_ascii_lowercase();
    // A piece is looked for at the end of the name: `office365.com.example.net` is somebody else's.
    HOSTS
        .iter()
        .find(|(piece, _)| {
            let inner = piece.ends_with('.') || piece.starts_with('.') || piece.ends_with("yahoo.c");
            if inner { host.contains(piece) } else { host == *piece || host.ends_with(&format!(".{piece}")) }
        })
        .map(|(_, family)| *family)
}

/// The family of who gave an answer: what the words tell, else what the host's name does. Personal Outlook.com answers in
/// the words of Exchange Online, so there the host decides.
pub fn family_of(host: Option<&'static str>, words: &str) -> Option<&'static str> {
    host.filter(|family| *family == "outlook-personal")
        .or_else(|| told(&words.to_lowercase(), words))
        .or(host)
}

/// The family that a text in lower case speaks of, by the hosts in it.
pub(super) fn in_text(lower: &str) -> Option<&'static str> {
    HOSTS.iter().find(|(piece, _)| lower.contains(piece)).map(|(_, family)| *family)
}

/// Every name that has rules or relations of its own.
pub fn known_families() -> impl Iterator<Item = &'static str> {
    FAMILIES.iter().flat_map(|(names, _)| names.iter().copied())
}

/// The families an answer belongs to, narrow to wide. Without a hint the text is asked.
///
/// The words of the reply are read in their own case: Exchange alone ends its refusals so.
pub(super) fn families<'a>(hint: Option<&'a str>, text: &str, reply: &Reply) -> Vec<&'a str> {
    // Others say "authentication unsuccessful" too, but not with these codes.
    let coded = || {
        let code = matches!(reply.enhanced.as_deref(), Some("5.7.3" | "5.7.139"));
        (code && text.contains("authentication unsuccessful")).then_some("exchange")
    };
    let Some(name) = hint.or_else(|| told(text, &reply.text)).or_else(coded) else { return Vec::new() };
    FAMILIES
        .iter()
        .find(|(names, _)| names.iter().any(|known| known.eq_ignore_ascii_case(name)))
        .map_or_else(|| vec![name], |(_, of)| of.to_vec())
}

/// The name that the words themselves tell.
pub(super) fn told(text: &str, words: &str) -> Option<&'static str> {
    let known = TELLTALES.iter().find(|(piece, _)| text.contains(piece)).map(|(_, family)| *family);
    let exchange = words == "LOGIN failed." || words == "AUTHENTICATE failed.";
    known.or_else(|| exchange.then_some("exchange"))
}
