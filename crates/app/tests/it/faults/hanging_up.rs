//! R5: a client that hangs up, at whatever moment, leaves no half-done work, no open transaction
//! and no lock.

use std::time::{Duration, Instant};

use serde_json::json;

use super::aftermath::Aftermath;
use super::raw::Raw;
use crate::support::{Backend, PASSWORD};

/// How long a statement may wait for what another one holds, and some more for a machine that has
/// other things to do.
const STATEMENT: Duration = Duration::from_millis(1_500 + 1_000);

#[tokio::test(flavor = "multi_thread")]
async fn r5_a_client_that_hangs_up_at_any_stage_leaves_nothing_half_done() {
    let Some((backend, _database, _cache)) = Backend::behind_proxies().await else {
        return;
    };
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let aftermath = Aftermath::of(backend.database_url()).await;
    let login = json!({ "email": account.email, "password": PASSWORD }).to_string();
    let mut expected = aftermath.is_whole().await["sessions"];
    for round in 0..2 {
        // After half a head, the head, half of the body: nothing has begun.
        let whole = Raw::post("/auth/login", &login);
        let head = whole.len() - login.len();
        for stage in [head / 2, head, head + login.len() / 2] {
            let mut client = Raw::connect(app.base()).await;
            client.send(&whole.as_bytes()[..stage]).await;
            client.hang_up();
        }
        // Right after the body, and while waiting for longer and longer: it goes on to its end.
        for wait in [0, 3, 10, 30, 60] {
            let mut client = Raw::connect(app.base()).await;
            client.send(whole.as_bytes()).await;
            tokio::time::sleep(Duration::from_millis(wait)).await;
            client.hang_up();
        }
        // The same person is not kept waiting by any of it.
        let asked = Instant::now();
        app.log_in(&account.email, PASSWORD).await.expect(200);
        assert!(
            asked.elapsed() < STATEMENT,
            "{round}: {:?}",
            asked.elapsed()
        );
        expected += 1;
    }
    // Of those that came whole each was done or was never begun; a reset may overtake a request.
    aftermath.lets_go().await;
    let sessions = aftermath.is_whole().await["sessions"];
    assert!(
        (expected..=expected + 2 * 5).contains(&sessions),
        "{sessions}"
    );

    // A signup whose confirmation nobody waits for is there, or can be confirmed again.
    for wait in [0, 5, 20] {
        let email = format!("person{wait}@example.com");
        let signup = app.sign_up(&email).await;
        app.choose_workspace(&signup, &format!("engines-{wait}"))
            .await;
        let code = app.send_code(&signup, &email).await;
        let body = json!({ "sessionId": signup, "code": code });
        let mut client = Raw::connect(app.base()).await;
        let whole = Raw::post("/auth/verify/confirm-for-session", &body.to_string());
        client.send(whole.as_bytes()).await;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        client.hang_up();
        aftermath.lets_go().await;
        aftermath.is_whole().await;
        app.advance_secs(11);
        super::recovers("the signup", async || {
            let again = app.post_native("/auth/verify/confirm-for-session", body.clone());
            [201, 404].contains(&again.await.status)
        })
        .await;
        app.log_in(&email, PASSWORD).await.expect(200);
    }
}
