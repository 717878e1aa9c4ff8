//! Opening the cache: logins, and what is wrong with a server in one line.

use std::time::{Duration, Instant};

use kogents_adapter_redis::{OpenError, RedisCache, url_of};
use kogents_domain::secret::SecretText;

use crate::private_server::{Options, PrivateServer};
use crate::support::{Person, settings};

async fn refused(url: &str) -> OpenError {
    let refused = RedisCache::connect(settings(url)).await.unwrap_err();
    let told = refused.to_string();
    assert!(!told.contains(['\n', '\r']), "{told}");
    assert!(!told.contains("hunter"), "{told}");
    refused
}

#[tokio::test]
async fn a_password_is_checked() {
    let Some(server) = PrivateServer::with(&Options {
        password: Some("hunter2"),
        ..Options::default()
    }) else {
        return;
    };
    let port = server.port();
    let right = url_of("127.0.0.1", port, Some(&SecretText::new("hunter2"))).unwrap();
    let cache = RedisCache::connect(settings(right.expose())).await.unwrap();
    let person = Person::new(&cache);
    person.make_known(person.start).await;
    for url in [
        format!("redis://127.0.0.1:{port}"),
        format!("redis://:hunter1@127.0.0.1:{port}"),
        format!("redis://nobody:hunter2@127.0.0.1:{port}"),
    ] {
        let error = refused(&url).await;
        assert!(matches!(error, OpenError::WrongCredentials(_)), "{error}");
    }
}

#[tokio::test]
async fn a_password_that_nobody_asks_for_is_wrong() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let url = format!("redis://nobody:hunter2@127.0.0.1:{}", server.port());
    let error = refused(&url).await;
    assert!(matches!(error, OpenError::WrongCredentials(_)), "{error}");
}

#[tokio::test]
async fn a_user_of_the_prefix_alone_will_do_and_a_lesser_one_not() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    for (name, rights) in [
        ("good", "~test:* +@all -@dangerous +info"),
        (
            "strict",
            "~test:* +@read +@write +@fast +@scripting +hello +ping",
        ),
        ("keys", "~other:* +@all"),
        ("scripts", "~* +@all -@scripting"),
        ("writes", "~* +@all -hset"),
    ] {
        let command = format!("ACL SETUSER {name} on >hunter2 resetkeys {rights}");
        server.run(&command).await;
    }
    let url = |name: &str| format!("redis://{name}:hunter2@127.0.0.1:{}", server.port());
    for name in ["good", "strict"] {
        let cache = RedisCache::connect(settings(&url(name))).await.unwrap();
        let person = Person::new(&cache);
        person.make_known(person.start).await;
    }
    for name in ["keys", "scripts", "writes"] {
        let error = refused(&url(name)).await;
        assert!(matches!(error, OpenError::Lacks(_)), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_server_without_scripts_is_refused() {
    let Some(server) = PrivateServer::with(&Options {
        options: &["--rename-command", "EVALSHA", ""],
        ..Options::default()
    }) else {
        return;
    };
    let error = refused(&server.url()).await;
    assert!(matches!(error, OpenError::Lacks(_)), "{error}");
    assert!(error.to_string().contains("EVALSHA"), "{error}");
}

#[tokio::test]
async fn a_cluster_and_a_replica_are_refused() {
    for options in [
        &["--cluster-enabled", "yes"][..],
        &["--replicaof", "127.0.0.1 1"][..],
    ] {
        let Some(server) = PrivateServer::with(&Options {
            options,
            ..Options::default()
        }) else {
            return;
        };
        let error = refused(&server.url()).await;
        assert!(matches!(error, OpenError::Unsuitable(_)), "{error}");
    }
}

#[tokio::test]
async fn a_full_server_is_refused() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    server.run("CONFIG SET maxmemory 1").await;
    let error = refused(&server.url()).await;
    assert!(matches!(error, OpenError::Lacks(_)), "{error}");
}

#[tokio::test]
async fn nobody_there_is_told_so_in_time() {
    let Some(mut server) = PrivateServer::start() else {
        return;
    };
    let url = server.url();
    server.freeze();
    let asking = Instant::now();
    let error = refused(&url).await;
    assert!(matches!(error, OpenError::Unreachable(_)), "{error}");
    server.thaw();
    server.kill();
    for url in [url, "redis://no-such-host.invalid".to_owned()] {
        let error = refused(&url).await;
        assert!(matches!(error, OpenError::Unreachable(_)), "{error}");
    }
    assert!(asking.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_is_no_url_is_told_so() {
    for url in [
        "",
        "hunter2",
        "http://:hunter2@localhost",
        "redis://localhost/hunter2",
    ] {
        let error = refused(url).await;
        assert!(matches!(error, OpenError::UnusableUrl(_)), "{error}");
    }
}
