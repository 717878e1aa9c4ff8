//! A server without memory left.

use kogents_adapter_redis::RedisCache;
use kogents_domain::cache::CacheError;
use kogents_domain::limits::LimitRules;
use kogents_domain::session::{
    ActivityCount, SessionCounters as _, SessionStates as _, Touch, Touching, Unflushed,
};
use kogents_domain::signup::{PendingSignups as _, TriedCode};
use kogents_testkit::builders::{a_new_pending, unique_digest};
use kogents_testkit::session_states_contract::request_of;

use crate::private_server::PrivateServer;
use crate::support::{Person, Signup, is_right, patient};

async fn server_and_cache() -> Option<(PrivateServer, RedisCache)> {
    let server = PrivateServer::start()?;
    let cache = RedisCache::connect(patient(&server.url())).await.unwrap();
    Some((server, cache))
}

async fn fill(server: &PrivateServer) {
    server.run("CONFIG SET maxmemory 1").await;
}

async fn make_room(server: &PrivateServer) {
    server.run("CONFIG SET maxmemory 0").await;
}

#[tokio::test]
async fn r10_a_full_server_refuses_signups_and_keeps_those_it_has() {
    let Some((server, cache)) = server_and_cache().await else {
        return;
    };
    let signup = Signup::new(&cache).await;
    fill(&server).await;
    let new = a_new_pending().build();
    let created = signup.signups.create(new.clone(), signup.start).await;
    assert_eq!(created, Err(CacheError::Full));
    let kept = signup.signups.load(signup.key, signup.start).await;
    assert_eq!(kept.unwrap().unwrap().sealed, b"chosen");
    make_room(&server).await;
    assert_eq!(signup.signups.load(new.key, signup.start).await, Ok(None));
    assert_eq!(signup.signups.create(new, signup.start).await, Ok(()));
}

#[tokio::test]
async fn s3_a_guess_that_cannot_be_counted_is_not_compared() {
    let Some((server, cache)) = server_and_cache().await else {
        return;
    };
    let (signup, code) = (Signup::new(&cache).await, unique_digest());
    signup.issue(code).await;
    fill(&server).await;
    for guess in [unique_digest(), code] {
        assert_eq!(signup.guess(guess).await, Err(CacheError::Full));
    }
    make_room(&server).await;
    // Neither counted nor leased.
    assert_eq!(
        signup.guess(unique_digest()).await,
        Ok(TriedCode::Wrong {
            attempts_remaining: 4
        })
    );
    assert!(is_right(&signup.guess(code).await));
}

#[tokio::test]
async fn s16_a_fence_for_which_there_is_no_room_holds_all_the_same() {
    let Some((server, cache)) = server_and_cache().await else {
        return;
    };
    let person = Person::known(&cache).await;
    let user = person.snapshot.user_id;
    let first = person.states.fence(user, person.start).await.unwrap();
    fill(&server).await;
    let second = person.states.fence(user, person.at(1)).await;
    assert_eq!(second, Err(CacheError::Full));
    make_room(&server).await;
    assert_eq!(person.touch_when_back(person.at(2)).await, Touch::Fenced);
    // The first one lifted, the second, which was never set, still fences.
    person.states.lift(user, first, person.at(3)).await.unwrap();
    assert_eq!(person.touch(person.at(10)).await, Ok(Touch::Fenced));
    person.make_known(person.at(11)).await;
}

#[tokio::test]
async fn s16_what_is_known_is_fenced_also_when_the_server_is_full() {
    let Some((server, cache)) = server_and_cache().await else {
        return;
    };
    let person = Person::known(&cache).await;
    let user = person.snapshot.user_id;
    fill(&server).await;
    let fence = person.states.fence(user, person.at(1)).await.unwrap();
    assert_eq!(person.touch(person.at(1)).await, Ok(Touch::Fenced));
    person.states.lift(user, fence, person.at(2)).await.unwrap();
    let touch = person.touch(person.at(2)).await;
    assert!(!matches!(touch, Ok(Touch::Known(_))), "{touch:?}");
}

