//! lettre as the applications use it, its own logins over a TLS stream: on well-behaved servers it gets in exactly
//! where our engine does.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::lab;
use crate::stock_client::inside_tls;
use crate::visits::{Visit, gets_in};

/// A stream as lettre takes one: with the address of its peer.
#[derive(Debug)]
struct Transport(TlsStream<TcpStream>);

impl AsyncTokioStream for Transport {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Transport {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for Transport {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

async fn lettre_gets_in(server: &str, mechanism: Mechanism, secret: &str) -> bool {
    let stream = Box::new(Transport(inside_tls(server, "SMTPS_PORT").await));
    let name = ClientId::Domain("client.lab.test".into());
    let mut connection = AsyncSmtpConnection::connect_with_transport(stream, &name).await.unwrap();
    let credentials = Credentials::new(lab::fact("ALICE").into(), secret.into());
    let accepted = connection.auth(&[mechanism], &credentials).await.is_ok();
    connection.abort().await;
    accepted
}

#[tokio::test]
async fn lettre_gets_in_by_a_password_exactly_where_we_do() {
    for server in ["postfix", "exim", "postfix-cyrus"] {
        for password in [lab::password("alice"), "astray".to_owned()] {
            let report = Visit::new(&lab::smtps(server)).password(&password).run().await;
            for mechanism in [Mechanism::Plain, Mechanism::Login] {
                let stock = lettre_gets_in(server, mechanism, &password).await;
                assert_eq!(
                    stock,
                    gets_in(&report, &mechanism.to_string()),
                    "{mechanism} on {server}, {password}"
                );
            }
        }
    }
}

#[tokio::test]
async fn lettre_gets_in_by_a_token_exactly_where_we_do() {
    for server in ["postfix", "exim", "nodemailer"] {
        for kind in ["good", "expired"] {
            let report = Visit::new(&lab::smtps(server)).token(kind).only(&["XOAUTH2"]).run().await;
            let stock = lettre_gets_in(server, Mechanism::Xoauth2, &lab::token(kind)).await;
            assert_eq!(stock, gets_in(&report, "XOAUTH2"), "{kind} on {server}");
        }
    }
}
