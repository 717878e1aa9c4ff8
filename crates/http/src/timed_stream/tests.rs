//! What ends a connection, with limits that a test can wait for.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::time::timeout;

use super::*;

const LIMITS: StreamLimits = StreamLimits {
    head: Duration::from_millis(200),
    answer: Duration::from_millis(200),
    idle: Duration::from_millis(600),
};
const PATIENCE: Duration = Duration::from_secs(10);

fn connection() -> (TimedStream<DuplexStream>, DuplexStream) {
    let (server, client) = duplex(64);
    (TimedStream::new(server, LIMITS), client)
}

/// Reads until there is nothing more.
async fn read_to_end(server: &mut TimedStream<DuplexStream>) -> Vec<u8> {
    let mut octets = Vec::new();
    let read = timeout(PATIENCE, server.read_to_end(&mut octets)).await;
    read.expect("the connection ends").unwrap();
    octets
}

#[tokio::test]
async fn r8_a_head_that_trickles_ends_the_connection() {
    let (mut server, mut client) = connection();
    let trickling = tokio::spawn(async move {
        while client.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let begun = Instant::now();
    let octets = read_to_end(&mut server).await;
    assert!(octets.len() > 1 && begun.elapsed() >= LIMITS.head);
    // It stays so, though more comes.
    assert!(read_to_end(&mut server).await.is_empty());
    drop(server);
    trickling.await.unwrap();
}

#[tokio::test]
async fn r8_a_connection_on_which_nothing_happens_ends() {
    let (mut server, client) = connection();
    let begun = Instant::now();
    assert!(read_to_end(&mut server).await.is_empty());
    assert!(begun.elapsed() >= LIMITS.idle);
    drop(client);
}

#[tokio::test]
async fn r8_an_answer_that_nobody_reads_ends_the_connection() {
    let (mut server, client) = connection();
    server.write_all(&[b'x'; 64]).await.unwrap();
    let begun = Instant::now();
    let failed = timeout(PATIENCE, server.write(b"x")).await.unwrap();
    assert_eq!(failed.unwrap_err().kind(), ErrorKind::TimedOut);
    assert!(begun.elapsed() >= LIMITS.answer);
    drop(client);
}
