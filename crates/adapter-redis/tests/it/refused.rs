//! Servers that are too old, or no Redis at all, played by a listener that answers every command
//! alike.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use kogents_adapter_redis::{OpenError, RedisCache};

use crate::support::settings;

/// Opens the cache on a server that answers whatever comes by these bytes.
async fn opened_on(answer: &'static [u8]) -> Result<RedisCache, OpenError> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://:hunter2@{}", listener.local_addr().unwrap());
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = [0; 4_096];
        while let Ok(1..) = stream.read(&mut heard) {
            if stream.write_all(answer).is_err() {
                return;
            }
        }
    });
    let opened = RedisCache::connect(settings(&url)).await;
    tokio::task::spawn_blocking(|| serving.join().unwrap())
        .await
        .unwrap();
    opened
}

async fn refused(answer: &'static [u8]) -> OpenError {
    let error = opened_on(answer).await.unwrap_err();
    let told = error.to_string();
    assert!(!told.contains("hunter2"), "{told}");
    assert!(!told.contains(['\n', '\r']), "{told}");
    error
}

#[tokio::test]
async fn a_server_before_version_six_is_too_old() {
    let error = refused(
        b"-ERR unknown command `HELLO`, with args beginning with: `3`, `AUTH`, `default`, \
          `hunter2`, \r\n",
    )
    .await;
    assert_eq!(
        error.to_string(),
        "the Redis server is version 5 or older; at least 6.2 is needed"
    );
}

#[tokio::test]
async fn a_server_of_version_six_zero_is_too_old() {
    let error = refused(
        b"%3\r\n$7\r\nversion\r\n$6\r\n6.0.16\r\n$4\r\nmode\r\n$10\r\nstandalone\r\n\
          $4\r\nrole\r\n$6\r\nmaster\r\n",
    )
    .await;
    assert!(matches!(error, OpenError::TooOld { .. }), "{error}");
}

#[tokio::test]
async fn s5_a_server_that_repeats_the_password_is_not_repeated() {
    let error = refused(
        b"-ERR unknown command 'HELLO', with args beginning with: '3' 'AUTH' 'default' \
          'hunter2' \r\n",
    )
    .await;
    assert!(matches!(error, OpenError::Lacks(_)), "{error}");
}

#[tokio::test]
async fn a_server_that_still_loads_or_is_no_redis_is_not_reachable() {
    for answer in [
        &b"-LOADING Redis is loading the dataset in memory\r\n"[..],
        &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
    ] {
        let error = refused(answer).await;
        assert!(matches!(error, OpenError::Unreachable(_)), "{error}");
    }
}
