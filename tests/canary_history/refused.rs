//! A history that cannot be had is one message that tells why, and not what the password is.

use std::net::TcpListener;

use mailprobe_canary::history::History;

use crate::{lab, place};

async fn said(url: &str) -> String {
    let message = History::open(url).await.err().expect("it opened").to_string();
    assert!(!message.contains('\n') && !message.contains("hunter2") && !message.contains("%68"), "{message}");
    message
}

fn at() -> String {
    format!("{}:{}", lab::address("postgresql"), lab::fact("POSTGRESQL_PORT"))
}

#[tokio::test]
async fn a_wrong_password_is_named_and_not_shown() {
    let message = said(&place::server("hunter2", "postgres")).await;
    assert!(message.contains(&at()), "{message}");
    assert!(message.contains("password authentication failed for user \"mailprobe\""), "{message}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let message = said(&place::server(&lab::password("database"), "nowhere")).await;
    assert!(message.contains("database \"nowhere\" does not exist"), "{message}");
}

#[tokio::test]
async fn a_server_that_refuses_is_told_and_not_only_that_time_ran_out() {
    let held = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    drop(held);
    let message = said(&format!("postgres://u:hunter2@127.0.0.1:{port}/d")).await;
    assert!(message.contains(&format!("127.0.0.1:{port}")) && message.contains("refused"), "{message}");
}

#[tokio::test]
async fn a_server_that_demands_tls_is_not_spoken_to_without() {
    let url = place::server("hunter2", "postgres").replace("sslmode=verify-ca", "sslmode=disable");
    let message = said(&url).await;
    assert!(message.contains("no encryption"), "{message}");
}

#[tokio::test]
async fn a_certificate_of_somebody_else_is_not_believed() {
    let url = place::server("hunter2", "postgres").replace("certs/ca.pem", "certs/selfsigned.pem");
    let message = said(&url).await;
    assert!(message.contains("certificate"), "{message}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("canary.db");
    let content = "interval = \"5m\"\n".repeat(400);
    std::fs::write(&file, &content).unwrap();
    let message = said(&format!("sqlite:{}", file.display())).await;
    assert!(message.contains("not a database"), "{message}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
}
