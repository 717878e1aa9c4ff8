//! Several instances on one server: each has a pool of connections of its own.

use kogents_adapter_redis::RedisCache;
use kogents_domain::session::{SessionStates as _, Touch};
use kogents_domain::signup::TriedCode;
use kogents_testkit::builders::unique_digest;
use kogents_testkit::parallel::at_once;

use crate::support::{Person, Signup, is_right, is_wrong, patient, server_url, shared_cache};

async fn two_caches() -> Option<[RedisCache; 2]> {
    let settings = patient(&server_url()?);
    let first = RedisCache::connect(settings.clone()).await.unwrap();
    let second = RedisCache::connect(settings).await.unwrap();
    Some([first, second])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s2_two_hundred_parallel_guesses_at_two_instances_compare_at_most_five() {
    let Some(caches) = two_caches().await else {
        return;
    };
    for right_share in [2, 20, 201] {
        let signup = Signup::new(&caches[0]).await;
        let code = unique_digest();
        signup.issue(code).await;
        let tried = at_once((1..=200).map(|n| {
            let signup = signup.at_instance(&caches[n % 2]);
            let guess = if n % right_share == 0 {
                code
            } else {
                unique_digest()
            };
            async move { signup.guess(guess).await }
        }))
        .await;
        let right = tried.iter().filter(|tried| is_right(tried)).count();
        let wrong = tried.iter().filter(|tried| is_wrong(tried)).count();
        assert!(right <= 1, "{right} were right");
        let compared = right + wrong;
        assert!((1..=5).contains(&compared), "{compared} were compared");
        if right_share == 201 {
            assert_eq!((right, wrong), (0, 5));
            assert_eq!(signup.guess(code).await, Ok(TriedCode::Exhausted));
        }
        assert!(tried.iter().all(Result::is_ok));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s8_fifty_parallel_right_codes_at_two_instances_give_one_lease() {
    let Some(caches) = two_caches().await else {
        return;
    };
    let signup = Signup::new(&caches[0]).await;
    let code = unique_digest();
    signup.issue(code).await;
    let tried = at_once((0..50).map(|n| {
        let signup = signup.at_instance(&caches[n % 2]);
        async move { signup.guess(code).await }
    }))
    .await;
    assert_eq!(tried.iter().filter(|tried| is_right(tried)).count(), 1);
    let waiting = tried
        .iter()
        .filter(|tried| **tried == Ok(TriedCode::InProgress));
    assert_eq!(waiting.count(), 49);
}

#[tokio::test]
async fn s16_a_fence_of_one_instance_holds_at_the_other_at_once() {
    let Some([first, second]) = two_caches().await else {
        return;
    };
    let here = Person::known(&first).await;
    let there = here.at_instance(&second);
    assert_eq!(
        there.touch(there.start).await,
        Ok(Touch::Known(there.snapshot))
    );
    let user = here.snapshot.user_id;
    let fence = here.states.fence(user, here.at(1)).await.unwrap();
    assert_eq!(there.touch(there.at(1)).await, Ok(Touch::Fenced));
    here.states.lift(user, fence, here.at(2)).await.unwrap();
    let touch = there.touch(there.at(2)).await;
    assert!(matches!(touch, Ok(Touch::Unknown { .. })), "{touch:?}");
}

#[tokio::test]
async fn s16_an_instance_that_starts_voids_what_was_known() {
    let Some(url) = server_url() else { return };
    let settings = patient(&url);
    let first = RedisCache::connect(settings.clone()).await.unwrap();
    let person = Person::known(&first).await;
    let stale = person.version(person.at(60)).await;
    RedisCache::connect(settings).await.unwrap();
    person.put(stale, person.at(60)).await;
    let touch = person.touch(person.at(60)).await;
    assert!(matches!(touch, Ok(Touch::Unknown { .. })), "{touch:?}");
}

#[tokio::test]
async fn s16_all_snapshots_are_voided_at_once() {
    let Some([first, second]) = two_caches().await else {
        return;
    };
    let (one, other) = (Person::known(&first).await, Person::known(&second).await);
    first.session_states().void_all().await.unwrap();
    for person in [&one, &other] {
        let touch = person.touch(person.start).await;
        assert!(matches!(touch, Ok(Touch::Unknown { .. })), "{touch:?}");
        person.make_known(person.start).await;
    }
}

#[tokio::test]
async fn instances_with_other_prefixes_share_nothing() {
    let (Some(one), Some(other)) = (shared_cache().await, shared_cache().await) else {
        return;
    };
    let signup = Signup::new(&one).await;
    let elsewhere = signup.at_instance(&other);
    assert_eq!(elsewhere.guess(unique_digest()).await, Ok(TriedCode::Gone));
}

/// Connections are driven on the runtime that opened the cache, so that they outlive others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_that_ends_takes_no_connection_with_it() {
    let Some(cache) = shared_cache().await else {
        return;
    };
    let person = Person::new(&cache);
    for _ in 0..3 {
        let persons: Vec<_> = (0..20).map(|_| Person::new(&cache)).collect();
        let elsewhere = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let all = persons.into_iter().map(|person| async move {
                    person.make_known(person.start).await;
                });
                at_once(all).await;
            });
        });
        tokio::task::spawn_blocking(|| elsewhere.join().unwrap())
            .await
            .unwrap();
        let touches = (0..20).map(|_| {
            let person = person.clone();
            async move { person.touch(person.start).await }
        });
        for touch in at_once(touches).await {
            assert!(matches!(touch, Ok(Touch::Unknown { .. })), "{touch:?}");
        }
    }
}
