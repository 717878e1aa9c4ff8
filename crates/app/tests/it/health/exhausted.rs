//! While every connection is held, who asks how the server is gets an answer.

use std::time::{Duration, Instant};

use kogents::config::Database;

use super::lock::Lock;
use crate::support::{Backend, PASSWORD, within};

const QUICK: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn r4_the_pool_is_told_at_once_while_all_of_it_is_held() {
    let Some(backend) = Backend::servers().await else {
        return;
    };
    let app = backend
        .start_with(|config| {
            if let Database::Postgres(postgres) = &mut config.stores.database {
                postgres.max_connections = Some(2);
            }
        })
        .await;
    app.sign_up_and_confirm("ada@example.com").await;
    let lock = Lock::of(&backend, &app).await;
    let signing_in: Vec<_> = (0..4)
        .map(|_| {
            let client = crate::support::Client::new(app.base());
            tokio::spawn(async move { client.log_in("ada@example.com", PASSWORD).await })
        })
        .collect();
    let pool = within(async || {
        let since = Instant::now();
        let told = app.get("/health/database/pool").await.expect(200);
        assert!(since.elapsed() < QUICK, "{:?}", since.elapsed());
        let pool = told["connectionPool"].clone();
        let full = pool["activeConnections"] == 2 && pool["waitingRequests"] != 0;
        full.then_some(pool)
    })
    .await;
    assert_eq!(pool["idleConnections"], 0);
    assert_eq!(pool["maxConnections"], 2);
    assert_eq!(pool["utilizationPercentage"], 100.0);
    let since = Instant::now();
    app.get("/health/live").await.expect(200);
    assert!(since.elapsed() < QUICK, "{:?}", since.elapsed());
    // What needs a connection says in time that there is none.
    let since = Instant::now();
    let database = app.get("/health/database");
    let performance = app.get("/health/database/performance");
    let ready = app.get("/health/ready");
    let answers = tokio::join!(database, performance, ready);
    let took = since.elapsed();
    for answer in [answers.0, answers.1, answers.2] {
        assert!(matches!(answer.status, 200 | 503), "{answer:?}");
    }
    assert!(took < Duration::from_millis(2_500), "{took:?}");
    lock.release().await;
    for signed_in in signing_in {
        let status = signed_in.await.unwrap().status;
        assert!(matches!(status, 200 | 503), "{status}");
    }
    within(async || {
        let told = app.get("/health/database/pool").await.expect(200);
        (told["connectionPool"]["activeConnections"] == 0).then_some(())
    })
    .await;
    app.log_in("ada@example.com", PASSWORD).await.expect(200);
}
