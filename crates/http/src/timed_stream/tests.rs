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
async fn r8_the_end_of_an_idle_connection_moves_with_each_request_and_comes() {
    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\n\r\n";
    const REQUESTS: u32 = 2;
    let (mut server, mut client) = connection();
    let pause = LIMITS.idle * 2 / 3;
    let begun = Instant::now();
    // The timer that was set at the beginning runs out between them, and is set anew.
    let asking = tokio::spawn(async move {
        for _ in 0..REQUESTS {
            tokio::time::sleep(pause).await;
            client.write_all(REQUEST).await.unwrap();
        }
        client
    });
    assert_eq!(read_to_end(&mut server).await, REQUEST.repeat(2));
    assert!(begun.elapsed() >= pause * REQUESTS + LIMITS.idle);
    drop(asking.await.unwrap());
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
