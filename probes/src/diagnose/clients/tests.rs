use std::collections::HashSet;

use super::*;

#[test]
fn every_entry_has_an_id_of_its_own_words_a_source_and_is_found_in_its_own_example() {
    let mut ids = HashSet::new();
    let mut lost = Vec::new();
    for saying in all() {
        let id = saying.id;
        assert!(ids.insert(id), "{id} twice");
        assert!(id.starts_with("client-"), "{id}");
        assert!(saying.source.starts_with("http"), "{id}: {}", saying.source);
        assert!(!saying.client.is_empty() && !saying.causes().is_empty(), "{id}");
        assert!(!(saying.codes.is_empty() && saying.says.is_empty()), "{id} matches nothing");
        for words in saying.codes.iter().chain(saying.says.iter().copied().flatten()).chain(saying.beside) {
            assert_eq!(*words, words.to_lowercase(), "{id}: texts are compared in lower case");
        }
        let told = saying.diagnosis();
        assert!(told.explanation.ends_with('.') && told.remedy.ends_with('.'), "{id}");
        let found = find(saying.example).map(|found| found.id);
        if found != Some(id) {
            lost.push(format!("{id}: {:?} is {found:?}", saying.example));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn a_code_counts_as_a_whole_word_alone() {
    let id = |text: &str| find(text).map(|saying| saying.id);
    assert_eq!(id("(0x800ccc0e)"), Some("client-outlook-connect"));
    assert_eq!(id("0x800CCC0E1"), None);
    assert_eq!(
        id("size=10061 bytes, socket error"),
        Some("client-windows-refused-number"),
        "words beside it decide"
    );
    assert_eq!(id("size=10061 bytes"), None);
    assert_eq!(id("message 1102 of 1200"), None);
    assert_eq!(id("OSStatus error 9807"), None, "the sign belongs to the number");
    assert_eq!(id("SSL: 2026-9807-1"), None);
    assert_eq!(id("EAUTHOR"), None);
    assert_eq!(id("code: 'EAUTH'"), Some("client-nodemailer-login"));
}

#[test]
fn what_names_the_fault_counts_before_a_headline() {
    for (text, id) in [
        (
            "javax.mail.MessagingException: Could not connect to SMTP host: smtp.example.com, port: 465;\n  nested exception is:\n\tjavax.net.ssl.SSLHandshakeException: PKIX path building failed",
            "client-java-untrusted",
        ),
        (
            "SMTP connect() failed.\nstream_socket_client(): php_network_getaddresses: getaddrinfo failed",
            "client-php-name",
        ),
        (
            "Failure sending mail. ---> System.Net.WebException: Unable to connect to the remote server",
            "client-dotnet-connect",
        ),
        (
            "{ code: 'ESOCKET', errno: -111, syscall: 'connect' } connect ECONNREFUSED 192.0.2.1:465",
            "client-node-refused",
        ),
        ("code: 'ESOCKET', reason: 'wrong version number'", "client-openssl-not-tls"),
    ] {
        assert_eq!(find(text).map(|saying| saying.id), Some(id), "{text}");
    }
}

#[test]
fn the_line_it_stands_in_is_told() {
    let text = "Task 'x - Receiving'\nreported error (0x80042108):\n'Outlook is unable to connect'";
    assert_eq!(find_line(text).map(|said| said.line), Some("reported error (0x80042108):"));
    let wrapped = "Cannot Get Mail\nThe connection to the\nserver failed.";
    assert_eq!(find_line(wrapped).map(|said| said.saying.layer()), Some(Layer::Connection));
}

#[test]
fn a_long_log_is_searched_at_both_ends_and_no_further() {
    let log =
        format!("start\n{}\nError: getaddrinfo ENOTFOUND smtp.example.com\n", "info ok\n".repeat(200_000));
    assert_eq!(find(&log).map(|saying| saying.id), Some("client-node-name-resolution"));
    let broken = "é".repeat(40_000);
    assert_eq!(find(&broken), None);
    assert_eq!(find(""), None);
}

#[test]
fn no_word_of_an_ordinary_server_answer_is_a_clients() {
    for answer in [
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
        "a1 NO [AUTHENTICATIONFAILED] Authentication failed.",
        "* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR LOGINDISABLED",
        "AADSTS50126: Error validating credentials due to invalid username or password.",
        "-ERR [AUTH] Username and password not accepted.",
        "HTTP/1.1 401 Unauthorized",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "Timeout: 120",
    ] {
        assert_eq!(find(answer), None, "{answer}");
    }
}
