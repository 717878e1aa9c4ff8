//! Reading one's profile.

use kogents_domain::access::{Permission, Role, SystemRole};
use kogents_domain::auth::User;
use kogents_domain::store::Scope;
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::Standing;
use kogents_testkit::builders::{a_permission_name, an_own_permission};
use kogents_usecases::auth::{Caller, Profile, ReadProfile, ReadProfileError};
use mockall::predicate::eq;

use crate::support::{
    Bench, T0, Units, ada, ada_id, caller, lost, secs, standing, workspace, workspace_id,
};

fn read_profile(bench: &Bench) -> ReadProfile {
    ReadProfile {
        store: bench.store(),
        clock: bench.clock(),
    }
}

/// Ada, in the first workspace.
fn here() -> Scope {
    Scope::Member(workspace_id(1), ada_id())
}

/// The first workspace has these permissions of its own.
fn has_own(unit: &mut Units, own: Vec<Permission>) {
    unit.workspace_permissions
        .expect_list()
        .with(eq(workspace_id(1)))
        .times(1)
        .return_once(|_| Ok(own));
}

/// Somebody who plays a system role in the first workspace.
fn standing_as(role: SystemRole) -> Standing {
    let made = standing(1);
    Standing {
        workspace: workspace(1),
        role: Role::system(made.role.id, workspace_id(1), role, T0),
    }
}

fn finds(unit: &mut Units, user: Option<User>) {
    unit.users
        .expect_find()
        .with(eq(ada_id()))
        .times(1)
        .return_once(|_| Ok(user));
}

/// The person is asked for in the first workspace, and stands here.
fn stands(unit: &mut Units, standing: Option<Standing>) {
    unit.memberships
        .expect_find_standing()
        .with(eq(ada_id()), eq(Some(workspace_id(1))))
        .times(1)
        .return_once(|_, _| Ok(standing));
}

fn placeless(at: Timestamp) -> Profile {
    Profile {
        user: ada(),
        standing: None,
        permissions: Vec::new(),
        last_active_at: at,
    }
}

#[tokio::test]
async fn a_profile_is_the_person_and_what_they_may_do_in_the_current_workspace() {
    for role in SystemRole::ALL {
        let bench = Bench::new();
        bench.reads(here(), |unit| {
            finds(unit, Some(ada()));
            stands(unit, Some(standing_as(role)));
            // Nobody else who has a system role holds any, so nobody else's are asked for.
            if role == SystemRole::Admin {
                has_own(unit, Vec::new());
            }
        });

        let profile = read_profile(&bench).run(caller()).await;

        let held = role.permissions().into_iter().map(Permission::from);
        let expected = Profile {
            user: ada(),
            standing: Some(standing_as(role)),
            permissions: held.collect(),
            last_active_at: T0,
        };
        assert_eq!(profile, Ok(expected));
        assert_eq!(bench.journal.entries(), ["read Member", "close"]);
        bench.finish();
    }
}

#[tokio::test]
async fn a_role_of_the_workspaces_own_permits_what_it_was_granted() {
    let own = Standing {
        role: Role {
            system: None,
            ..standing(1).role
        },
        ..standing(1)
    };
    let export = an_own_permission("reports:export");
    let bench = Bench::new();
    let (found, known) = (own.clone(), export.clone());
    bench.reads(here(), |unit| {
        finds(unit, Some(ada()));
        stands(unit, Some(found));
        unit.roles
            .expect_granted()
            .with(eq(own.role.id))
            .times(1)
            .return_once(|_| Ok(vec![a_permission_name("reports:export")]));
        has_own(unit, vec![known, an_own_permission("reports:delete")]);
    });

    let profile = read_profile(&bench).run(caller()).await.unwrap();

    assert_eq!(profile.standing, Some(own));
    assert_eq!(profile.permissions, [export]);
    bench.finish();
}

#[tokio::test]
async fn the_admin_holds_what_the_workspace_defines_itself() {
    let export = an_own_permission("reports:export");
    let bench = Bench::new();
    let known = export.clone();
    bench.reads(here(), |unit| {
        finds(unit, Some(ada()));
        stands(unit, Some(standing_as(SystemRole::Admin)));
        has_own(unit, vec![known]);
    });
    let profile = read_profile(&bench).run(caller()).await.unwrap();
    assert_eq!(profile.permissions.last(), Some(&export));
    bench.finish();
}

#[tokio::test]
async fn who_stands_elsewhere_or_nowhere_has_no_place_and_no_permissions() {
    for found in [Some(standing(2)), None] {
        let bench = Bench::new();
        bench.clock.advance(secs(5));
        bench.reads(here(), |unit| {
            finds(unit, Some(ada()));
            stands(unit, found);
        });

        let profile = read_profile(&bench).run(caller()).await;

        assert_eq!(profile, Ok(placeless(T0.plus(secs(5)))));
        bench.finish();
    }
}

#[tokio::test]
async fn a_session_without_a_workspace_tells_of_none() {
    let bench = Bench::new();
    // Memberships are not even asked for.
    bench.reads(Scope::Person(ada_id()), |unit| finds(unit, Some(ada())));

    let nowhere = Caller {
        workspace_id: None,
        ..caller()
    };
    let profile = read_profile(&bench).run(nowhere).await;

    assert_eq!(profile, Ok(placeless(T0)));
    bench.finish();
}

#[tokio::test]
async fn a_person_who_is_gone_has_no_profile() {
    let bench = Bench::new();
    bench.reads(here(), |unit| finds(unit, None));
    let gone = read_profile(&bench).run(caller()).await;
    assert_eq!(gone, Err(ReadProfileError::Gone));
    bench.finish();
}

#[tokio::test]
async fn a_store_that_fails_gives_no_profile() {
    let no_unit = Bench::new();
    no_unit.read_fails(lost());
    let no_person = Bench::new();
    no_person.reads(here(), |unit| {
        unit.users.expect_find().return_once(|_| Err(lost()));
    });
    let no_standing = Bench::new();
    no_standing.reads(here(), |unit| {
        finds(unit, Some(ada()));
        unit.memberships
            .expect_find_standing()
            .return_once(|_, _| Err(lost()));
    });
    for bench in [no_unit, no_person, no_standing] {
        let failed = read_profile(&bench).run(caller()).await;
        assert_eq!(failed, Err(ReadProfileError::Store(lost())));
        bench.finish();
    }
}
