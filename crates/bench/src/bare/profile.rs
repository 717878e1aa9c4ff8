//! The ceiling of `GET /users/profile`: the same script, and the same statements in a transaction of
//! the same form.

use std::sync::LazyLock;

use actix_web::{HttpResponse, web};
use kogents_domain::access::{BuiltInPermission, Permission};
use kogents_domain::auth::User;
use kogents_domain::session::ActivityCount;
use kogents_domain::store::Scope;
use kogents_domain::workspace::Standing;
use serde::Serialize;

use super::ceiling::Ceiling;
use super::refused::Refused;
use super::whom::Whom;

/// As long as what the server tells of an admin's permissions, and of all else that stands here
/// for nothing.
static FILLER: LazyLock<String> = LazyLock::new(|| {
    let told = BuiltInPermission::all().into_iter().map(|built_in| {
        let Permission {
            id,
            name,
            description,
            category,
        } = Permission::from(built_in);
        let name = name.as_str();
        format!(
            "('id':'{id}','name':'{name}','description':'{description}','category':'{category}'),"
        )
    });
    told.chain([".".repeat(560)]).collect()
});

/// What is told: of the rows something, and in all as much as the server tells.
#[derive(Serialize)]
struct Profile<'a> {
    id: String,
    name: &'a str,
    email: &'a str,
    workspace: &'a str,
    role: &'a str,
    own_permissions: usize,
    filler: &'a str,
}

/// Reads the person, where they stand, and what the workspace defines itself.
pub(super) async fn profile(
    ceiling: web::Data<Ceiling>,
    whom: web::Query<Whom>,
) -> Result<HttpResponse, Refused> {
    ceiling.touch(&whom, ActivityCount::REQUEST).await?;
    let workspace = whom.workspace.ok_or(Refused::Gone)?;
    let scope = Scope::Member(workspace, whom.user);
    let mut unit = ceiling.store()?.read(scope).await?;
    let user = unit.users().find(whom.user).await?.ok_or(Refused::Gone)?;
    let standing = unit
        .memberships()
        .find_standing(whom.user, Some(workspace))
        .await?
        .ok_or(Refused::Gone)?;
    let own = unit.workspace_permissions().list(workspace).await?;
    drop(unit);
    Ok(HttpResponse::Ok().json(told(&user, &standing, own.len())))
}

fn told<'a>(user: &'a User, standing: &'a Standing, own_permissions: usize) -> Profile<'a> {
    let Standing { workspace, role } = standing;
    Profile {
        id: user.id.to_string(),
        name: user.name.as_str(),
        email: user.email.as_given(),
        workspace: workspace.name.as_str(),
        role: role.name.as_str(),
        own_permissions,
        filler: &FILLER,
    }
}
