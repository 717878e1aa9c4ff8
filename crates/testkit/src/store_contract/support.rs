//! Short forms that the cases share: one unit of work each.

use std::sync::Arc;

use kogents_domain::auth::User;
use kogents_domain::ids::{SessionId, UserId};
use kogents_domain::session::{Session, SessionRecord};
use kogents_domain::store::{Scope, Store, StoreError, UnitOfWork};
use kogents_domain::time::{Span, Timestamp};

use crate::builders::{START, a_user};

/// The store under test.
pub type StorePort = Arc<dyn Store>;

/// The moment so many seconds after [`START`].
pub(crate) fn at(secs: i64) -> Timestamp {
    START.plus(Span::from_secs(secs))
}

/// The moment just before another.
pub(crate) fn before(moment: Timestamp) -> Timestamp {
    moment.minus(Span::from_millis(1))
}

/// Begins a unit for the product itself.
pub(crate) async fn begin(store: &StorePort) -> Box<dyn UnitOfWork> {
    store.begin(Scope::System).await.expect("cannot begin")
}

/// Begins a reading unit for the product itself.
pub(crate) async fn read(store: &StorePort) -> Box<dyn UnitOfWork> {
    store.read(Scope::System).await.expect("cannot read")
}

pub(crate) async fn commit(unit: Box<dyn UnitOfWork>) {
    unit.commit().await.expect("cannot commit");
}

/// Adds a person in a unit of its own, which is dropped when that fails.
pub(crate) async fn try_insert_user(store: &StorePort, user: &User) -> Result<(), StoreError> {
    let mut unit = begin(store).await;
    unit.users().insert(user).await?;
    unit.commit().await
}

pub(crate) async fn insert_user(store: &StorePort, user: &User) {
    try_insert_user(store, user)
        .await
        .expect("cannot insert a person");
}

/// Adds a person that nobody else is.
pub(crate) async fn some_user(store: &StorePort) -> User {
    let user = a_user().build();
    insert_user(store, &user).await;
    user
}

pub(crate) async fn find_user(store: &StorePort, id: UserId) -> Option<User> {
    read(store).await.users().find(id).await.unwrap()
}

pub(crate) async fn insert_sessions(store: &StorePort, records: &[SessionRecord]) {
    let mut unit = begin(store).await;
    for record in records {
        unit.sessions()
            .insert(record)
            .await
            .expect("cannot insert a session");
    }
    commit(unit).await;
}

pub(crate) async fn find_session(store: &StorePort, id: SessionId) -> Option<Session> {
    read(store).await.sessions().find(id).await.unwrap()
}

pub(crate) async fn find_record(
    store: &StorePort,
    user: UserId,
    id: SessionId,
) -> Option<SessionRecord> {
    read(store)
        .await
        .sessions()
        .find_record(user, id)
        .await
        .unwrap()
}

/// The ids of sessions, in their order.
pub(crate) fn ids(records: &[SessionRecord]) -> Vec<SessionId> {
    records.iter().map(|record| record.session.id).collect()
}