#[tokio::test]
async fn a_full_server_still_tells_what_it_knows_and_lifts_fences() {
    let Some((server, cache)) = server_and_cache().await else {
        return;
    };
    let (known, fenced) = (Person::known(&cache).await, Person::new(&cache));
    let user = fenced.snapshot.user_id;
    let fence = fenced.states.fence(user, fenced.start).await.unwrap();
    fill(&server).await;
    let looking = Touching {
        counted: None,
        ..request_of(&known.snapshot, &LimitRules::default(), known.start)
    };
    let touched = known.states.touch(&looking).await.unwrap();
    assert_eq!(touched.touch, Touch::Known(known.snapshot));
    assert_eq!(touched.taken, None);
    fenced.states.lift(user, fence, fenced.start).await.unwrap();
    // Nothing can be kept of somebody new; the database answers.
    let new = Person::new(&cache);
    assert_eq!(new.touch(new.start).await, Err(CacheError::Full));
    make_room(&server).await;
    for person in [&fenced, &new] {
        person.make_known(person.start).await;
    }
}

/// The database answers, and knows when something was last heard of the session.
#[tokio::test]
async fn a_request_that_cannot_be_counted_is_of_an_unknown_session() {
    let Some((server, cache)) = server_and_cache().await else {
        return;
    };
    let person = Person::known(&cache).await;
    let sessions = [person.snapshot.session_id];
    let counters = person.states.look(&sessions, person.start).await.unwrap();
    fill(&server).await;
    let request = request_of(&person.snapshot, &LimitRules::default(), person.at(1));
    let touched = person.states.touch(&request).await.unwrap();
    let Touch::Unknown { version } = touched.touch else {
        panic!("not unknown: {touched:?}");
    };
    assert_eq!(touched.heard_at, Some(person.start));
    assert_eq!(touched.taken, None);
    let put = person.try_put(version, person.at(1)).await;
    assert_eq!(put, Err(CacheError::Full));
    let (session, nothing) = (person.snapshot.session_id, ActivityCount::NOTHING);
    let counted = person.states.count(session, None, nothing, person.at(1));
    assert_eq!(counted.await, Err(CacheError::Full));
    let looked = person.states.look(&sessions, person.at(1)).await;
    assert_eq!(looked, Ok(counters));
    make_room(&server).await;
    let touch = person.touch(person.at(1)).await;
    assert_eq!(touch, Ok(Touch::Known(person.snapshot)));
}

/// What it has kept is written back: so room is made.
#[tokio::test]
async fn r10_a_full_server_gives_out_what_the_database_has_not_got() {
    let Some((server, cache)) = server_and_cache().await else {
        return;
    };
    let (one, other) = (Person::known(&cache).await, Person::known(&cache).await);
    let states = cache.session_states();
    let early = states.unflushed(1, one.at(1)).await.unwrap();
    assert_eq!(early.len(), 1);
    one.make_counted(one.at(2)).await;
    other.make_counted(other.at(2)).await;
    fill(&server).await;
    let late = states.unflushed(10, one.at(2)).await.unwrap();
    assert_eq!(late.len(), 1);
    assert_eq!(states.unflushed(10, one.at(2)).await, Ok(Vec::new()));
    // One has changed since, one has not.
    let both: Vec<Unflushed> = early.iter().chain(&late).copied().collect();
    states.flushed(&both, one.at(3)).await.unwrap();
    let again = states.unflushed(10, one.at(60)).await.unwrap();
    let told = again.iter().map(|one| one.session_id);
    assert!(told.eq(early.iter().map(|one| one.session_id)));
    states.flushed(&again, one.at(61)).await.unwrap();
    assert_eq!(states.unflushed(10, one.at(200)).await, Ok(Vec::new()));
}
