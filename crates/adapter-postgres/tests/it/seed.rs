//! Rows to look at: two workspaces with a member each.

use kogents_domain::access::{Role, SystemRole};
use kogents_domain::auth::{EmailAddress, NewUser, PasswordHash, PersonName, User};
use kogents_domain::digest::Digest;
use kogents_domain::ids::{ApiTokenId, RoleId, SignupId, UserId, WorkspaceId};
use kogents_domain::session::Analytics;
use kogents_domain::store::{Scope, Store};
use kogents_domain::time::Timestamp;
use kogents_domain::workspace::{ApiToken, Branding, Membership, Slug, Workspace, WorkspaceName};
use uuid::Uuid;

/// One workspace and what belongs to it.
pub(crate) struct Tenant {
    pub(crate) workspace: WorkspaceId,
    pub(crate) user: UserId,
    pub(crate) role: RoleId,
    pub(crate) token: Digest,
}

/// A moment.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// A UUIDv7 that is the same for the same number.
pub(crate) fn uuid(number: u64) -> Uuid {
    Uuid::from_u128(0x01a3_6e30_f800_7000_8000_0000_0000_0000 | u128::from(number))
}

/// A person.
pub(crate) fn person(number: u64) -> User {
    User::from_signup(
        NewUser {
            id: UserId::from_uuid(uuid(number * 100 + 1)),
            email: EmailAddress::parse(&format!("person{number}@example.com")).unwrap(),
            name: PersonName::parse("Ada").unwrap(),
            password_hash: PasswordHash::new("$argon2id$none"),
            signup_id: SignupId::from_uuid(uuid(number * 100 + 2)),
            workspace_id: WorkspaceId::from_uuid(uuid(number * 100 + 3)),
            analytics: Analytics::default(),
        },
        NOW,
    )
}

/// Commits a workspace with its member, role and token.
pub(crate) async fn tenant(store: &dyn Store, number: u64) -> Tenant {
    let user = person(number);
    let workspace = Workspace {
        id: WorkspaceId::from_uuid(uuid(number * 100 + 3)),
        name: WorkspaceName::parse("Acme").unwrap(),
        slug: Slug::parse(&format!("acme-{number}")).unwrap(),
        branding: Branding::default(),
        language: None,
        created_at: NOW,
        updated_at: NOW,
    };
    let role_id = RoleId::from_uuid(uuid(number * 100 + 4));
    let role = Role::system(role_id, workspace.id, SystemRole::Admin, NOW);
    let token = ApiToken {
        id: ApiTokenId::from_uuid(uuid(number * 100 + 5)),
        workspace_id: workspace.id,
        prefix: "kgw_abcd".to_owned(),
        digest: Digest::from_bytes([u8::try_from(number).unwrap(); 32]),
        created_at: NOW,
        revoked_at: None,
    };
    let membership = Membership::active(workspace.id, user.id, role.id, NOW);
    let mut unit = store.begin(Scope::System).await.unwrap();
    unit.users().insert(&user).await.unwrap();
    unit.workspaces().insert(&workspace).await.unwrap();
    unit.roles().insert(&role).await.unwrap();
    unit.memberships().insert(&membership).await.unwrap();
    unit.api_tokens().insert(&token).await.unwrap();
    unit.commit().await.unwrap();
    Tenant {
        workspace: workspace.id,
        user: user.id,
        role: role_id,
        token: token.digest,
    }
}
