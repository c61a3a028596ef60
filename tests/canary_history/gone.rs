//! A server of PostgreSQL that goes away while a history is written, and comes back.

use std::net::SocketAddr;

use mailprobe_canary::history::{ChangeFilter, History};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::lab;
use crate::place::Place;
use crate::sample::change;

/// A way to the lab's server that can be cut: what listens, and every connection that goes through it.
struct Way {
    cut: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Way {
    fn open(listener: TcpListener) -> Self {
        let server = format!("{}:{}", lab::address("postgresql"), lab::fact("POSTGRESQL_PORT"));
        let (cut, mut is_cut) = oneshot::channel();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                let mut near = tokio::select! {
                    near = listener.accept() => near.unwrap().0,
                    _ = &mut is_cut => break,
                };
                let mut far = TcpStream::connect(&server).await.unwrap();
                connections.spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
            }
            connections.shutdown().await;
        });
        Self { cut, task }
    }

    async fn end(self) {
        self.cut.send(()).unwrap();
        self.task.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_goes_away_is_named_with_the_reason_and_written_to_when_it_is_back() {
    let place = Place::postgresql("gone").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let near: SocketAddr = listener.local_addr().unwrap();
    let direct = format!("@{}:{}/", lab::address("postgresql"), lab::fact("POSTGRESQL_PORT"));
    let way = Way::open(listener);
    let history = History::open(&place.url.replace(&direct, &format!("@{near}/"))).await.unwrap();
    history.write(&[change("sales", 5)]).await.unwrap();

    way.end().await;
    // The first may still meet the end of a connection that was there; then there is none to be had.
    let _ = history.write(&[change("sales", 6)]).await;
    let message = history.write(&[change("sales", 6)]).await.unwrap_err().to_string();
    assert!(message.contains(&near.to_string()) && message.contains("refused"), "{message}");
    assert!(!message.contains(&lab::password("database")), "{message}");

    let way = Way::open(TcpListener::bind(near).await.unwrap());
    history.write(&[change("sales", 7)]).await.unwrap();
    let all = ChangeFilter { limit: 9, ..ChangeFilter::default() };
    let times: Vec<i64> = history.changes(&all).await.unwrap().iter().map(|row| row.at).collect();
    assert_eq!(times, [7, 5]);
    history.close().await;
    way.end().await;
    place.end().await;
}
