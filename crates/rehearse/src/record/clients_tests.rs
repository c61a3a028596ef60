use super::super::{Ended, Handshake, Hello, LoginTry};
use super::*;
use mailprobe_probes::model::{Cause, Method};

/// A connection with these marks; an empty text stands for none.
fn seen(number: usize, spoken: Spoken, [name, account, offer]: [&str; 3]) -> Connection {
    let mut connection = Connection::new(number, spoken, 1, "192.0.2.7".into());
    connection.name = Some(name.to_owned()).filter(|name| !name.is_empty());
    if !account.is_empty() {
        let method = Method::sasl("PLAIN");
        let mut tried = LoginTry::empty(Protocol::Imap, method, None, false, Cause::Accepted);
        tried.account = Some(account.to_owned());
        connection.logins.push(tried);
    }
    if !offer.is_empty() {
        let hello = Hello { fingerprint: offer.to_owned(), ..Hello::default() };
        connection.tls = Some(Handshake { starttls: false, hello: Some(hello), ended: Ended::Abandoned });
    }
    connection
}

const IMAP: Spoken = Spoken::Mail(Protocol::Imap);
const SMTP: Spoken = Spoken::Mail(Protocol::Smtp);
const EWS: Spoken = Spoken::Mail(Protocol::Ews);

/// The numbers of each client's connections.
fn told_apart(visits: &[(Spoken, [&str; 3])]) -> Vec<Vec<usize>> {
    let record: Vec<Connection> =
        visits.iter().enumerate().map(|(number, (spoken, marks))| seen(number, *spoken, *marks)).collect();
    clients(&record).into_iter().map(|own| own.into_iter().map(|one| one.number).collect()).collect()
}

#[test]
fn two_devices_behind_one_address_differ_by_name_by_account_or_by_tls_offer() {
    for other in [["copier", "alice", "a"], ["scanner", "bob", "a"], ["scanner", "alice", "b"]] {
        let visits = [(SMTP, ["scanner", "alice", "a"]), (SMTP, other), (SMTP, ["scanner", "alice", "a"])];
        assert_eq!(told_apart(&visits), [vec![0, 2], vec![1]], "{other:?}");
    }
}

#[test]
fn an_app_with_a_token_request_imap_and_smtp_is_one_client_however_little_each_connection_shows() {
    let visits = [
        (Spoken::Tokens, ["app/1", "", "a"]),
        (IMAP, ["", "alice", "a"]),
        (IMAP, ["", "", "a"]),
        (SMTP, ["host.example", "", "a"]),
        (SMTP, ["host.example", "alice", "a"]),
        (EWS, ["app/1", "alice", "a"]),
        (SMTP, ["host.example", "", ""]),
    ];
    assert_eq!(told_apart(&visits), [vec![0, 1, 2, 3, 4, 5, 6]]);
}

#[test]
fn parallel_connections_and_ones_that_die_early_belong_to_the_only_client_there_is() {
    let visits =
        [(IMAP, ["", "", ""]), (IMAP, ["", "alice", "a"]), (IMAP, ["", "alice", "a"]), (IMAP, ["", "", "a"])];
    assert_eq!(told_apart(&visits), [vec![0, 1, 2, 3]]);
}

#[test]
fn what_two_clients_could_have_done_is_put_down_to_neither() {
    let visits = [
        (SMTP, ["scanner", "alice", "a"]),
        (SMTP, ["copier", "bob", "a"]),
        (SMTP, ["", "", "a"]),
        (SMTP, ["", "", ""]),
    ];
    assert_eq!(told_apart(&visits), [vec![0], vec![1], vec![2], vec![3]]);
}

#[test]
fn agents_of_http_tell_apart_as_names_do_and_a_request_of_several_services_stays_whole() {
    let mut record = vec![
        seen(1, Spoken::Tokens, ["app/1", "", "a"]),
        seen(1, EWS, ["app/1", "alice", "a"]),
        seen(2, EWS, ["phone/2", "alice", "a"]),
    ];
    let count = |record: &[Connection]| clients(record).into_iter().map(|own| own.len()).collect::<Vec<_>>();
    assert_eq!(count(&record), [2, 1]);
    // The same from another address is somebody else.
    let mut elsewhere = seen(3, EWS, ["app/1", "alice", "a"]);
    elsewhere.peer = "192.0.2.8".into();
    record.push(elsewhere);
    assert_eq!(count(&record), [2, 1, 1]);
}

#[test]
fn a_thousand_names_from_one_address_are_a_thousand_clients() {
    let record: Vec<Connection> =
        (0..1000).map(|number| seen(number, SMTP, [&format!("n{number}"), "", "a"])).collect();
    assert_eq!(clients(&record).len(), 1000);
}
