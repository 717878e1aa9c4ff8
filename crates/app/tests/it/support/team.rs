//! Further members of a workspace, as if they had accepted an invitation.

use kogents_domain::access::RoleName;
use kogents_domain::auth::PasswordHash;
use kogents_domain::ids::{UserId, WorkspaceId};
use kogents_domain::store::Scope;
use kogents_testkit::builders::{a_membership, a_user};
use serde_json::{Value, json};

use super::{Account, PASSWORD, TestApp};

/// Somebody who is signed in, at some client of theirs.
#[derive(Debug, Clone)]
pub(crate) struct Seat {
    pub(crate) user_id: String,
    pub(crate) email: String,
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

impl TestApp {
    /// Makes a person a member of the account's workspace with a role of it, and signs them in
    /// there with [`PASSWORD`].
    pub(crate) async fn join(&self, account: &Account, email: &str, role: &str) -> Seat {
        self.newcomer(account, email, role).await;
        self.seat(email).await
    }

    /// The same without signing them in; gives the person's id.
    pub(crate) async fn newcomer(&self, account: &Account, email: &str, role: &str) -> String {
        let user = a_user()
            .email(email)
            .password_hash(self.hash_of(account).await)
            .build();
        let mut unit = self.store().begin(Scope::System).await.unwrap();
        unit.users().insert(&user).await.unwrap();
        unit.commit().await.unwrap();
        let id = user.id.to_string();
        self.admit(account, &id, role).await;
        id
    }

    /// Makes a person who is there already a member of the account's workspace.
    pub(crate) async fn admit(&self, account: &Account, user: &str, role: &str) {
        let workspace = WorkspaceId::parse(&account.workspace_id).unwrap();
        let name = RoleName::parse(role).unwrap();
        let mut unit = self.store().begin(Scope::System).await.unwrap();
        let role = unit.roles().find_by_name(workspace, &name).await.unwrap();
        let user = UserId::parse(user).unwrap();
        let membership = a_membership(user, &role.expect("no such role")).build();
        unit.memberships().insert(&membership).await.unwrap();
        unit.commit().await.unwrap();
    }

    /// Signs somebody in with [`PASSWORD`].
    pub(crate) async fn seat(&self, email: &str) -> Seat {
        let body = self.log_in(email, PASSWORD).await.expect(200);
        Seat {
            user_id: text(&body["user"]["id"]),
            email: text(&body["user"]["email"]),
            access_token: text(&body["access_token"]),
            refresh_token: text(&body["refresh_token"]),
        }
    }

    /// The id of a role of the workspace that a token is for.
    pub(crate) async fn role_id(&self, access_token: &str, name: &str) -> String {
        let roles = self.get_as(access_token, "/roles").await.expect(200);
        let mut roles = roles.as_array().unwrap().iter();
        let role = roles.find(|role| role["name"] == name);
        text(&role.expect("no such role")["id"])
    }

    /// Makes a role that holds these permissions, and gives its id.
    pub(crate) async fn make_role(&self, admin: &str, name: &str, holds: &[&str]) -> String {
        let role = self
            .post_as(admin, "/roles", json!({ "name": name }))
            .await
            .expect(201);
        let id = text(&role["id"]);
        let ids = self.permission_ids(admin, holds).await;
        let path = format!("/roles/{id}/permissions");
        self.put_as(admin, &path, json!({ "permissionIds": ids }))
            .await
            .expect(200);
        id
    }

    /// The ids of permissions.
    pub(crate) async fn permission_ids(&self, admin: &str, names: &[&str]) -> Vec<String> {
        let known = self.get_as(admin, "/permissions").await.expect(200);
        let known = known["permissions"].as_array().unwrap();
        let id_of = |name: &&str| {
            let found = known.iter().find(|known| known["name"] == *name);
            text(&found.expect("no such permission")["id"])
        };
        names.iter().map(id_of).collect()
    }

    /// The hash of [`PASSWORD`], which somebody has who signed up with it.
    async fn hash_of(&self, account: &Account) -> PasswordHash {
        let id = UserId::parse(&account.user_id).unwrap();
        let mut unit = self.store().read(Scope::System).await.unwrap();
        unit.users().find(id).await.unwrap().unwrap().password_hash
    }
}

#[track_caller]
fn text(value: &Value) -> String {
    value.as_str().expect("no text").to_owned()
}
