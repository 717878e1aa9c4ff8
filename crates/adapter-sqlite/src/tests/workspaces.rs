//! Calls of what concerns workspaces and who is in them.

use kogents_domain::access::{
    Permission, PermissionName, Role, RoleName, WorkspacePermissionRepository,
};
use kogents_domain::auth::{EmailAddress, PersonName};
use kogents_domain::digest::Digest;
use kogents_domain::ids::{InvitationId, PermissionId, RoleId, UserId};
use kogents_domain::page::PageLimit;
use kogents_domain::session::EndReason;
use kogents_domain::store::{StoreError, UnitOfWork as _};
use kogents_domain::workspace::{
    Branding, DirectoryId, DirectoryQuery, DirectorySort, Invitation, Membership, MembershipStatus,
    SearchPrefix, Slug, Workspace, WorkspaceName,
};
use uuid::Uuid;

use super::{KEY, NOW, session, user, workspace};
use crate::unit_of_work::SqliteUnitOfWork;

fn role() -> RoleId {
    RoleId::from_uuid(Uuid::from_u128(5))
}

fn invitation() -> Invitation {
    Invitation {
        id: InvitationId::from_uuid(Uuid::from_u128(7)),
        workspace_id: workspace(),
        email: EmailAddress::parse("grace@example.com").unwrap(),
        name: PersonName::parse("Grace").unwrap(),
        phone: None,
        role_id: role(),
        invited_by: None,
        digest: KEY,
        expires_at: NOW.plus(Invitation::LIFETIME),
        created_at: NOW,
        updated_at: NOW,
    }
}

/// A directory from its beginning, by when they came.
pub(super) fn everybody() -> DirectoryQuery {
    DirectoryQuery {
        workspace_id: workspace(),
        search: None,
        status: None,
        role_id: None,
        sort: DirectorySort::CreatedAt,
        descending: false,
        offset: 0,
        limit: PageLimit::DEFAULT,
    }
}

/// Every shape of the statements that cut a page out.
fn queries() -> Vec<DirectoryQuery> {
    let mut queries = Vec::new();
    for sort in DirectorySort::ALL {
        for search in ["", "a", "\u{10FFFF}"] {
            for role_id in [None, Some(role())] {
                for status in [
                    None,
                    Some(MembershipStatus::Active),
                    Some(MembershipStatus::Pending),
                ] {
                    queries.push(DirectoryQuery {
                        search: SearchPrefix::parse(search).unwrap(),
                        status,
                        role_id,
                        sort,
                        descending: role_id.is_some(),
                        ..everybody()
                    });
                }
            }
        }
    }
    queries
}

/// Calls every method, in a workspace of its own that nobody is in afterwards.
pub(super) async fn call(work: &mut SqliteUnitOfWork) -> Result<(), StoreError> {
    let acme = Workspace {
        id: workspace(),
        name: WorkspaceName::parse("Acme").unwrap(),
        slug: Slug::parse("acme-of-the-plans").unwrap(),
        branding: Branding::default(),
        language: None,
        created_at: NOW,
        updated_at: NOW,
    };
    work.workspaces().insert(&acme).await?;
    work.workspaces().find_for_update(workspace()).await?;
    work.workspaces().update(&acme).await?;
    call_roles(work).await?;
    call_members(work).await?;
    call_invitations(work).await?;
    // There has to be somebody, or pages are not cut out at all.
    for query in queries() {
        work.directory().list(&query).await?;
    }
    for id in [user(), UserId::from_uuid(Uuid::from_u128(8))] {
        let id = DirectoryId::from(id);
        work.directory().find(workspace(), id).await?;
    }
    let sessions = work.sessions();
    let reason = EndReason::Suspended;
    sessions
        .end_in_workspace(user(), workspace(), reason, NOW)
        .await?;
    sessions
        .end_all_in_workspace(workspace(), session(), reason, NOW)
        .await?;
    sessions.set_workspace(session(), None).await?;
    work.memberships().delete(workspace(), user()).await?;
    work.workspaces().delete(workspace()).await?;
    Ok(())
}

