//! A server that is stopped, frozen or cut off, and comes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use kogents_adapter_redis::RedisCache;
use kogents_domain::health::{CheckStatus, Probe as _};
use kogents_domain::session::{ActivityCount, SessionCounters as _, SessionStates as _, Touch};
use kogents_testkit::builders::unique_digest;

use crate::private_server::PrivateServer;
use crate::support::{
    Person, RECOVERY, Signup, is_right, is_unavailable, is_wrong, settings, skipped,
};

async fn server_and_cache() -> Option<(PrivateServer, RedisCache)> {
    let server = PrivateServer::start()?;
    let cache = RedisCache::connect(settings(&server.url())).await.unwrap();
    Some((server, cache))
}

fn is_unknown(touch: &Touch) -> bool {
    matches!(touch, Touch::Unknown { .. })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r3_a_cache_that_is_away_costs_little_and_is_back_soon() {
    let Some((mut server, cache)) = server_and_cache().await else {
        return;
    };
    let person = Person::known(&cache).await;
    let signup = Signup::new(&cache).await;
    server.kill();
    let asking = Instant::now();
    assert!(is_unavailable(&person.touch(person.start).await));
    assert!(asking.elapsed() < Duration::from_secs(2));
    let asking = Instant::now();
    for _ in 0..1_000 {
        assert!(is_unavailable(&person.touch(person.start).await));
        assert!(is_unavailable(&signup.guess(unique_digest()).await));
    }
    assert!(asking.elapsed() < Duration::from_secs(1));
    assert_eq!(cache.probe().check().await, CheckStatus::Down);

    server.restart();
    assert!(is_unknown(&person.touch_when_back(person.start).await));
    assert_eq!(cache.probe().check().await, CheckStatus::Up);
    person.make_known(person.start).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s16_entries_older_than_an_outage_are_not_believed_after_it() {
    let Some((mut server, cache)) = server_and_cache().await else {
        return;
    };
    let person = Person::known(&cache).await;
    let sibling = Person::new(&cache);
    let stale = sibling.version(sibling.start).await;
    server.run("SAVE").await;
    server.kill();
    // Nobody asks while it is away: the end of the connection is noticed all the same.
    server.restart();
    let touch = person.touch_when_back(person.start).await;
    assert!(is_unknown(&touch), "{touch:?}");
    sibling.put(stale, sibling.start).await;
    let touch = sibling.touch_when_back(sibling.start).await;
    assert!(is_unknown(&touch), "{touch:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s16_a_change_made_while_the_cache_was_away_fences_everybody_until_it_is_surely_over() {
    let Some((mut server, cache)) = server_and_cache().await else {
        return;
    };
    let person = Person::known(&cache).await;
    let other = Person::known(&cache).await;
    server.run("SAVE").await;
    server.kill();
    let failed = person
        .states
        .fence(person.snapshot.user_id, person.at(1))
        .await;
    assert!(is_unavailable(&failed));
    server.restart();
    // The change may still be under way: what is read now must not be put.
    for one in [&person, &other] {
        assert_eq!(one.touch_when_back(one.at(2)).await, Touch::Fenced);
        assert_eq!(one.touch(one.at(10)).await, Ok(Touch::Fenced));
    }
    for one in [&person, &other] {
        one.make_known(one.at(12)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s16_an_idle_instance_believes_nothing_after_another_could_not_fence() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let settings = settings(&server.url());
    let working = RedisCache::connect(settings.clone()).await.unwrap();
    let idle = RedisCache::connect(settings).await.unwrap();
    let person = Person::known(&working).await;
    let seen = person.at_instance(&idle);
    assert_eq!(
        seen.touch(seen.start).await,
        Ok(Touch::Known(seen.snapshot))
    );

    server.freeze();
    let asking = Instant::now();
    let user = person.snapshot.user_id;
    let failed = person.states.fence(user, person.at(1)).await;
    assert!(is_unavailable(&failed));
    assert!(asking.elapsed() < Duration::from_secs(2));
    let asking = Instant::now();
    for _ in 0..100 {
        assert!(is_unavailable(&person.touch(person.at(1)).await));
    }
    assert!(asking.elapsed() < Duration::from_millis(500));
    server.thaw();
    assert_eq!(person.touch_when_back(person.at(2)).await, Touch::Fenced);
    // Its connections never broke.
    assert_eq!(seen.touch(seen.at(2)).await, Ok(Touch::Fenced));
    seen.make_known(seen.at(12)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r3_what_is_pending_outlasts_an_outage_with_its_counts() {
    let Some((mut server, cache)) = server_and_cache().await else {
        return;
    };
    let (signup, code) = (Signup::new(&cache).await, unique_digest());
    signup.issue(code).await;
    for _ in 0..3 {
        assert!(is_wrong(&signup.guess(unique_digest()).await));
    }
    server.run("SAVE").await;
    server.kill();
    assert!(is_unavailable(&signup.guess(code).await));
    server.restart();
    Person::new(&cache).touch_when_back(signup.start).await;
    let tried = signup.guess(unique_digest()).await;
    assert_eq!(
        tried,
        Ok(kogents_domain::signup::TriedCode::Wrong {
            attempts_remaining: 1
        })
    );
    assert!(is_right(&signup.guess(code).await));
}

/// Snapshots are void, and what the database has not got is there still.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r4_counters_outlast_an_outage() {
    let Some((mut server, cache)) = server_and_cache().await else {
        return;
    };
    let person = Person::known(&cache).await;
    let sessions = [person.snapshot.session_id];
    let counters = person.states.look(&sessions, person.start).await.unwrap();
    assert_ne!(counters, [None]);
    server.run("SAVE").await;
    server.kill();
    assert!(is_unavailable(&person.touch(person.at(1)).await));
    let (session, nothing) = (person.snapshot.session_id, ActivityCount::NOTHING);
    let counted = person.states.count(session, None, nothing, person.at(1));
    assert!(is_unavailable(&counted.await));
    assert!(is_unavailable(
        &person.states.look(&sessions, person.at(1)).await
    ));
    assert!(is_unavailable(
        &person.states.unflushed(10, person.at(1)).await
    ));
    server.restart();
    assert!(is_unknown(&person.touch_when_back(person.at(2)).await));
    let looked = person.states.look(&sessions, person.at(2)).await;
    assert_eq!(looked.as_ref(), Ok(&counters));
    let unflushed = person.states.unflushed(10, person.at(2)).await.unwrap();
    let told: Vec<_> = unflushed.iter().map(|one| Some(one.activity)).collect();
    assert_eq!(told, counters);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s16_a_cut_connection_is_replaced_and_nothing_of_before_believed() {
    let Some((server, cache)) = server_and_cache().await else {
        return;
    };
    let person = Person::known(&cache).await;
    for _ in 0..5 {
        server.run("CLIENT KILL TYPE normal SKIPME yes").await;
        // Told right away that it is not known, or that nobody knows; then everything works.
        let first = person.touch(person.start).await;
        assert!(!matches!(first, Ok(Touch::Known(_))), "{first:?}");
        let touch = person.touch_when_back(person.start).await;
        assert!(is_unknown(&touch), "{touch:?}");
        person.make_known(person.start).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r3_under_load_an_outage_is_told_as_such_and_nothing_else() {
    let Some((mut server, cache)) = server_and_cache().await else {
        return;
    };
    let is_over = Arc::new(AtomicBool::new(false));
    let working: Vec<_> = (0..20)
        .map(|n| {
            let (person, is_over) = (Person::new(&cache), Arc::clone(&is_over));
            tokio::spawn(async move {
                let (mut good, mut failed) = (0_u32, 0_u32);
                while !is_over.load(Ordering::Relaxed) {
                    let user = person.snapshot.user_id;
                    let touch = person.touch(person.start).await;
                    match &touch {
                        Ok(Touch::Unknown { version }) => {
                            let put = person.try_put(*version, person.start).await;
                            assert!(put.is_ok() || is_unavailable(&put), "{put:?}");
                        }
                        Ok(Touch::Known(known)) => assert_eq!(*known, person.snapshot),
                        Ok(Touch::Fenced) => {}
                        Err(_) => assert!(is_unavailable(&touch), "{touch:?}"),
                    }
                    if n == 0
                        && let Ok(fence) = person.states.fence(user, person.start).await
                    {
                        let lifted = person.states.lift(user, fence, person.start).await;
                        assert!(lifted.is_ok() || is_unavailable(&lifted), "{lifted:?}");
                    }
                    if touch.is_ok() {
                        good += 1;
                    } else {
                        failed += 1;
                    }
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                (good, failed)
            })
        })
        .collect();
    let witness = Person::new(&cache);
    tokio::time::sleep(Duration::from_millis(100)).await;
    for _ in 0..2 {
        server.kill();
        tokio::time::sleep(Duration::from_millis(300)).await;
        server.restart();
        witness.touch_when_back(witness.start).await;
    }
    is_over.store(true, Ordering::Relaxed);
    for one in working {
        let (good, failed) = one.await.unwrap();
        assert!(good > 0 && failed > 0, "{good} good, {failed} failed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_became_a_replica_is_away() {
    let Some((server, cache)) = server_and_cache().await else {
        return;
    };
    let person = Person::known(&cache).await;
    server.run("REPLICAOF 127.0.0.1 1").await;
    let user = person.snapshot.user_id;
    let fenced = person.states.fence(user, person.start).await;
    assert!(is_unavailable(&fenced), "{fenced:?}");
    assert!(is_unavailable(&person.touch(person.start).await));
    server.run("REPLICAOF NO ONE").await;
    assert_eq!(person.touch_when_back(person.at(1)).await, Touch::Fenced);
}

#[tokio::test]
async fn a_cache_that_is_dropped_leaves_no_task_behind() {
    let Some(server) = PrivateServer::start() else {
        skipped("there is no server to leave");
        return;
    };
    let cache = RedisCache::connect(settings(&server.url())).await.unwrap();
    let states = cache.session_states();
    drop(cache);
    // What was lent keeps it open.
    let person = Person {
        states,
        ..Person::new(&RedisCache::connect(settings(&server.url())).await.unwrap())
    };
    person.make_known(person.start).await;
    drop(person);
    let metrics = tokio::runtime::Handle::current().metrics();
    let waiting = Instant::now();
    while metrics.num_alive_tasks() > 0 {
        assert!(waiting.elapsed() < RECOVERY, "a task lives on");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
