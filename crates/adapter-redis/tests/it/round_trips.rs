//! Every step is one round trip.

use std::collections::BTreeMap;

use deadpool_redis::redis::{self, InfoDict};
use kogents_adapter_redis::RedisCache;
use kogents_domain::session::{ActivityCount, SessionCounters as _, SessionStates as _};
use kogents_testkit::builders::unique_digest;

use crate::private_server::PrivateServer;
use crate::support::{Person, Signup, patient, raw};

/// How often clients, not scripts, asked for each command since the last time. Only commands that
/// no script uses can be told so.
async fn asked_for(server: &PrivateServer) -> BTreeMap<String, u64> {
    let mut connection = raw(&server.url()).await;
    let stats: InfoDict = redis::cmd("INFO")
        .arg("commandstats")
        .query_async(&mut connection)
        .await
        .unwrap();
    let mut asked = BTreeMap::new();
    for name in [
        "evalsha",
        "eval",
        "script|load",
        "ping",
        "unwatch",
        "multi",
        "hello",
    ] {
        let told: Option<String> = stats.get(&format!("cmdstat_{name}"));
        let Some(told) = told else { continue };
        let calls = told.split(',').find_map(|part| part.strip_prefix("calls="));
        asked.insert(name.to_owned(), calls.unwrap().parse().unwrap());
    }
    redis::cmd("CONFIG")
        .arg("RESETSTAT")
        .exec_async(&mut connection)
        .await
        .unwrap();
    asked
}

#[tokio::test]
async fn every_step_is_one_round_trip() {
    let Some(server) = PrivateServer::start() else {
        return;
    };
    let cache = RedisCache::connect(patient(&server.url())).await.unwrap();
    asked_for(&server).await;

    let person = Person::new(&cache);
    let (user, now) = (person.snapshot.user_id, person.start);
    person.make_known(now).await; // 3: ask, put, ask
    let fence = person.states.fence(user, now).await.unwrap();
    person.states.lift(user, fence, now).await.unwrap();
    let (session, states) = (person.snapshot.session_id, &person.states);
    let counted = ActivityCount::ACTION;
    states.count(session, None, counted, now).await.unwrap();
    states.look(&[session], now).await.unwrap();
    let unflushed = states.unflushed(10, now).await.unwrap();
    assert_eq!(unflushed.len(), 1);
    states.flushed(&unflushed, now).await.unwrap();
    let signup = Signup::new(&cache).await; // 3: create, load, choose
    signup.issue(unique_digest()).await;
    signup.guess(unique_digest()).await.unwrap();

    let asked = asked_for(&server).await;
    // Whoever looks says nothing before it looks: its connection speaks the older protocol.
    assert_eq!(asked, BTreeMap::from([("evalsha".to_owned(), 14)]));
}
