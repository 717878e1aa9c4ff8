//! The profile of whoever is signed in: the person, and what they are and may do where they are.

mod changing;
mod deleting;
mod exporting;
mod moving_address;
mod refusing;
mod replacing_password;
mod taken_addresses;
mod traces;

use kogents_domain::access::{BuiltInPermission, Role, SystemRole};
use kogents_domain::auth::{PasswordHash, User};
use kogents_domain::ids::UserId;
use kogents_domain::store::Scope;
use kogents_domain::workspace::{MembershipStatus, Workspace};
use kogents_testkit::builders::{a_membership, a_user, a_workspace, system_roles};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Account, Answer, Backend, Client, PASSWORD, TestApp, on_both};

on_both!(
    whoever_signs_up_is_the_admin_of_their_workspace,
    each_role_is_told_with_what_it_permits,
    without_a_place_in_a_workspace_nothing_of_one_is_told,
);

const PATH: &str = "/users/profile";

/// Another password that is strong enough.
const NEW_PASSWORD: &str = "another long passphrase 7";

impl Client {
    /// The profile as it is told.
    async fn profile(&self, token: &str) -> Value {
        self.get_as(token, PATH).await.expect(200)
    }

    /// Changes the profile, or tries to.
    async fn put_profile(&self, token: &str, body: Value) -> Answer {
        self.put_as(token, PATH, body).await
    }

    /// Deletes the account, or tries to.
    async fn delete_profile(&self, token: &str, body: Value) -> Answer {
        self.ask_as(token, Method::DELETE, PATH, Some(body)).await
    }

    /// Whoever has a token is signed out.
    async fn is_refused(&self, token: &str) {
        let refused = self.get_as(token, PATH).await;
        assert_eq!(refused.problem(401), "invalid_token");
    }
}

/// The one violation that an answer tells: its field and its code.
#[track_caller]
fn violation(answer: &Answer) -> (String, String) {
    assert_eq!(answer.problem(400), "validation_failed");
    let errors = answer.json()["errors"].clone();
    assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
    let told = |member: &str| errors[0][member].as_str().unwrap().to_owned();
    (told("field"), told("code"))
}

/// The permissions of a system role as the wire tells them.
fn told(role: SystemRole) -> Value {
    let told = role.permissions().into_iter().map(|held| {
        json!({
            "id": held.id().to_string(),
            "name": held.name().as_str(),
            "description": held.description(),
            "category": held.resource.category().as_str(),
        })
    });
    told.collect()
}

async fn whoever_signs_up_is_the_admin_of_their_workspace(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("Ada@example.com").await;
    app.stand_still();
    app.advance_secs(5);
    let profile = app.get_as(&account.access_token, PATH).await.expect(200);

    let listed = app.get_as(&account.access_token, "/health/sessions").await;
    let session = &listed.expect(200)["sessions"][0];
    assert_ne!(session["startedAt"], session["lastActivityAt"]);
    let role = profile["role"]["id"].as_str().unwrap();
    assert_eq!(role.len(), 36, "{role}");
    let workspace = &account.workspace_id;
    let expected = json!({
        "id": account.user_id,
        "name": "Ada Lovelace",
        "email": "Ada@example.com",
        "phone": null,
        "status": "ACTIVE",
        "avatarUrl": null,
        "workspaceId": workspace,
        "workspace": { "id": workspace, "name": "Engines", "slug": "ada-example-com" },
        "role": {
            "id": role,
            "name": "admin",
            "description": "Holds every permission of the workspace.",
            "isSystem": true,
            "isActive": true,
        },
        "permissions": told(SystemRole::Admin),
        // Person and session were made in one moment, and asking for this was the last activity.
        "createdAt": session["startedAt"],
        "updatedAt": session["startedAt"],
        "lastActiveAt": session["lastActivityAt"],
        "language": null,
        "newDeviceMail": true,
    });
    assert_eq!(profile, expected);
    let permissions = profile["permissions"].as_array().unwrap();
    assert_eq!(permissions.len(), BuiltInPermission::all().len());
}

/// The hash of [`PASSWORD`], which somebody has who signed up with it.
async fn hash(app: &TestApp, account: &Account) -> PasswordHash {
    let id = UserId::parse(&account.user_id).unwrap();
    let mut unit = app.store().read(Scope::System).await.unwrap();
    unit.users().find(id).await.unwrap().unwrap().password_hash
}

/// A further person with every optional member, who signs in with [`PASSWORD`].
fn person(email: &str, hash: &PasswordHash) -> User {
    a_user()
        .everything()
        .email(email)
        .password_hash(hash.clone())
        .with(|user| user.suspended_at = None)
        .build()
}

/// A further workspace with its roles and a person in each of them, with a membership of this
/// status.
async fn found(app: &TestApp, hash: &PasswordHash, status: MembershipStatus) -> Workspace {
    let workspace = a_workspace().build();
    let roles: Vec<Role> = system_roles(workspace.id);
    let mut unit = app.store().begin(Scope::System).await.unwrap();
    unit.workspaces().insert(&workspace).await.unwrap();
    for role in &roles {
        let user = person(&format!("{}@example.com", role.name.as_str()), hash);
        let membership = a_membership(user.id, role).status(status).build();
        unit.users().insert(&user).await.unwrap();
        unit.roles().insert(role).await.unwrap();
        unit.memberships().insert(&membership).await.unwrap();
    }
    unit.commit().await.unwrap();
    workspace
}

/// Signs in and asks for the profile.
async fn profile_of(app: &TestApp, email: &str) -> Value {
    let signed_in = app.log_in(email, PASSWORD).await.expect(200);
    let token = signed_in["access_token"].as_str().unwrap();
    app.get_as(token, PATH).await.expect(200)
}

async fn each_role_is_told_with_what_it_permits(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let hash = hash(&app, &account).await;
    let workspace = found(&app, &hash, MembershipStatus::Active).await;
    for role in SystemRole::ALL {
        let profile = profile_of(&app, &format!("{}@example.com", role.key())).await;
        assert_eq!(profile["role"]["name"], role.key());
        assert_eq!(profile["role"]["description"], role.description());
        assert_eq!(profile["permissions"], told(role));
        assert_eq!(profile["status"], "ACTIVE");
        assert_eq!(profile["workspaceId"], workspace.id.to_string());
        assert_eq!(profile["workspace"]["slug"], workspace.slug.as_str());
        assert_eq!(profile["phone"], "+4930123456");
        assert_eq!(profile["avatarUrl"], "https://cdn.example/ada.png");
        assert_eq!(profile["language"], "de-AT");
        assert_eq!(profile["newDeviceMail"], false);
    }
}

async fn without_a_place_in_a_workspace_nothing_of_one_is_told(backend: &Backend) {
    let app = backend.start().await;
    let account = app.sign_up_and_confirm("ada@example.com").await;
    let hash = hash(&app, &account).await;
    found(&app, &hash, MembershipStatus::Suspended).await;
    let profile = profile_of(&app, "viewer@example.com").await;
    assert_eq!(profile["email"], "viewer@example.com");
    for member in ["status", "workspaceId", "workspace", "role"] {
        assert_eq!(profile.get(member), Some(&Value::Null), "{member}");
    }
    assert_eq!(profile["permissions"], json!([]));
}
