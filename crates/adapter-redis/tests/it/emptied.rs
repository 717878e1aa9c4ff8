//! A cache that is emptied while it is in use: no number of before means anything after.

use deadpool_redis::redis;
use kogents_adapter_redis::RedisCache;
use kogents_domain::limits::LimitRules;
use kogents_domain::session::{SessionCounters as _, SessionStates as _, Touch};
use kogents_domain::signup::{PendingSignups as _, TriedCode};
use kogents_testkit::builders::unique_digest;
use kogents_testkit::session_states_contract::request_of;

use crate::private_server::PrivateServer;
use crate::support::{Person, Signup, is_right, patient, raw};

async fn cache_of(server: &PrivateServer) -> RedisCache {
    RedisCache::connect(patient(&server.url())).await.unwrap()
}

#[tokio::test]
async fn s16_what_was_read_before_the_cache_was_emptied_is_not_put_after_a_change() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let cache = cache_of(&server).await;
    for asked_in_between in [false, true] {
        let person = Person::new(&cache);
        let user = person.snapshot.user_id;
        let stale = person.version(person.start).await;
        server.run("FLUSHALL").await;
        if asked_in_between {
            assert_ne!(person.version(person.start).await, stale);
        }
        let fence = person.states.fence(user, person.at(1)).await.unwrap();
        person.states.lift(user, fence, person.at(1)).await.unwrap();
        person.put(stale, person.at(2)).await;
        let next = person.version(person.at(2)).await;
        assert_ne!(next, stale);
        person.put(stale, person.at(2)).await;
        assert_eq!(person.version(person.at(2)).await, next);
    }
}

/// Emptied in the middle of a change, the fence gone: what was read before the commit is dropped
/// when the fence is lifted all the same.
#[tokio::test]
async fn s16_a_fence_that_was_lost_drops_what_was_put_when_it_is_lifted() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let cache = cache_of(&server).await;
    let person = Person::known(&cache).await;
    let user = person.snapshot.user_id;
    let fence = person.states.fence(user, person.at(1)).await.unwrap();
    server.run("FLUSHALL").await;
    let early = person.version(person.at(1)).await;
    person.put(early, person.at(1)).await;
    let late = person.version(person.at(61)).await;
    person.states.lift(user, fence, person.at(2)).await.unwrap();
    person.put(late, person.at(2)).await;
    let touch = person.touch(person.at(2)).await;
    assert!(matches!(touch, Ok(Touch::Unknown { .. })), "{touch:?}");
}

#[tokio::test]
async fn s16_a_fence_of_before_lifts_none_of_after() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let cache = cache_of(&server).await;
    let person = Person::new(&cache);
    let user = person.snapshot.user_id;
    let before = person.states.fence(user, person.start).await.unwrap();
    server.run("FLUSHALL").await;
    let after = person.states.fence(user, person.start).await.unwrap();
    assert_ne!(before, after);
    person
        .states
        .lift(user, before, person.start)
        .await
        .unwrap();
    assert_eq!(person.touch(person.start).await, Ok(Touch::Fenced));
}

#[tokio::test]
async fn s16_the_epoch_of_before_does_not_come_back() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let settings = patient(&server.url());
    let epoch = format!("{}epoch", settings.prefix);
    let cache = RedisCache::connect(settings).await.unwrap();
    let person = Person::known(&cache).await;
    // The epoch alone is lost: nothing that carries the old one is believed.
    server.run(&format!("DEL {epoch}")).await;
    let touch = person.touch(person.start).await;
    assert!(matches!(touch, Ok(Touch::Unknown { .. })), "{touch:?}");
    person.make_known(person.start).await;
}

/// A snapshot alone says nothing: what a request adds could not be counted.
#[tokio::test]
async fn s18_a_session_is_not_known_without_its_counters() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let settings = patient(&server.url());
    let prefix = settings.prefix.clone();
    let cache = RedisCache::connect(settings).await.unwrap();
    let person = Person::known(&cache).await;
    let session = person.snapshot.session_id;
    let request = request_of(&person.snapshot, &LimitRules::off(), person.start);
    let counters = format!("{prefix}activity:{{{session}}}");
    server.run(&format!("DEL {counters}")).await;
    let touched = person.states.touch(&request).await.unwrap();
    assert!(matches!(touched.touch, Touch::Unknown { .. }));
    assert_eq!(touched.heard_at, None);
    // What nobody can write back waits no longer.
    let waiting = person.states.unflushed(10, person.start).await;
    assert_eq!(waiting, Ok(Vec::new()));
    let names: Vec<String> = redis::cmd("KEYS")
        .arg(format!("{prefix}unflushed"))
        .query_async(&mut raw(&server.url()).await)
        .await
        .unwrap();
    assert!(names.is_empty(), "{names:?}");
    person.make_known(person.start).await;
}

/// A snapshot as it was before it told both ends of its session.
#[tokio::test]
async fn a_snapshot_of_an_earlier_version_is_not_known() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let settings = patient(&server.url());
    let prefix = settings.prefix.clone();
    let cache = RedisCache::connect(settings).await.unwrap();
    for workspace in ["-", "0192f3c0-3333-7abc-8def-0123456789ab"] {
        let person = Person::known(&cache).await;
        let (user, session) = (person.snapshot.user_id, person.snapshot.session_id);
        let (until, ends) = (person.at(60).as_millis(), person.at(600).as_millis());
        redis::cmd("HSET")
            .arg(format!("{prefix}sessions:{{{user}}}"))
            .arg(format!("session:{session}"))
            .arg(format!("{until} {ends} {workspace}"))
            .exec_async(&mut raw(&server.url()).await)
            .await
            .unwrap();
        let touch = person.touch(person.start).await;
        assert!(matches!(touch, Ok(Touch::Unknown { .. })), "{touch:?}");
        person.make_known(person.start).await;
    }
}

/// A server that has lost its scripts, too, gets them again.
#[tokio::test]
async fn scripts_that_were_lost_are_loaded_again() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let cache = cache_of(&server).await;
    server.run("SCRIPT FLUSH").await;
    let person = Person::known(&cache).await;
    server.run("SCRIPT FLUSH").await;
    let touch = person.touch(person.start).await;
    assert_eq!(touch, Ok(Touch::Known(person.snapshot)));
}

#[tokio::test]
async fn r1_what_was_pending_is_gone_and_can_be_begun_again() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let cache = cache_of(&server).await;
    let (signup, code) = (Signup::new(&cache).await, unique_digest());
    signup.issue(code).await;
    let Ok(TriedCode::Right { lease: before, .. }) = signup.guess(code).await else {
        panic!("not right");
    };
    server.run("FLUSHALL").await;
    assert_eq!(signup.guess(code).await, Ok(TriedCode::Gone));
    assert_eq!(
        signup.signups.load(signup.key, signup.start).await,
        Ok(None)
    );

    // Even one of the same name is not freed by a lease of before.
    let again = Signup::named(&cache, signup.key).await;
    again.issue(code).await;
    assert!(is_right(&again.guess(code).await));
    again.signups.release(again.key, before).await.unwrap();
    assert_eq!(again.guess(code).await, Ok(TriedCode::InProgress));
}
