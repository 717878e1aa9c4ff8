//! Each fault is what it says.

use std::io::ErrorKind;
use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::*;

/// Longer than anything on this machine takes.
const LONG: Duration = Duration::from_secs(10);
/// Long enough for what is to come, if it comes.
const A_WHILE: Duration = Duration::from_millis(300);

/// A server that sends back what it gets.
async fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = stream.split();
                tokio::io::copy(&mut from, &mut to).await
            });
        }
    });
    address
}

async fn proxy() -> (FaultProxy, TcpStream) {
    let proxy = FaultProxy::before(echo().await);
    let client = TcpStream::connect(proxy.address()).await.unwrap();
    (proxy, client)
}

/// What came back of so many octets.
async fn back(client: &mut TcpStream, count: usize) -> Vec<u8> {
    let mut octets = vec![0; count];
    let read = timeout(LONG, client.read_exact(&mut octets)).await;
    read.expect("it comes back").unwrap();
    octets
}

/// Everything that comes back, and how it ends.
async fn rest(client: &mut TcpStream) -> (Vec<u8>, Option<ErrorKind>) {
    let mut octets = Vec::new();
    let read = timeout(LONG, client.read_to_end(&mut octets)).await;
    let end = read.expect("it ends").err().map(|error| error.kind());
    (octets, end)
}

/// Whether nothing comes back for a while.
async fn is_silent(client: &mut TcpStream) -> bool {
    timeout(A_WHILE, client.read_u8()).await.is_err()
}

#[tokio::test]
async fn what_passes_arrives_and_so_does_a_close() {
    let (proxy, mut client) = proxy().await;
    client.write_all(b"hello").await.unwrap();
    assert_eq!(back(&mut client, 5).await, b"hello");
    client.shutdown().await.unwrap();
    assert_eq!(rest(&mut client).await, (Vec::new(), None));
    assert_eq!((proxy.connections(), proxy.octets_to_server()), (1, 5));
    assert_eq!(proxy.octets_to_client(), 5);
}

#[tokio::test]
async fn what_is_late_arrives_so_much_later() {
    let (proxy, mut client) = proxy().await;
    let by = Duration::from_millis(120);
    let jitter = Duration::from_millis(40);
    proxy.to_client(Flow::Late { by, jitter });
    for _ in 0..3 {
        let begun = Instant::now();
        client.write_all(b"hello").await.unwrap();
        assert_eq!(back(&mut client, 5).await, b"hello");
        assert!(begun.elapsed() >= by, "{:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn what_is_lost_does_not_arrive_in_the_one_direction_or_the_other() {
    let (proxy, mut client) = proxy().await;
    proxy.to_server(Flow::Lost);
    client.write_all(b"lost").await.unwrap();
    assert!(is_silent(&mut client).await);
    assert_eq!(proxy.octets_to_server(), 0);
    proxy.to_server(Flow::Pass);
    proxy.to_client(Flow::Lost);
    client.write_all(b"there").await.unwrap();
    assert!(is_silent(&mut client).await);
    assert_eq!(proxy.octets_to_server(), 5);
    // Whoever is connected stays so, and what comes later is what was sent later.
    proxy.heal().await;
    client.write_all(b"later").await.unwrap();
    assert_eq!(back(&mut client, 5).await, b"later");
}

#[tokio::test]
async fn a_new_connection_into_nothing_is_taken_and_silent() {
    let (proxy, _) = proxy().await;
    proxy.both(Flow::Lost);
    let mut client = TcpStream::connect(proxy.address()).await.unwrap();
    client.write_all(b"hello").await.unwrap();
    assert!(is_silent(&mut client).await);
    client.shutdown().await.unwrap();
    assert!(is_silent(&mut client).await, "nor is a close told");
}

#[tokio::test]
async fn what_is_cut_ends_in_order_after_so_many_octets() {
    let (proxy, mut client) = proxy().await;
    client.write_all(b"before").await.unwrap();
    back(&mut client, 6).await;
    proxy.to_client(Flow::CutAfter(3));
    client.write_all(b"12345").await.unwrap();
    assert_eq!(rest(&mut client).await, (b"123".to_vec(), None));
    // So is the next connection, by a count of its own.
    let mut client = TcpStream::connect(proxy.address()).await.unwrap();
    client.write_all(b"12").await.unwrap();
    assert_eq!(back(&mut client, 2).await, b"12");
    client.write_all(b"345").await.unwrap();
    assert_eq!(rest(&mut client).await, (b"3".to_vec(), None));
}

#[tokio::test]
async fn what_is_reset_ends_in_an_error_after_so_many_octets() {
    let (proxy, mut client) = proxy().await;
    proxy.to_server(Flow::ResetAfter(0));
    client.write_all(b"12345").await.unwrap();
    assert_eq!(
        rest(&mut client).await,
        (Vec::new(), Some(ErrorKind::ConnectionReset))
    );
}

#[tokio::test]
async fn every_open_connection_can_be_reset_and_later_ones_are_not() {
    let (proxy, mut first) = proxy().await;
    let mut second = TcpStream::connect(proxy.address()).await.unwrap();
    second.write_all(b"12").await.unwrap();
    back(&mut second, 2).await;
    first.write_all(b"12").await.unwrap();
    back(&mut first, 2).await;
    proxy.reset();
    for client in [&mut first, &mut second] {
        let end = rest(client).await.1;
        assert_eq!(end, Some(ErrorKind::ConnectionReset));
    }
    let mut third = TcpStream::connect(proxy.address()).await.unwrap();
    third.write_all(b"12").await.unwrap();
    assert_eq!(back(&mut third, 2).await, b"12");
}

#[tokio::test]
async fn every_open_connection_can_be_silenced_and_later_ones_are_not() {
    let (proxy, mut first) = proxy().await;
    first.write_all(b"12").await.unwrap();
    back(&mut first, 2).await;
    proxy.silence();
    let mut second = TcpStream::connect(proxy.address()).await.unwrap();
    second.write_all(b"12").await.unwrap();
    assert_eq!(back(&mut second, 2).await, b"12");
    proxy.heal().await;
    first.write_all(b"12").await.unwrap();
    assert!(is_silent(&mut first).await);
}

#[tokio::test]
async fn a_door_refuses_is_silent_and_opens_again_at_the_same_port() {
    let (proxy, mut client) = proxy().await;
    // Whoever was not led in yet would be turned away.
    client.write_all(b"12").await.unwrap();
    back(&mut client, 2).await;
    proxy.door(Door::Refuses).await;
    let refused = TcpStream::connect(proxy.address()).await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::ConnectionRefused);
    // Whoever is in stays in.
    client.write_all(b"12").await.unwrap();
    back(&mut client, 2).await;
    proxy.door(Door::Silent).await;
    let silent = timeout(A_WHILE, TcpStream::connect(proxy.address())).await;
    assert!(silent.is_err(), "somebody answers");
    proxy.heal().await;
    let mut client = TcpStream::connect(proxy.address()).await.unwrap();
    client.write_all(b"12").await.unwrap();
    assert_eq!(back(&mut client, 2).await, b"12");
}

#[tokio::test]
async fn where_the_server_is_away_connections_are_reset() {
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = FaultProxy::before(server.local_addr().unwrap());
    drop(server);
    let mut client = TcpStream::connect(proxy.address()).await.unwrap();
    let end = rest(&mut client).await.1;
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
}
