//! R4: the database is away in every way that a network has: 503 in time, alive throughout, back
//! soon, nothing half-written, no connection left over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use kogents_testkit::fault_proxy::Flow;

use super::aftermath::Aftermath;
use super::{Fault, IN_TIME, recovers};
use crate::support::{Account, Answer, Backend, Client, PASSWORD};

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_database_that_refuses() {
    goes_away_and_comes_back(Fault::Refused).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_database_that_swallows_everything() {
    goes_away_and_comes_back(Fault::Swallowed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_database_that_nothing_reaches() {
    goes_away_and_comes_back(Fault::Silent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_database_whose_answers_are_reset() {
    goes_away_and_comes_back(Fault::Reset(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_database_whose_answers_are_cut() {
    goes_away_and_comes_back(Fault::Cut(10)).await;
}

/// Looks at liveness without a pause until told to stop, and gives the longest look.
fn watch_liveness(client: &Client) -> (Arc<AtomicBool>, tokio::task::JoinHandle<Duration>) {
    let over = Arc::new(AtomicBool::new(false));
    let (client, is_over) = (client.clone(), over.clone());
    let looking = tokio::spawn(async move {
        let mut longest = Duration::ZERO;
        while !is_over.load(Ordering::Acquire) {
            let asked = Instant::now();
            client.get("/health/live").await.expect(200);
            longest = longest.max(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        longest
    });
    (over, looking)
}

/// What needs the database, asked at once: more than there are connections. Each with its time.
async fn storm(client: &Client, account: &Account) -> Vec<(&'static str, Answer, Duration)> {
    let ask = async |kind: &'static str| {
        let asked = Instant::now();
        let token = &account.access_token;
        let answer = match kind {
            "login" => client.log_in(&account.email, PASSWORD).await,
            "unknown" => client.log_in("nobody@example.com", PASSWORD).await,
            "profile" => client.get_as(token, "/users/profile").await,
            _ => client.get_as(token, "/health/sessions").await,
        };
        (kind, answer, asked.elapsed())
    };
    let kinds = ["login", "sessions", "profile", "sessions", "unknown"];
    join_all(kinds.iter().cycle().take(25).map(|&kind| ask(kind))).await
}

async fn goes_away_and_comes_back(fault: Fault) {
    let Some((backend, database, _cache)) = Backend::behind_proxies().await else {
        return;
    };
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    app.mail_is_out().await;
    let aftermath = Aftermath::of(backend.database_url()).await;
    // Every connection of the pool is there and lies idle.
    for (kind, answer, _) in storm(&app, &account).await {
        let expected = if kind == "unknown" { 401 } else { 200 };
        answer.expect_status(expected);
    }
    let before = aftermath.is_whole().await;

    let (over, looking) = watch_liveness(&app);
    fault.strike(&database).await;
    let mut longest = Duration::ZERO;
    for _ in 0..2 {
        for (kind, answer, took) in storm(&app, &account).await {
            assert_eq!(answer.problem(503), "unavailable", "{kind}");
            assert!(answer.header("retry-after").is_some(), "{kind}");
            assert!(took < IN_TIME, "{fault:?}: {kind} took {took:?}");
            longest = longest.max(took);
        }
    }
    let asked = Instant::now();
    app.get("/health/ready").await.expect_status(503);
    assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());

    database.heal().await;
    let healed = Instant::now();
    comes_back(&app, &account).await;
    let back_in = healed.elapsed();
    over.store(true, Ordering::Release);
    let alive_in = looking.await.unwrap();
    println!(
        "{fault:?}: answers in {longest:.2?} at most, liveness in {alive_in:.2?}, back in \
         {back_in:.2?}"
    );

    // The sign-ins that were refused have left nothing; the one of now has.
    aftermath.lets_go().await;
    let mut expected = before;
    for table in ["sessions", "session_facts", "session_activity"] {
        *expected.get_mut(table).unwrap() += 1;
    }
    assert_eq!(aftermath.is_whole().await, expected);
}

async fn comes_back(client: &Client, account: &Account) {
    recovers("reading", async || {
        let sessions = client.get_as(&account.access_token, "/health/sessions");
        sessions.await.status == 200
    })
    .await;
    recovers("readiness", async || {
        client.get("/health/ready").await.status == 200
    })
    .await;
    client.log_in(&account.email, PASSWORD).await.expect(200);
    // As many as there were before, and none of them meets what is left of the old connections.
    for answer in readers(client, account).await {
        answer.expect_status(200);
    }
}

/// More readers at once than there are connections.
async fn readers(client: &Client, account: &Account) -> Vec<Answer> {
    let read = || client.get_as(&account.access_token, "/health/sessions");
    join_all((0..20).map(|_| read())).await
}

/// The connection ends after so many octets of the answers: within one of the transactions of a
/// sign-in or of a confirmation, before or after the commit.
#[tokio::test(flavor = "multi_thread")]
async fn r4_a_connection_that_ends_anywhere_in_a_transaction_leaves_nothing_half_done() {
    let Some((backend, database, _cache)) = Backend::behind_proxies().await else {
        return;
    };
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let aftermath = Aftermath::of(backend.database_url()).await;
    let (mut failed, mut answered) = (0, 0);
    let mut all = 0;
    for round in 0..16_usize {
        // The first passes whole, and says how much the answers are.
        let octets = match round {
            0 => usize::MAX,
            _ => all * (round - 1) / 14,
        };
        let email = format!("person{round}@example.com");
        let signup = app.sign_up(&email).await;
        app.choose_workspace(&signup, &format!("engines-{round}"))
            .await;
        let code = app.send_code(&signup, &email).await;
        app.mail_is_out().await;
        let before = aftermath.is_whole().await;

        let told = database.octets_to_client();
        database.to_client(match round % 2 {
            0 => Flow::ResetAfter(octets),
            _ => Flow::CutAfter(octets),
        });
        let confirm = serde_json::json!({ "sessionId": signup, "code": code });
        let (login, confirmed) = tokio::join!(
            timed(app.log_in(&account.email, PASSWORD)),
            timed(app.post_native("/auth/verify/confirm-for-session", confirm.clone())),
        );
        database.both(Flow::Pass);
        if round == 0 {
            all = usize::try_from(database.octets_to_client() - told).unwrap();
        }
        for (answer, took) in [&login, &confirmed] {
            match answer.status {
                200 | 201 => answered += 1,
                _ => {
                    assert_eq!(answer.problem(503), "unavailable");
                    failed += 1;
                }
            }
            assert!(*took < IN_TIME, "{took:?}");
        }
        recovers("reading", async || {
            let sessions = app.get_as(&account.access_token, "/health/sessions");
            sessions.await.status == 200
        })
        .await;
        let after = aftermath.is_whole().await;
        let more = |table: &str| after[table] - before[table];
        // Where the answer to the commit was lost, it was committed; what was answered always was.
        let promised = i64::from(login.0.status == 200);
        let confirmations = i64::from(confirmed.0.status == 201);
        assert!(
            (promised + confirmations..=2).contains(&more("sessions")),
            "{round}"
        );
        assert!((confirmations..=1).contains(&more("users")), "{round}");
        // Whoever was refused confirms again, once the signup's lease has run out, unless it was
        // committed; then they sign in.
        if more("users") == 1 {
            app.log_in(&email, PASSWORD).await.expect(200);
        } else {
            app.advance_secs(11);
            let again = app.post_native("/auth/verify/confirm-for-session", confirm);
            again.await.expect(201);
        }
    }
    println!("{failed} answers of 503, {answered} others");
    assert!(failed >= 6 && answered >= 2, "{failed} {answered}");
    aftermath.lets_go().await;
}

async fn timed(asking: impl Future<Output = Answer>) -> (Answer, Duration) {
    let asked = Instant::now();
    (asking.await, asked.elapsed())
}

/// The connections that there are die and nobody says so, as when an address moves to another
/// machine; new ones work.
#[tokio::test(flavor = "multi_thread")]
async fn r4_connections_that_died_in_silence_are_replaced_in_time() {
    let Some((backend, database, _cache)) = Backend::behind_proxies().await else {
        return;
    };
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    readers(&app, &account).await;
    let made = database.connections();
    database.silence();
    let struck = Instant::now();
    recovers("reading", async || {
        let sessions = app.get_as(&account.access_token, "/health/sessions");
        sessions.await.status == 200
    })
    .await;
    for answer in readers(&app, &account).await {
        answer.expect_status(200);
    }
    println!("{:.0?} after the silence all is well", struck.elapsed());
    assert!(database.connections() > made);
}
