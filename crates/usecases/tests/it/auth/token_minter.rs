//! Minting tokens.

use kogents_domain::auth::SpentTokens;
use kogents_domain::session::{RefreshState, Session};

use crate::support::{Bench, LIFETIMES, T0, ada_id, record, secs, session_id, workspace_id};

fn rotated(bench: &Bench, generation: u32) -> Session {
    let session = record(1, T0).session;
    Session {
        refresh: RefreshState {
            generation,
            digest: bench.minter().refresh_digest(session.id, generation),
            rotated_at: T0.plus(secs(60)),
            spent: SpentTokens::default(),
        },
        ..session
    }
}

#[test]
fn an_access_token_names_person_session_and_workspace_and_lives_from_now() {
    let bench = Bench::new();
    let now = T0.plus(secs(100));
    let pair = bench.minter().pair(&rotated(&bench, 1), now);

    let claims = bench.access().read(pair.access.expose(), now).unwrap();
    assert_eq!(claims.user_id, ada_id());
    assert_eq!(claims.session_id, session_id(1));
    assert_eq!(claims.workspace_id, Some(workspace_id(1)));
    assert_eq!(claims.issued_at, now);
    assert_eq!(claims.expires_at, now.plus(secs(900)));
    assert_eq!(pair.expires_in_secs, 900);
}

#[test]
fn s17_the_refresh_token_depends_on_what_is_stored_and_not_on_the_moment() {
    let bench = Bench::new();
    let session = rotated(&bench, 1);
    let first = bench.minter().pair(&session, T0.plus(secs(61)));
    let again = bench.minter().pair(&session, T0.plus(secs(89)));

    assert_eq!(first.refresh, again.refresh);
    assert_ne!(first.access, again.access);
    let claims = bench.refresh().read(first.refresh.expose(), T0).unwrap();
    assert_eq!(claims.issued_at, session.refresh.rotated_at);
    assert_eq!(claims.generation, 1);
}

#[test]
fn s18_a_refresh_token_ends_at_its_idle_end_or_with_the_session_whichever_is_first() {
    let bench = Bench::new();
    let young = rotated(&bench, 1);
    let idle_end = young.refresh.rotated_at.plus(LIFETIMES.refresh_idle);
    let left = |session: &Session, now| bench.minter().pair(session, now).refresh_expires_in_secs;
    assert_eq!(left(&young, idle_end.minus(secs(60))), 60);

    let mut old = young.clone();
    let absolute_end = T0.plus(LIFETIMES.refresh_absolute);
    old.refresh.rotated_at = absolute_end.minus(secs(5));
    assert_eq!(left(&old, old.refresh.rotated_at), 5);
}

#[test]
fn every_generation_of_every_session_has_a_digest_of_its_own() {
    let minter = Bench::new().minter();
    let first = minter.refresh_digest(session_id(1), 0);
    assert_eq!(first, minter.refresh_digest(session_id(1), 0));
    assert_ne!(first, minter.refresh_digest(session_id(1), 1));
    assert_ne!(first, minter.refresh_digest(session_id(2), 0));
}
