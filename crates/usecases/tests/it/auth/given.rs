//! Mailed tokens and their owner, as the tests of what such tokens do need them.

use kogents_domain::auth::{OneTimeToken, TokenPurpose, User};
use kogents_domain::ids::UserId;
use kogents_domain::mail::{MailJob, MailedToken};
use kogents_domain::store::Scope;
use kogents_domain::workspace::Standing;
use kogents_testkit::builders::a_one_time_token;
use mockall::predicate::eq;

use crate::support::{Bench, Slot, T0, Units, ada, ada_id, language, standing, workspace_id};

pub(super) fn token() -> MailedToken {
    MailedToken::parse("kgm_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc").unwrap()
}

/// What is kept of [`token`], with what it is about.
pub(super) fn kept(
    bench: &Bench,
    purpose: TokenPurpose,
    owner: Option<UserId>,
    about: Option<OneTimeToken>,
) -> OneTimeToken {
    let digest = bench.tokens().digest(&token());
    a_one_time_token(purpose)
        .with(|kept| {
            if let Some(about) = about {
                *kept = about;
            }
            kept.digest = digest;
            kept.user_id = owner;
        })
        .build()
}

pub(super) fn suspended() -> User {
    User {
        suspended_at: Some(T0),
        ..ada()
    }
}

/// Ada and where she is, each with or without a language.
pub(super) fn speaking(own: Option<&str>, theirs: Option<&str>) -> (User, Standing) {
    let user = User {
        language: own.map(language),
        ..ada()
    };
    let mut standing = standing(1);
    standing.workspace.language = theirs.map(language);
    (user, standing)
}

/// The token is looked for and gives this.
pub(super) fn finds_token(
    bench: &Bench,
    unit: &mut Units,
    purpose: TokenPurpose,
    found: Option<OneTimeToken>,
) {
    let digest = bench.tokens().digest(&token());
    unit.one_time_tokens
        .expect_find()
        .with(eq(purpose), eq(digest), eq(T0))
        .times(1)
        .return_once(|_, _, _| Ok(found));
}

/// The token is looked for, with its owner, and where they are.
pub(super) fn reads_owner(bench: &Bench, kept: OneTimeToken, (owner, standing): (User, Standing)) {
    bench.reads(Scope::System, |unit| {
        finds_token(bench, unit, kept.purpose, Some(kept));
        unit.users
            .expect_find()
            .with(eq(ada_id()))
            .times(1)
            .return_once(|_| Ok(Some(owner)));
        unit.memberships
            .expect_find_standing()
            .with(eq(ada_id()), eq(Some(workspace_id(1))))
            .times(1)
            .return_once(|_, _| Ok(Some(standing)));
    });
}

/// The token is used, and was this.
pub(super) fn consumes(
    bench: &Bench,
    unit: &mut Units,
    purpose: TokenPurpose,
    consumed: Option<OneTimeToken>,
) {
    let digest = bench.tokens().digest(&token());
    unit.one_time_tokens
        .expect_consume()
        .with(eq(purpose), eq(digest), eq(T0))
        .times(1)
        .return_once(|_, _, _| Ok(consumed));
}

/// Whatever else was mailed to Ada to act by is voided.
pub(super) fn voids_other_links(unit: &mut Units) {
    for purpose in TokenPurpose::ALL {
        unit.one_time_tokens
            .expect_void_all()
            .with(eq(ada_id()), eq(purpose), eq(T0))
            .times(1)
            .returning(|_, _, _| Ok(1));
    }
}

pub(super) fn queues(unit: &mut Units) -> Slot<MailJob> {
    let queued = Slot::new();
    let put = queued.clone();
    unit.outbox.expect_enqueue().times(1).returning(move |job| {
        put.put(job.clone());
        Ok(true)
    });
    queued
}

pub(super) fn inserts(unit: &mut Units) -> Slot<OneTimeToken> {
    let inserted = Slot::new();
    let put = inserted.clone();
    unit.one_time_tokens
        .expect_insert()
        .times(1)
        .returning(move |token| {
            put.put(token.clone());
            Ok(())
        });
    inserted
}

/// What happens around a change: see [`Bench::journal`].
pub(super) const CHANGED: [&str; 7] = [
    "read System",
    "close",
    "fence",
    "begin Person",
    "commit",
    "lift",
    "wake",
];

/// The same of a change that did not happen.
pub(super) const UNCHANGED: [&str; 6] = [
    "read System",
    "close",
    "fence",
    "begin Person",
    "rollback",
    "lift",
];

/// The journal without what seals and hashes.
pub(super) fn course(bench: &Bench) -> Vec<String> {
    let mut events = CHANGED.to_vec();
    events.push("rollback");
    bench.journal.only(&events)
}