async fn call_roles(work: &mut SqliteUnitOfWork) -> Result<(), StoreError> {
    let name = RoleName::parse("Night shift").unwrap();
    let night = Role::custom(role(), workspace(), name.clone(), String::new(), NOW);
    let mut permission = Permission {
        id: PermissionId::from_uuid(Uuid::from_u128(9)),
        name: PermissionName::parse("reports:export").unwrap(),
        description: "".into(),
        category: "Reports".into(),
    };
    let names = [permission.name.clone()];
    work.roles().insert(&night).await?;
    work.roles().find_by_name(workspace(), &name).await?;
    work.roles().list(workspace()).await?;
    work.roles().update(&night).await?;
    work.roles().grant(role(), &names).await?;
    work.roles().granted(role()).await?;
    work.roles().granted_in(workspace()).await?;
    work.roles().withdraw(role(), &names).await?;
    let own: &mut dyn WorkspacePermissionRepository = work.workspace_permissions();
    own.insert(workspace(), &permission, NOW).await?;
    own.list(workspace()).await?;
    own.find(workspace(), permission.id).await?;
    permission.name = PermissionName::parse("archive:export").unwrap();
    own.update(workspace(), &permission, NOW).await?;
    own.delete(workspace(), permission.id).await?;
    work.roles().delete(workspace(), role()).await?;
    let again = Role::custom(role(), workspace(), name, String::new(), NOW);
    work.roles().insert(&again).await
}

async fn call_members(work: &mut SqliteUnitOfWork) -> Result<(), StoreError> {
    work.run(|conn| {
        use diesel::connection::SimpleConnection as _;
        Ok(conn.batch_execute(
            "INSERT INTO users (id, email, email_normalised, name, password_hash, \
                 notify_new_device, first_touch, signup_id, created_at, updated_at) \
             VALUES (unhex(printf('%032x', 1)), 'ada@plans.example', 'ada@plans.example', 'Ada', \
                 'none', 1, '{\"version\":1,\"analytics\":{}}', randomblob(16), 0, 0)",
        )?)
    })
    .await?;
    let ada = Membership::active(workspace(), user(), role(), NOW);
    let address = EmailAddress::parse("ada@plans.example").unwrap();
    let memberships = work.memberships();
    memberships.insert(&ada).await?;
    memberships.find(workspace(), user()).await?;
    memberships.find_by_email(workspace(), &address).await?;
    memberships.find_role(workspace(), user()).await?;
    memberships.list_of_person(user(), NOW).await?;
    memberships.count_of_person(user()).await?;
    memberships.count(workspace()).await?;
    memberships.count_active_admins(workspace()).await?;
    memberships.list_users(workspace(), None).await?;
    memberships.list_users(workspace(), Some(role())).await?;
    memberships.update(&ada).await?;
    work.users().set_email(user(), &address, NOW).await
}

async fn call_invitations(work: &mut SqliteUnitOfWork) -> Result<(), StoreError> {
    let limit = PageLimit::DEFAULT;
    let other = Digest::from_bytes([8; 32]);
    let one = invitation();
    let invitations = work.invitations();
    invitations.insert(&one).await?;
    invitations.find(workspace(), one.id).await?;
    invitations.find_open(&KEY, NOW).await?;
    invitations.consume(&other, NOW).await?;
    invitations.list(workspace(), limit, None).await?;
    invitations.list(workspace(), limit, Some(one.id)).await?;
    invitations.count_open(workspace(), NOW).await?;
    invitations.update(&one).await?;
    let unknown = InvitationId::from_uuid(Uuid::from_u128(6));
    invitations.delete(workspace(), unknown).await?;
    invitations.sweep(NOW).await?;
    Ok(())
}
