//! Whom a change of a role fences: everybody who has it, also who got it in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use kogents_domain::access::Role;
use kogents_domain::cache::CacheError;
use kogents_domain::ids::{PermissionId, UserId};
use kogents_domain::session::{
    Fence, MockSessionStates, SessionStates, Touched, Touching, Vouched,
};
use kogents_domain::store::StoreError;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::MembershipStatus;
use kogents_testkit::builders::a_permission_name;
use kogents_usecases::access::{
    ChangeRolePermissions, ChangeRolePermissionsCommand, ChangeRolePermissionsError,
    PermissionChange,
};

use crate::support::{Tenants, away};

/// What happens while somebody is fenced.
enum Event {
    /// Somebody else gets this role.
    Joins(Role),
    /// The workspace goes.
    Goes,
}

/// The world's cache; when it fences somebody, something happens, so many times.
struct Meanwhile {
    world: Arc<Tenants>,
    event: Event,
    left: AtomicU32,
}

impl Meanwhile {
    fn new(world: &Arc<Tenants>, event: Event, times: u32) -> Arc<Self> {
        Arc::new(Self {
            world: Arc::clone(world),
            event,
            left: AtomicU32::new(times),
        })
    }

    async fn happens(&self) {
        match &self.event {
            Event::Joins(role) => {
                self.world.put(role, MembershipStatus::Active).await;
            }
            Event::Goes => {
                let mut unit = self.world.change().await;
                let workspace = self.world.acme.id();
                assert_eq!(unit.workspaces().delete(workspace).await, Ok(true));
                unit.commit().await.unwrap();
            }
        }
    }
}

#[async_trait]
impl SessionStates for Meanwhile {
    async fn touch(&self, touching: &Touching) -> Result<Touched, CacheError> {
        self.world.cache.touch(touching).await
    }
    async fn put(&self, vouched: &Vouched) -> Result<(), CacheError> {
        self.world.cache.put(vouched).await
    }
    async fn fence(&self, user: UserId, now: Timestamp) -> Result<Fence, CacheError> {
        let left = self.left.load(Ordering::SeqCst);
        if left > 0 {
            self.left.store(left - 1, Ordering::SeqCst);
            self.happens().await;
        }
        self.world.cache.fence(user, now).await
    }
    async fn lift(&self, user: UserId, fence: Fence, now: Timestamp) -> Result<(), CacheError> {
        self.world.cache.lift(user, fence, now).await
    }
}

fn named() -> PermissionId {
    a_permission_name("chat:edit").built_in().unwrap().id()
}

/// The admin lets the role edit conversations.
async fn grant(
    world: &Tenants,
    states: Arc<dyn SessionStates>,
    role: &Role,
) -> Result<(), ChangeRolePermissionsError> {
    let change = ChangeRolePermissions {
        store: world.store(),
        gate: world.gate_over(states),
        audit: world.audit(),
        clock: world.clock(),
    };
    let command = ChangeRolePermissionsCommand {
        member: world.admin,
        role_id: role.id,
        change: PermissionChange::Add,
        permissions: vec![named()],
    };
    let answer = change.run(command).await;
    world.journal.assert_units_are_undisturbed();
    answer
}

async fn is_granted(world: &Tenants, role: &Role) -> bool {
    let granted = world.look().await.roles().granted(role.id).await.unwrap();
    granted.contains(&a_permission_name("chat:edit"))
}

#[tokio::test]
async fn everybody_who_has_the_role_is_fenced_around_the_change_and_nobody_else() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &[]).await;
    world.put(&role, MembershipStatus::Active).await;
    world.put(&role, MembershipStatus::Inactive).await;

    assert_eq!(grant(&world, world.cache.clone(), &role).await, Ok(()));

    let order = [
        "read Member",
        "close",
        "read Member",
        "close",
        "fence",
        "fence",
        "begin Member",
        "commit",
        "lift",
        "lift",
    ];
    assert_eq!(world.journal.entries(), order);
}

#[tokio::test]
async fn a_role_that_nobody_has_changes_without_a_fence() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &[]).await;
    assert_eq!(grant(&world, world.cache.clone(), &role).await, Ok(()));
    assert_eq!(world.journal.only(&["fence", "commit", "lift"]), ["commit"]);
    assert!(is_granted(&world, &role).await);
}

#[tokio::test]
async fn a_change_that_changes_nothing_fences_nobody() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &["chat:edit"]).await;
    world.join(&role).await;
    assert_eq!(grant(&world, world.cache.clone(), &role).await, Ok(()));
    assert_eq!(world.journal.entries(), ["read Member", "close"]);
}

#[tokio::test]
async fn who_got_the_role_in_between_is_fenced_before_it_changes() {
    let world = Arc::new(Tenants::new().await);
    let role = world.role(&world.acme, "Night shift", &[]).await;
    world.join(&role).await;

    let answer = grant(
        &world,
        Meanwhile::new(&world, Event::Joins(role.clone()), 2),
        &role,
    )
    .await;

    assert_eq!(answer, Ok(()));
    let events = ["fence", "begin Member", "rollback", "commit", "lift"];
    let order = [
        "fence",
        "begin Member",
        "rollback",
        "fence",
        "begin Member",
        "rollback",
        "fence",
        "begin Member",
        "commit",
        "lift",
        "lift",
        "lift",
    ];
    assert_eq!(world.journal.only(&events), order);
    assert!(is_granted(&world, &role).await);
}

#[tokio::test]
async fn a_change_is_given_up_when_people_come_in_without_end_and_every_fence_is_lifted() {
    let world = Arc::new(Tenants::new().await);
    let role = world.role(&world.acme, "Night shift", &[]).await;
    world.join(&role).await;

    let answer = grant(
        &world,
        Meanwhile::new(&world, Event::Joins(role.clone()), u32::MAX),
        &role,
    )
    .await;

    let unavailable = |error: &ChangeRolePermissionsError| {
        matches!(
            error,
            ChangeRolePermissionsError::Store(StoreError::Unavailable(_))
        )
    };
    assert!(answer.as_ref().is_err_and(unavailable), "{answer:?}");
    let (fences, lifts) = (world.journal.count("fence"), world.journal.count("lift"));
    assert!(fences > 1 && fences == lifts, "{fences} {lifts}");
    assert_eq!(world.journal.count("commit"), 0);
    assert!(!is_granted(&world, &role).await);
}

#[tokio::test]
async fn s16_a_cache_that_is_away_stops_no_change() {
    let world = Tenants::new().await;
    let role = world.role(&world.acme, "Night shift", &[]).await;
    world.join(&role).await;
    let mut states = MockSessionStates::new();
    // Once before the change, and once more after it, in case it is back.
    states.expect_fence().times(2).returning(|_, _| Err(away()));

    assert_eq!(grant(&world, Arc::new(states), &role).await, Ok(()));

    assert!(is_granted(&world, &role).await);
}

#[tokio::test]
async fn a_workspace_that_goes_in_between_is_not_there() {
    let world = Arc::new(Tenants::new().await);
    let role = world.role(&world.acme, "Night shift", &[]).await;
    world.join(&role).await;

    let goes = Meanwhile::new(&world, Event::Goes, 1);
    let answer = grant(&world, goes, &role).await;

    assert_eq!(answer, Err(ChangeRolePermissionsError::NotFound));
    assert_eq!(world.journal.count("lift"), 1);
}
